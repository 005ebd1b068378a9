"""The values that reading a time expression gives: from where one counts, and what is meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from languages import data

Values = Mapping[str, int | str]  # the values of a form's words, by class


class Sense(NamedTuple):
    """An interval, how exactly it is meant, and what joining it with its neighbours needs to know."""

    precision: str  # day, week, month, quarter, year; open (no calendar resolves it); clock, daypart (of an unsaid day)
    first: date | None = None
    last: date | None = None
    point: date | None = None  # the day that stands for the interval, where it is not the first
    clock: tuple[int, int] | None = None  # hour and minute
    exact: bool = False  # the clock leaves no choice of morning or afternoon
    hint: str | None = None  # the part of a day that was said: am, pm, night, any
    weekday: int | None = None  # a bare weekday (1 Monday … 7 Sunday), which a week beside it moves
    bare: bool = False  # a day counted from the anchor, not one written out

    @property
    def iso(self) -> str:
        """The ISO 8601 form: `2001-05-18`, `2001-05-18T15:00`, `2001-05`, `2001-W21`, `2001-Q3`, `2001`; else "?"."""
        day = self.point or self.first
        if day is None:
            return "?"
        if self.clock is not None:
            return f"{day.isoformat()}T{self.clock[0]:02}:{self.clock[1]:02}"
        if self.point is not None:
            return day.isoformat()
        match self.precision:
            case "week":
                year, week, _ = day.isocalendar()
                return f"{year}-W{week:02}"
            case "month":
                return f"{day:%Y-%m}"
            case "quarter":
                return f"{day.year}-Q{(day.month + 2) // 3}"
            case "year":
                return f"{day:%Y}"
        return day.isoformat()


OPEN = Sense("open")


class Anchor(NamedTuple):
    """From when one counts, and the language whose holidays and zones hold."""

    at: datetime  # aware, in the writer's own offset
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
        return offset < timedelta(minutes=int(self.pack["month_first_below"]))


def days(first: date, last: date | None = None, *, point: date | None = None, bare: bool = False) -> Sense:
    """A day, or the days from `first` to `last`."""
    return Sense("day", first, last or first, point, bare=bare)


def number(values: Values, *names: str) -> int | None:
    """The first of these values that is there and a number."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int):
            return value
    return None


def needed(values: Values, *names: str) -> int:
    """The same, where a form cannot be without it. Raises ValueError."""
    value = number(values, *names)
    if value is None:
        raise ValueError(names)
    return value
