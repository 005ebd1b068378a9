"""A relationship's insights, read from its letters and put in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import chain

import msgspec

from corpus.document import Sending
from insights.attention import find_questions
from insights.commitments import keep_ledger, shorten
from insights.insight import (
    Commitment,
    DueDay,
    Insights,
    Issue,
    MonthMood,
    MonthRhythm,
    OpenQuestion,
    Party,
    Side,
    Signal,
    Source,
)
from insights.issues import open_cases
from insights.letters import Letter
from insights.mood import read_mood
from insights.rhythm import read_rhythm
from insights.signals import find_signals

About = Commitment | Issue | Signal | OpenQuestion | MonthMood | MonthRhythm


class EntryKind(StrEnum):
    """What an entry of a timeline is about."""

    COMMITMENT = "commitment"
    ISSUE = "issue"
    OPPORTUNITY = "opportunity"
    THREAT = "threat"
    QUESTION = "question"
    MOOD = "mood"
    VOLUME = "volume"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline. `about` is the insight that it shows."""

    id: str
    at: datetime | None  # UTC; None where no document told the time
    kind: EntryKind
    title: str
    side: Side | None = None  # who owes, raised, said or asked it
    due: DueDay | None = None
    sources: tuple[Source, ...] = ()
    confidence: float = 1.0
    about: About

    def status(self, day: date) -> str | None:
        """How it stands at the end of `day`; None for what has no life cycle."""
        if isinstance(self.about, Commitment | Issue | OpenQuestion):
            return self.about.status(day).value
        return None


def read(letters: Sequence[Letter], us: Party, them: Party) -> Insights:
    """What holds over a relationship's letters, whatever their order. Mass and automatic mail does not count.

    Commitments, issues, signals and questions `as_of` a day are those of the letters up to that day.
    """
    heard = [letter for letter in letters if letter.sending in (Sending.PERSONAL, Sending.LIST)]
    heard.sort(key=lambda letter: (_when(letter.at), letter.id))
    return Insights(
        commitments=keep_ledger(heard, us, them),
        issues=open_cases(heard, us, them),
        signals=find_signals(heard, us, them),
        questions=find_questions(heard, us, them),
        mood=read_mood(heard, them),
        rhythm=read_rhythm(heard, them),
    )


def as_of(insights: Insights, day: date) -> Insights:
    """What was known at the end of `day` (UTC). A month that was not over then is left out of mood and rhythm."""
    return Insights(
        commitments=tuple(c.as_of(day) for c in insights.commitments if c.made.known_on(day)),
        issues=tuple(i.as_of(day) for i in insights.issues if i.opened.known_on(day)),
        signals=tuple(s for s in insights.signals if s.source.known_on(day)),
        questions=tuple(q.as_of(day) for q in insights.questions if q.asked.known_on(day)),
        mood=tuple(m for m in insights.mood if m.month < f"{day:%Y-%m}"),
        rhythm=msgspec.structs.replace(
            insights.rhythm, months=tuple(m for m in insights.rhythm.months if m.month < f"{day:%Y-%m}")
        ),
    )


def timeline(insights: Insights) -> tuple[Entry, ...]:
    """The entries of a timeline, oldest first; undated ones last."""
    return tuple(sorted(_entries(insights), key=lambda e: (_when(e.at), e.kind, e.id)))


def entry(about: About) -> Entry:
    """An insight as a line of a timeline."""
    match about:
        case Commitment():
            return _commitment(about)
        case Issue():
            return _issue(about)
        case Signal():
            return _signal(about)
        case OpenQuestion():
            return _question(about)
        case MonthMood():
            return _mood(about)
        case MonthRhythm():
            return _volume(about)


def _entries(insights: Insights) -> Iterator[Entry]:
    lists: tuple[Sequence[About], ...] = (
        insights.commitments, insights.issues, insights.signals, insights.questions, insights.mood,
        insights.rhythm.months,
    )  # fmt: skip
    return map(entry, chain.from_iterable(lists))


def _commitment(c: Commitment) -> Entry:
    return Entry(
        id=c.id, at=c.made.at, kind=EntryKind.COMMITMENT, title=c.action, side=c.debtor.side, due=c.due,
        sources=(c.made, *(s.source for s in c.history)), confidence=c.confidence, about=c,
    )  # fmt: skip


def _issue(i: Issue) -> Entry:
    return Entry(
        id=i.id, at=i.opened.at, kind=EntryKind.ISSUE, title=shorten(i.opened.quote), side=i.raised_by.side,
        sources=(i.opened, *(s.source for s in i.history)), confidence=i.confidence, about=i,
    )  # fmt: skip


def _signal(s: Signal) -> Entry:
    return Entry(
        id=s.id, at=s.source.at, kind=EntryKind(s.kind.value), title=shorten(s.source.quote), side=s.by.side,
        sources=(s.source,), confidence=s.confidence, about=s,
    )  # fmt: skip


def _question(q: OpenQuestion) -> Entry:
    return Entry(
        id=q.id, at=q.asked.at, kind=EntryKind.QUESTION, title=shorten(q.asked.quote), side=q.by.side, due=q.due,
        sources=(q.asked,), confidence=q.confidence, about=q,
    )  # fmt: skip


def _mood(m: MonthMood) -> Entry:
    return Entry(
        id=m.id, at=_end_of(m.month), kind=EntryKind.MOOD, title=f"{m.mood.value} ({m.sentences} sentences)",
        sources=m.sources, confidence=m.confidence, about=m,
    )  # fmt: skip


def _volume(m: MonthRhythm) -> Entry:
    return Entry(
        id=m.id, at=_end_of(m.month), kind=EntryKind.VOLUME, title=f"{m.sent} sent, {m.received} received", about=m
    )


def _end_of(month: str) -> datetime:
    """The first moment (UTC) at which a month is over."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _when(at: datetime | None) -> datetime:
    return at or datetime.max.replace(tzinfo=UTC)
