"""Numbers that terms are bargained over in: money, also per unit, shares, times, counts, days; and bare numbers.

Money, shares and periods are those of `nlp.amounts`; here sums get what they are per ("7,55 €/m²"), and beside them
stand counts with a measure ("55 000 m²"), bare numbers ("we could come down to 7.98") and what is free. A bare
number is no name ("lot 3", "clause 2.2"), day, hour or year; what it counts, other sentences tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import msgspec

from languages import data
from nlp.amounts import Money, figure, lowered, money, periods, shares, spelt_numbers, written_days
from nlp.timex.stated import stated_days

_BARE = re.compile(
    r"(?<![\w.,:/§#+–-])(?<!\d )(?!0\d)"
    r"\d{1,3}(?:(?:[ \u00a0\u202f]\d{3}){1,4}|(?:,\d{3}){1,4}|\d{0,7}(?:[.,]\d{1,3})?)"
    r"(?![\w§]| ?§|[.,:/–-]\d)"
)
_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,6}(?:[.,]\d)?) ?k\b")
_WORD = re.compile(r"[^\W\d_][^\W\d_²³]*[23²³]?")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.,]? $")
_OF = r"(?P<of>thousand|1000|tuhat|[^\W\d_][\w²³]{0,20}(?:/[^\W\d_]\w{0,20})?)"
_AFTER_NUMBER = re.compile(r"[\d€$£] (?:an?|each|every) ")  # "940 a month" is a price, not a month
_YEARS = range(1950, 2100)
_SMALL = 2  # spelt numbers below are articles
_AROUND = 24  # code points beside a number that say whether it names something, or is an old value


class Measure(StrEnum):
    """What sort of unit a number has."""

    MONEY = "money"
    SHARE = "share"
    TIME = "time"
    COUNT = "count"
    BARE = "bare"
    DAY = "day"  # a day of the calendar, by its ordinal


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number at [start, end) of a text. `unit` is "EUR", "%", "day" …, the measure's word, or empty where bare."""

    start: int
    end: int
    value: float
    measure: Measure
    unit: str = ""
    per: str = ""  # what a price is for one of
    spelt: bool = False  # in words

    @property
    def label(self) -> str:
        """The unit as people write it: "EUR/kk"."""
        return f"{self.unit}/{self.per}" if self.per else self.unit


class _Words(NamedTuple):
    per: re.Pattern[str]
    measures: frozenset[str]
    names: re.Pattern[str]
    clock: re.Pattern[str]
    months: re.Pattern[str]
    days: re.Pattern[str]
    free: re.Pattern[str]
    old_before: re.Pattern[str]
    old_after: re.Pattern[str]
    bounds: re.Pattern[str]
    restates: re.Pattern[str]
    spelt: re.Pattern[str]
    numbers: dict[str, int]
    any: re.Pattern[str]  # what every quantity has: a figure, or a number in words that is no article


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """The quantities of a sentence in order, disjoint; days of the calendar are not among them."""
    words, low = _words(language), lowered(text)
    if not words.any.search(low):
        return ()
    found = [_priced(low, sum_, words) for sum_ in money(text, language)]
    found += [
        Quantity(start=share.start, end=share.end, value=share.percent, measure=Measure.SHARE, unit="%")
        for share in shares(text, language)
        if not _is_named(low, share.start, words)
    ]
    found += [
        Quantity(start=each.start, end=each.end, value=float(each.length), measure=Measure.TIME, unit=each.unit)
        for each in periods(text, language)
        if not _is_named(low, each.start, words) and not _AFTER_NUMBER.match(low, max(0, each.start - 2), each.end)
    ]
    days = [(d.start, d.end) for d in written_days(text, language)] + [m.span() for m in words.days.finditer(low)]
    found += [q for q in _numbers(low, words) if all(q.end <= start or end <= q.start for start, end in days)]
    return tuple(_disjoint(found))


def days_as_quantities(text: str, language: str, anchor: datetime) -> tuple[Quantity, ...]:
    """The days that a text states, counted from `anchor` (aware) where the year is left out."""
    return tuple(
        Quantity(start=d.start, end=d.end, value=float(d.day.toordinal()), measure=Measure.DAY)
        for d in stated_days(text, language, anchor)
    )


def is_old(text: str, quantity: Quantity, language: str) -> bool:
    """Whether the words around a quantity say it is what was, or the whole of which another is a part."""
    words, low = _words(language), lowered(text)
    before, after = low[max(0, quantity.start - _AROUND) : quantity.start], low[quantity.end : quantity.end + _AROUND]
    return words.old_before.search(before) is not None or words.old_after.match(after) is not None


def is_bound(text: str, quantity: Quantity, language: str) -> bool:
    """Whether a quantity says from or up to where another counts: "3 % above 2,500 pallets"."""
    return _words(language).bounds.search(lowered(text)[max(0, quantity.start - _AROUND) : quantity.start]) is not None


def is_restated(text: str, quantity: Quantity, language: str) -> bool:
    """Whether a quantity says over again what stands before it: "10 %, so EUR 197"."""
    return (
        _words(language).restates.search(lowered(text)[max(0, quantity.start - _AROUND) : quantity.start]) is not None
    )


def free(text: str, language: str) -> Quantity | None:
    """Where a sentence says that nothing is to be paid."""
    match = _words(language).free.search(lowered(text))
    return match and Quantity(start=match.start(), end=match.end(), value=0.0, measure=Measure.MONEY)


def _priced(low: str, sum_: Money, words: _Words) -> Quantity:
    """A sum with what it is per, where that stands behind it."""
    match = words.per.match(low, sum_.end)
    per, end = ((match["of"] or match["times"]).strip(), match.end()) if match else ("", sum_.end)
    return Quantity(start=sum_.start, end=end, value=sum_.amount, measure=Measure.MONEY, unit=sum_.currency, per=per)


def _numbers(low: str, words: _Words) -> Iterator[Quantity]:
    for match in _BARE.finditer(low):
        value = figure(match.group(), decimal=".")
        if not _is_no_count(low, match.start(), match.end(), value, words):
            yield _counted(low, match.start(), match.end(), value, words)
    for match in _THOUSANDS.finditer(low):
        yield _counted(low, match.start(), match.end(), float(match[1].replace(",", ".")) * 1000, words)
    for match in words.spelt.finditer(low):
        value = float(words.numbers[match.group()])
        yield Quantity(start=match.start(), end=match.end(), value=value, measure=Measure.BARE, spelt=True)


def _is_no_count(low: str, start: int, end: int, value: float, words: _Words) -> bool:
    """Whether a bare number names something, or is an hour, a day or a year."""
    after = low[end : end + _AROUND].lstrip(" ")
    before = _WORD_BEFORE.search(low, max(0, start - _AROUND), start)
    return (
        words.clock.match(after) is not None
        or words.months.match(after.lstrip(". ")) is not None
        or (before is not None and words.months.match(before[1]) is not None)
        or (value in _YEARS and low[start:end].isdigit())
        or _is_named(low, start, words)
    )


def _counted(low: str, start: int, end: int, value: float, words: _Words) -> Quantity:
    after = _WORD.match(low, end + 1) if low[end : end + 1] in (" ", "\u00a0") else None
    if after and after.group() in words.measures:
        return Quantity(start=start, end=after.end(), value=value, measure=Measure.COUNT, unit=after.group())
    return Quantity(start=start, end=end, value=value, measure=Measure.BARE)


def _is_named(low: str, start: int, words: _Words) -> bool:
    return words.names.search(low[max(0, start - _AROUND) : start]) is not None


def _disjoint(found: Iterable[Quantity]) -> list[Quantity]:
    """In order; of those that overlap, the ones found first."""
    kept: list[Quantity] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda q: q.start)


@cache
def _words(language: str) -> _Words:
    pack = data(language, "terms")["quantities"]
    numbers = {w: n for w, n in spelt_numbers(language).items() if n >= _SMALL and " " not in w}
    each = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    return _Words(
        per=re.compile(rf"[ \u00a0]?(?:(?:{pack['per']})[ ]?{_OF}|(?P<times>{pack['times']}))"),
        measures=frozenset(pack["measures"].split()),
        names=re.compile(rf"(?<!\w){pack['names']}"),
        clock=re.compile(pack["clock"]),
        months=re.compile(rf"(?:{pack['months']})"),
        days=re.compile(rf"(?<![\w.])(?:{pack['days']})(?!\w)"),
        free=re.compile(pack["free"]),
        old_before=re.compile(rf"(?<!\w)(?:{pack['old_before']})\s?$"),
        old_after=re.compile(pack["old_after"]),
        bounds=re.compile(rf"(?<!\w)(?:{pack['bounds']})\s?$"),
        restates=re.compile(rf"(?<!\w)(?:{pack['restates']})\s?$"),
        spelt=re.compile(rf"(?<![\w-])(?:{each})(?![\w-])"),
        numbers=numbers,
        any=re.compile(rf"\d|(?<![\w-])(?:{pack['single']}|{each})"),
    )
