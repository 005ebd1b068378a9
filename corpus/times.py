"""When a message was sent, by the best evidence that its header holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple

import languages
from corpus.document import TimeSource
from corpus.headers import Headers

# Mail as RFC 822 defines it is of 1982: earlier dates are clocks that were never set (1970, 1979, 1980).
FIRST_YEAR = 1982
# A clock or a zone may be off by a day; a Date further in the future than this is wrong.
MAX_AHEAD = timedelta(days=2)
_MAX_OFFSET = 14 * 60  # minutes; no zone on earth is further from UTC
_MAX_LENGTH = 200  # code points of a date that are read

# Zones of RFC 5322 (4.3) and those of Europe; other letters are ambiguous and read as "unknown".
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "cet": 60, "met": 60, "cest": 120, "mest": 120, "eet": 120, "eest": 180,
}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]m\b)?"
_ZONE = r"\s*(?P<zone>[+-]\d\d:?\d\d|[a-z]{1,5}\b)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # Wed, 20 Dec 2000 20:37:21 -0800 (RFC 5322); 20. joulukuuta 2000 klo 20.37
        r"\b(?P<day>\d{1,2})\.?[\s-]*(?P<month>[^\W\d_]{3,12})\.?[\s,-]*(?P<year>\d{2,4})[\s,]+(?:[^\W\d_]{2,5}\s+)?"
        + _CLOCK + _ZONE,
        # Wed Dec 20 20:37:21 PST 2000 (asctime)
        rf"\b(?P<month>[^\W\d_]{{3,12}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
        # 2000-12-20T20:37:21+02:00 (RFC 3339)
        rf"\b(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:T|\s+){_CLOCK}{_ZONE}",
    )
)  # fmt: skip
_ELEMENTS = ("year", "month", "day", "hour", "minute", "second", "half", "zone")


class Time(NamedTuple):
    """When, in UTC, the writer's offset in minutes where known, and what says so."""

    at: datetime | None
    utc_offset: int | None
    source: TimeSource


def sent(headers: Headers, now: datetime) -> Time:
    """When the message was sent: its Date, else its newest Received, else unknown.

    A Date before 1982, more than two days after the newest Received, or more than two days after `now` is no evidence.
    """
    received = _received(headers, now)
    latest = (received or now) + MAX_AHEAD
    if (date := read_date(headers.plain("date"))) and date.year >= FIRST_YEAR and date <= latest:
        offset = date.utcoffset()
        known = date.tzinfo is not UTC and offset is not None
        minutes = int(offset.total_seconds()) // 60 if known and offset is not None else None
        return Time(date.astimezone(UTC), minutes, TimeSource.DATE)
    if received:
        return Time(received, None, TimeSource.RECEIVED)
    return Time(None, None, TimeSource.UNKNOWN)


def _received(headers: Headers, now: datetime) -> datetime | None:
    """The time of the newest hop (they stand newest first) that holds a possible one."""
    for field in headers.every("received"):
        date = read_date(field.rpartition(";")[2])
        if date and date.year >= FIRST_YEAR and date <= now + MAX_AHEAD:
            return date.astimezone(UTC)
    return None


def read_date(text: str) -> datetime | None:
    """The time that a date as mail programs write it names, or None where it names none.

    Two-digit years, the years 100 … 199 that careless programs counted from 1900, and month names in every
    language there is a pack for are understood. The zone is `datetime.UTC` itself where none or an unknown one is
    given.
    """
    text = text[:_MAX_LENGTH]
    for shape in _SHAPES:
        if (found := shape.search(text)) and (time := _time(found)):
            return time
    return None


def _time(found: re.Match[str]) -> datetime | None:
    year, month, day, hours, minute, second, half, zone = found.group(*_ELEMENTS)
    number = int(month) if month.isdigit() else months().get(month.lower(), 0)
    hour = int(hours)
    if half:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return datetime(_year(year), number, int(day), hour, int(minute), min(59, int(second or 0)), tzinfo=_zone(zone))
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits)
    if year < 70 and len(digits) == 2:
        return 2000 + year
    return 1900 + year if year < 200 else year


def _zone(text: str | None) -> timezone:
    """The zone, or UTC itself where there is none: "-0000" too says that the offset is not known (RFC 5322, 3.3)."""
    if not text or text == "-0000":
        return UTC
    if text[0] in "+-":
        digits = text[1:].replace(":", "")
        minutes = (-1 if text[0] == "-" else 1) * (60 * int(digits[:2]) + int(digits[2:]))
    elif (named := _ZONES.get(text.lower())) is not None:
        minutes = named
    else:
        return UTC
    return _fixed(minutes) if abs(minutes) <= _MAX_OFFSET else UTC


@cache
def _fixed(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes), "known")  # named, so that "+0000" is not UTC itself


@cache
def months() -> dict[str, int]:
    """Names of the months in all languages, lower case, to their numbers."""
    packs = [languages.data(code, "headers")["months"] for code in languages.codes()]
    return {name: i for names in packs for i, line in enumerate(names, 1) for name in line.split()}
