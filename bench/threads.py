"""How well conversations are found without their reference headers, beside grouping by subject.

    python -m bench.threads

A mailing list is threaded by its References and In-Reply-To; then these are taken away from every mail, or from every
third one, and what is found is compared with that, pair by pair: of two mails found in one thread, how many belong
together (precision), and of two that do, how many were found (recall). `answers`: of the parents found, how many are
the true ones. The same for the mails of the stories, whose truth tells what each answers. Last, how fast a million
mails are threaded, and in how much memory.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from corpus.archive import Found, read
from corpus.kinship import read_subject
from corpus.message import parse
from corpus.threads import Link, Strand, strand, thread
from errors import MessageError

SHARED = Path(__file__).resolve().parents[2] / "shared"
MAIL = SHARED / "data" / "mail" / "usrp-users.mbox"
MANY = 1_000_000


def main() -> None:
    """Print the tables."""
    if SHARED.is_dir():
        mails = strands(MAIL)
        compare("usrp-users", mails, thread(mails))
        compare("stories", *stories())
    else:
        print("skipped: the shared data are not here", file=sys.stderr)
    speed(MANY)


def strands(path: Path) -> list[Strand]:
    """The strands of an archive's mails."""
    found = []
    for item in read([path]):
        if isinstance(item, Found):
            try:
                found.append(strand(parse(item.raw).documents[0]))
            except MessageError:
                continue
    return found


def stories() -> tuple[list[Strand], dict[str, Link]]:
    """The strands of the stories' mails, rendered, and their true links."""
    spec = importlib.util.spec_from_file_location("story_build", SHARED / "stories" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    mails: list[Strand] = []
    links: dict[str, Link] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((SHARED / "stories").glob("*.yaml")):
            story = build.Story(path)
            build.build(story, folder)
            some = strands(Path(folder) / story.id / "mail.mbox")
            mails += some
            links |= _told(story.docs, json.loads((Path(folder) / f"{story.id}.truth.json").read_text()), some)
    return mails, links


def _told(written: Mapping[str, dict[str, Any]], truth: dict[str, Any], mails: Sequence[Strand]) -> dict[str, Link]:
    """The links that a story tells, by the ids of its rendered mails."""
    by_ref = {f"mid:<{s.message_id}>": s.id for s in mails}
    ids = {key: by_ref[d["ref"]] for key, d in truth["documents"].items() if d["ref"] in by_ref}
    links = {}
    for key, found in ids.items():
        first = key
        while written[first].get("reply_to") in ids:
            first = written[first]["reply_to"]
        links[found] = Link(ids[first], ids.get(written[key].get("reply_to", "")))
    return links


def compare(name: str, mails: Sequence[Strand], true: Mapping[str, Link]) -> None:
    """Print how each way fares."""
    bare = [_bare(s) for s in mails]
    third = [_bare(s) if i % 3 == 0 else s for i, s in enumerate(mails)]
    ways: dict[str, Callable[[], Mapping[str, Link]]] = {
        "same subject": lambda: {s.id: Link(str(read_subject(s.subject).key)) for s in mails},
        "suhde": lambda: thread(mails),
        "suhde, a third of headers lost": lambda: thread(third),
        "suhde, all headers lost": lambda: thread(bare),
    }
    print(f"{name}: {len(mails)} mails, {len({link.thread for link in true.values()})} threads")
    print(f"{'':<32}{'precision':>10}{'recall':>8}{'threads':>9}{'answers':>9}")
    for title, way in ways.items():
        got = way()
        precision, recall = pairwise(true, got)
        answers = _right_parents(true, got)
        print(f"{title:<32}{precision:>10.3f}{recall:>8.3f}{len({g.thread for g in got.values()}):>9}{answers:>9}")


def pairwise(true: Mapping[str, Link], got: Mapping[str, Link]) -> tuple[float, float]:
    """Precision and recall over pairs of mails that are in one thread."""
    both = _pairs(Counter((true[i].thread, got[i].thread) for i in true))
    return (
        both / max(1, _pairs(Counter(link.thread for link in got.values()))),
        both / max(1, _pairs(Counter(link.thread for link in true.values()))),
    )


def _pairs(groups: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(n * (n - 1) // 2 for n in groups.values())


def _right_parents(true: Mapping[str, Link], got: Mapping[str, Link]) -> str:
    said = [i for i in got if got[i].answers and true[i].answers]
    right = sum(got[i].answers == true[i].answers for i in said)
    return f"{right / len(said):.3f}" if said else "-"


def _bare(s: Strand) -> Strand:
    return msgspec.structs.replace(s, in_reply_to=(), references=())


def speed(count: int) -> None:
    """Print how long made-up mails take, half of them without headers."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    links = thread(_made_up(count))
    seconds = time.perf_counter() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / count
    threads = len({link.thread for link in links.values()})
    print(f"{count:,} made-up mails: {threads:,} threads, {seconds:.1f} s, {memory:.0f} bytes a mail with the result")


def _made_up(count: int) -> Iterator[Strand]:
    chance = Random(7)
    start = datetime(2015, 1, 1, tzinfo=UTC)
    topics: defaultdict[int, int] = defaultdict(int)
    for i in range(count):
        parent = chance.randrange(max(0, i - 50), i) if i and chance.random() < 0.7 else i
        topics[i] = topics[parent] if parent != i else i
        topics.pop(i - 100, None)
        kept = chance.random() < 0.5 and parent != i
        yield Strand(
            id=f"{i:032x}",
            message_id=f"{i}@example.org",
            in_reply_to=(f"{parent}@example.org",) if kept else (),
            references=(f"{topics[i]}@example.org", f"{parent}@example.org") if kept else (),
            subject=("Re: " if parent != i else "") + f"matter number {topics[i]}",
            at=start + timedelta(minutes=i),
            participants=(f"p{i % 997}@example.org", f"p{parent % 997}@example.org", "list@example.org"),
            own_print=i + 1,
            quoted_print=parent + 1 if parent != i and i % 3 else None,
        )


if __name__ == "__main__":
    main()
