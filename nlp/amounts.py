"""Amounts in running text: periods, money, shares in per cent, and days written out in full.

The words are data (`languages/<code>/amounts.toml`). What is found is a verbatim stretch with its value; overlapping
finds give the longest. Not known here: what an amount is for, and days that a calendar must resolve (`nlp.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from languages import data
from nlp.timex.calendar import plus_months

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PAST_CENTURY = 50  # a year of two digits from here on is one of 19..
_SPACE = r"[ \u00a0\u202f]"
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3}){0,5}(?!\d)(?:[.,]\d{1,4})?(?!\d)|\d{1,15}(?:[.,]\d{1,4})?"
_PLAIN = r"\d{1,4}(?:[.,]\d)?"
_MORE = rf"(?:(?:{_SPACE}?(?:/|,|–|-|or|tai|ja|and){_SPACE}?)\d{{1,3}}(?!\d)){{0,4}}"  # "12/24/36 months": the first
_FILLERS = {
    "day": r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)",
    "mon": r"(?P<mon>0?[1-9]|1[0-2])(?!\d)",
    "year": r"(?P<year>(?:19|20)\d\d|\d\d)(?!\d)",
}
_FILL = re.compile(r"\{(day|mon|year|month)\}")


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A length of time. `unit` is hour, day, working_day, week, month, quarter or year."""

    start: int  # code points into the text that was given
    end: int
    length: int
    unit: str
    others: tuple[int, ...] = ()  # lengths named beside it, as in "12/24/36 months"

    @property
    def months(self) -> int | None:
        """The same in months, where its unit makes whole ones."""
        return self.length * _MONTHS[self.unit] if self.unit in _MONTHS else None

    def after(self, day: date) -> date | None:
        """The day so long after `day`; None where no calendar tells (hours, working days) or it runs off the years."""
        return shifted(day, self.length, self.unit)


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """A sum. `currency` is an ISO 4217 code."""

    start: int
    end: int
    amount: float
    currency: str


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """So many per cent."""

    start: int
    end: int
    percent: float


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day written with its year."""

    start: int
    end: int
    day: date


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_Found = TypeVar("_Found", bound=_Placed)


def shifted(day: date, length: int, unit: str) -> date | None:
    """The day `length` units after `day`, before it where negative; None where no calendar tells."""
    try:
        if unit in _MONTHS:
            return plus_months(day, length * _MONTHS[unit])
        factor = {"day": 1, "week": 7}.get(unit)
        return None if factor is None else date.fromordinal(day.toordinal() + length * factor)
    except (ValueError, OverflowError):
        return None


def periods(text: str, language: str) -> tuple[Period, ...]:
    """The periods in a text, in order: "thirty (30) days", "12-month", "kolmen kuukauden"."""
    grammar = _grammar(language)
    low = lowered(text)
    return _longest(found for reader in grammar.periods for found in reader(low))


def money(text: str, language: str) -> tuple[Money, ...]:
    """The sums of money in a text, in order: "EUR 74,000", "2 340 euroa", "$1.5 million"."""
    grammar = _grammar(language)
    return _longest(_sums(lowered(text), grammar))


def shares(text: str, language: str) -> tuple[Share, ...]:
    """The percentages in a text, in order: "0,2 %", "one per cent (1 %)"."""
    grammar = _grammar(language)
    found = []
    for match in grammar.share.finditer(lowered(text)):
        value = _number(match["words"], match["number"], grammar)
        if value is not None:
            found.append(Share(start=match.start(), end=match.end(), percent=value))
    return _longest(found)


def spelt_numbers(language: str) -> Mapping[str, int]:
    """What the numbers are that a language writes in words."""
    return _grammar(language).numbers


def written_days(text: str, language: str) -> tuple[Day, ...]:
    """The days written with their year, in order: "6th day of March, 2006", "1. toukokuuta 2024"."""
    grammar = _grammar(language)
    low = lowered(text)
    return _longest(found for form in grammar.days for found in _days(low, form, grammar.months))


class _Grammar(NamedTuple):
    """A language's words, compiled."""

    numbers: Mapping[str, int]
    periods: tuple[Callable[[str], Iterator[Period]], ...]
    money: re.Pattern[str]
    currencies: Mapping[str, str]
    scales: Mapping[str, int]
    decimal: str
    share: re.Pattern[str]
    days: tuple[re.Pattern[str], ...]
    months: Mapping[str, int]


@cache
def _grammar(language: str) -> _Grammar:
    pack = data(language, "amounts")
    numbers = {word: int(value) for value, word in _words(pack["numbers"])}
    currencies = {word: code for code, word in _words({k: v for k, v in pack["money"].items() if k.isupper()})}
    scales = {word: int(value) for value, word in _words(pack["money"]["scales"])}
    spelt = _alternatives(numbers)
    # "thirty-five (35)", "thirty", "35", "$ 35": words, then figures in brackets, or figures alone
    counted = (
        rf"(?:(?P<words>(?:{spelt})(?:[ -](?:{spelt}))?){_SPACE}?)?(?:\(?{_SPACE}?(?P<number>{_NUMBER}){_SPACE}?\)?)?"
    )
    months = {word: n for n, words in enumerate(pack["days"]["month"], 1) for word in words.split()}
    sign, scale = _alternatives(currencies), _alternatives(scales)
    return _Grammar(
        numbers=numbers,
        periods=_period_readers(pack, numbers),
        money=re.compile(
            rf"(?<![\w.,])(?:(?P<before>{sign}){_SPACE}?(?P<first>{_NUMBER})(?:{_SPACE}?(?P<scale1>{scale})\b)?"
            rf"|(?P<second>{_NUMBER})(?:{_SPACE}?(?P<scale2>{scale})(?!{_SPACE}?(?:{sign}){_SPACE}?\d))?{_SPACE}?(?P<after>{sign})(?!\w))"
        ),
        currencies=currencies,
        scales=scales,
        decimal=pack["money"]["decimal"],
        share=re.compile(rf"(?<![\w.,]){counted}{_SPACE}?(?:\)?{_SPACE}?)(?:{pack['shares']['signs']})\)?"),
        days=tuple(_day_form(form, months) for form in pack["days"]["forms"]),
        months=months,
    )


def _period_readers(pack: Mapping[str, Mapping[str, str]], numbers: Mapping[str, int]) -> tuple[
    Callable[[str], Iterator[Period]], ...
]:  # fmt: skip
    units = {word: unit for unit, word in _words(pack["units"])}
    unit, spelt = _alternatives(units), _alternatives(numbers)
    between = pack["periods"]["between"]
    counted = re.compile(
        rf"(?<![\w.,/])(?:(?P<words>(?:{spelt})(?:[ -](?:{spelt}))?)"
        rf"(?:[ -]{{0,2}}\({_SPACE}?(?P<figure>\d{{1,3}}){_SPACE}?\))?"
        rf"|\(?(?P<number>\d{{1,3}})\)?(?P<more>{_MORE})){between}(?P<unit>{unit})(?!\w)"
    )
    ordinals = {word: int(value) for value, word in _words(pack["ordinals"])}

    def read(low: str) -> Iterator[Period]:
        for match in counted.finditer(low):
            value = int(match["figure"] or match["number"] or 0) or _spelt(match["words"], numbers)
            if value:
                others = tuple(int(n) for n in re.findall(r"\d+", match["more"] or ""))
                yield Period(
                    start=match.start(), end=match.end(), length=value, unit=units[match["unit"]], others=others
                )

    readers: list[Callable[[str], Iterator[Period]]] = [read]
    if pack["periods"]["bare"]:
        bare = re.compile(r"(?<!\w)(?:" + _unit_groups(pack["periods"]["bare"], unit) + r")(?!\w)")

        def read_bare(low: str) -> Iterator[Period]:
            for match in bare.finditer(low):
                name = next(n for n, word in match.groupdict().items() if word)
                start, end = match.span(name)
                yield Period(start=start, end=end, length=1, unit=units[match[name]])

        readers.append(read_bare)
    if pack["periods"]["anniversary"]:
        nth = re.compile(
            rf"(?<!\w)(?P<nth>{_alternatives(ordinals)})(?:{_SPACE}\(\d{{1,2}}(?:st|nd|rd|th)\))?"
            rf"(?:{_SPACE}year)?{_SPACE}{pack['periods']['anniversary']}"
        )

        def read_nth(low: str) -> Iterator[Period]:
            for match in nth.finditer(low):
                yield Period(start=match.start(), end=match.end(), length=ordinals[match["nth"]], unit="year")

        readers.append(read_nth)
    return tuple(readers)


def _unit_groups(pattern: str, unit: str) -> str:
    """Each `{unit}` of a pattern as a group of its own."""
    pieces = pattern.split("{unit}")
    return pieces[0] + "".join(f"(?P<unit{n}>{unit}){piece}" for n, piece in enumerate(pieces[1:]))


def _sums(low: str, grammar: _Grammar) -> Iterator[Money]:
    for match in grammar.money.finditer(low):
        value = figure(match["first"] or match["second"], grammar.decimal)
        scale = grammar.scales.get(match["scale1"] or match["scale2"] or "", 1)
        sign = match["before"] or match["after"]
        yield Money(start=match.start(), end=match.end(), amount=value * scale, currency=grammar.currencies[sign])


def _days(low: str, form: re.Pattern[str], months: Mapping[str, int]) -> Iterator[Day]:
    for match in form.finditer(low):
        values = match.groupdict()
        year = int(values["year"])
        if year < 100:
            year += 1900 if year >= _PAST_CENTURY else 2000
        month = months[values["month"]] if values.get("month") else int(values["mon"])
        try:
            day = date(year, month, int(values["day"]))
        except ValueError:  # no such day
            continue
        yield Day(start=match.start(), end=match.end(), day=day)


def _day_form(form: str, months: Mapping[str, int]) -> re.Pattern[str]:
    fillers = _FILLERS | {"month": f"(?P<month>{_alternatives(months)})"}
    return re.compile(r"(?<![\w/.])(?:" + _FILL.sub(lambda m: fillers[m[1]], form) + r")(?!\w)")


def _number(words: str | None, figures: str | None, grammar: _Grammar) -> float | None:
    if figures:
        return figure(figures, grammar.decimal)
    return float(_spelt(words, grammar.numbers)) if words else None


def _spelt(words: str | None, numbers: Mapping[str, int]) -> int:
    """A number in words: one of them, or tens and ones."""
    if not words:
        return 0
    if words in numbers:
        return numbers[words]
    parts = [numbers.get(part, 0) for part in re.split(r"[ -]", words)]
    tens, ones = [*parts, 0][:2]
    return tens + ones if tens >= 20 and 0 < ones < 10 else ones or tens


def figure(written: str, decimal: str) -> float:
    """Figures as a number. A mark before exactly three digits parts thousands, unless it is the language's decimal."""
    even = re.sub(_SPACE, "", written)
    marks = [n for n, sign in enumerate(even) if sign in ".,"]
    if not marks:
        return float(even)
    last = marks[-1]
    thousands = len(even) - last == 4 and (even[last] != decimal or len(marks) > 1)
    whole = even if thousands else even[:last]
    rest = "" if thousands else even[last + 1 :]
    return float(re.sub(r"[.,]", "", whole) + "." + (rest or "0"))


def _longest(found: Iterable[_Found]) -> tuple[_Found, ...]:
    """In order, the longest of those that overlap."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda f: f.start))


def _words(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for value, words in table.items():
        for word in words.split():
            yield value, word.replace("_", " ")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def lowered(text: str) -> str:
    """In lower case with the same offsets; apostrophes and white space alike."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c) == 1 else o for o, c in zip(text, map(str.lower, text), strict=True))
    return low.translate(_ALIKE)


_ALIKE = {ord("’"): "'", ord("‘"): "'", ord("´"): "'", ord("`"): "'", ord("\n"): " ", ord("\t"): " ", 0xA0: " "}
