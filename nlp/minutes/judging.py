"""Whether a sentence of minutes is an item, and of which type: features weighed by what labelled minutes taught.

For each group of types one logistic regression, and for the three types of the group "act" one each; a sentence is an
item of the likeliest group among those over their bars. Bars differ between what is written and what is spoken: of an
hour of talk only little is worth putting on record. Figures stand in `weights.toml`, which
`python -m bench.notes --fit` writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path
from typing import Self

import msgspec

from nlp.minutes.items import ItemType

ACTS = (ItemType.DECISION, ItemType.ACTION, ItemType.AGREEMENT)
ACT = "act"
GROUPS = (ACT, ItemType.PROPOSAL, ItemType.OPEN_QUESTION, ItemType.ISSUE, ItemType.REJECTION)
_FARTHEST = 30.0  # of a sum of weights; further out nothing changes


class Judge(msgspec.Struct, frozen=True):
    """What was learned. Names are those of groups and types; features are those of `evidence`."""

    weights: dict[str, dict[str, float]]
    bars: dict[str, dict[str, float]]  # "spoken", "written" → group → least chance

    @classmethod
    def load(cls) -> Self:
        """The judge that comes with Suhde."""
        return msgspec.convert(tomllib.loads(_shipped()), cls)

    def chance(self, name: str, features: Mapping[str, float]) -> float:
        """How likely a sentence with these features is an item of a group, or an act of a type (0 … 1)."""
        weights = self.weights[name]
        total = sum(weights.get(feature, 0.0) * value for feature, value in features.items())
        return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))

    def verdict(self, features: Mapping[str, float], *, spoken: bool) -> tuple[ItemType, float] | None:
        """An item's type and its chance, None where a sentence is none."""
        bars = self.bars["spoken" if spoken else "written"]
        chances = {group: self.chance(group, features) for group in GROUPS}
        over = [group for group in GROUPS if chances[group] >= bars[group]]
        if not over:
            return None
        group = max(over, key=chances.__getitem__)
        kind = ItemType(group) if group != ACT else max(ACTS, key=lambda each: self.chance(each, features))
        return kind, chances[group]


@cache
def _shipped() -> str:
    return (Path(__file__).parent / "weights.toml").read_text(encoding="utf-8")
