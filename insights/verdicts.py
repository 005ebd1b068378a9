"""How likely something holds, by features weighed as stories with their truth taught.

One logistic regression for each question. Figures stand in `verdicts.toml`, which `python -m bench.cases --fit` writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from math import exp
from pathlib import Path

import msgspec

_FARTHEST = 30.0  # of a sum of weights; further out nothing changes


class Question(StrEnum):
    """What is asked of a sentence."""

    OPENS = "opens"  # does it tell of a trouble first?
    ENDS = "ends"  # does it end the trouble that it is held against?
    OPPORTUNITY = "opportunity"
    THREAT = "threat"


class Scale(msgspec.Struct, frozen=True):
    """What was learned for one question: the weight of each feature, and the chance from which the answer is yes."""

    bar: float
    weights: dict[str, float]


def chance(question: Question, features: Mapping[str, float]) -> float:
    """How likely the answer is yes (0 … 1). Features that nothing was learned of count for nothing."""
    return by_weight(weight(question, features))


def weight(question: Question, features: Mapping[str, float]) -> float:
    """What features weigh together, in log-odds: those of one sum may be weighed apart."""
    weights = _scales()[question].weights
    return sum(weights.get(feature, 0.0) * value for feature, value in features.items())


def at_most(question: Question, features: Iterable[str]) -> float:
    """What features from 0 to 1 can weigh together."""
    weights = _scales()[question].weights
    return sum(max(0.0, weights.get(feature, 0.0)) for feature in features)


def by_weight(total: float) -> float:
    """The chance of a sum of weights."""
    return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))


def bar(question: Question) -> float:
    """The chance from which the answer is yes."""
    return _scales()[question].bar


@cache
def _scales() -> dict[Question, Scale]:
    text = (Path(__file__).parent / "verdicts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[Question, Scale])
