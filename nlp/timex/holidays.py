"""Holidays from a language's data: fixed days, days counted from Easter, nth weekdays, days of a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from languages import data
from nlp.timex.calendar import DAY, WEEK, easter, monday, month_end, next_weekday, nth_weekday, plus_working_days
from nlp.timex.sense import Anchor, Sense, days

_YEARS_AHEAD = 9  # the leap day is never further off


def next_holiday(entry: Mapping[str, Any], anchor: Anchor) -> Sense:
    """The next of a holiday that is not over on the anchor's day. Raises ValueError where no rule gives one."""
    for year in range(anchor.day.year, anchor.day.year + _YEARS_AHEAD):
        first = _in_year(entry, year, anchor)
        if first is not None:
            last = first + timedelta(days=entry.get("days", 1) - 1)
            if "week" in entry:
                first, last = monday(first), monday(first) + WEEK - DAY
            if last >= anchor.day:
                return Sense("week", first, last) if "week" in entry else days(first, last)
    raise ValueError(entry["words"])


def day_after(holiday: Sense, anchor: Anchor) -> Sense:
    """The first working day after a holiday: weekends and free days that follow it are crossed."""
    if holiday.last is None:
        return holiday
    return days(plus_working_days(holiday.last, 1, free_days(anchor, holiday.last)))


def free_days(anchor: Anchor, day: date) -> frozenset[date]:
    """The holidays of `day`'s year and the next on which the anchor's place does not work."""
    side = "west" if anchor.west else "east"
    return _free_days(anchor.language, day.year, side) | _free_days(anchor.language, day.year + 1, side)


@cache
def _free_days(language: str, year: int, side: str) -> frozenset[date]:
    entries = data(language, "dates")["holidays"]["names"]
    found = (_by_rule(e, year) for e in entries if e.get("free") and e.get("side", side) == side)
    return frozenset(day for day in found if day is not None)


def _in_year(entry: Mapping[str, Any], year: int, anchor: Anchor) -> date | None:
    if "next" not in entry:
        return _by_rule(entry, year)
    others = (e for e in anchor.pack["holidays"]["names"] if e["words"] in entry["next"])
    found = (_by_rule(e, y) for e in others for y in (year, year + 1))
    day = min((d for d in found if d is not None and d >= anchor.day), default=None)
    return day and day + timedelta(days=entry.get("plus", 0))


def _by_rule(entry: Mapping[str, Any], year: int) -> date | None:
    if written := entry.get("years", {}).get(str(year)):
        return date.fromisoformat(f"{year}-{written}")
    month = entry.get("month")
    if "easter" in entry:
        day = easter(year) + timedelta(days=entry["easter"])
    elif month is None or entry.get("day", 1) > month_end(date(year, month, 1)).day:
        return None
    elif "nth" in entry:
        day = nth_weekday(year, month, entry["weekday"], entry["nth"])
    elif "weekday" in entry:  # the first such weekday on or after a day
        day = next_weekday(date(year, month, entry["day"]) - DAY, entry["weekday"])
    else:
        day = date(year, month, entry["day"])
    return day + timedelta(days=entry.get("plus", 0))
