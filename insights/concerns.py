"""From insights to the stretches of days on which they ask for attention.

How something stands may change only on a few days: when a sentence told of it, and when a day in it passed. Between
them nothing changes, so it is asked how it stands on each of these alone (`spans`), by the same `status` that every
other reader asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec

from insights.attention import Concern, ReasonKind, Tally
from insights.changes import Level, LevelChange
from insights.commitments import shorten
from insights.contracts import Contract, Deadline, DeadlineKind, days
from insights.insight import (
    Commitment,
    CommitmentStatus,
    Issue,
    IssueStatus,
    OpenQuestion,
    QuestionStatus,
    Side,
    Signal,
    Source,
)
from insights.letters import other
from insights.silence import Lull
from insights.timeline import Insights
from nlp.findings import SignalKind

_State = TypeVar("_State")
_SEVERE = 2  # of 1 … 3
_PATIENCE = timedelta(days=4)  # after which a question without a day of its own waits too long …
_PUT_OFF = timedelta(days=10)  # … and after the other side said that it would come back to it
_TERMS = 20  # of a contract that renews itself, that are looked ahead
_DAY = timedelta(days=1)
_OVERDUE = {Side.US: ReasonKind.OVERDUE_BY_US, Side.THEM: ReasonKind.OVERDUE_BY_THEM}
_DATES = {
    DeadlineKind.NOTICE: "notice must be given by",
    DeadlineKind.RENEWAL: "the contract is renewed on",
    DeadlineKind.END: "the contract ends on",
}


def concerns(insights: Insights) -> tuple[Concern, ...]:
    """All that asked or will ask for attention in a relationship, whatever the day."""
    found: list[Concern] = []
    for commitment in insights.commitments:
        found.extend(_of_commitment(commitment))
    for issue in insights.issues:
        found.extend(_of_issue(issue))
    for question in insights.questions:
        found.extend(_of_question(question))
    for signal in insights.signals:
        found.extend(_of_signal(signal))
    for contract in insights.contracts:
        found.extend(_of_contract(contract))
    found.extend(_of_mood(insights.changes))
    for silence in insights.silences:
        found.extend(_of_silence(silence))
    return tuple(found)


def spans(turns: Iterable[date], state: Callable[[date], _State]) -> Iterator[tuple[date, date | None, _State]]:
    """The longest stretches over which a state stays the same, which may change on the given days only.

    Each is (first day, first day after it or None, state).
    """
    begun: tuple[date, _State] | None = None
    for day in sorted(set(turns)):
        now = state(day)
        if begun is None:
            begun = day, now
        elif begun[1] != now:
            yield begun[0], day, begun[1]
            begun = day, now
    if begun is not None:
        yield begun[0], None, begun[1]


def _day(at: datetime | None) -> date:
    """The day on which something was known; undated evidence was known always."""
    return date.min if at is None else at.date()


def _of_commitment(c: Commitment) -> Iterator[Concern]:
    dues = [due.last for due in (c.due, *(s.due for s in c.history)) if due is not None and due.last is not None]
    made = _day(c.made.at)
    turns = {made, *(_day(s.source.at) for s in c.history), *(d + _DAY for d in dues), *(r.day for r in c.rulings)}

    def state(day: date) -> tuple[CommitmentStatus, date | None]:
        return c.status(day), _due(c, day)

    for since, until, (status, due) in spans((t for t in turns if t >= made), state):
        if status is CommitmentStatus.OVERDUE:
            kind: ReasonKind | Tally = _OVERDUE.get(c.debtor.side, Tally.OVERDUE_BY_OTHERS)
        elif status is CommitmentStatus.OPEN:
            kind = Tally.PROMISE if due is None else ReasonKind.DUE_SOON
        else:
            continue
        yield Concern(
            kind=kind, insight=c.id, since=since, until=until, due=due, side=c.debtor.side, who=c.debtor,
            title=c.action, sources=(c.made,), confidence=c.confidence,
        )  # fmt: skip


def _due(c: Commitment, day: date) -> date | None:
    """The day by which a promise was to be kept, as known on a day."""
    dues = [due.last for due in (c.due, *(s.due for s in c.as_of(day).history)) if due is not None]
    return next((d for d in reversed(dues) if d is not None), None)


def _of_issue(i: Issue) -> Iterator[Concern]:
    def state(day: date) -> tuple[IssueStatus, bool]:
        return i.status(day), i.as_of(day).severity >= _SEVERE

    opened = _day(i.opened.at)
    turns = {opened, *(_day(s.source.at) for s in i.history), *(r.day for r in i.rulings)}
    for since, until, (status, severe) in spans((t for t in turns if t >= opened), state):
        if status is IssueStatus.OPEN:
            yield Concern(
                kind=ReasonKind.SEVERE_ISSUE if severe else Tally.SLIGHT_ISSUE, insight=i.id, since=since, until=until,
                side=other(i.raised_by.side), who=i.raised_by, title=shorten(i.opened.quote), sources=(i.opened,),
                confidence=i.confidence,
            )  # fmt: skip


def _of_question(q: OpenQuestion) -> Iterator[Concern]:
    asked = _day(q.asked.at)
    late = q.due.last + _DAY if q.due and q.due.last else asked + _PATIENCE if q.asked.at else asked
    again = asked if q.deferred is None else _day(q.deferred.at) + (_PUT_OFF if q.deferred.at else timedelta())
    turns = {asked, late, again, *(r.day for r in q.rulings)}
    turns |= {at.date() for at in (q.answered, q.deferred.at if q.deferred else None) if at is not None}

    def state(day: date) -> tuple[bool, Source | None]:
        put_off = q.as_of(day).deferred
        ready = late if put_off is None else max(late, again)
        return q.status(day) is QuestionStatus.OPEN and ready <= day, put_off

    for since, until, (waits, put_off) in spans((t for t in turns if t >= asked), state):
        if waits:
            yield Concern(
                kind=ReasonKind.UNANSWERED, insight=q.id, since=since, until=until, side=q.turn, who=q.by,
                title=shorten(q.asked.quote), sources=(q.asked, *((put_off,) if put_off else ())),
                confidence=q.confidence,
            )  # fmt: skip


def _of_signal(s: Signal) -> Iterator[Concern]:
    kind = ReasonKind.THREAT if s.kind is SignalKind.THREAT else ReasonKind.OPPORTUNITY
    touched = s.touched.date() if kind is ReasonKind.OPPORTUNITY and s.touched else None
    since = _day(s.source.at)
    if touched is None or since < touched:
        yield Concern(
            kind=kind, insight=s.id, since=since, until=touched, side=Side.US, who=s.by,
            title=shorten(s.source.quote), sources=(s.source,), confidence=s.confidence,
        )  # fmt: skip


def _of_contract(contract: Contract) -> Iterator[Concern]:
    """The days of the terms that run and of those after it, until the contract is replaced."""
    known = _day(contract.source.at)
    replaced = None if contract.replaced is None else _day(contract.replaced.at)
    live = msgspec.structs.replace(contract, replaced=None)
    seen: set[tuple[DeadlineKind, date, str]] = set()
    day = max((d for d in (known, _start(contract)) if d is not None), default=known)
    for _ in range(_TERMS):
        found = days(live, day)
        notices = any(d.kind is DeadlineKind.NOTICE for d in found)
        for one in found:
            if (one.kind, one.day, one.id) not in seen and (replaced is None or known < replaced):
                seen.add((one.kind, one.day, one.id))
                yield _of_deadline(one, known, replaced, notices=notices)
        ends = [d.day for d in found if d.kind is DeadlineKind.RENEWAL]
        if not ends or ends[-1] < day or ends[-1] >= date.max - _DAY:
            return
        day = ends[-1] + _DAY


def _of_mood(changes: Sequence[LevelChange]) -> Iterator[Concern]:
    """A fall of the mood asks for attention until it changes again."""
    moods = [c for c in changes if c.level is Level.MOOD]
    for place, c in enumerate(moods):
        if c.worse:
            until = moods[place + 1].at.date() if place + 1 < len(moods) else None
            yield Concern(
                kind=ReasonKind.MOOD_FALLING, insight=c.id, since=c.at.date(), until=until, side=Side.US,
                title=f"the mood fell in the week of {c.since}", sources=c.sources, confidence=c.confidence,
            )  # fmt: skip


def _of_silence(s: Lull) -> Iterator[Concern]:
    if s.until is None or s.at.date() < s.until:
        yield Concern(
            kind=ReasonKind.SILENCE, insight=s.id, since=s.at.date(), until=s.until, side=Side.US, who=s.party,
            title=f"no word from {s.party.name} since {s.since}", sources=(s.last,), confidence=s.confidence,
        )  # fmt: skip


def _start(contract: Contract) -> date | None:
    first = contract.effective_date
    return date.fromisoformat(str(first.value)) if first is not None else None


def _of_deadline(one: Deadline, known: date, replaced: date | None, *, notices: bool) -> Concern:
    duty = one.kind is DeadlineKind.OBLIGATION
    later = duty or (one.kind is DeadlineKind.RENEWAL and notices)  # the notice before it is what asks for attention
    past = one.day + _DAY
    return Concern(
        kind=Tally.LATER_DAY if later else ReasonKind.CONTRACT_DAY, insight=one.id, since=known,
        until=past if replaced is None else min(past, replaced), due=one.day, side=one.side,
        title=shorten(one.source.quote) if duty else f"{_DATES[one.kind]} {one.day}",
        sources=(one.source,), confidence=one.confidence,
    )  # fmt: skip
