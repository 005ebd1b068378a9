"""Joins neighbouring time expressions to one: a day and its hour, a week and its day, the ends of a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from nlp.calendar import monday, next_weekday
from nlp.timesense import OPEN, Anchor, Sense, counted_from, sense
from nlp.timewords import Match, Values, grammar

_DAYS = frozenset({"date", "slashed", "monthday", "weekday", "relative", "holiday", "counted"})
_WRITTEN = frozenset({"date", "slashed", "monthday"})
_RANGES = frozenset({"date", "slashed", "monthday", "weekday", "month", "week", "quarter", "relative"})
_SAME = frozenset({"date", "slashed", "monthday", "weekday", "relative", "quarter", "year", "month", "holiday", "week"})


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
    return _Gaps(*(re.compile(patterns[name]) for name in ("with", "range", "same", "base")))


def _one(a: Expression, b: Expression, low: str, anchor: Anchor, gaps: _Gaps) -> Expression | None:
    gap = low[a.end : b.start]
    if len(gap) > 40 or "past" in (a.meaning, b.meaning):
        return None
    found: tuple[Sense, str] | None = None
    if a.meaning == "counted" and b.meaning in _WRITTEN and gaps.base.fullmatch(gap) and b.sense.first:
        found = counted_from(a.values, _latest(b, anchor), anchor), "counted"
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


def _latest(base: Expression, anchor: Anchor) -> date:
    """A stated day from which one counts: without a year the last one, not the next."""
    day = base.sense.first
    if day is None:
        raise ValueError("no day")
    if "year" not in base.values and day > anchor.day + timedelta(days=183):
        return day.replace(year=day.year - 1)
    return day


def _together(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """A day and a time of it, in either order; a week and a weekday of it."""
    for one, other in ((a, b), (b, a)):
        if one.meaning in _DAYS and other.meaning in ("clock", "daypart") and one.sense.clock is None:
            return _timed(one.sense, other.sense), one.meaning
        if one.meaning == "unresolved" and other.meaning == "clock":
            return OPEN, "unresolved"
        if one.meaning == "clock" and other.meaning == "daypart":
            return _hinted(one.sense, other.sense), "clock"
        if one.meaning == "week" and other.meaning == "weekday" and one.sense.precision == "week":
            if (moved := _in_week(one.sense, other.sense)) is not None:
                return moved, "date"
    return None


def _timed(day: Sense, time: Sense) -> Sense:
    return day._replace(clock=time.clock, exact=time.exact, hint=time.hint or day.hint)


def _hinted(clock: Sense, part: Sense) -> Sense:
    return clock._replace(first=part.first, last=part.last, hint=part.hint, bare=True)


def _in_week(week: Sense, day: Sense) -> Sense | None:
    if day.weekday is None or day.first is None or day.last is None or week.first is None:
        return None
    first = monday(week.first) + timedelta(days=day.weekday - 1)
    return day._replace(first=first, last=first + (day.last - day.first), weekday=None, bare=False)


def _range(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """From one day, week or month to another; alternatives too."""
    first, second = a.sense, b.sense
    if a.meaning not in _RANGES or b.meaning not in _RANGES or first.precision != second.precision:
        return None
    if first.first is None or second.last is None or first.clock or second.clock:
        return None
    last = second.last
    if second.weekday is not None and first.weekday is not None and a.meaning == b.meaning == "weekday":
        last = next_weekday(first.first, second.weekday)
    if last < first.first:
        if b.meaning != "date" or "year" in b.values:
            return None
        last = last.replace(year=last.year + 1)
    return first._replace(last=last), a.meaning


def _same(a: Expression, b: Expression) -> tuple[Sense, str] | None:
    """One time said twice ("tomorrow, Wednesday"; "by year-end, June 30"): what is written out holds."""
    if a.meaning not in _SAME or b.meaning not in _SAME or a.sense.clock or b.sense is OPEN:
        return None
    if b.meaning in _WRITTEN and a.meaning in ("weekday", "relative", "slashed", "quarter", "year", "holiday", "week", "month"):
        return b.sense, b.meaning
    if a.meaning in ("relative", *_WRITTEN) and b.meaning == "weekday":
        return a.sense, a.meaning
    if a.meaning in ("quarter", "year") and b.meaning == "month" and b.sense.last == a.sense.last:
        return a.sense, a.meaning
    if a.meaning in ("quarter", "year") and b.meaning == "month":
        return _quarter_of(b.sense), a.meaning
    return None


def _quarter_of(months: Sense) -> Sense:
    return months._replace(precision="quarter")
