"""The facts of a contract: for each the likeliest place, the value read there, and how sure that is.

Notable: a term's length follows from its first and last day where the contract names both, and its last day from its
beginning and length; a derived fact stands where what it was derived from stands, and is as sure as the least of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec

from languages import data
from nlp.amounts import Day, Money, Period, Share, money, periods, shares, shifted
from nlp.clauses import Passage
from nlp.contracts.candidates import Candidate, Second, candidates

SURE = 0.5  # facts that are less likely are told as unsure, never as facts
TOLD = 0.2  # and below this not told at all
_SHORT = 160  # code points of a value in prose
_RIVAL = 0.35  # how much a rival with another value takes off a fact's chance
_BEGINNING = 3  # passages
_PLAIN = 1.2  # log-odds of what one pattern says by itself
_LAST_DAY = timedelta(days=1)


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """A period as a value: so many of a unit."""

    length: int
    unit: str


Value = str | int | bool | Length


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a contract says: its value, the words [start, end) of the paper's text, and their clause."""

    value: Value
    start: int
    end: int
    clause: int
    page: int
    confidence: float


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that are sure enough by name, and those that are not."""

    sure: dict[str, Fact]
    unsure: dict[str, Fact]
    renewal: Length | None = None  # for how long it is renewed at a time, where it says


PROSE = ("late_interest", "price_change", "penalty", "sla", "liability_cap", "dispute")


def facts(said: Sequence[Passage], language: str, second: Second | None = None) -> Facts:
    """What the passages of a contract in `language` say. `second` is a classifier's opinion, see `candidates`."""

    def ranked(name: str) -> tuple[Candidate, ...]:
        return candidates(name, said, language, second)

    renewal, each = _renewal(ranked("auto_renewal"), ranked("renewal_option"), said, language)
    read: dict[str, Fact | None] = {
        "effective_date": _day(ranked("effective_date")),
        "end_date": _day(ranked("end_date")),
        "term_months": _months(ranked("term_months")),
        "indefinite": _indefinite(ranked("indefinite")),
        "auto_renewal": renewal,
        "notice": _length(ranked("notice")),
        "payment_days": _count(ranked("payment_days"), "day"),
        "governing_law": _law(ranked("governing_law"), language),
        "confidentiality_years": _count(ranked("confidentiality_years"), "year"),
        **{name: _prose(ranked(name), language) for name in PROSE},
    }
    found = {name: fact for name, fact in read.items() if fact is not None}
    derive(found)
    return Facts(
        sure={name: fact for name, fact in found.items() if fact.confidence >= SURE},
        unsure={name: fact for name, fact in found.items() if TOLD <= fact.confidence < SURE},
        renewal=each,
    )


def amends(said: Sequence[Passage], language: str) -> bool:
    """Whether a paper's beginning says that it changes another contract."""
    return any(_pattern(language, "amends").search(passage.text.lower()) for passage in said[:_BEGINNING])


def derive(found: dict[str, Fact]) -> None:
    """Add the term's length or its end, where the one follows from the other and its beginning."""
    _agree(found)
    start, end, term = (_sure(found, name) for name in ("effective_date", "end_date", "term_months"))
    endless = _sure(found, "indefinite") is not None
    if start and end and not term:
        months = _months_between(_date(start), _date(end))
        if months is not None:
            found["term_months"] = _with(end, months, min(start.confidence, end.confidence))
    if start and term and not end and not endless:
        last = shifted(_date(start), int(str(term.value)), "month")
        if last is not None:
            found["end_date"] = _with(term, last.isoformat(), min(start.confidence, term.confidence))
    if end and not endless:
        found["indefinite"] = _with(end, False, end.confidence)


def _agree(found: dict[str, Fact]) -> None:
    """Of a beginning and an end that cannot both be, drop the less likely."""
    start, end = _sure(found, "effective_date"), _sure(found, "end_date")
    if start and end and _date(end) <= _date(start):
        del found["end_date" if end.confidence < start.confidence else "effective_date"]


def _months_between(first: date, last: date) -> int | None:
    """The whole months from `first` to the end of `last`, or to its beginning; None where they are not whole."""
    after = last + _LAST_DAY
    months = after.month - first.month + 12 * (after.year - first.year)
    return months if shifted(first, months, "month") in (after, last) else None


def _date(fact: Fact) -> date:
    return date.fromisoformat(str(fact.value))


def _sure(found: Mapping[str, Fact], name: str) -> Fact | None:
    fact = found.get(name)
    return fact if fact is not None and fact.confidence >= SURE else None


def _with(fact: Fact, value: Value, confidence: float) -> Fact:
    return msgspec.structs.replace(fact, value=value, confidence=confidence)


def _fact(candidate: Candidate, value: Value, rivals: Sequence[Candidate] = ()) -> Fact:
    """A fact that stands in a candidate's passage; rivals of another value make it less sure by how near they come."""
    passage = candidate.passage
    nearest = max((r.chance for r in rivals), default=0.0)
    return Fact(
        value=value, start=passage.start, end=passage.end, clause=passage.clause, page=passage.page,
        confidence=round(candidate.chance * (1 - _RIVAL * nearest), 3),
    )  # fmt: skip


def _day(ranked: Sequence[Candidate]) -> Fact | None:
    best = next((c for c in ranked if isinstance(c.value, Day)), None)
    if best is None or not isinstance(best.value, Day):
        return None
    meant = best.value.day
    return _fact(best, meant.isoformat(), [c for c in ranked if isinstance(c.value, Day) and c.value.day != meant])


def _months(ranked: Sequence[Candidate]) -> Fact | None:
    for best in ranked:
        if isinstance(best.value, Period) and best.value.months is not None:
            months = best.value.months
            others = [c for c in ranked if isinstance(c.value, Period) and c.value.months not in (months, None)]
            return _fact(best, months, others)
    return None


def _length(ranked: Sequence[Candidate]) -> Fact | None:
    for best in ranked:
        if isinstance(best.value, Period):
            return _fact(best, Length(length=best.value.length, unit=best.value.unit))
    return None


def _count(ranked: Sequence[Candidate], unit: str) -> Fact | None:
    """The length of a period in days or years, as a number."""
    for best in ranked:
        value = _counted(best.value, unit) if isinstance(best.value, Period) else None
        if value is not None:
            return _fact(best, value)
    return None


def _counted(period: Period, unit: str) -> int | None:
    if unit == "year":
        months = period.months
        return None if months is None or months % 12 else months // 12
    return {"day": period.length, "working_day": period.length, "week": 7 * period.length}.get(
        period.unit, 30 * period.length if period.unit == "month" else None
    )


def _law(ranked: Sequence[Candidate], language: str) -> Fact | None:
    for best in ranked[:5]:
        for pattern in _patterns(language, "law"):
            if match := pattern.search(best.passage.text):
                return _fact(best, match["value"].strip(" ,.") + _table(language)["law_ends"])
    return _fact(ranked[0]._replace(weight=ranked[0].weight - 1), _words(ranked[0].passage.text)) if ranked else None


def _prose(ranked: Sequence[Candidate], language: str) -> Fact | None:
    if not ranked:
        return None
    return _fact(ranked[0], summary(ranked[0].passage.text, language))


def _indefinite(ranked: Sequence[Candidate]) -> Fact | None:
    return _fact(ranked[0], True) if ranked else None


def _renewal(
    ranked: Sequence[Candidate], options: Sequence[Candidate], said: Sequence[Passage], language: str
) -> tuple[Fact | None, Length | None]:
    """Whether it is renewed by itself, and for how long at a time."""
    best = ranked[0] if ranked else None
    if best is not None and best.chance >= SURE:
        return _fact(best, True), _each(best.passage, language)
    for passage in said:
        low = passage.text.lower()
        if any(p.search(low) for p in (*_patterns(language, "not_renewed"), *_patterns(language, "by_performance"))):
            return _fact(Candidate(_PLAIN, passage, None), False), None
    if options and options[0].chance >= SURE:
        return _fact(options[0], False), None
    return (_fact(best, True), None) if best is not None else (None, None)


def _each(passage: Passage, language: str) -> Length | None:
    """The length of a renewal: the period nearest to the words of renewing."""
    low = passage.text.lower()
    marks = [m.start() for m in _pattern(language, "renewal_length").finditer(low)]
    lengths = [p for p in periods(passage.text, language) if p.months]
    nearest = min(lengths, key=lambda p: min((abs(m - p.start) for m in marks), default=0), default=None)
    return Length(length=nearest.length, unit=nearest.unit) if nearest else None


def summary(text: str, language: str) -> str:
    """A passage in short: from its first amount to its last where it has any, else its beginning."""
    amounts: list[Money | Share | Period] = [*money(text, language), *shares(text, language), *periods(text, language)]
    if amounts:
        first, last = min(a.start for a in amounts), max(a.end for a in amounts)
        if last - first <= _SHORT:
            return text[first : min(len(text), last + 40)].strip(" ,.;") if last - first < 40 else text[first:last]
    return _words(text)


def _words(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT].rsplit(" ", 1)[0] + " …"


def _pattern(language: str, name: str) -> re.Pattern[str]:
    return next(_compiled(language, name))


def _patterns(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(language, name))


def _compiled(language: str, name: str) -> Iterator[re.Pattern[str]]:
    return iter(_values(language)[name])


def _table(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = data(language, "contracts")["values"]
    return found


@cache
def _values(language: str) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {
        name: tuple(re.compile(p) for p in ([patterns] if isinstance(patterns, str) else patterns))
        for name, patterns in _table(language).items()
    }
