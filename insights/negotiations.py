"""A negotiation: what the two sides said in turn about one term, what is agreed, and what still lies between them.

How positions are found in letters is told in `insights.bargaining`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self

import msgspec

from insights.insight import Side, Source

_STUCK = 2  # a side that says the same value so often in a row does not move


class PositionKind(StrEnum):
    """What a side does by saying a value."""

    OFFER = "offer"
    COUNTER = "counter"
    AGREED = "agreed"
    REJECTED = "rejected"


class NegotiationState(StrEnum):
    """How a negotiation stands as of a day."""

    OPEN = "open"
    AGREED = "agreed"
    FAILED = "failed"


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """One side's stand. `concession` says that it came towards what the other side had said last.

    `since` is when the other side's answer made it plain that this is a position, None where its own words do.
    """

    by: Side
    kind: PositionKind
    value: float
    source: Source
    unit: str = ""
    concession: bool = False
    since: datetime | None = None
    confidence: float

    @property
    def known(self) -> datetime | None:
        """When a reader could have known it."""
        return self.since or self.source.at

    def known_on(self, day: date) -> bool:
        """Whether a reader could have known it at the end of `day` (UTC)."""
        return self.source.known_on(day) and (self.since is None or self.since.date() <= day)


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """The last values of both sides, in the negotiation's unit, and how far they are apart."""

    us: float
    them: float
    left: float


class Negotiation(msgspec.Struct, frozen=True, kw_only=True):
    """One term that the sides bargain over. Positions are in order of time; there is at least one.

    `unit` is a currency, "%", a unit of time or a measure, with what it is per: "EUR/kk"; empty where only numbers are
    said. `term` is the kind of term ("price", "payment_time" …), None where no words told.
    """

    id: str
    topic: str  # short words: the kind of term and what it is of
    term: str | None
    unit: str
    positions: tuple[Position, ...]
    confidence: float  # of the surest position

    @property
    def known(self) -> datetime | None:
        """When a reader could first have known of it."""
        return self.positions[0].known

    def as_of(self, day: date) -> Self:
        """The negotiation as it was known at the end of `day`; without positions where it had not begun."""
        known = tuple(p for p in self.positions if p.known_on(day))
        sure = max((p.confidence for p in known), default=self.confidence)
        return msgspec.structs.replace(self, positions=known, confidence=sure)

    def status(self, day: date) -> NegotiationState:
        """Agreed or failed where the last position known at the end of `day` agrees or rejects, else open."""
        last = self.as_of(day).positions[-1:]
        kind = last[0].kind if last else None
        ended = {PositionKind.AGREED: NegotiationState.AGREED, PositionKind.REJECTED: NegotiationState.FAILED}
        return ended.get(kind, NegotiationState.OPEN) if kind else NegotiationState.OPEN

    def settled(self, day: date) -> Position | None:
        """The position that is agreed as of `day`."""
        last = self.as_of(day).positions[-1:]
        return last[0] if last and last[0].kind is PositionKind.AGREED else None

    def apart(self, day: date) -> Gap | None:
        """What lies between the sides' last values; None where one said none, in another unit, or all is agreed."""
        held = self.as_of(day).positions
        ours, theirs = (_last(held, side) for side in (Side.US, Side.THEM))
        if ours is None or theirs is None or self.status(day) is NegotiationState.AGREED:
            return None
        if ours.unit and theirs.unit and ours.unit.partition("/")[0] != theirs.unit.partition("/")[0]:
            return None  # years against months
        return Gap(us=ours.value, them=theirs.value, left=round(abs(ours.value - theirs.value), 6))

    def is_stuck(self, day: date) -> bool:
        """Whether it is a deadlock: open, apart, and the last values of both sides are repeated ones."""
        if self.status(day) is not NegotiationState.OPEN or (gap := self.apart(day)) is None or not gap.left:
            return False
        held = self.as_of(day).positions
        return all(_repeats(held, side) for side in (Side.US, Side.THEM))


def _last(positions: tuple[Position, ...], side: Side) -> Position | None:
    return next((p for p in reversed(positions) if p.by is side and p.kind is not PositionKind.REJECTED), None)


def _repeats(positions: tuple[Position, ...], side: Side) -> bool:
    said = [p.value for p in positions if p.by is side][-_STUCK:]
    return len(said) == _STUCK and len(set(said)) == 1


class Bargain(Negotiation, frozen=True, kw_only=True):
    """A negotiation as it stands at the end of a day."""

    state: NegotiationState
    agreed: float | None  # None while nothing is agreed
    gap: Gap | None
    deadlock: bool


def bargain(one: Negotiation, day: date) -> Bargain:
    """How a negotiation stands at the end of `day`."""
    known, last = one.as_of(day), one.settled(day)
    return Bargain(
        **msgspec.structs.asdict(known),
        state=one.status(day),
        agreed=last.value if last else None,
        gap=one.apart(day),
        deadlock=one.is_stuck(day),
    )
