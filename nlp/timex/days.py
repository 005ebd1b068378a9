"""What expressions of days and hours mean: dates, weekdays, counted days, clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nlp.timex import calendar
from nlp.timex.calendar import DAY
from nlp.timex.holidays import free_days, next_holiday
from nlp.timex.sense import Anchor, Sense, Values, days, needed, number

_LEAP_YEARS_APART = 8
_CENTURY = 2000  # of years of two digits
_WHOLE_DAYS = frozenset({24, 48, 72, 96})  # hours that people count as days
_MORNING_ENDS = 9  # the hour from which on "in the morning" is the next day's
_NIGHT_ENDS = 6  # the hour after which "klo 8–12" is one of the morning
_UNITS = ("minutes", "hours", "days", "weeks", "months", "working")


def written(values: Values, anchor: Anchor) -> Sense:
    """A day of a month, or days; without a year the next on or after the anchor."""
    month = needed(values, "month", "mon", "month2", "mon2")
    year = number(values, "year", "fy")
    first = _next(needed(values, "day", "ordinal"), month, year + _CENTURY if year and year < 100 else year, anchor)
    last_day = number(values, "day2", "ordinal2")
    if last_day is None:
        return days(first)
    last = date(first.year, number(values, "month2", "mon2") or month, last_day)
    return days(first, last if last >= first else calendar.plus_months(last, 12))


def slashed(values: Values, anchor: Anchor) -> Sense:
    """A slashed date: the month first in the west, else the day, unless that makes no month."""
    a, b = needed(values, "a"), needed(values, "b")
    month, day = (a, b) if anchor.west else (b, a)
    if month > 12:
        month, day = day, month
    return days(_next(day, month, number(values, "year"), anchor))


def of_month(values: Values, anchor: Anchor) -> Sense:
    """A day of this or the next month ("the 14th")."""
    day = needed(values, "day", "ordinal")
    month = anchor.day.replace(day=1)
    if (shift := number(values, "shift")) is not None:
        return days(calendar.plus_months(month, shift).replace(day=day))
    while calendar.month_end(month).day < day or month.replace(day=day) <= anchor.day:
        month = calendar.plus_months(month, 1)
    last = number(values, "day2") or day
    return days(month.replace(day=day), month.replace(day=max(last, day)))


def weekday(values: Values, anchor: Anchor) -> Sense:
    """The next such day after the anchor's; of this or the next week, or weeks later, where that is said."""
    name = needed(values, "weekday")
    weeks = number(values, "weeks") or 0
    day = calendar.next_weekday(anchor.day, name) + weeks * calendar.WEEK
    shift = number(values, "shift")
    if shift is not None and not weeks:
        day = calendar.monday(anchor.day) + shift * calendar.WEEK + timedelta(days=name - 1)
        if day < anchor.day:
            day += calendar.WEEK
    last = number(values, "weekday2")
    end = day if last is None or "single" in values else calendar.next_weekday(day, last)
    part = values.get("daypart")
    return Sense("day", day, end, weekday=None if weeks else name, bare=True, hint=str(part) if part else None)


def relative(values: Values, anchor: Anchor) -> Sense:
    """Today, tomorrow, or so many days later."""
    day = anchor.day + timedelta(days=needed(values, "days", "relative"))
    hint = values.get("hint")
    return Sense("day", day, day, bare=True, hint=str(hint) if hint else None)


def counted(values: Values, anchor: Anchor) -> Sense:
    """So many minutes, hours, days, weeks, months or working days from the anchor."""
    for unit in _UNITS:
        if (count := number(values, unit)) is not None:
            return _plus(count, unit, anchor)
    unit = str(values["unit"])
    first = _plus(number(values, "count", "number") or 1, unit, anchor)
    most = number(values, "count2", "number2")
    return first if most is None else first._replace(last=_plus(most, unit, anchor).last)


def counted_from(values: Values, base: date, anchor: Anchor) -> Sense:
    """The same from a stated day."""
    start = datetime(base.year, base.month, base.day, tzinfo=anchor.at.tzinfo)
    return counted(values, anchor._replace(at=start))


def clock(values: Values, anchor: Anchor) -> Sense:
    """An hour of a day that is not said with it."""
    if (military := number(values, "military")) is not None:
        return Sense("clock", clock=divmod(military, 100), exact=True)
    hour, minute = needed(values, "hour", "hours"), number(values, "minute") or 0
    exact = "exact" in values or hour > 12 or hour == 0
    if "hour" in values and bool(anchor.pack["clock24"]):
        exact = exact or "minute" in values or _NIGHT_ENDS < hour < (number(values, "hour2") or 0)
    if (half := number(values, "ampm")) is not None:
        hour, exact = hour % 12 + half, True
    if minute < 0:
        hour, minute = hour - 1 or 12, 60 + minute
    return Sense("clock", clock=(hour % 24, minute), exact=exact)


def daypart(values: Values, anchor: Anchor) -> Sense:
    """A part of the anchor's day; the next morning, where that of the day is over."""
    part = values.get("daypart") or values.get("loosepart")
    day = anchor.day + DAY if part == "morning" and anchor.at.hour >= _MORNING_ENDS else anchor.day
    return Sense("daypart", day, day, hint=str(part), bare=True)


def holiday(values: Values, anchor: Anchor) -> Sense:
    """The next of the holidays that bear the name."""
    return next_holiday(anchor.pack["holidays"]["names"][needed(values, "holiday")], anchor)


def _next(day: int, month: int, year: int | None, anchor: Anchor) -> date:
    if year is not None:
        return date(year, month, day)
    for later in range(_LEAP_YEARS_APART + 1):
        first = date(anchor.day.year + later, month, 1)
        if day <= calendar.month_end(first).day and first.replace(day=day) >= anchor.day:
            return first.replace(day=day)
    raise ValueError(day, month)


def _plus(count: int, unit: str, anchor: Anchor) -> Sense:
    day = anchor.day
    match unit:
        case "working":
            day = calendar.plus_working_days(day, count, free_days(anchor, day))
        case "years":
            day = calendar.plus_months(day, 12 * count)
        case "months":
            day = calendar.plus_months(day, count)
        case "fortnights":
            day += 2 * count * calendar.WEEK
        case "weeks":
            day += count * calendar.WEEK
        case "days":
            day += timedelta(days=count)
        case "hours" if count in _WHOLE_DAYS:
            day += timedelta(days=count // 24)
        case _:
            return _elapsed(timedelta(**{unit: count}), anchor)
    return days(day, bare=True)


def _elapsed(time: timedelta, anchor: Anchor) -> Sense:
    """So much later on the clock of the writer's place, changes to and from summer time counted."""
    at = datetime.fromtimestamp(anchor.at.timestamp() + time.total_seconds(), _zone(anchor))
    return Sense("day", at.date(), at.date(), clock=(at.hour, at.minute), exact=True, bare=True)


def _zone(anchor: Anchor) -> tzinfo | None:
    """A zone of the language's that had the anchor's offset then; else the offset itself."""
    for name in anchor.pack["zones"]:
        try:
            zone = ZoneInfo(name)
        except ZoneInfoNotFoundError:  # a machine without time zone data
            continue
        if anchor.at.astimezone(zone).utcoffset() == anchor.at.utcoffset():
            return zone
    return anchor.at.tzinfo
