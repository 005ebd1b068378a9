"""Weighs where a contract may state a fact: cue words of the passage and its headings, and what stands by a value.

A fact's rule is data (`languages/<code>/contracts.toml`): a passage must match `needs`; `cues`, `headings`, and for
facts with a value `before` and `after` it, are pairs of a pattern and a weight. `bias` plus the weights that apply is
a candidate's weight, and its logistic function the chance that the contract states the fact there: weights are set in
log-odds, and `bench.contracts` shows how well they are calibrated.

A classifier over sentence states (`nlp.encoder`) can take the place of `cues`: see `Second`, which adds to a weight.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from languages import data
from nlp.amounts import Day, Period, periods, written_days
from nlp.clauses import Passage

_BEFORE, _AFTER = 90, 60  # code points that are looked at on either side of a value
_SUREST = 2.8  # log-odds beyond which more words make nothing surer: of the surest facts nine in ten are right
_LONGEST = 1600  # code points of a passage that are read

Second = Callable[[str, Passage], float]  # (fact, passage) → log-odds to add


class Candidate(NamedTuple):
    """A place where a fact may be stated, and how much speaks for it, in log-odds."""

    weight: float
    passage: Passage
    value: Period | Day | None  # offsets into the passage's text

    @property
    def chance(self) -> float:
        """How likely it is right, 0 to 0.94."""
        return 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, self.weight))))


class _Rule(NamedTuple):
    """One fact's rule, compiled."""

    kind: str  # period, day or words
    units: frozenset[str]
    needs: re.Pattern[str]
    bias: float
    cues: tuple[tuple[re.Pattern[str], float], ...]
    headings: tuple[tuple[re.Pattern[str], float], ...]
    before: tuple[tuple[re.Pattern[str], float], ...]
    after: tuple[tuple[re.Pattern[str], float], ...]
    early: float  # for standing at the very beginning


def candidates(
    fact: str, said: Sequence[Passage], language: str, second: Second | None = None
) -> tuple[Candidate, ...]:
    """Where the fact may be stated, likeliest first; of equals the first in the text."""
    rule = _rules(language).get(fact)
    if rule is None:
        return ()
    found = [c for passage in said for c in _weighed(fact, rule, passage, language, second)]
    return tuple(sorted(found, key=lambda c: -c.weight))


def _weighed(fact: str, rule: _Rule, passage: Passage, language: str, second: Second | None) -> Iterator[Candidate]:
    text = passage.text[:_LONGEST]
    low = text.lower()
    whole = f"{passage.lead} {low}" if passage.lead else low
    if len(low) != len(text) or not rule.needs.search(whole):
        return
    weight = rule.bias + _sum(rule.cues, whole) + _sum(rule.headings, passage.heading)
    weight += rule.early / (1 + passage.start / 1000)
    weight += second(fact, passage) if second else 0.0
    if rule.kind == "words":
        yield Candidate(weight, passage, None)
        return
    values: Sequence[Period | Day] = periods(text, language) if rule.kind == "period" else written_days(text, language)
    for value in values:
        if isinstance(value, Period) and value.unit not in rule.units:
            continue
        at = len(whole) - len(low) + value.start
        before = whole[max(0, at - _BEFORE) : at]
        after = low[value.end : value.end + _AFTER]
        yield Candidate(weight + _sum(rule.before, before) + _sum(rule.after, after), passage, value)


def _sum(pairs: Sequence[tuple[re.Pattern[str], float]], low: str) -> float:
    return sum(weight for pattern, weight in pairs if pattern.search(low)) if low else 0.0


@cache
def _rules(language: str) -> Mapping[str, _Rule]:
    return {name: _rule(table) for name, table in data(language, "contracts")["facts"].items()}


def _rule(table: Mapping[str, Any]) -> _Rule:
    def pairs(key: str) -> tuple[tuple[re.Pattern[str], float], ...]:
        return tuple((re.compile(pattern), float(weight)) for pattern, weight in table.get(key, ()))

    return _Rule(
        kind=table["value"],
        units=frozenset(table.get("units", "").split()),
        needs=re.compile(table["needs"]),
        bias=float(table["bias"]),
        cues=pairs("cues"),
        headings=pairs("headings"),
        before=pairs("before"),
        after=pairs("after"),
        early=float(table.get("early", 0)),
    )
