"""Rows of the portfolio and reasons to act, in words and as small drawings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from api.web.words import show_count, show_day, show_share, show_short
from insights.attention import ReasonKind, ReasonToAct
from insights.insight import Side, Source
from store.portfolio import Brief, MonthTone, Owed

NAMES = {
    ReasonKind.OVERDUE_BY_US: "Overdue by us",
    ReasonKind.OVERDUE_BY_THEM: "Overdue by them",
    ReasonKind.DUE_SOON: "Due soon",
    ReasonKind.SEVERE_ISSUE: "Open issue",
    ReasonKind.UNANSWERED: "Unanswered",
    ReasonKind.MOOD_FALLING: "Mood falling",
    ReasonKind.SILENCE: "Unusual silence",
    ReasonKind.CONTRACT_DAY: "Contract day",
    ReasonKind.THREAT: "Threat",
    ReasonKind.OPPORTUNITY: "Opportunity",
}
_BAD = (ReasonKind.OVERDUE_BY_US, ReasonKind.SEVERE_ISSUE, ReasonKind.THREAT)
_GOOD = (ReasonKind.OPPORTUNITY,)
_STEP, _HALF = 7, 11  # of the sparkline: a month's width, and the height above and below its line


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A reason in words."""

    reason: ReasonToAct
    name: str
    grade: str  # bad | warn | good: how it is coloured
    claim: str  # empty where the quote says it
    when: str
    turn: str
    evidence: tuple[tuple[Source, str], ...]  # each with its quote on one line
    sure: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of reason that holds."""

    kind: ReasonKind
    name: str
    grade: str
    number: int


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A month in a sparkline."""

    x: float
    y: float
    mood: str


class Spark(msgspec.Struct, frozen=True, kw_only=True):
    """The mood of the last months as a line of dots; `label` says the same in words."""

    width: int
    height: int
    path: str
    dots: tuple[Dot, ...]
    label: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship in the portfolio."""

    one: Brief
    held: tuple[Held, ...]
    told: tuple[Told, ...]
    more: int  # reasons that are not told
    spark: Spark | None
    ours: str
    theirs: str


def rows(found: Iterable[Brief], day: date) -> list[Row]:
    """Relationships in words, as of a day."""
    return [
        Row(
            one=one,
            held=tuple(_held(ReasonKind(kind), number) for kind, number in one.held.items()),
            told=tuple(tell(one.reasons, day)),
            more=sum(one.held.values()) - len(one.reasons),
            spark=spark(one.moods),
            ours=_owed(one.ours),
            theirs=_owed(one.theirs),
        )
        for one in found
    ]


def tell(reasons: Iterable[ReasonToAct], day: date) -> list[Told]:
    """Reasons in words, as of a day."""
    return [
        Told(
            reason=r,
            name=NAMES[r.kind],
            grade=_grade(r.kind),
            claim="" if any(_says(source.quote, r.title) for source in r.sources) else r.title,
            when=_when(r, day),
            turn={Side.US: "our turn", Side.THEM: "their turn"}.get(r.side or Side.OTHER, ""),
            evidence=tuple((source, show_short(source.quote)) for source in r.sources if source.quote),
            sure=show_share(r.confidence),
        )
        for r in reasons
    ]


def spark(moods: Iterable[MonthTone]) -> Spark | None:
    """The sparkline of some months; None where there are none."""
    months = list(moods)
    if not months:
        return None
    dots = tuple(
        Dot(x=_STEP * n + _STEP / 2, y=round(_HALF * (1 - m.score), 1), mood=m.mood) for n, m in enumerate(months)
    )
    told = ", ".join(f"{m.month} {m.mood}" for m in months)
    return Spark(
        width=_STEP * len(months),
        height=2 * _HALF,
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        label=f"Mood by month: {told}",
    )


def _held(kind: ReasonKind, number: int) -> Held:
    return Held(kind=kind, name=NAMES[kind], grade=_grade(kind), number=number)


def _says(quote: str, title: str) -> bool:
    """Whether a quote begins with a title, which is cut where it is long."""
    return show_short(quote).lstrip(" -•*|").startswith(title.rstrip(" .…"))


def _grade(kind: ReasonKind) -> str:
    return "bad" if kind in _BAD else "good" if kind in _GOOD else "warn"


def _when(reason: ReasonToAct, day: date) -> str:
    if reason.due is None:
        return f"since {show_day(reason.since)}" if reason.since > date.min else ""
    days = (reason.due - day).days
    if days < 0:
        return f"{show_count(-days, 'day')} late, was due {show_day(reason.due)}"
    return f"on {show_day(reason.due)}, " + ("today" if days == 0 else f"in {show_count(days, 'day')}")


def _owed(owed: Owed) -> str:
    late = f"{owed.overdue} overdue" if owed.overdue else ""
    coming = f"{owed.coming} due, next {show_day(owed.next)}" if owed.coming and owed.next else ""
    return ", ".join(filter(None, (late, coming)))
