"""A relationship's insights, read from its letters and put in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, cast

import msgspec

from corpus.document import DocumentKind, Sending
from insights.amendments import Amendment
from insights.bargaining import Bargains
from insights.changes import LevelChange
from insights.commitments import Ledger
from insights.contracts import Contract
from insights.contradictions import Contradiction, find_contradictions
from insights.entries import About, Entry, entry
from insights.insight import Commitment, Issue, MonthRhythm, OpenQuestion, Party, Rhythm, Signal
from insights.issues import Cases
from insights.letters import Letter
from insights.months import Months
from insights.mood import MonthMood
from insights.negotiations import Negotiation
from insights.notes import NoteItem
from insights.papers import amended, find_contracts, find_minuted, known_sides
from insights.questions import Desk
from insights.signals import Ear
from insights.silence import Arrival, Lull
from insights.touched import Taken
from insights.voices import VoiceMonth
from nlp.relating import relator


class Insights(msgspec.Struct, frozen=True, kw_only=True):
    """All that holds over the letters of one relationship. Each tuple is in order of time.

    `minuted` is what minutes say was decided, agreed, proposed or turned down. What they say is to be done, wrong or
    open is among the commitments, issues and questions.
    """

    commitments: tuple[Commitment, ...] = ()
    issues: tuple[Issue, ...] = ()
    signals: tuple[Signal, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    contracts: tuple[Contract, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    negotiations: tuple[Negotiation, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    minuted: tuple[NoteItem, ...] = ()
    mood: tuple[MonthMood, ...] = ()
    rhythm: Rhythm = Rhythm(sent=0, received=0)
    changes: tuple[LevelChange, ...] = ()
    silences: tuple[Lull, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    voices: tuple[VoiceMonth, ...] = ()  # by person and month


_FIELDS = tuple(name for name in Insights.__struct_fields__ if name not in ("rhythm", "voices"))


def read(letters: Sequence[Letter], us: Party, them: Party) -> Insights:
    """What holds over a relationship's letters, whatever their order. Mass and automatic mail does not count.

    All but mood and rhythm `as_of` a day is that of the letters up to that day. Mood and rhythm are those of mail.
    """
    reader = Reader(us, them)
    for letter in sorted(letters, key=place):
        reader.read(letter)
    return reader.insights()


class Reader:
    """A relationship's letters read one after the other, in order of `place`: one more costs little."""

    def __init__(self, us: Party, them: Party) -> None:
        self._us, self._them = us, them
        self._heard: list[Letter] = []
        self._ledger, self._cases, self._desk = Ledger(us, them, relator()), Cases(us, them), Desk(us, them)
        self._ear, self._bargains, self._taken = Ear(us, them), Bargains(us, them), Taken()
        self._months = Months(them)

    def read(self, letter: Letter) -> None:
        """Take in one more letter; those before it must have been read."""
        if letter.sending not in (Sending.PERSONAL, Sending.LIST):
            return
        letter = known_sides(letter, self._us, self._them)
        self._heard.append(letter)
        for part in (self._ledger, self._cases, self._ear, self._desk, self._bargains):
            part.read(letter)
        self._taken.read(letter, self._ear.shown_by(letter))
        if letter.kind is DocumentKind.EMAIL:
            self._months.read(letter)

    def insights(self) -> Insights:
        """What holds over the letters that were read."""
        heard = self._heard
        commitments = self._ledger.told()
        contracts = find_contracts(heard, commitments)
        amendments = amended(heard, contracts)
        negotiations = self._bargains.told()
        return Insights(
            commitments=commitments,
            issues=self._cases.told(),
            signals=self._taken.told(self._ear.told()),
            questions=self._desk.told(),
            contracts=contracts,
            amendments=amendments,
            contradictions=find_contradictions(heard, contracts, amendments, negotiations),
            negotiations=negotiations,
            minuted=find_minuted(heard, self._us, self._them, commitments),
            mood=self._months.mood(),
            rhythm=self._months.rhythm(),
            changes=self._months.changes(),
            silences=self._months.silences(),
            arrivals=self._months.arrivals(),
            voices=self._months.voices(),
        )


def place(letter: Letter) -> tuple[datetime, str]:
    """Where a letter stands in the order in which letters are read: by time, undated ones last."""
    return _when(letter.at), letter.id


def changed(now: Insights, before: Insights) -> tuple[Insights, set[str]]:
    """What is new or another in insights than it was before, and the ids of all before that are another or gone.

    `voices` have no ids: they are left out.
    """
    new, old = (_apart(now, before), _apart(before, now))
    gone = {about.id for field in _FIELDS for about in getattr(old, field)}
    return new, gone | {month.id for month in old.rhythm.months}


def _apart(these: Insights, others: Insights) -> Insights:
    """These insights without those that are among others just so."""

    def only(mine: Sequence[About], theirs: Sequence[About]) -> tuple[About, ...]:
        known = {about.id: about for about in theirs}
        return tuple(about for about in mine if known.get(about.id) != about)

    months = only(these.rhythm.months, others.rhythm.months)
    lists: dict[str, Any] = {field: only(getattr(these, field), getattr(others, field)) for field in _FIELDS}
    rhythm = msgspec.structs.replace(these.rhythm, months=cast("tuple[MonthRhythm, ...]", months))
    return Insights(rhythm=rhythm, **lists)


def as_of(insights: Insights, day: date) -> Insights:
    """What was known at the end of `day` (UTC). A month that was not over then is left out of mood and rhythm."""
    return Insights(
        commitments=tuple(c.as_of(day) for c in insights.commitments if c.made.known_on(day)),
        issues=tuple(i.as_of(day) for i in insights.issues if i.opened.known_on(day)),
        signals=tuple(s.as_of(day) for s in insights.signals if s.source.known_on(day)),
        questions=tuple(q.as_of(day) for q in insights.questions if q.asked.known_on(day)),
        contracts=tuple(c.as_of(day) for c in insights.contracts if c.source.known_on(day)),
        amendments=tuple(a for a in insights.amendments if a.known_on(day)),
        negotiations=tuple(n for n in (n.as_of(day) for n in insights.negotiations) if n.positions),
        contradictions=tuple(c for c in insights.contradictions if c.said.known_on(day)),
        minuted=tuple(n for n in insights.minuted if n.source.known_on(day)),
        mood=tuple(m.as_of(day) for m in insights.mood if m.begins <= day),
        rhythm=msgspec.structs.replace(
            insights.rhythm, months=tuple(m for m in insights.rhythm.months if m.month < f"{day:%Y-%m}")
        ),
        changes=tuple(c for c in insights.changes if c.at.date() <= day),
        silences=tuple(s.as_of(day) for s in insights.silences if s.at.date() <= day),
        arrivals=tuple(a for a in insights.arrivals if a.at.date() <= day),
        voices=tuple(v for v in insights.voices if v.month < f"{day:%Y-%m}"),
    )


def timeline(insights: Insights) -> tuple[Entry, ...]:
    """The entries of a timeline, oldest first; undated ones last.

    The days that follow from a contract are not among them, since they change with the day asked: see
    `insights.entries.unfolded`.
    """
    lists: tuple[Sequence[About], ...] = (
        insights.commitments, insights.issues, insights.signals, insights.questions, insights.contracts,
        insights.amendments, insights.negotiations,
        insights.contradictions, insights.minuted, insights.mood, insights.rhythm.months,
        insights.changes, insights.silences, insights.arrivals,
    )  # fmt: skip
    return tuple(sorted(map(entry, chain.from_iterable(lists)), key=lambda e: (_when(e.at), e.kind, e.id)))


def order(about: About) -> tuple[datetime, str]:
    """Where an insight stands among others of its kind: by time, undated ones last."""
    return _when(entry(about).at), about.id


def _when(at: datetime | None) -> datetime:
    return at or datetime.max.replace(tzinfo=UTC)
