"""What expressions of weeks, months, quarters and years mean, and of their parts: early, mid, late, start, end."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.timex import calendar
from nlp.timex.calendar import DAY, WEEK
from nlp.timex.sense import Anchor, Sense, Values, days, needed, number

_MIDWEEK = 3  # from Wednesday on, "early in the week" is the next one
_SUNDAY = timedelta(days=6)


def week(values: Values, anchor: Anchor) -> Sense:
    """A week by number, by its place in a month, or counted from this one."""
    numbered = number(values, "week", "number")
    last = None
    if numbered is not None:
        first = _numbered_week(numbered, number(values, "year"), anchor)
        if (second := number(values, "week2")) is not None:
            last = first + ((second - numbered) % 53) * WEEK
    elif "month" in values:
        month = _named_month(values, anchor)
        first = calendar.nth_weekday(month.year, month.month, 1, needed(values, "nth"))
    else:
        shift = number(values, "shift") or 0
        first = calendar.monday(anchor.day) + shift * WEEK
        if shift == 0 and values.get("part") == "early" and anchor.day.isoweekday() >= _MIDWEEK:
            first += WEEK
    return _part_of_week(first, (last or first) + _SUNDAY, values.get("part"))


def weekend(values: Values, anchor: Anchor) -> Sense:
    """Saturday and Sunday of this week or a later one."""
    saturday = calendar.monday(anchor.day) + timedelta(days=5) + (number(values, "shift") or 0) * WEEK
    return days(saturday, saturday + DAY)


def month(values: Values, anchor: Anchor) -> Sense:
    """A month by name, or counted from this one; months; the turn of a month."""
    if "month" in values:
        first = _named_month(values, anchor)
        before = first - DAY
    else:
        first = calendar.plus_months(anchor.day.replace(day=1), number(values, "shift") or 0)
        before = calendar.month_end(first)
    if "turn" in values:
        return days(before, before + DAY, point=before)
    last = calendar.month_end(first)
    if (second := number(values, "month2")) is not None:
        last = calendar.month_end(date(first.year + (second < first.month), second, 1))
    return _part_of_month(first, last, values.get("part"))


def weekday_of(values: Values, anchor: Anchor) -> Sense:
    """The nth or last such weekday of a month."""
    first = _named_month(values, anchor)
    nth = -1 if "last" in values else needed(values, "nth", "ordinal")
    return days(calendar.nth_weekday(first.year, first.month, needed(values, "weekday"), nth))


def quarter(values: Values, anchor: Anchor) -> Sense:
    """A quarter by number, of a calendar or fiscal year, or counted from this one."""
    first = _first_of_quarter(values, anchor)
    last = calendar.plus_months(first, 3) - DAY
    match values.get("part"):
        case "end":
            return days(last)
        case "start":
            return days(first)
        case "early":
            return Sense("quarter", first, calendar.month_end(first))
        case "late":
            return Sense("quarter", last.replace(day=1), last)
        case "mid":
            middle = calendar.plus_months(first, 1)
            return Sense("month", middle, calendar.month_end(middle))
    return Sense("quarter", first, last)


def year(values: Values, anchor: Anchor) -> Sense:
    """A calendar or fiscal year by number or counted from this one; the turn of a year."""
    fiscal = "fiscal" in values or "fy" in values
    numbered = number(values, "year") or _fiscal_year(values)
    named = numbered if numbered is not None else anchor.day.year + (number(values, "shift") or 0)
    if numbered is None and fiscal and calendar.plus_months(_first_of_books(named, anchor), 12) <= anchor.day:
        named += 1
    first = _first_of_books(named, anchor) if fiscal else date(named, 1, 1)
    last = calendar.plus_months(first, 12) - DAY
    if "turn" in values:
        return days(last, last + DAY, point=last)
    match values.get("part"):
        case "end":
            return days(last)
        case "start":
            return days(first if first >= anchor.day or numbered else calendar.plus_months(first, 12))
        case "early":
            return Sense("year", first, calendar.plus_months(first, 3) - DAY)
        case "mid":
            return days(calendar.plus_months(first, 6) - DAY)
        case "late":
            return days(calendar.plus_months(first, 9), last, point=last)
    return Sense("year", first, last)


def _numbered_week(numbered: int, year: int | None, anchor: Anchor) -> date:
    """The Monday of the ISO week in the year said, else of the next such week that is not over."""
    this = anchor.day.isocalendar().year
    for candidate in (this, this + 1, this + 2) if year is None else (year,):
        try:
            first = date.fromisocalendar(candidate, numbered, 1)
        except ValueError:  # not every year has a week 53
            continue
        if year is not None or first + _SUNDAY >= anchor.day:
            return first
    raise ValueError(numbered)


def _part_of_week(first: date, last: date, part: object) -> Sense:
    friday = first + timedelta(days=4)
    match part:
        case "early" | "start":
            return Sense("week", first, first + timedelta(days=2))
        case "mid":
            return days(first + timedelta(days=2))
        case "late":
            return days(friday - DAY, friday, point=friday)
        case "end":
            return days(last - timedelta(days=2))
    return Sense("week", first, last)


def _named_month(values: Values, anchor: Anchor) -> date:
    """The first of the month in the year said; else of the next so named, of this one while the part said lasts."""
    named = needed(values, "month")
    numbered = number(values, "year")
    if numbered is None and (shift := number(values, "yearshift")) is not None:
        numbered = anchor.day.year + shift
    if numbered is not None:
        return date(numbered, named, 1)
    lasts = {"start": 1, "early": 10, "mid": 20}.get(str(values.get("part")), 31)
    over = named < anchor.day.month or (named == anchor.day.month and anchor.day.day > lasts)
    return date(anchor.day.year + over, named, 1)


def _part_of_month(first: date, last: date, part: object) -> Sense:
    match part:
        case "start":
            return days(first)
        case "end":
            return days(last)
        case "early":
            return Sense("month", first, first.replace(day=10))
        case "mid":
            return days(first.replace(day=11), first.replace(day=20), point=first.replace(day=15))
        case "late":
            return Sense("month", first.replace(day=21), last)
    return Sense("month", first, last)


def _first_of_quarter(values: Values, anchor: Anchor) -> date:
    numbered = number(values, "q", "nth")
    if numbered is None:
        return calendar.plus_months(calendar.quarter_start(anchor.day), 3 * (number(values, "shift") or 0))
    named = number(values, "year")
    if named is None and (shift := number(values, "yearshift")) is not None:
        named = anchor.day.year + shift
    if named is not None:
        return date(named, 3 * numbered - 2, 1)
    if (books := _fiscal_year(values)) is not None:
        return calendar.plus_months(_first_of_books(books, anchor), 3 * numbered - 3)
    first = date(anchor.day.year, 3 * numbered - 2, 1)
    return first if calendar.plus_months(first, 3) > anchor.day else first.replace(year=first.year + 1)


def _fiscal_year(values: Values) -> int | None:
    books = number(values, "fy", "fy2")
    return books if books is None or books > 99 else 2000 + books


def _first_of_books(named: int, anchor: Anchor) -> date:
    """The first day of a fiscal year, which bears the number of the calendar year in which it ends."""
    return date(named - (anchor.fiscal > 1), anchor.fiscal, 1)
