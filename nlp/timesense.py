"""What a time expression means, counted from an anchor: an interval with a precision, and its ISO 8601 form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from languages import data
from nlp import calendar
from nlp.timewords import Values


_MIDWEEK = 3  # from Wednesday on, "early in the week" is the next one


class Sense(NamedTuple):
    """An interval, how exactly it is meant, and what joining it with its neighbours needs to know."""

    precision: str  # day, week, month, quarter, year, open (no calendar resolves it), clock or daypart (of no stated day)
    first: date | None = None
    last: date | None = None
    point: date | None = None  # the day that stands for the interval, where it is not the first
    clock: tuple[int, int] | None = None
    exact: bool = False  # the clock needs no guess at morning or afternoon
    hint: str | None = None  # "am", "pm" or "any": the part of a day said
    weekday: int | None = None  # a bare weekday, which a week beside it may move
    bare: bool = False  # a day that follows from the anchor, not one written out

    @property
    def iso(self) -> str:
        """The ISO 8601 form: `2001-05-18`, `2001-05-18T15:00`, `2001-05`, `2001-W21`, `2001-Q3`; "?" for none."""
        day = self.point or self.first
        if day is None:
            return "?"
        if self.clock is not None:
            return f"{day.isoformat()}T{self.clock[0]:02}:{self.clock[1]:02}"
        if self.point is None and self.precision == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        if self.point is None and self.precision == "month":
            return f"{day:%Y-%m}"
        if self.point is None and self.precision == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        if self.point is None and self.precision == "year":
            return f"{day:%Y}"
        return day.isoformat()


class Anchor(NamedTuple):
    """From when expressions are counted, and the pack whose holidays and zones hold."""

    at: datetime
    language: str
    fiscal: int = 1  # the month in which the year of the books begins

    @property
    def pack(self) -> Mapping[str, Any]:
        """The language's dates.toml."""
        return data(self.language, "dates")

    @property
    def day(self) -> date:
        """The anchor's date where it was written."""
        return self.at.date()

    @property
    def west(self) -> bool:
        """Whether the writer lives where a slashed date has the month first."""
        offset = self.at.utcoffset() or timedelta()
        return offset.total_seconds() / 60 < self.pack["month_first_below"]


OPEN = Sense("open")


def sense(meaning: str, values: Values, anchor: Anchor) -> Sense | None:
    """What a match means; None where its values make no date (31 February)."""
    try:
        return _SENSES[meaning](values, anchor)
    except (ValueError, OverflowError):
        return None


def _int(values: Values, name: str, default: int | None = None) -> int | None:
    value = values.get(name, default)
    return value if isinstance(value, int) else default


def _number(values: Values, name: str) -> int:
    value = values[name]
    if not isinstance(value, int):
        raise ValueError(name)
    return value


def _days(first: date, last: date | None = None, *, point: date | None = None, bare: bool = False) -> Sense:
    return Sense("day", first, last or first, point, bare=bare)


def _in_year(values: Values, month: int, day: int, anchor: Anchor) -> date:
    """The day in the year said, else the next one on or after the anchor."""
    year = _int(values, "year")
    if year is not None:
        return date(year, month, day)
    for year in range(anchor.day.year, anchor.day.year + 9):
        if not (month == 2 and day == 29) or calendar.month_end(date(year, 2, 1)).day == 29:
            found = date(year, month, day)
            if found >= anchor.day:
                return found
    raise ValueError("no such day")


def _date(values: Values, anchor: Anchor) -> Sense:
    month = _int(values, "month") or _int(values, "mon") or _int(values, "month2") or _int(values, "mon2")
    day = _int(values, "day") or _int(values, "ordinal")
    month2 = _int(values, "month2") or _int(values, "mon2") or month
    day2 = _int(values, "day2") or _int(values, "ordinal2")
    if month is None or month2 is None or day is None:
        raise ValueError("no day")
    first = _in_year(values, month, day, anchor)
    if day2 is None:
        return _days(first)
    last = date(first.year, month2, day2)
    return _days(first, last if last >= first else last.replace(year=last.year + 1))


def _slashed(values: Values, anchor: Anchor) -> Sense:
    a, b = _number(values, "a"), _number(values, "b")
    month, day = (a, b) if anchor.west else (b, a)
    if month > 12:
        month, day = day, month
    return _days(_in_year(values, month, day, anchor))


def _month_day(values: Values, anchor: Anchor) -> Sense:
    day = _int(values, "day") or _int(values, "ordinal")
    if day is None:
        raise ValueError("no day")
    start = anchor.day.replace(day=1)
    shift = _int(values, "shift")
    if shift is not None:
        return _days(calendar.plus_months(start, shift).replace(day=day))
    while calendar.month_end(start).day < day or start.replace(day=day) < anchor.day:
        start = calendar.plus_months(start, 1)
    first = start.replace(day=day)
    day2 = _int(values, "day2")
    return _days(first, first.replace(day=day2) if day2 and day2 >= day else None)


def _weekday(values: Values, anchor: Anchor) -> Sense:
    weekday = _number(values, "weekday")
    weeks = _int(values, "weeks", 0) or 0
    day = calendar.next_weekday(anchor.day, weekday) + weeks * calendar.WEEK
    if values.get("shift") == 0 and not weeks:
        day = calendar.monday(anchor.day) + timedelta(days=weekday - 1)
        if day < anchor.day:
            day += calendar.WEEK
    if values.get("shift") == 1:
        day = calendar.monday(anchor.day) + timedelta(days=weekday + 6)
    last = None
    if (weekday2 := _int(values, "weekday2")) is not None:
        last = calendar.next_weekday(day, weekday2)
    if "single" in values:
        last = day
    hint = values.get("daypart")
    return Sense("day", day, last or day, weekday=None if weeks else weekday, bare=True, hint=str(hint) if hint else None)


def _relative(values: Values, anchor: Anchor) -> Sense:
    days = _int(values, "days")
    hint = values.get("hint")
    day = anchor.day + timedelta(days=_number(values, "relative") if days is None else days)
    return Sense("day", day, day, bare=True, hint=hint if isinstance(hint, str) else None)


def _counted(values: Values, anchor: Anchor) -> Sense:
    count = _int(values, "count") or _int(values, "number") or 1
    unit = values.get("unit")
    for name in ("minutes", "hours", "days", "weeks", "months", "working"):
        if name in values:
            count, unit = _number(values, name), name
    return _plus(count, str(unit), anchor)


def _plus(count: int, unit: str, anchor: Anchor) -> Sense:
    day = anchor.day
    if unit == "minutes" or (unit == "hours" and count not in (24, 48, 72, 96)):
        at = _elapsed(anchor, timedelta(minutes=count if unit == "minutes" else 60 * count))
        return Sense("day", at.date(), at.date(), clock=(at.hour, at.minute), exact=True, bare=True)
    if unit == "working":
        free = free_days(anchor, day.year) | free_days(anchor, day.year + 1)
        return _days(calendar.plus_working_days(day, count, free), bare=True)
    if unit in ("months", "years"):
        return _days(calendar.plus_months(day, count * (12 if unit == "years" else 1)), bare=True)
    days = {"hours": count // 24, "days": count, "weeks": 7 * count, "fortnights": 14 * count}[unit]
    return _days(day + timedelta(days=days), bare=True)


def counted_from(values: Values, base: date, anchor: Anchor) -> Sense:
    """A count of days, weeks, months or working days that runs from a stated day."""
    start = datetime(base.year, base.month, base.day, tzinfo=anchor.at.tzinfo)
    return _counted(values, anchor._replace(at=start))


def _elapsed(anchor: Anchor, step: timedelta) -> datetime:
    """So much later on the clock of the writer's place, summer time and all."""
    return datetime.fromtimestamp(anchor.at.timestamp() + step.total_seconds(), _zone(anchor))


def _zone(anchor: Anchor) -> tzinfo | None:
    for name in anchor.pack["zones"]:
        if anchor.at.astimezone(ZoneInfo(name)).utcoffset() == anchor.at.utcoffset():
            return ZoneInfo(name)
    return anchor.at.tzinfo


def _week(values: Values, anchor: Anchor) -> Sense:
    number = _int(values, "week") or _int(values, "number")
    if number is not None:
        first = _numbered_week(number, _int(values, "year"), anchor)
        last = first
        if (second := _int(values, "week2")) is not None:
            last = first + ((second - number) % 53) * calendar.WEEK
        whole = Sense("week", first, last + timedelta(days=6))
    elif "month" in values:
        first = _month_start(_number(values, "month"), values, anchor)
        first = calendar.nth_weekday(first.year, first.month, 1, _number(values, "nth"))
        whole = Sense("week", first, first + timedelta(days=6))
    else:
        shift = _int(values, "shift", 0) or 0
        first = calendar.monday(anchor.day) + shift * calendar.WEEK
        if shift == 0 and values.get("part") == "early" and anchor.day.isoweekday() >= _MIDWEEK:
            first += calendar.WEEK
        whole = Sense("week", first, first + timedelta(days=6))
    return _week_part(whole, values.get("part"))


def _numbered_week(number: int, year: int | None, anchor: Anchor) -> date:
    if year is not None:
        return date.fromisocalendar(year, number, 1)
    this = anchor.day.isocalendar().year
    for candidate in (this, this + 1, this + 2):
        try:
            first = date.fromisocalendar(candidate, number, 1)
        except ValueError:
            continue
        if first + timedelta(days=6) >= anchor.day:
            return first
    raise ValueError("no such week")


def _week_part(whole: Sense, part: object) -> Sense:
    first = whole.first
    assert first is not None  # noqa: S101 (a week always has one)
    if part in ("early", "start"):
        return whole._replace(last=first + timedelta(days=2))
    if part == "mid":
        return _days(first + timedelta(days=2))
    if part == "late":
        return _days(first + timedelta(days=3), first + timedelta(days=4), point=first + timedelta(days=4))
    if part == "end":
        return _days((whole.last or first) - timedelta(days=2))
    return whole


def _weekend(values: Values, anchor: Anchor) -> Sense:
    saturday = calendar.monday(anchor.day) + timedelta(days=5) + (_int(values, "shift", 0) or 0) * calendar.WEEK
    if saturday < anchor.day - calendar.DAY:
        saturday += calendar.WEEK
    return _days(saturday, saturday + calendar.DAY)


def _month(values: Values, anchor: Anchor) -> Sense:
    month = _int(values, "month")
    start = anchor.day.replace(day=1)
    if values.get("turn"):
        if month is not None:
            start = _month_start(month, values, anchor)
            end = start - calendar.DAY
        else:
            end = calendar.month_end(calendar.plus_months(start, _int(values, "shift", 0) or 0))
        return _days(end, end + calendar.DAY, point=end)
    if month is None:
        start = calendar.plus_months(start, _int(values, "shift", 0) or 0)
    else:
        start = _month_start(month, values, anchor)
    last = calendar.month_end(start)
    if (month2 := _int(values, "month2")) is not None:
        last = calendar.month_end(date(start.year + (month2 < start.month), month2, 1))
    return _month_part(start, last, values.get("part"))


def _month_start(month: int, values: Values, anchor: Anchor) -> date:
    """The month in the year said; else this month, or the next so named."""
    year = _int(values, "year")
    if year is None and (shift := _int(values, "yearshift")) is not None:
        year = anchor.day.year + shift
    if year is not None:
        return date(year, month, 1)
    year = anchor.day.year + (month < anchor.day.month)
    part = values.get("part")
    passed = month == anchor.day.month and (
        (part == "start" and anchor.day.day > 1) or (part == "early" and anchor.day.day > 10)
        or (part == "mid" and anchor.day.day > 20)
    )  # fmt: skip
    return date(year + passed, month, 1)


def _month_part(start: date, last: date, part: object) -> Sense:
    if part == "start":
        return _days(start)
    if part == "end":
        return _days(last)
    if part == "early":
        return Sense("month", start, start.replace(day=10))
    if part == "mid":
        return _days(start.replace(day=11), start.replace(day=20), point=start.replace(day=15))
    if part == "late":
        return Sense("month", start.replace(day=21), last, None)
    return Sense("month", start, last)


def _fiscal_year(values: Values) -> int | None:
    year = _int(values, "fy") or _int(values, "fy2")
    return year if year is None or year > 100 else 2000 + year


def _fiscal_start(year: int, anchor: Anchor) -> date:
    """The first day of a fiscal year, which bears the number of the year in which it ends."""
    return date(year - (anchor.fiscal > 1), anchor.fiscal, 1)


def _quarter(values: Values, anchor: Anchor) -> Sense:
    number = _int(values, "q") or _int(values, "nth")
    year = _int(values, "year")
    if year is None and (shift := _int(values, "yearshift")) is not None:
        year = anchor.day.year + shift
    if number is None:
        start = calendar.plus_months(calendar.quarter_start(anchor.day), 3 * (_int(values, "shift", 0) or 0))
    elif year is not None:
        start = date(year, 3 * number - 2, 1)
    elif (fiscal := _fiscal_year(values)) is not None:
        start = calendar.plus_months(_fiscal_start(fiscal, anchor), 3 * number - 3)
    else:
        start = date(anchor.day.year, 3 * number - 2, 1)
        if calendar.plus_months(start, 3) <= anchor.day:
            start = start.replace(year=start.year + 1)
    last = calendar.plus_months(start, 3) - calendar.DAY
    match values.get("part"):
        case "end":
            return _days(last)
        case "start":
            return _days(start)
        case "early":
            return Sense("quarter", start, calendar.month_end(start))
        case "late":
            return Sense("quarter", last.replace(day=1), last)
        case "mid":
            middle = calendar.plus_months(start, 1)
            return Sense("month", middle, calendar.month_end(middle))
    return Sense("quarter", start, last)


def _year(values: Values, anchor: Anchor) -> Sense:
    year = _int(values, "year") or _fiscal_year(values)
    fiscal = "fiscal" in values or "fy" in values
    if year is None:
        year = anchor.day.year + (_int(values, "shift", 0) or 0)
        year += fiscal and calendar.plus_months(_fiscal_start(year, anchor), 12) <= anchor.day
    first = _fiscal_start(year, anchor) if fiscal else date(year, 1, 1)
    end = calendar.plus_months(first, 12) - calendar.DAY
    if values.get("turn"):
        return _days(end, end + calendar.DAY, point=end)
    match values.get("part"):
        case "end":
            return _days(end)
        case "start":
            return _days(first if first >= anchor.day or "year" in values else first.replace(year=first.year + 1))
        case "early":
            return Sense("year", first, calendar.plus_months(first, 3) - calendar.DAY)
        case "mid":
            return _days(calendar.plus_months(first, 6) - calendar.DAY)
        case "late":
            return _days(calendar.plus_months(first, 9), end, point=end)
    return Sense("year", first, end)


def _clock(values: Values, anchor: Anchor) -> Sense:  # noqa: ARG001 (all senses take the anchor)
    hour = _int(values, "hour")
    if hour is None:
        hour = _number(values, "hours")
    minute = _int(values, "minute", 0) or 0
    exact = bool(values.get("exact")) or hour > 12 or hour == 0
    if "minute" in values and "hour" in values and anchor.pack["clock24"]:
        exact = True
    if (half := _int(values, "ampm")) is not None:
        hour, exact = hour % 12 + half, True
    if minute < 0:
        hour, minute = hour - 1, 60 + minute
        hour = hour or 12
    return Sense("clock", clock=(hour % 24, minute), exact=exact)


def _daypart(values: Values, anchor: Anchor) -> Sense:
    return Sense("daypart", anchor.day, anchor.day, hint=str(values.get("daypart") or values["loosepart"]), bare=True)


def _open(values: Values, anchor: Anchor) -> Sense:  # noqa: ARG001
    return OPEN


def _holiday(values: Values, anchor: Anchor) -> Sense:
    entry = anchor.pack["holidays"]["names"][_number(values, "holiday")]
    for year in range(anchor.day.year, anchor.day.year + 3):
        day = _holiday_in(entry, year, anchor)
        if day is None:
            continue
        last = day + timedelta(days=entry.get("days", 1) - 1)
        if last >= anchor.day:
            return Sense("day", day, last)
    raise ValueError("no such holiday")


def _holiday_in(entry: Mapping[str, Any], year: int, anchor: Anchor) -> date | None:
    if "next" in entry:
        names = anchor.pack["holidays"]["names"]
        days = [_holiday_in(e, y, anchor) for e in names if e["words"] in entry["next"] for y in (year, year + 1)]
        day = min((d for d in days if d is not None and d >= anchor.day), default=None)
        return day + timedelta(days=entry.get("plus", 0)) if day else None
    return _fixed_holiday(entry, year)


def _fixed_holiday(entry: Mapping[str, Any], year: int) -> date | None:
    if written := entry.get("years", {}).get(str(year)):
        return date.fromisoformat(f"{year}-{written}")
    if "easter" in entry:
        day = calendar.easter(year) + timedelta(days=entry["easter"])
    elif "nth" in entry:
        day = calendar.nth_weekday(year, entry["month"], entry["weekday"], entry["nth"])
    elif "weekday" in entry:  # the first such weekday on or after a day
        day = calendar.next_weekday(date(year, entry["month"], entry["day"]) - calendar.DAY, entry["weekday"])
    elif "month" in entry:
        if (entry["month"], entry["day"]) == (2, 29) and calendar.month_end(date(year, 2, 1)).day != 29:
            return None
        day = date(year, entry["month"], entry["day"])
    else:
        return None
    return day + timedelta(days=entry.get("plus", 0))


def free_days(anchor: Anchor, year: int) -> frozenset[date]:
    """The days of a year, weekends apart, on which the anchor's place does not work."""
    return _free_days(anchor.language, year, "west" if anchor.west else "east")


@cache
def _free_days(language: str, year: int, side: str) -> frozenset[date]:
    entries = data(language, "dates")["holidays"]["names"]
    days = (_fixed_holiday(e, year) for e in entries if e.get("free") and e.get("side", side) == side)
    return frozenset(d for d in days if d is not None)


def after(found: Sense, anchor: Anchor) -> Sense:
    """The first working day after a holiday, its bridge of free days and weekends crossed."""
    last = found.last
    if last is None:
        return found
    free = free_days(anchor, last.year) | free_days(anchor, last.year + 1)
    return _days(calendar.plus_working_days(last, 1, free))


_SENSES: dict[str, Callable[[Values, Anchor], Sense]] = {
    "date": _date, "slashed": _slashed, "monthday": _month_day, "weekday": _weekday, "relative": _relative,
    "counted": _counted, "week": _week, "weekend": _weekend, "month": _month, "quarter": _quarter, "year": _year,
    "clock": _clock, "daypart": _daypart, "holiday": _holiday, "unresolved": _open, "past": _open,
}  # fmt: skip
