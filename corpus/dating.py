"""Which day a paper is of: what it says of itself, else what its file name or its file's properties say.

A day on a line that names one ("Aika:", "Date:") counts before one of the title, that before one of the file's name,
that before the first day that the text's beginning names. Words come from each language's `notes.toml`.

A year that such a line leaves out is that of the file's name, else the first that the text names, else the one that
brings the day nearest to when the paper came.

Not known here: which of two days on one line is meant (the first is taken).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import languages
from corpus.paper import BlockKind, Paper
from corpus.times import months

_HEAD = 1500  # code points of a text that may say of which day it is
_LABEL = 30  # the longest words before a colon that are looked at
_FIRST_YEAR, _LAST_YEAR = 1950, 2100

_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<month>[^\W\d_]{3,12})\.?,?\s(?P<year>\d{4})(?!\d)",
        r"(?<!\w)(?P<month>[^\W\d_]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>\d{4})(?!\d)",
    )
)
_YEARLESS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<month>[^\W\d_]{3,12})(?!\w)",
        r"(?<!\w)(?P<month>[^\W\d_]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)",
    )
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAME_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_. ]?(?P<month>\d\d)[-_. ]?(?P<day>\d\d)(?!\d)",
        r"(?<!\d)(?P<day>\d\d?)[-_. ]?(?P<month>\d\d)[-_. ]?(?P<year>(?:19|20)\d\d)(?!\d)",
    )
)
_LABELLED = re.compile(rf"^[ \t*•#>_-]{{0,12}}(?P<label>[^\n:]{{1,{_LABEL}}}?)[ \t*_]{{0,4}}(?::|\n)", re.MULTILINE)


class Dated(NamedTuple):
    """A day, and how sure it is that a paper is of it (0 … 1)."""

    day: date
    confidence: float


def dated(paper: Paper, name: str = "", came: date | None = None) -> Dated | None:
    """The day that a paper is of; `name` is its file's, `came` the day it came. None where nothing says one."""
    head = paper.text[:_HEAD]
    known = _YEAR.search(name) or _YEAR.search(head)
    years = (int(known.group()),) if known else (came.year - 1, came.year, came.year + 1) if came else ()
    labelled = next(_after_labels(head, years, came), None)
    titles = [paper.title, *(paper.text[b.start : b.end] for b in paper.blocks[:3] if b.kind is BlockKind.HEADING)]
    titled = next((found for title in titles for found in (*days(title), *_yearless(title, years, came))), None)
    first = next(days(head), None)
    named = next(_days(name, _NAME_SHAPES), None)
    own = paper.at.date() if paper.at else None
    ranked = ((labelled, 0.95), (titled, 0.9), (named, 0.9 if named == first else 0.8), (first, 0.7))
    return next((Dated(day, sure) for day, sure in (*ranked, (own, 0.5)) if day), None)


def days(text: str) -> Iterator[date]:
    """The days that a text writes out with their year, in order."""
    return _days(text, _SHAPES)


def _days(text: str, shapes: tuple[re.Pattern[str], ...]) -> Iterator[date]:
    for found in _matches(text, shapes):
        if day := _day(found, int(found["year"])):
            yield day


def _yearless(text: str, years: tuple[int, ...], came: date | None) -> Iterator[date]:
    """The days that a text writes without their year, of that one of `years` which brings them nearest to `came`."""
    for found in _matches(text, _YEARLESS):
        if may := [day for year in years if (day := _day(found, year))]:
            yield min(may, key=lambda day: (abs((day - came).days) if came else 0, day))


def _matches(text: str, shapes: tuple[re.Pattern[str], ...]) -> list[re.Match[str]]:
    return sorted((m for shape in shapes for m in shape.finditer(text)), key=re.Match.start)


def _day(found: re.Match[str], year: int) -> date | None:
    month = found["month"]
    number = int(month) if month.isdigit() else months().get(month.lower(), 0)
    try:
        day = date(year, number, int(found["day"]))
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _after_labels(head: str, years: tuple[int, ...], came: date | None) -> Iterator[date]:
    """Days that follow a label of time on its line, or stand on the next."""
    words = _labels()
    for label in _LABELLED.finditer(head):
        if label["label"].strip().lower().rstrip(" .") in words:
            at = label.end()
            while head[at : at + 1].isspace():
                at += 1
            end = head.find("\n", at)
            line = head[at : end if end >= 0 else len(head)]
            yield from days(line)
            yield from _yearless(line, years, came)


@cache
def _labels() -> frozenset[str]:
    return frozenset(word for code in languages.codes() for word in languages.data(code, "notes")["says"]["date"])
