"""Why a relationship needs attention on a day: reasons of ten kinds, ordered by weights that a manager may change.

A reason is no grade. Every one names its kind and shows its evidence; a relationship's place in the portfolio is the
sum of the weights of the kinds that hold, each counted once however many reasons there are of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from insights.insight import Party, Side, Source


class ReasonKind(StrEnum):
    """What asks for attention."""

    OVERDUE_BY_US = "overdue_by_us"
    OVERDUE_BY_THEM = "overdue_by_them"
    DUE_SOON = "due_soon"
    SEVERE_ISSUE = "severe_issue"
    UNANSWERED = "unanswered"
    MOOD_FALLING = "mood_falling"
    SILENCE = "silence"
    CONTRACT_DAY = "contract_day"
    THREAT = "threat"
    OPPORTUNITY = "opportunity"


class Tally(StrEnum):
    """What is counted and shown in the portfolio but asks for nothing."""

    PROMISE = "promise"  # open and without a day
    OVERDUE_BY_OTHERS = "overdue_by_others"
    SLIGHT_ISSUE = "slight_issue"
    LATER_DAY = "later_day"  # of a contract: a renewal that a notice precedes, a dated duty


class ReasonToAct(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to act, as of a day, with its evidence."""

    kind: ReasonKind
    insight: str  # id of the insight that it follows from
    since: date  # from when it holds
    due: date | None = None
    side: Side | None = None  # whose turn it is
    who: Party | None = None
    title: str
    sources: tuple[Source, ...]
    confidence: float


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of days on which something of a relationship asks for attention, or is counted.

    It holds from `since` up to the day before `until`. One with a `due` day asks for attention only from some days
    before it, as the rule of its kind says.
    """

    kind: ReasonKind | Tally
    insight: str
    since: date
    until: date | None = None
    due: date | None = None
    side: Side | None = None
    who: Party | None = None
    title: str
    sources: tuple[Source, ...] = ()
    confidence: float = 1.0

    @property
    def told(self) -> date:
        """The day from which it grows old: its due day, else when it began."""
        return max(self.since, self.due) if self.due else self.since

    def reason(self) -> ReasonToAct | None:
        """What it asks for, without what is known later; None where it is only counted."""
        if isinstance(self.kind, Tally):
            return None
        fields = {name: getattr(self, name) for name in ReasonToAct.__struct_fields__}
        return ReasonToAct(**fields)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a kind of reason weighs, and from when until when one counts."""

    weight: int  # 0: never a reason
    ahead: int = 0  # days before its due day from which it counts
    stale: int = 180  # days after which it is history and asks for nothing any more
    sure: float = 0.5  # least confidence

    def __post_init__(self) -> None:
        days = 0 <= self.ahead <= 3660 and 0 <= self.stale <= 36600
        if not (0 <= self.weight <= 1000 and days and 0 <= self.sure <= 1):
            raise ValueError("weight is 0 … 1000, ahead 0 … 3660 days, stale 0 … 36600 days, sure 0 … 1")


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule for each kind of reason. What a promise or an open trouble asks for weighs more than a sign."""

    overdue_by_us: Rule = Rule(weight=10)
    severe_issue: Rule = Rule(weight=9, sure=0.3)  # cases and signals: the chance that a careful reader writes it down
    threat: Rule = Rule(weight=8, stale=60, sure=0.3)
    contract_day: Rule = Rule(weight=7, ahead=45, stale=0)
    unanswered: Rule = Rule(weight=6, stale=60)
    due_soon: Rule = Rule(weight=5, ahead=7, stale=0)
    overdue_by_them: Rule = Rule(weight=5)
    mood_falling: Rule = Rule(weight=4, stale=60)
    silence: Rule = Rule(weight=3, stale=90)
    opportunity: Rule = Rule(weight=3, stale=60, sure=0.3)

    def only(self, kind: ReasonKind) -> Rules:
        """The same rules with no other kind of reason."""
        others = {k.value: Rule(weight=0) for k in ReasonKind if k is not kind}
        return msgspec.structs.replace(self, **others)

    def of(self, kind: ReasonKind) -> Rule:
        """The rule of a kind."""
        found: Rule = getattr(self, kind.value)
        return found


def holds(concern: Concern, day: date, rules: Rules) -> bool:
    """Whether a concern is a reason to act on a day (`store.portfolio` asks the same of the database)."""
    if isinstance(concern.kind, Tally):
        return False
    rule = rules.of(concern.kind)
    begins = max(concern.since, concern.due - timedelta(days=rule.ahead)) if concern.due else concern.since
    over = concern.until is not None and concern.until <= day
    fresh = (day - concern.told).days <= rule.stale
    return rule.weight > 0 and begins <= day and not over and fresh and concern.confidence >= rule.sure


def ranked(concerns: Iterable[Concern], day: date, rules: Rules) -> tuple[ReasonToAct, ...]:
    """The reasons that hold on a day: first the latest of each kind, weightiest first, then the second of each kind."""
    held = sorted((c for c in concerns if holds(c, day, rules)), key=lambda c: (-c.told.toordinal(), c.insight))
    seen: Counter[ReasonKind] = Counter()
    placed: list[tuple[int, int, ReasonToAct]] = []
    for reason in filter(None, (c.reason() for c in held)):
        placed.append((seen[reason.kind], -rules.of(reason.kind).weight, reason))
        seen[reason.kind] += 1
    return tuple(reason for *_, reason in sorted(placed, key=lambda p: (p[0], p[1], p[2].kind)))
