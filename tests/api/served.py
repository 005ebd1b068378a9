"""A small house, Kettu, and its mail with two others, served: the real application over a real database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import cast

import pytest
from conftest import fresh_database
from fastapi.testclient import TestClient
from sqlalchemy import Engine

import store.write
from api.app import create_app
from corpus.archive import Found, Where
from corpus.document import Document, ZoneKind
from nlp.analyze import Analyzer
from nlp.findings import Act, Due, Finding, IssueCategory, Sentiment
from pipeline.connect import connect
from pipeline.prepare import prepare
from pipeline.run import with_findings
from settings import Settings

START = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
DAY = date(2024, 6, 1)
SCRIPT = "<script>alert('x')</script>"
US, THEM, HOSTILE = "anna@kettu.example", "tom@acme.example", "eve@evil.example"
PROMISES = (
    "send the drawings of the pump house",
    "call the harbour master",
    "order new gaskets from the mill",
    "repair our crane",
    "book a berth for June",
    "return your pallets",
    "paint all railings",
    "translate the manual into Finnish",
    "hire two more welders",
    "measure the noise in hall four",
    "insure both boilers",
    "write to the customs office",
)
WEEKS = len(PROMISES)


class PlainReader:
    """Reads sentences, one a line, by a word or two; enough to fill timelines without the models."""

    version = "plain"

    def analyze(self, documents: Sequence[Document]) -> list[tuple[Finding, ...]]:
        return [tuple(_lines(d)) for d in documents]


def _lines(document: Document) -> Iterator[Finding]:
    for zone in document.zones:
        place = zone.start
        for line in document.text[zone.start : zone.end].splitlines(keepends=True):
            start, place = place, place + len(line)
            if zone.kind is ZoneKind.OWN and line.strip():
                yield _read(line.rstrip(), start)


def _read(line: str, start: int) -> Finding:
    end = start + len(line)
    if "I will" in line:
        due = None
        if "by " in line:
            day = date.fromisoformat(line[-11:-1])
            at = start + line.index("by ")
            due = Due(words=line[at - start : -1], start=at, end=end - 1, iso=str(day), first=day, last=day)
        confidence = {"commit": 0.9, "due": 0.9}
        return Finding(start=start, end=end, acts=(Act.COMMIT,), debtor="writer", due=due, confidence=confidence)
    if "is late" in line:
        return Finding(
            start=start,
            end=end,
            issue=list(IssueCategory)[int(line.split()[-3]) % len(IssueCategory)],
            severity=2,
            sentiment=Sentiment.NEGATIVE,
            confidence={"issue": 0.8, "sentiment": 0.9},
        )
    if line.endswith("?"):
        return Finding(start=start, end=end, acts=(Act.QUESTION,), confidence={"question": 0.95})
    return Finding(start=start, end=end, confidence={"sentiment": 0.9})


def mail(number: int, sender: str, to: str, at: datetime, text: str, subject: str = "Drawings") -> bytes:
    return (
        f"From: {sender.partition('@')[0].title()} <{sender}>\r\nTo: <{to}>\r\nDate: {format_datetime(at)}\r\n"
        f"Subject: {subject} {number}\r\nMessage-ID: <{number}@kettu.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    ).encode()


def _archive() -> Iterator[bytes]:
    """Each week Acme promises, complains and asks; Kettu answers in the first half. One mail is hostile."""
    for week in range(WEEKS):
        at = START + timedelta(weeks=week)
        due = (at + timedelta(days=4)).date()
        text = (
            f"Hi Anna,\nI will {PROMISES[week]} by {due}.\nThe shipment for line {week} is late.\n"
            f"When do you need the {week}. gasket?\n"
        )
        yield mail(2 * week, THEM, US, at, text, PROMISES[week].title())
        if week < WEEKS // 2:
            yield mail(
                2 * week + 1, US, THEM, at + timedelta(hours=5), f"Tom,\nI will check the order {week} with the mill.\n"
            )
    text = f"Hi {SCRIPT}\nI will {SCRIPT} pay the invoice for the <b>pipes</b> by 2024-04-01.\n"
    yield mail(901, HOSTILE, US, START, text, f'{SCRIPT}"><img src=x onerror=alert(1)>')


def fill(engine: Engine, settings: Settings) -> None:
    """Store the two relationships and derive what follows."""
    found = [Found(raw=raw, where=Where(archive="test")) for raw in _archive()]
    messages = with_findings(cast(Analyzer, PlainReader()), prepare(settings.raw, found).messages)
    with engine.begin() as connection:
        store.write.store(connection, messages)
    connect(engine, settings)


def load_plain() -> Analyzer:
    return cast(Analyzer, PlainReader())


@pytest.fixture(scope="session")
def served_settings(homes: Path) -> Settings:
    home = homes / "served"
    return Settings(home=home, own_domains=("kettu.example",), database_url=None)


@pytest.fixture(scope="session")
def served_engine(engine: Engine, served_settings: Settings) -> Iterator[Engine]:
    found = fresh_database(engine)
    fill(found, served_settings)
    yield found
    found.dispose()


@pytest.fixture(scope="session")
def client(served_engine: Engine, served_settings: Settings) -> Iterator[TestClient]:
    """The application, its worker running, asked by the name of this machine."""
    app = create_app(served_engine, served_settings, load_plain)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found
