"""Joins neighbouring time expressions to one: a day and its hour, a week and its day, the ends of a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from nlp.timex.calendar import DAY, WEEK, monday, next_weekday, plus_months
from nlp.timex.days import counted_from
from nlp.timex.grammar import Match, grammar
from nlp.timex.meaning import sense
from nlp.timex.sense import OPEN, Anchor, Sense, Values, days

_LONGEST_GAP = 40  # code points
_HALF_A_YEAR = timedelta(days=183)
_WRITTEN = frozenset({"date", "slashed", "monthday", "weekdayof"})
_STATED = _WRITTEN | {"holiday"}
_DAYS = _WRITTEN | {"weekday", "relative", "holiday", "counted"}
_ENDS = _WRITTEN | {"weekday", "relative", "week", "month", "quarter"}  # of ranges
_RESTATED = frozenset({"weekday", "relative", "slashed", "week", "month", "quarter", "year", "holiday"})


class Expression(NamedTuple):
    """A time expression and what it means. Offsets into the sentence."""

    start: int
    end: int
    meaning: str
    values: Values
    sense: Sense


class _Gaps(NamedTuple):
    """What may stand between two expressions that are one."""

    together: re.Pattern[str]
    range: re.Pattern[str]
    same: re.Pattern[str]
    base: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


def join(matches: Sequence[Match], low: str, anchor: Anchor) -> list[Expression]:
    """The expressions of a sentence (`low`, in lower case), in order, neighbours joined where they are one."""
    gaps = _gaps(anchor.language)
    joined: list[Expression] = []
    for match in matches:
        found = sense(match.meaning, match.values, anchor)
        if found is None:
            continue
        expression = Expression(match.start, match.end, match.meaning, match.values, found)
        while joined and (both := _one(joined[-1], expression, low, anchor, gaps)):
            joined.pop()
            expression = both
        joined.append(expression)
    return joined


@cache
def _gaps(language: str) -> _Gaps:
    patterns = grammar(language).pack["join"]
    return _Gaps(*(re.compile(patterns[name]) for name in ("with", "range", "same", "base", "before", "after")))


def _one(a: Expression, b: Expression, low: str, anchor: Anchor, gaps: _Gaps) -> Expression | None:
    gap = low[a.end : b.start]
    if len(gap) > _LONGEST_GAP or "past" in (a.meaning, b.meaning):
        return None
    found: tuple[Sense, str] | None = None
    if gaps.base.fullmatch(gap):
        found = _counted_from(a, b, anchor)
    if found is None and a.meaning == "weekday" and b.meaning in _STATED:
        found = _beside(a.sense, b.sense, gap, gaps)
    if found is None and gaps.range.fullmatch(gap) and gap.strip(" ,"):
        found = _range(a, b)
    if found is None and gaps.together.fullmatch(gap):
        found = _together(a, b)
    if found is None and gaps.same.fullmatch(gap):
        found = _same(a, b)
    if found is None:
        return None
    values = {name: value for name, value in a.values.items() if name != "loose"}
    if "by" in b.values:
        values["by"] = 1
    return Expression(a.start, b.end, found[1], values, found[0])


def _counted_from(count: Expression, base: Expression, anchor: Anchor) -> tuple[Sense, str] | None:
    """A count that runs from a stated day, without a year the nearest one ("30 days net of 5 March")."""
    day = base.sense.first
    if count.meaning != "counted" or base.meaning not in _WRITTEN or day is None:
        return None
    if "year" not in base.values and day > anchor.day + _HALF_A_YEAR:
        day = plus_months(day, -12)
    return counted_from(count.values, day, anchor), "counted"


def _beside(named: Sense, stated: Sense, gap: str, gaps: _Gaps) -> tuple[Sense, str] | None:
    """The weekday before or after a stated day ("the Friday before Christmas")."""
    if named.weekday is None or stated.first is None or stated.last is None:
        return None
    if gaps.before.fullmatch(gap):
        return days(next_weekday(stated.first - WEEK - DAY, named.weekday)), "date"
    if gaps.after.fullmatch(gap):
        return days(next_weekday(stated.last, named.weekday)), "date"
    return None


def _together(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """A day and a time of it, a week and a weekday of it, a recurring day and its hour: in either order."""
    for one, other in ((a, b), (b, a)):
        if one.meaning in _DAYS and other.meaning in ("clock", "daypart") and one.sense.clock is None:
            time = other.sense
            day = one.sense._replace(clock=time.clock, exact=time.exact, hint=time.hint or one.sense.hint)
            return day, one.meaning
        if one.meaning in _DAYS and other.meaning == "daypart" and one.sense.clock and one.sense.hint is None:
            return one.sense._replace(hint=other.sense.hint), one.meaning
        if one.sense is OPEN and other.meaning == "clock":
            return OPEN, one.meaning
        if one.meaning == "clock" and other.meaning == "daypart":
            part = other.sense
            return one.sense._replace(first=part.first, last=part.last, hint=part.hint, bare=True), "clock"
        moved = _in_week(one.sense, other.sense)
        if moved is not None:
            return moved, "date"
    return None


def _in_week(week: Sense, day: Sense) -> Sense | None:
    if week.precision != "week" or week.first is None or day.weekday is None or day.first is None or day.last is None:
        return None
    first = monday(week.first) + timedelta(days=day.weekday - 1)
    return day._replace(first=first, last=first + (day.last - day.first), weekday=None, bare=False)


def _range(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """From one day, week or month to another; alternatives too."""
    one, other = a.sense, b.sense
    if a.meaning not in _ENDS or b.meaning not in _ENDS or one.precision != other.precision:
        return None
    if one.first is None or other.last is None or one.clock or other.clock:
        return None
    last: date = other.last
    if one.weekday is not None and other.weekday is not None:
        last = next_weekday(one.first, other.weekday)
    if last < one.first:
        if b.meaning != "date" or "year" in b.values:
            return None
        last = plus_months(last, 12)
    return one._replace(last=last), a.meaning


def _same(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """One time said twice ("tomorrow, Wednesday"; "by year-end, June 30"): what is written out holds."""
    if a.sense.clock or b.sense is OPEN:
        return None
    if b.meaning in _WRITTEN and a.meaning in _RESTATED:
        return b.sense, b.meaning
    if b.meaning == "weekday" and (a.meaning == "relative" or a.meaning in _WRITTEN):
        return a.sense, a.meaning
    if b.meaning == "month" and a.meaning in ("quarter", "year"):
        return b.sense._replace(precision="quarter"), a.meaning
    return None
