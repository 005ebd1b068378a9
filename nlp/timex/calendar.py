"""The calendar's arithmetic: Easter, ends of months, ISO weeks, quarters, working days. No words of any language."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the anonymous computus, Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_start(day: date) -> date:
    """The first day of the calendar quarter that `day` lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def monday(day: date) -> date:
    """The Monday of the ISO week that `day` lies in."""
    return day - timedelta(days=day.weekday())


def next_weekday(day: date, weekday: int) -> date:
    """The first day strictly after `day` that is the ISO weekday (1 Monday … 7 Sunday)."""
    return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; the last where `nth` is -1."""
    if nth < 0:
        end = month_end(date(year, month, 1))
        return end - timedelta(days=(end.isoweekday() - weekday) % 7)
    return next_weekday(date(year, month, 1) - DAY, weekday) + (nth - 1) * WEEK


def is_working_day(day: date, free: Collection[date]) -> bool:
    """Whether a day is Monday to Friday and none of the free days."""
    return day.isoweekday() < 6 and day not in free


def plus_working_days(day: date, count: int, free: Collection[date]) -> date:
    """The count-th working day after `day`."""
    while count > 0:
        day += DAY
        count -= is_working_day(day, free)
    return day
