"""Practices: how often what was planted is told, and how often something is told where nothing is.

    python -m bench.practices [--times N]

Relationships are made by a recipe, as insights, and go the whole way through the study.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import msgspec

from bench.made_relationships import UNITS, Recipe, last_day, made
from insights.practices.chance import wilson
from insights.practices.patterns import Pattern, Study
from insights.practices.policy import Answers, Policy, Promises
from insights.practices.study import study

TIMES = 30  # studies of each recipe; five times as many where nothing is planted
_POLICY = Policy(answers=Answers(share=0.4), promises=Promises(share=0.4))  # kept by far


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """What is planted, the pattern that tells it."""

    name: str
    recipe: Recipe
    topic: str
    group: str
    policy: Policy = _POLICY


PLANTED = (
    Planted(
        name="one of two units keeps 60 % of promises, the other 85 %; 30 relationships of a year",
        recipe=Recipe(relationships=30, months=12, kept=0.85, kept_in_south=0.60),
        topic="promise.unit", group="North",
    ),
    Planted(
        name="slow times double the rate of escalations; 150 relationships of four years",
        recipe=Recipe(relationships=150, months=48, escalations=0.12, escalated_when_slow=2.0),
        topic="escalation.late_answers", group="",
    ),
    Planted(
        name="delivery troubles in 55 % of the months with one supplier, 5 % elsewhere; 30 relationships of two years",
        recipe=Recipe(relationships=30, delivery_with_first=0.8),
        topic="issues.recurring", group="delivery",
    ),
    Planted(
        name="suppliers are answered in time in 55 %, customers in 75 %; 40 relationships of two years",
        recipe=Recipe(in_time_with_suppliers=0.55),
        topic="answer.kind", group="customer",
    ),
    Planted(
        name="75 % of answers in time where the policy asks for 85 %; 20 relationships of a year",
        recipe=Recipe(relationships=20, months=12),
        topic="answer.policy", group="",
        policy=msgspec.structs.replace(_POLICY, answers=Answers(share=0.85)),
    ),
    Planted(
        name="half of the promises due before a contract is lost are kept, 80 % otherwise; 80 contracts",
        recipe=Recipe(relationships=80, months=12, kept_before_loss=0.5, promises=2.0),
        topic="lost.our_promises", group="lost",
    ),
)  # fmt: skip
NOTHING = {
    "nothing; 40 relationships of two years": Recipe(),
    "nothing; 15 relationships of a year": Recipe(relationships=15, months=12),
    "nothing; 100 relationships of a year, contracts too": Recipe(relationships=100, months=12, kept_before_loss=0.8),
}


def main() -> None:
    """Print both tables."""
    times = int(sys.argv[sys.argv.index("--times") + 1]) if "--times" in sys.argv else TIMES
    begun, rates = time.perf_counter(), list[float]()
    with ProcessPoolExecutor(2) as pool:
        for planted in PLANTED:
            studies = list(pool.map(partial(conduct, planted.recipe, planted.policy), range(times), chunksize=5))
            rates.append(_print_power(planted, studies))
        for name, recipe in NOTHING.items():
            studies = list(pool.map(partial(conduct, recipe, _POLICY), range(1000, 1000 + 5 * times), chunksize=5))
            _print_null(name, studies)
    print(f"false discovery rate over all that is planted {sum(rates) / len(rates):.3f}")
    print(f"{time.perf_counter() - begun:.0f} s")


def conduct(recipe: Recipe, policy: Policy, seed: int) -> Study:
    """One study of made relationships."""
    return study(made(recipe, seed), last_day(recipe), policy, UNITS)


def _print_power(planted: Planted, studies: list[Study]) -> float:
    """Print a row; returns the mean share of false patterns in a study."""
    told = [[f for f in s.patterns if _tells(f, planted)] for s in studies]
    false = [1 - len(t) / len(s.patterns) if s.patterns else 0.0 for s, t in zip(studies, told, strict=True)]
    power = wilson(sum(map(bool, told)), len(studies))
    inside = [t[0].effect for t in told if t]
    effect = sum(inside) / len(inside) if inside else float("nan")
    rate = sum(false) / len(false)
    print(
        f"{planted.name}\n  {planted.topic}: power {power.value:.2f} ({power.low:.2f}–{power.high:.2f}), effect told"
        f" {effect:+.3f}, false discovery rate {rate:.3f}, {studies[0].tests} comparisons"
    )
    return rate


def _tells(found: Pattern, planted: Planted) -> bool:
    first = found.relationship in (None, "r0.example")
    return first and (found.topic, found.group) == (planted.topic, planted.group)


def _print_null(name: str, studies: list[Study]) -> None:
    some = wilson(sum(bool(s.patterns) for s in studies), len(studies))
    print(f"{name}\n  any pattern: {some.value:.3f} ({some.low:.3f}–{some.high:.3f}), tests {studies[0].tests}, "
          f"topics told: {sorted({f.topic for s in studies for f in s.patterns})}")  # fmt: skip


if __name__ == "__main__":
    main()
