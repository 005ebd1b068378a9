"""What a number of a sentence is a term of, and which stand the sentence takes on it.

A kind of term ("payment_time", "price" …) has words and the measures that fit it; of those in a sentence it is the
nearest, a little rather before the number than after it. Stands are words that offer, agree, refuse, report what is
past and so on. All words are data (`languages/<code>/terms.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from languages import codes, data
from nlp.amounts import lowered
from nlp.quantities import Measure, Quantity

_FAR = 90  # code points between a number and the words that say what it is of
_ABREAST = 15  # distances that differ by less are one; then the kind that stands first in the pack counts
_AFTER = 30  # code points that words after a number count as farther away
_COUNTED = frozenset({Measure.MONEY, Measure.COUNT, Measure.BARE})  # what a bare number may be
_MARK = re.compile(r"[,;:.]\s|\s[–—-]\s")
_CLAUSE = re.compile(r"[;.:|\t]\s|\s[–—-]\s")
_ACROSS = 25  # code points that a clause's end counts for


class Kind(NamedTuple):
    """One kind of term of one language."""

    name: str
    words: re.Pattern[str]
    measures: frozenset[Measure]


def kind(text: str, quantity: Quantity, language: str, around: str = "") -> str | None:
    """What kind of term a quantity of a sentence is of; `around` are words of a heading or title, asked last.

    None where no words tell.
    """
    low = lowered(text)
    found = [
        (_distance(low, match.start(), match.end(), quantity) // _ABREAST, n, each.name)
        for n, each in enumerate(_kinds(language))
        if quantity.measure in each.measures or (quantity.measure is Measure.BARE and each.measures & _COUNTED)
        for match in each.words.finditer(low)
    ]
    near = [one for one in found if one[0] <= _FAR // _ABREAST]
    if near:
        return min(near)[2]
    headed = lowered(around)
    fit = (k for k in _kinds(language) if quantity.measure in k.measures and headed and k.words.search(headed))
    return next((k.name for k in fit), "price" if quantity.measure is Measure.MONEY else None)


def stands(text: str, language: str) -> frozenset[str]:
    """Which stands a stretch takes by its words: names of the pack's `stands`."""
    low = lowered(text)
    return frozenset(name for name, pattern in _stands(language).items() if pattern.search(low))


def takes(text: str, stand: str, language: str) -> bool:
    """Whether a stretch takes one stand."""
    return _stands(language)[stand].search(lowered(text)) is not None


def clause(text: str, quantity: Quantity) -> str:
    """The part of a sentence between the marks around a quantity."""
    start = max((m.end() for m in _MARK.finditer(text, 0, quantity.start)), default=0)
    end = _MARK.search(text, quantity.end)
    return text[start : end.start() if end else len(text)]


def _distance(low: str, start: int, end: int, quantity: Quantity) -> int:
    """How far words are from a number, in code points."""
    if end <= quantity.start:
        between, far = low[end : quantity.start], quantity.start - end
    elif start >= quantity.end:
        between, far = low[quantity.end : start], start - quantity.end + _AFTER
    else:
        return 0
    return far + _ACROSS * len(_CLAUSE.findall(between))


@cache
def _kinds(language: str) -> tuple[Kind, ...]:
    table = data(_known(language), "terms")["kinds"]
    return tuple(
        Kind(name, re.compile(each["words"]), frozenset(map(Measure, each["units"].split())))
        for name, each in table.items()
    )


@cache
def _stands(language: str) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(words) for name, words in data(_known(language), "terms")["stands"].items()}


def _known(language: str) -> str:
    return language if language in codes() else codes()[0]
