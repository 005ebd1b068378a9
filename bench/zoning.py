"""How well zoning tells whose lines are whose: `python -m bench.zoning [--split train|test|eval] [--wrong SET]`.

Every figure is the share of lines put right; beside ours, `mail-parser-reply` and `quotequail` on the same text.
Lines of nothing but white space and ">" are not counted.

quagga-zones (Repke & Krestel, ECIR 2018; hand-annotated Enron and Apache mail). A line takes the annotation that
covers most of its characters; a line without any is left out. Two measures:
  own/below  Lines above the first `Header` (or the first line marked ">", where that comes first) are own, all from
             there on below. Left out: unmarked lines below a ">" line that are no header. They are inline answers or
             tails of wrapped lines; the annotation calls both `Body`, and so does not say whose they are. "strict"
             counts them, as below.
  five       own | courtesy (Intro, Outro, Signature of the own part) | header | quote (all else below, greetings and
             all) | footer (Signature/Disclaimer). The Apache mails have no footers annotated: there, footer counts
             as own.
email_reply_trimmer: own text is `trimmed/`. talon: own text is what its tests expect ("Hello", or the `_reply_text`;
for the HTML replies "Hi. I am fine. Thanks, Alex"). Crisp's and quotequail's fixtures come without own text to compare
with.
stories: own text is the YAML `text`, lines that begin with ">" in inline replies excepted; signature and disclaimer
are not own. Rendered by the stories' own build.py; "html" takes the HTML part wherever there is one, "html only" those
mails that have no other.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import importlib.util
import json
import mailbox
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import quotequail
from mailparser_reply import EmailReplyParser

from corpus.document import Zone, ZoneKind, ZonePart
from corpus.html import Hint, to_text
from corpus.zones import zone

SHARED = Path(__file__).resolve().parents[2] / "shared"
FIXTURES = SHARED / "data" / "mail" / "fixtures"
BELOW = (ZoneKind.QUOTE, ZoneKind.FORWARD)
LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]


class Case(msgspec.Struct, frozen=True):
    """One mail with the truth of its lines; None where a line is not to be scored."""

    name: str
    text: str
    truth: list[str | None]
    hints: tuple[Hint, ...] = ()
    subject: str = ""
    strict: list[str | None] | None = None


# -- truth


def quagga(name: str, split: str, *, five: bool) -> Iterator[Case]:
    """The cases of one quagga file, with the truth of one of the two measures."""
    for row in map(json.loads, (FIXTURES / "quagga-zones" / name).read_text(encoding="utf-8").splitlines()):
        if row["split"] != split:
            continue
        lines = list(_annotated(row))
        quoted = [line.startswith(">") and not line.startswith(">From ") for line, _ in lines]
        below = next((i for i, (_, kind) in enumerate(lines) if kind == "header" or quoted[i]), len(lines))
        marked = next((i for i in range(below, len(lines)) if quoted[i]), len(lines))
        truth: list[str | None] = []
        strict: list[str | None] = []
        for i, (_, kind) in enumerate(lines):
            unknown = kind is None or (i > marked and kind != "header" and not quoted[i])
            label = _five(kind, below=i >= below) if five else ("below" if i >= below else "own")
            truth.append(None if unknown else label)
            strict.append(None if kind is None else label)
        headers = row["header"] or {}
        yield Case(row["source"], row["text"], truth, subject=headers.get("Subject") or "", strict=strict)


def _five(kind: str | None, *, below: bool) -> str | None:
    return "quote" if below and kind != "header" else kind


def _annotated(row: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Each line with its annotation, reduced to own, courtesy, header or footer."""
    text = row["text"]
    rank = {"own": 0, "courtesy": 1, "footer": 2, "header": 3}
    painted: list[str | None] = [None] * len(text)
    for mark in sorted(row["denotations"], key=lambda mark: rank[_reduced(mark["type"])]):
        painted[mark["start"] : mark["end"]] = [_reduced(mark["type"])] * (mark["end"] - mark["start"])
    at = 0
    for line in text.split("\n"):
        kinds = Counter(painted[k] for k in range(at, at + len(line)) if text[k] not in " >\t\xa0")
        yield line, kinds.most_common(1)[0][0] if kinds else None
        at += len(line) + 1


def _reduced(kind: str) -> str:
    if kind.startswith("Header"):
        return "header"
    if kind == "Body/Signature/Disclaimer":
        return "footer"
    return "courtesy" if kind.split("/")[1:2] and kind.split("/")[1] in ("Intro", "Outro", "Signature") else "own"


def own_lines(text: str, own: str) -> list[str | None]:
    """The truth of each line of a text in which the lines of `own` stand in order."""
    wanted = [" ".join(line.split()) for line in own.split("\n") if line.strip()]
    truth: list[str | None] = []
    at = 0
    for line in text.split("\n"):
        words = " ".join(line.split())
        if not words:
            truth.append(None)
        elif at < len(wanted) and words == wanted[at]:
            truth.append("own")
            at += 1
        else:
            truth.append("rest")
    return truth


def trimmer() -> Iterator[Case]:
    """email_reply_trimmer's mails with what is left of them when trimmed."""
    folder = FIXTURES / "email_reply_trimmer" / "test"
    for path in sorted((folder / "emails").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        yield Case(path.name, text, own_lines(text, (folder / "trimmed" / path.name).read_text(encoding="utf-8")))


def talon() -> Iterator[Case]:
    """Talon's standard replies, plain and HTML."""
    folder = FIXTURES / "talon" / "tests" / "fixtures"
    for path in sorted((folder / "standard_replies").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        expected = path.with_name(path.stem + "_reply_text")
        text = _body(message, "plain")[0]
        yield Case(path.name, text, own_lines(text, expected.read_text() if expected.exists() else "Hello"))
    for path in sorted((folder / "html_replies").glob("*.html")):
        text, hints = to_text(path.read_text(encoding="utf-8"))
        yield Case(path.name, text, own_lines(text, "Hi. I am fine.\nThanks,\nAlex"), hints)


def stories(flavour: str) -> Iterator[Case]:
    """The mails of the seven stories; `flavour` is the body to prefer, plain or html; "only": mails in HTML only."""
    spec = importlib.util.spec_from_file_location("story_build", SHARED / "stories" / "build.py")
    assert spec and spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    for path in sorted((SHARED / "stories").glob("*.yaml")):
        story = build.Story(path)
        own = {story.message_id(doc): doc for doc in story.docs.values() if doc["type"] == "email"}
        with tempfile.TemporaryDirectory() as folder:
            build.build(story, folder)
            box = mailbox.mbox(Path(folder) / story.id / "mail.mbox", factory=None)
            messages = [email.message_from_bytes(m.as_bytes(), policy=email.policy.default) for m in box]
        for message in messages:
            doc = own[message["Message-ID"]]
            if flavour == "only" and doc.get("html") != "only":
                continue
            text, hints = _body(message, flavour)
            wrapped = build.wrap(story.own(doc), story.people[doc["from"]].get("wrap") or 10_000)
            inline = (doc.get("quote") or {}).get("style") == "inline"
            words = story.own(doc) if hints or inline else wrapped
            yield Case(f"{story.id} {doc['id']}", text, own_lines(text, words), hints, message["Subject"])


def _body(message: EmailMessage, flavour: str) -> tuple[str, tuple[Hint, ...]]:
    """The text of a message's body, HTML reduced."""
    part = message.get_body(("plain", "html") if flavour == "plain" else ("html", "plain"))
    assert isinstance(part, EmailMessage)
    content = part.get_content().replace("\r\n", "\n")
    return to_text(content) if part.get_content_subtype() == "html" else (content, ())


# -- what is said of the lines


def by_line(case: Case, zones: Sequence[Zone]) -> Iterator[Zone | None]:
    """The zone of each line; None for blank lines."""
    at, n = 0, 0
    for line in case.text.split("\n"):
        while n + 1 < len(zones) and zones[n].end <= at:
            n += 1
        yield zones[n] if line.strip() else None
        at += len(line) + 1


def ours(case: Case, label: Callable[[Zone], str]) -> list[str | None]:
    """Our label of each line."""
    zones = zone(case.text, case.hints, subject=case.subject)
    return [label(z) if z else None for z in by_line(case, zones)]


def own_or_below(z: Zone) -> str:
    """Our two classes of the first measure."""
    return "below" if z.kind in BELOW else "own"


def own_or_rest(z: Zone) -> str:
    """The author's words, against all else."""
    return "own" if z.kind in (ZoneKind.OWN, ZoneKind.AUTO) else "rest"


def five_of(z: Zone) -> str:
    """Our five classes of the second measure."""
    if z.part is ZonePart.HEADER:
        return "header"
    if z.kind in BELOW:
        return "quote"
    if z.kind is ZoneKind.FOOTER:
        return "footer"
    return "courtesy" if z.kind is ZoneKind.SIGNATURE or z.part else "own"


def peer(name: str, *, with_signature: bool, other: str) -> Callable[[Case], list[str | None]]:
    """A peer's label of each line: own where the line is in what it calls the reply, else `other`."""

    def said(case: Case) -> list[str | None]:
        if name == "quotequail":
            own = "\n".join(text for expanded, text in quotequail.quote(case.text, quote_intro_line=True) if expanded)
        else:
            replies = EmailReplyParser(languages=LANGUAGES).read(case.text).replies
            own = (replies[0].content if with_signature else replies[0].body) if replies else ""
        return [other if label == "rest" else label for label in own_lines(case.text, own)]

    return said


# -- scores


def score(
    cases: Sequence[Case], said: Callable[[Case], list[str | None]], *, strict: bool = False
) -> tuple[int, int, int]:
    """Lines right, lines scored, cases wholly right."""
    right = total = whole = 0
    for case in cases:
        truth = (case.strict if strict and case.strict else None) or case.truth
        pairs = [(t, s) for t, s in zip(truth, said(case), strict=True) if t and s]
        good = sum(t == s for t, s in pairs)
        right, total, whole = right + good, total + len(pairs), whole + (good == len(pairs))
    return right, total, whole


def row(name: str, cases: Sequence[Case], *said: Callable[[Case], list[str | None]] | None) -> None:
    """Print one set's figures: lines right of ours and of the peers, then ours by whole cases."""
    figures = []
    whole = ""
    for speaker in said:
        if speaker is None:
            figures.append("     –")
            continue
        right, total, cases_right = score(cases, speaker)
        figures.append(f"{right / max(total, 1):6.4f}")
        whole = whole or f"{cases_right}/{len(cases)}"
    _, total, _ = score(cases, said[0] or (lambda case: case.truth))
    print(f"{name:34}{total:7} {figures[0]:>8} {figures[1]:>18} {figures[2]:>11} {whole:>12}")


def show_wrong(cases: Sequence[Case], said: Callable[[Case], list[str | None]]) -> None:
    """Print the lines put wrong, with their neighbours."""
    for case in cases:
        labels = said(case)
        lines = case.text.split("\n")
        wrong = [i for i, (t, s) in enumerate(zip(case.truth, labels, strict=True)) if t and s and t != s]
        if wrong:
            print(f"#### {case.name}: {len(wrong)} wrong")
            for i in sorted({k for w in wrong[:12] for k in range(max(0, w - 2), min(len(lines), w + 3))}):
                mark = f"{case.truth[i]} but {labels[i]}" if i in wrong else ""
                print(f"{mark:22}|{i:4} {lines[i][:100]}")


def footers_are_own(said: Callable[[Case], list[str | None]]) -> Callable[[Case], list[str | None]]:
    """The same labels for a set that annotates no footers."""
    return lambda case: ["own" if label == "footer" else label for label in said(case)]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    arguments.add_argument("--split", default="eval", choices=["train", "test", "eval"])
    arguments.add_argument("--wrong", help="show the lines put wrong in the sets whose name begins so")
    options = arguments.parse_args()
    if not FIXTURES.is_dir():
        print("skipped: no ../shared/data/mail/fixtures", file=sys.stderr)
        return

    def five(case: Case) -> list[str | None]:
        return ours(case, five_of)

    def below(case: Case) -> list[str | None]:
        return ours(case, own_or_below)

    def own(case: Case) -> list[str | None]:
        return ours(case, own_or_rest)

    whole = [peer(name, with_signature=True, other="below") for name in ("mail-parser-reply", "quotequail")]
    body = [peer(name, with_signature=False, other="rest") for name in ("mail-parser-reply", "quotequail")]
    enron, asf = "enron_zones.jsonl", "asf.jsonl"
    table: list[tuple[str, list[Case], Callable[[Case], list[str | None]], Sequence[Any]]] = []
    for name, file in (("quagga enron", enron), ("quagga asf", asf)):
        table.append((f"{name} own/below", list(quagga(file, options.split, five=False)), below, whole))
    both = [case for _, cases, _, _ in table for case in cases]
    table.append(("quagga own/below", both, below, whole))
    fives = []
    for name, file, said in (("quagga enron", enron, five), ("quagga asf", asf, footers_are_own(five))):
        cases = list(quagga(file, options.split, five=True))
        fives.append(score(cases, said))
        table.append((f"{name} five", cases, said, (None, None)))
    table.append(("trimmer", list(trimmer()), own, body))
    table.append(("talon", list(talon()), own, body))
    table.append(("stories plain", list(stories("plain")), own, body))
    table.append(("stories html", list(stories("html")), own, body))
    table.append(("stories html only", list(stories("only")), own, body))
    if options.wrong:
        for name, cases, said, _ in table:
            if name.startswith(options.wrong):
                show_wrong(cases, said)
        return
    print(f"{'set':34}{'lines':>7} {'ours':>8} {'mail-parser-reply':>18} {'quotequail':>11} {'cases whole':>12}")
    for name, cases, said, peers in table:
        row(name, cases, said, *peers)
    right, total, _ = score(both, below, strict=True)
    five_right = sum(good for good, _, _ in fives) / sum(lines for _, lines, _ in fives)
    print(f"quagga own/below, strict: {right / total:.4f}   quagga five, both: {five_right:.4f}")
    print_speed(both)


def print_speed(cases: Sequence[Case]) -> None:
    """Print what one mail costs, as the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for case in cases:
            zone(case.text)
        best = min(best, time.process_time() - start)
    size = sum(len(case.text) for case in cases) / len(cases)
    print(f"{best / len(cases) * 1e6:.0f} µs a mail of {size:.0f} characters on average ({len(cases)} mails)")


if __name__ == "__main__":
    main()
