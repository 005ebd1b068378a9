"""Letters between two small houses, Northwind (us) and Southgate (them), to write tests with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec

from corpus.document import Document, DocumentKind, Zone, ZoneKind
from insights.insight import Party, Side
from insights.letters import Direction, Letter
from nlp.analyze import Analyzer
from nlp.findings import Act, Due, Finding, IssueCategory, Sentiment, SignalKind

US = Party(id="northwind.example", name="Northwind Ltd", side=Side.US)
THEM = Party(id="southgate.example", name="Southgate Oy", side=Side.THEM)
PEOPLE = {
    "anna": Party(id="anna@northwind.example", name="Anna Aalto", side=Side.US, email="anna@northwind.example"),
    "veli": Party(id="veli@northwind.example", name="Veli Aho", side=Side.US, email="veli@northwind.example"),
    "ben": Party(id="ben@southgate.example", name="Ben Brook", side=Side.THEM, email="ben@southgate.example"),
}
START = datetime(2024, 3, 4, 9, tzinfo=UTC)
_MODELS = Analyzer.load()

Said = tuple[str, Finding]


def day(number: float) -> date:
    """The day that many days after the start."""
    return (START + timedelta(days=number)).date()


def say(
    text: str,
    *acts: Act,
    due: float | None = None,
    issue: IssueCategory | None = None,
    severity: int | None = None,
    signal: SignalKind | None = None,
    mood: Sentiment = Sentiment.NEUTRAL,
    debtor: str | None = None,
) -> Said:
    """A sentence with what a model would say of it; `due` in days after the start."""
    when = None if due is None else day(due)
    return text, Finding(
        trace=_trace(text),
        start=0,
        end=len(text),
        acts=acts,
        due=None if when is None else Due(words="", start=0, end=0, iso=str(when), first=when, last=when),
        issue=issue,
        severity=severity or (2 if issue else None),
        signal=signal,
        sentiment=mood,
        debtor=debtor,
        confidence=dict.fromkeys(
            (*acts, *(["issue"] if issue else []), *(["signal"] if signal else []), "sentiment"), 0.9
        ),
        leanings={label: 0.9 for label in (issue, signal, mood if mood is Sentiment.NEGATIVE else None) if label},
    )


@cache
def _trace(text: str) -> bytes:
    """The trace of a sentence, as the shipped models draw it."""
    whole = (Zone(kind=ZoneKind.OWN, start=0, end=len(text)),)
    (found,) = _MODELS.analyze([Document(id="", kind=DocumentKind.EMAIL, text=text, zones=whole)])
    return max(found, key=lambda f: f.end - f.start).trace


def write(
    name: str,
    author: str,
    *sentences: Said,
    at: float = 0,
    to: Sequence[str] = (),
    thread: str = "t",
    answers: str | None = None,
    subject: str = "",
) -> Letter:
    """A letter of those sentences, `at` days after the start."""
    who = PEOPLE[author]
    ours = who.side is Side.US
    findings, text = [], ""
    for words, f in sentences:
        start = len(text)
        findings.append(msgspec.structs.replace(f, start=start, end=start + len(words)))
        text += words + " "
    return Letter(
        id=name,
        text=text,
        own=((0, len(text)),),
        at=START + timedelta(days=at),
        thread=thread,
        answers=answers,
        direction=Direction.OUT if ours else Direction.IN,
        subject=subject,
        author=who,
        recipients=tuple(PEOPLE[r] for r in to or (["ben"] if ours else ["anna"])),
        findings=tuple(findings),
    )
