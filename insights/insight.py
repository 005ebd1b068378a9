"""What holds over several documents: the values that `insights` makes, `store` keeps and `api` and `cli` show.

The shapes are those of the export (docs/export.md): `msgspec.to_builtins` of a value is what a reader gets.
Every value knows what it was *as of* a day: `as_of(day)` leaves out what was not yet known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Self

import msgspec

from nlp.findings import Act, IssueCategory, SignalKind


class Side(StrEnum):
    """On whose side of a relationship somebody stands."""

    US = "us"
    THEM = "them"
    OTHER = "other"


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A person or organisation, as a role in an insight."""

    id: str
    name: str
    side: Side
    email: str | None = None


NOBODY = Party(id="", name="", side=Side.OTHER)
"""One whom a paper of both sides does not name: who asked what minutes leave open, who is to do what was decided."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence: a verbatim slice of a document's text."""

    document: str
    message_id: str | None = None
    file: str | None = None
    at: datetime | None = None
    quote: str
    start: int
    end: int

    def known_on(self, day: date) -> bool:
        """Whether a reader could have known this at the end of `day` (UTC); undated evidence counts as known."""
        return self.at is None or self.at.date() <= day


class DueDay(msgspec.Struct, frozen=True, kw_only=True):
    """When something must be done: the words, and the interval they mean; both days None where no calendar tells."""

    words: str
    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="to", default=None)


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of how something stands, from a day on. `status` is one of its kind's; `open` opens it again.

    It counts before all letters that there were when the person spoke; what comes after `seen` counts again.
    """

    status: str
    day: date
    by: str  # who says so
    at: datetime  # when that was said
    seen: datetime | None = None  # time of the last letter that there was

    def is_news(self, source: Source) -> bool:
        """Whether the person cannot have known a letter."""
        return self.seen is not None and source.at is not None and source.at > self.seen


def in_force(rulings: tuple[Ruling, ...], day: date) -> Ruling | None:
    """The ruling that holds at the end of `day`: that of the latest day, and of those the one said last."""
    return max((r for r in rulings if r.day <= day), key=lambda r: (r.day, r.at), default=None)


class CommitmentEvent(StrEnum):
    """What happens to a promise after it was made."""

    ACCEPTED = "accepted"
    RESCHEDULED = "rescheduled"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CommitmentStatus(StrEnum):
    """How a promise stands as of a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    FULFILLED_LATE = "fulfilled_late"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CommitmentStep(msgspec.Struct, frozen=True, kw_only=True):
    """One event in the life of a promise, with the sentence that shows it."""

    event: CommitmentEvent
    source: Source
    due: DueDay | None = None  # the new day, where it was rescheduled
    by: Side | None = None  # who moved it, where it was rescheduled
    done: date | None = None  # the day on which it was done, where the sentence names an earlier one
    confidence: float = 1.0

    @property
    def day(self) -> date | None:
        """The day on which it happened, as far as it is known."""
        return self.done or (self.source.at.date() if self.source.at else None)


class Commitment(msgspec.Struct, frozen=True, kw_only=True):
    """One promise. `due` is the first due; later ones stand in `history`."""

    id: str
    debtor: Party
    creditor: Party
    action: str
    made: Source
    due: DueDay | None = None
    conditional: bool = False
    history: tuple[CommitmentStep, ...] = ()
    rulings: tuple[Ruling, ...] = ()  # what people say of how it stands
    confidence: float

    def as_of(self, day: date) -> Self:
        """The promise as it was known at the end of `day`."""
        return msgspec.structs.replace(
            self,
            history=tuple(s for s in self.history if s.source.known_on(day)),
            rulings=tuple(r for r in self.rulings if r.day <= day),
        )

    def status(self, day: date) -> CommitmentStatus:
        """How the promise stands at the end of `day`: what closed it, else overdue once its last due day is past."""
        steps, ruling = self.as_of(day).history, in_force(self.rulings, day)
        closing = [
            s
            for s in steps
            if s.event not in (CommitmentEvent.ACCEPTED, CommitmentEvent.RESCHEDULED)
            and (ruling is None or ruling.is_news(s.source))
        ]
        first = self._first(steps)
        if closing:
            end = closing[-1]
            late = end.day is not None and first is not None and end.day > first
            kept = end.event is CommitmentEvent.FULFILLED
            return CommitmentStatus.FULFILLED_LATE if kept and late else CommitmentStatus(end.event.value)
        if ruling is not None and ruling.status != CommitmentStatus.OPEN:
            late = ruling.status == CommitmentStatus.FULFILLED and first is not None and ruling.day > first
            return CommitmentStatus.FULFILLED_LATE if late else CommitmentStatus(ruling.status)
        dues = [d.last for d in (self.due, *(s.due for s in steps)) if d is not None and d.last is not None]
        return CommitmentStatus.OVERDUE if dues and dues[-1] < day else CommitmentStatus.OPEN

    def _first(self, steps: Sequence[CommitmentStep]) -> date | None:
        """The day from which it is kept late: the first, or the one that the creditor put in its place."""
        first = self.due
        for step in steps:
            granted = step.by is not None and step.by is self.creditor.side
            if step.due is not None and (first is None or granted):
                first = step.due
        return first.last if first else None


class IssueEvent(StrEnum):
    """What happens to a trouble after it was first named."""

    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class IssueStatus(StrEnum):
    """How a trouble stands as of a day."""

    OPEN = "open"
    RESOLVED = "resolved"


class IssueStep(msgspec.Struct, frozen=True, kw_only=True):
    """One event in the life of a trouble, with the sentence that shows it."""

    event: IssueEvent
    source: Source
    by: Party | None = None  # who wrote it; None in a paper that nobody signed
    severity: int | None = None  # the new one, where the event raises it


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble, however many sentences speak of it.

    As stored, `severity` is that of the opening and what follows from the history is left open; `as_of` a day it is the
    worst known, with who carries the trouble (the last on the other side who admitted or mended it) and the hours to
    the first sentence that admits or ends it and to the one that ended it.
    """

    id: str
    category: IssueCategory
    severity: int  # 1 … 3
    opened: Source
    raised_by: Party
    history: tuple[IssueStep, ...] = ()
    carrier: Party | None = None
    hours_to_answer: float | None = None
    hours_to_resolve: float | None = None
    rulings: tuple[Ruling, ...] = ()  # what people say of how it stands
    confidence: float

    def as_of(self, day: date) -> Self:
        """The trouble as it was known at the end of `day`, with the worst severity known by then."""
        known = self.lived(tuple(s for s in self.history if s.source.known_on(day)))
        return msgspec.structs.replace(known, rulings=tuple(r for r in self.rulings if r.day <= day))

    def status(self, day: date) -> IssueStatus:
        """Resolved where the last resolving or reopening known at the end of `day` resolves it."""
        ruling = in_force(self.rulings, day)
        turns = [
            s.event
            for s in self.as_of(day).history
            if s.event in (IssueEvent.RESOLVED, IssueEvent.REOPENED) and (ruling is None or ruling.is_news(s.source))
        ]
        if ruling is not None and not turns:
            return IssueStatus(ruling.status)
        return IssueStatus.RESOLVED if turns[-1:] == [IssueEvent.RESOLVED] else IssueStatus.OPEN

    def lived(self, history: tuple[IssueStep, ...]) -> Self:
        """The trouble with this history, and what follows from it."""
        answers = [s for s in history if s.event in (IssueEvent.ACKNOWLEDGED, IssueEvent.RESOLVED)]
        turns = [s for s in history if s.event in (IssueEvent.RESOLVED, IssueEvent.REOPENED)]
        end = turns[-1].source if turns and turns[-1].event is IssueEvent.RESOLVED else None
        carriers = [s.by for s in answers if s.by is not None and s.by.side is not self.raised_by.side]
        return msgspec.structs.replace(
            self,
            history=history,
            severity=max((self.severity, *(s.severity for s in history if s.severity is not None))),
            carrier=carriers[-1] if carriers else None,
            hours_to_answer=self._hours(answers[0].source if answers else None),
            hours_to_resolve=self._hours(end),
        )

    def _hours(self, until: Source | None) -> float | None:
        if until is None or until.at is None or self.opened.at is None:
            return None
        return round((until.at - self.opened.at).total_seconds() / 3600, 1)


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """An opportunity or a threat, however often it is told. `source` tells of it first, `mentions` again."""

    id: str
    kind: SignalKind
    about: str = ""  # its most telling words
    source: Source
    mentions: tuple[Source, ...] = ()
    by: Party
    touched: datetime | None = None  # when the house to which an opportunity was shown first took it up
    confidence: float

    def as_of(self, day: date) -> Self:
        """The signal as it was known at the end of `day`."""
        mentions = tuple(m for m in self.mentions if m.known_on(day))
        late = self.touched is not None and self.touched.date() > day
        return msgspec.structs.replace(self, mentions=mentions, touched=None if late else self.touched)


class QuestionStatus(StrEnum):
    """Whether anything came back as of a day."""

    OPEN = "open"
    ANSWERED = "answered"


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question or request to the other side, or one that a meeting left open: then `by` is NOBODY.

    `turn` is the side that is to write next. `answered` is when it answered, as far as that can be told
    (`insights.questions`), and `answer` the sentence that did, where one shows; `deferred` is where it said that it
    would come back to it.
    """

    id: str
    asked: Source
    by: Party
    thread: str = ""
    turn: Side = Side.OTHER
    act: Act = Act.QUESTION  # or Act.REQUEST
    due: DueDay | None = None
    answered: datetime | None = None
    answer: Source | None = None
    deferred: Source | None = None
    rulings: tuple[Ruling, ...] = ()  # what people say of how it stands
    confidence: float

    def as_of(self, day: date) -> Self:
        """The question as it was known at the end of `day`."""
        rulings = tuple(r for r in self.rulings if r.day <= day)
        found = msgspec.structs.replace(self, rulings=rulings)
        if self.answered is not None and self.answered.date() > day:
            found = msgspec.structs.replace(found, answered=None, answer=None)
        early = self.deferred is not None and not self.deferred.known_on(day)
        return msgspec.structs.replace(found, deferred=None) if early else found

    def status(self, day: date) -> QuestionStatus:
        """Answered where the other side had answered by the end of `day`."""
        answered, ruling = self.as_of(day).answered, in_force(self.rulings, day)
        if ruling is not None and not (answered and ruling.seen and answered > ruling.seen):
            return QuestionStatus(ruling.status)
        return QuestionStatus.OPEN if answered is None else QuestionStatus.ANSWERED


class MonthRhythm(msgspec.Struct, frozen=True, kw_only=True):
    """One month's traffic. Hours are medians over replies; None where there was none."""

    id: str
    month: str  # YYYY-MM
    sent: int  # by us
    received: int  # from them
    our_reply_hours: float | None = None
    their_reply_hours: float | None = None
    our_working_hours: float | None = None  # insights.hours
    their_working_hours: float | None = None
    begun_by_us: int = 0  # threads
    begun_by_them: int = 0


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how fast the two sides write. Hours are medians over replies; None where there was none."""

    sent: int
    received: int
    our_reply_hours: float | None = None
    their_reply_hours: float | None = None
    our_working_hours: float | None = None  # insights.hours
    their_working_hours: float | None = None
    our_replies: int = 0  # on how many replies the median rests
    their_replies: int = 0
    begun_by_us: int = 0  # threads
    begun_by_them: int = 0
    months: tuple[MonthRhythm, ...] = ()


class RelationshipKind(StrEnum):
    """What the counterparty is to us."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    PARTNER = "partner"
    INTERNAL = "internal"
    PUBLIC = "public"
