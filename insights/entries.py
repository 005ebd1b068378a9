"""Insights as the lines of a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

import msgspec

from insights.amendments import Amendment
from insights.changes import Level, LevelChange
from insights.commitments import shorten
from insights.contracts import Contract, ContractFact, Deadline, DeadlineKind, days
from insights.contradictions import Contradiction
from insights.insight import Commitment, DueDay, Issue, MonthRhythm, OpenQuestion, Side, Signal, Source
from insights.mood import MonthMood
from insights.negotiations import Negotiation
from insights.notes import NoteItem
from insights.silence import Arrival, Lull
from nlp.contracts.facts import Length, Value
from nlp.minutes.items import ItemType

About = (
    Commitment
    | Issue
    | Signal
    | OpenQuestion
    | Contract
    | Amendment
    | Deadline
    | Negotiation
    | Contradiction
    | NoteItem
    | MonthMood
    | MonthRhythm
    | LevelChange
    | Lull
    | Arrival
)
_DECIDED = (ItemType.DECISION, ItemType.AGREEMENT)
_LEVELS = {
    Level.MOOD: "voices for less those against per 100 sentences:",
    Level.OUR_REPLIES: "working hours until we answer:",
    Level.THEIR_REPLIES: "working hours until they answer:",
}
_DAYS = {
    DeadlineKind.NOTICE: "notice must be given by",
    DeadlineKind.RENEWAL: "is renewed on",
    DeadlineKind.END: "ends on",
    DeadlineKind.OBLIGATION: "due by",
}


class EntryKind(StrEnum):
    """What an entry of a timeline is about."""

    COMMITMENT = "commitment"
    ISSUE = "issue"
    OPPORTUNITY = "opportunity"
    THREAT = "threat"
    QUESTION = "question"
    CONTRACT = "contract"
    AMENDMENT = "amendment"  # what may have changed a contract
    DEADLINE = "deadline"  # a day that follows from a contract; its entry stands beside the contract's
    NEGOTIATION = "negotiation"  # a term over which the sides bargain; its entry stands where it began
    CONTRADICTION = "contradiction"  # what was said otherwise than the contract says it
    DECISION = "decision"  # what minutes say was decided or agreed
    POSITION = "position"  # what minutes say was proposed or turned down
    MOOD = "mood"
    VOLUME = "volume"
    CHANGE = "change"  # of the mood, or of how soon a side answers
    SILENCE = "silence"  # longer than is usual for who is silent
    ARRIVAL = "arrival"  # of somebody new


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline. `about` is the insight that it shows.

    `at` is when it could be known: a deadline stands at the time of its contract, its own day is its `due`.
    """

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
        if isinstance(self.about, Contract) and self.about.replaced is not None:
            return "replaced"
        if isinstance(self.about, Commitment | Issue | OpenQuestion | Deadline | Negotiation | Lull):
            return self.about.status(day).value
        return None


def entry(about: About) -> Entry:
    """An insight as a line of a timeline."""
    return _LINES[type(about)](about)


def unfolded(about: About, day: date) -> tuple[Entry, ...]:
    """An insight's line, and those that follow from it as of `day`: a contract is followed by its days."""
    follow = days(about, day) if isinstance(about, Contract) else ()
    return (entry(about), *map(entry, follow))


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
        sources=(s.source, *s.mentions), confidence=s.confidence, about=s,
    )  # fmt: skip


def _question(q: OpenQuestion) -> Entry:
    return Entry(
        id=q.id, at=q.asked.at, kind=EntryKind.QUESTION, title=shorten(q.asked.quote), side=q.by.side, due=q.due,
        sources=(q.asked,), confidence=q.confidence, about=q,
    )  # fmt: skip


def _contract(c: Contract) -> Entry:
    who = " – ".join(p.name for p in c.parties) or shorten(c.source.quote)
    return Entry(
        id=c.id, at=c.source.at, kind=EntryKind.CONTRACT, title=", ".join(filter(None, (who, term(c)))),
        sources=(c.source,), confidence=min((p.confidence for p in c.parties), default=0.5), about=c,
    )  # fmt: skip


def _amendment(a: Amendment) -> Entry:
    told = a.agreed or a.said
    title = f"{a.fact.replace('_', ' ')}: {_plain(a.old)} → {_plain(a.new)}"
    return Entry(
        id=a.id, at=told.at, kind=EntryKind.AMENDMENT, title=title,
        sources=(a.said, *((a.agreed,) if a.agreed else ()), a.clause), confidence=a.confidence, about=a,
    )  # fmt: skip


def _plain(value: Value) -> str:
    return f"{value.length} {value.unit}" if isinstance(value, Length) else str(value)


def term(contract: Contract) -> str:
    """From when until when a contract runs, as far as it says, with ISO 8601 days."""
    first, last, endless = contract.effective_date, contract.end_date, contract.indefinite
    until = "until further notice" if last is None and endless is not None and endless.value is True else ""
    spans = (_said("from", first), _said("to", last), until)
    renews = contract.auto_renewal is not None and contract.auto_renewal.value is True
    return " ".join(filter(None, spans)) + (", renews itself" if renews else "")


def _said(word: str, fact: ContractFact | None) -> str:
    return "" if fact is None else f"{word} {fact.value}"


def _deadline(d: Deadline) -> Entry:
    what = shorten(d.source.quote) if d.kind is DeadlineKind.OBLIGATION else f"{_DAYS[d.kind]} {d.day}"
    return Entry(
        id=d.id, at=d.source.at, kind=EntryKind.DEADLINE, title=what, side=d.side,
        due=DueDay(words=d.day.isoformat(), first=d.day, last=d.day), sources=(d.source,), confidence=d.confidence,
        about=d,
    )  # fmt: skip


def _negotiation(n: Negotiation) -> Entry:
    said = " → ".join(f"{p.by.value} {p.value:,g}" for p in n.positions)
    return Entry(
        id=n.id, at=n.known, kind=EntryKind.NEGOTIATION,
        title=shorten(f"{n.topic}{f' ({n.unit})' if n.unit else ''}: {said}"), side=n.positions[0].by,
        sources=tuple(p.source for p in n.positions), confidence=n.confidence, about=n,
    )  # fmt: skip


def _contradiction(c: Contradiction) -> Entry:
    return Entry(
        id=c.id, at=c.said.at, kind=EntryKind.CONTRADICTION,
        title=shorten(f"{c.about.replace('_', ' ')}: {c.said.quote}"), sources=(c.said, c.clause),
        confidence=c.confidence, about=c,
    )  # fmt: skip


def _minuted(n: NoteItem) -> Entry:
    kind = EntryKind.DECISION if n.type in _DECIDED else EntryKind.POSITION
    return Entry(
        id=n.id, at=n.source.at, kind=kind, title=shorten(n.source.quote), side=n.side, sources=(n.source,),
        confidence=n.confidence, about=n,
    )  # fmt: skip


def _mood(m: MonthMood) -> Entry:
    return Entry(
        id=m.id, at=datetime.combine(m.begins, time(), UTC), kind=EntryKind.MOOD,
        title=f"{m.mood.value} ({m.sentences} sentences)",
        sources=m.sources, confidence=m.confidence, about=m,
    )  # fmt: skip


def _volume(m: MonthRhythm) -> Entry:
    return Entry(
        id=m.id, at=_end_of(m.month), kind=EntryKind.VOLUME, title=f"{m.sent} sent, {m.received} received", about=m
    )


def _change(c: LevelChange) -> Entry:
    return Entry(
        id=c.id, at=c.at, kind=EntryKind.CHANGE, title=f"{_LEVELS[c.level]} {c.before:.1f} → {c.after:.1f}",
        sources=c.sources, confidence=c.confidence, about=c,
    )  # fmt: skip


def _silence(s: Lull) -> Entry:
    return Entry(
        id=s.id, at=s.at, kind=EntryKind.SILENCE, side=s.party.side,
        title=f"no word from {s.party.name} since {s.since}, usually {s.usual:.0f} working days apart",
        sources=(s.last,), confidence=s.confidence, about=s,
    )  # fmt: skip


def _arrival(a: Arrival) -> Entry:
    return Entry(
        id=a.id, at=a.at, kind=EntryKind.ARRIVAL, title=f"{a.party.name} is new", side=a.party.side, sources=(a.first,),
        confidence=a.confidence, about=a,
    )  # fmt: skip


def _end_of(month: str) -> datetime:
    """The first moment (UTC) at which a month is over."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


_LINES: Mapping[type, Callable[[Any], Entry]] = {
    Commitment: _commitment,
    Issue: _issue,
    Signal: _signal,
    OpenQuestion: _question,
    Contract: _contract,
    Amendment: _amendment,
    Deadline: _deadline,
    Negotiation: _negotiation,
    Contradiction: _contradiction,
    NoteItem: _minuted,
    MonthMood: _mood,
    MonthRhythm: _volume,
    LevelChange: _change,
    Lull: _silence,
    Arrival: _arrival,
}
