"""Judges that were learned from labelled stories: weights of features, their sum as a chance, and a bar.

Weights stand beside the modules that use them (`stances.toml`, `contradictions.toml`); `python -m bench.positions
--fit` writes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path

import msgspec

_FARTHEST = 30.0  # of a sum of weights; further out nothing changes


class Judge(msgspec.Struct, frozen=True):
    """One logistic regression. Features that have no weight count for nothing."""

    bar: float  # the least chance of a yes
    weights: dict[str, float]

    def chance(self, features: Mapping[str, float]) -> float:
        """How likely the answer is yes, 0 … 1."""
        total = sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))


@cache
def judge(name: str) -> Judge:
    """The judge that comes with Suhde under this name."""
    return msgspec.convert(tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")), Judge)
