"""A relationship's insights, read from its letters and put in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import chain

import msgspec

from corpus.document import DocumentKind, Sending
from insights.amendments import Amendment
from insights.bargaining import find_negotiations
from insights.changes import LevelChange, find_changes
from insights.commitments import keep_ledger
from insights.contracts import Contract
from insights.contradictions import Contradiction, find_contradictions
from insights.entries import About, Entry, entry
from insights.insight import Commitment, Issue, OpenQuestion, Party, Rhythm, Signal
from insights.issues import open_cases
from insights.letters import Letter
from insights.mood import MonthMood, read_mood
from insights.negotiations import Negotiation
from insights.notes import NoteItem
from insights.papers import amended, find_contracts, find_minuted, known_sides
from insights.questions import find_questions
from insights.rhythm import find_replies, read_rhythm
from insights.signals import find_signals
from insights.silence import Arrival, Lull, find_arrivals, find_silences
from insights.touched import take_up
from insights.voices import VoiceMonth, read_voices


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


def read(letters: Sequence[Letter], us: Party, them: Party) -> Insights:
    """What holds over a relationship's letters, whatever their order. Mass and automatic mail does not count.

    All but mood and rhythm `as_of` a day is that of the letters up to that day. Mood and rhythm are those of mail.
    """
    heard = [known_sides(m, us, them) for m in letters if m.sending in (Sending.PERSONAL, Sending.LIST)]
    heard.sort(key=lambda letter: (_when(letter.at), letter.id))
    mails = [letter for letter in heard if letter.kind is DocumentKind.EMAIL]
    replies = find_replies(mails)
    commitments = keep_ledger(heard, us, them)
    contracts = find_contracts(heard, commitments)
    amendments = amended(heard, contracts)
    negotiations = find_negotiations(heard, us, them)
    return Insights(
        commitments=commitments,
        issues=open_cases(heard, us, them),
        signals=take_up(find_signals(heard, us, them), heard),
        questions=find_questions(heard, us, them),
        contracts=contracts,
        amendments=amendments,
        contradictions=find_contradictions(heard, contracts, amendments, negotiations),
        negotiations=negotiations,
        minuted=find_minuted(heard, us, them, commitments),
        mood=read_mood(mails, them),
        rhythm=read_rhythm(mails, replies, them),
        changes=find_changes(mails, replies, them),
        silences=find_silences(mails, them),
        arrivals=find_arrivals(mails, them),
        voices=read_voices(mails, replies),
    )


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
