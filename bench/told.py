"""Stories as the letters that insights are read from, with their truth: for learning from and for measuring.

A story is a YAML file in the form of ../shared/stories; it is built and ingested in a home of its own, with the models.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from corpus.document import Sending
from insights.insight import Party, Side
from insights.letters import Letter
from insights.papers import known_sides
from nlp.findings import Finding
from pipeline.deriving import correspondence
from settings import Settings
from store.database import open_database, url

SHARED = Path(__file__).parents[2] / "shared" / "stories"
_ALIKE = 0.6  # share of words from which a sentence is what the truth quotes (as in score.py)

Item = dict[str, Any]


class Role(NamedTuple):
    """What the truth says of a sentence: "opened", an event of an issue, or a signal's kind; and of which item."""

    name: str
    item: Item


class Told(NamedTuple):
    """A story: its letters in order of time, and what the truth says of their sentences (by document and start)."""

    name: str
    truth: Item
    us: Party
    them: Party
    letters: list[Letter]
    roles: dict[tuple[str, int], list[Role]]
    untold: int  # issues and signals whose sentence is not among the findings


def told(folder: Path) -> Iterator[Told]:
    """The stories of a folder."""
    score = scorer()
    with tempfile.TemporaryDirectory() as built:
        stories = sorted(folder.glob("*.yaml"))
        _run(SHARED / "build.py", *stories, "-o", built)
        for story in stories:
            truth = json.loads((Path(built) / f"{story.stem}.truth.json").read_text(encoding="utf-8"))
            yield _labelled(story.stem, *_heard(Path(built), story.stem, truth), truth, score)


def _heard(built: Path, name: str, truth: Item) -> tuple[Party, Party, list[Letter]]:
    settings = Settings(home=built / f"home-{name}", own_domains=tuple(truth["us"]["domains"]))
    environment = {"SUHDE_HOME": str(settings.home), "SUHDE_OWN_DOMAINS": ",".join(settings.own_domains)}
    _run("-m", "cli", "ingest", built / name, **environment)
    engine = open_database(url(settings.home, settings.database_url))
    with engine.begin() as connection:
        found = [(r.id, r.name, letters) for r, letters in correspondence(connection)]
    engine.dispose()
    theirs = [each for each in found if each[0] in truth["them"]["domains"]] or found
    identity, called, letters = max(theirs, key=lambda each: len(each[2]))
    us = Party(id=settings.own_domains[0], name=settings.own_domains[0], side=Side.US)
    them = Party(id=identity, name=called, side=Side.THEM)
    heard = [known_sides(m, us, them) for m in letters if m.sending in (Sending.PERSONAL, Sending.LIST)]
    return us, them, sorted(heard, key=lambda letter: (letter.at or datetime.max.replace(tzinfo=UTC), letter.id))


def _labelled(name: str, us: Party, them: Party, letters: list[Letter], truth: Item, score: ModuleType) -> Told:
    roles: defaultdict[tuple[str, int], list[Role]] = defaultdict(list)
    untold = 0
    for role, document, evidence, item in _quoted(truth):
        place = _place(letters, truth["documents"][document].get("ref"), evidence, score)
        if place is not None:
            roles[place].append(Role(role, item))
        untold += place is None and role in ("opened", "opportunity", "threat")
    return Told(name, truth, us, them, letters, dict(roles), untold)


def _quoted(truth: Item) -> Iterator[tuple[str, str, str, Item]]:
    for issue in truth["issues"]:
        yield "opened", issue["opened_in"], issue["evidence"], issue
        for step in issue.get("history") or []:
            yield step["event"], step["in"], step["evidence"], issue
    for signal in truth["signals"]:
        yield signal["kind"], signal["in"], signal["evidence"], signal


def _place(letters: Sequence[Letter], ref: str | None, evidence: str, score: ModuleType) -> tuple[str, int] | None:
    """The sentence that a quote of the truth means."""
    length = len(score.words(evidence))
    best: tuple[float, int] = (_ALIKE, -length)
    place = None
    for letter in letters:
        if score.same_document(ref, {"message_id": letter.message_id, "file": letter.file}):
            for finding in letter.findings:
                said = len(score.words(letter.quote(finding)))
                likeness = (score.likeness(evidence, letter.quote(finding)), -abs(said - length))
                if said >= min(3, length) and said <= 3 * length + 20 and likeness > best:
                    best, place = likeness, (letter.id, finding.start)
    return place


def finding_at(letter: Letter, start: int) -> Finding:
    """The finding that begins there."""
    return next(f for f in letter.findings if f.start == start)


def scorer() -> ModuleType:
    """The stories' score.py."""
    spec = importlib.util.spec_from_file_location("score_stories", SHARED / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SHARED / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(*args: object, **environment: str) -> None:
    subprocess.run(
        [sys.executable, *map(str, args)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
