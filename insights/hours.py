"""How long a wait was in working hours: Monday to Friday, eight to four where the waiter lives, without holidays.

Holidays are those of a language's country (`languages/*/dates.toml`): of the language that the one who is waited for
writes; of English those of the United States where that person's clock says so, else of England.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache, lru_cache

import languages
from nlp.timex.calendar import is_working_day
from nlp.timex.holidays import free_days
from nlp.timex.sense import Anchor

OPENS, CLOSES = 8.0, 16.0  # o'clock
_NOON = time(12)
_DAY = timedelta(days=1)


def working_hours(asked: datetime, answered: datetime, language: str | None, utc_offset: int | None) -> float:
    """The working hours between two times, on the clock and in the calendar of the one who answers.

    `language` is that in which the answer is written, `utc_offset` the writer's clock in minutes; where they are not
    known no day but the weekend is free, and the clock is UTC.
    """
    zone = timezone(timedelta(minutes=utc_offset or 0))
    first, last = asked.astimezone(zone), answered.astimezone(zone)
    begun, ended = _worked_at(first, language), _worked_at(last, language)
    between = working_days(first.date(), last.date() - _DAY, language, utc_offset or 0)
    if first.date() == last.date():
        return max(0.0, ended - begun)
    whole = CLOSES - OPENS
    return (whole - begun if _works(first, language) else 0.0) + between * whole + ended


@lru_cache(maxsize=1 << 16)
def working_days(first: date, last: date, language: str | None, utc_offset: int = 0) -> int:
    """How many working days there are after `first`, up to and with `last`."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    count = 5 * weeks + sum((last - n * _DAY).isoweekday() < 6 for n in range(rest))
    free = {d for year in range(first.year, last.year + 1) for d in _holidays(language, year, utc_offset)}
    return count - sum(first < d <= last and d.isoweekday() < 6 for d in free)


@lru_cache(maxsize=1 << 16)
def after_working_days(day: date, count: int, language: str | None) -> date:
    """The count-th working day after `day`; the last day there is where that is past it."""
    found = day + min(timedelta(days=count), date.max - day)
    while found < date.max and working_days(day, found, language) < count:
        found += _DAY
    return found


def _worked_at(at: datetime, language: str | None) -> float:
    """How much of its day's working hours was over at a time."""
    clock = at.hour + at.minute / 60 + at.second / 3600
    return min(max(clock, OPENS), CLOSES) - OPENS if _works(at, language) else 0.0


def _works(at: datetime, language: str | None) -> bool:
    offset = at.utcoffset() or timedelta()
    return is_working_day(at.date(), _holidays(language, at.year, int(offset.total_seconds() // 60)))


@cache
def _holidays(language: str | None, year: int, utc_offset: int) -> frozenset[date]:
    if language not in languages.codes() or year >= date.max.year:
        return frozenset()
    day = datetime.combine(date(year, 1, 1), _NOON, timezone(timedelta(minutes=utc_offset)))
    return frozenset(d for d in free_days(Anchor(day, language), day.date()) if d.year == year)
