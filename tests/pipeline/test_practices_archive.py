"""A whole archive, from mails to a pattern: two dozen houses, two units of ours, one of which says when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from served import PROMISES, mail
from sqlalchemy import Engine

import store.write
from corpus.archive import Found, Where
from corpus.document import Document, ZoneKind
from insights.practices.patterns import Study
from nlp.analyze import Analyzer
from nlp.findings import READER, Act, Due, Finding
from pipeline.connect import connect
from pipeline.practices import practices
from pipeline.prepare import prepare
from pipeline.run import with_findings
from settings import Settings

_START = datetime(2023, 1, 2, 9, tzinfo=UTC)
_DAY = date(2024, 6, 1)
_HOUSES = 24
_UNITS = "name,domains\nNorth,north.kettu.example\nSouth,south.kettu.example\n"


class _Reader:
    """Reads a promise, its fulfilment and a question by their first word."""

    version = "words"

    def analyze(self, documents: Sequence[Document]) -> list[tuple[Finding, ...]]:
        return [tuple(_read(d)) for d in documents]


def _read(document: Document) -> Iterator[Finding]:
    zone = next(z for z in document.zones if z.kind is ZoneKind.OWN)
    line = document.text[zone.start : zone.end].rstrip()
    start, end = zone.start, zone.start + len(line)
    if line.startswith("We will"):
        day, at = date.fromisoformat(line[-11:-1]), start + line.index("by ")
        due = Due(words=line[at - start : -1], start=at, end=end - 1, iso=str(day), first=day, last=day)
        yield Finding(
            start=start, end=end, acts=(Act.COMMIT,), debtor="writer", due=due, confidence={"commit": 0.9, "due": 0.9}
        )
    elif line.startswith("Done"):
        yield Finding(start=start, end=end, acts=(Act.FULFIL,), confidence={"fulfil": 0.9})
    else:
        yield Finding(start=start, end=end, acts=(Act.REQUEST,), debtor=READER, confidence={"request": 0.9})


def _archive() -> Iterator[bytes]:
    """Each house asks for five things; North and South promise them by turns, and South falls silent."""
    number = 0
    for house in range(_HOUSES):
        them = f"tom@house{house}.example"
        for turn, what in enumerate(PROMISES[:10]):
            at = _START + timedelta(weeks=3 * turn, days=house % 5)
            who = f"p{(house + turn) % 6}@{'north' if turn % 2 else 'south'}.kettu.example"
            due = (at + timedelta(days=5)).date()
            subject = f"{what.title()} {house} {turn}"
            yield mail(number, them, who, at, f"Please {what}.", subject)
            promised = at + timedelta(hours=4)
            yield mail(number + 1, who, them, promised, f"We will {what} by {due}.", subject)
            if turn % 2:
                yield mail(number + 2, who, them, at + timedelta(days=4), f"Done: {what}.", subject)
            number += 3


@pytest.fixture
def studied(database: Engine, tmp_path: Path) -> Study:
    units = tmp_path / "units.csv"
    units.write_text(_UNITS)
    settings = Settings(home=tmp_path / "home", own_domains=("kettu.example",), units=units, database_url=None)
    found = [Found(raw=raw, where=Where(archive="test")) for raw in _archive()]
    messages = with_findings(cast(Analyzer, _Reader()), prepare(settings.raw, found).messages)
    with database.begin() as connection:
        store.write.store(connection, messages)
    connect(database, settings)
    return practices(database, settings, _DAY)


def test_an_archive_in_which_one_unit_leaves_promises_open_gives_that_pattern_and_its_cases(studied: Study) -> None:
    assert studied.counted.relationships == _HOUSES
    assert studied.counted.cases["answer"] == _HOUSES * 10
    (one,) = [p for p in studied.patterns if p.topic == "promise.unit"]
    assert one.group == "North"
    assert one.relationships > 20
    assert one.low > 0.5
    assert len(one.examples) > 20
    units = {f.group: f.value for f in studied.figures if (f.measure, f.factor) == ("promise", "unit")}
    assert units["North"] > 0.8 > 0.2 > units["South"]
