"""Numbers and claims in stories as examples of positions and contradictions, and weights learned from them.

The truth's positions are put on the table as they come, so that each number is judged by what a careful reader would
know of the negotiation before it. Two logistic regressions start from weights that say what a feature is for (`PRIOR`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
import numpy as np

from bench.notes_fit import regression
from bench.told import Told
from insights.bargaining import Candidate, Table, find_negotiations
from insights.contradictions import Claim, claimed
from insights.papers import find_contracts
from insights.statements import Statement
from insights.weighing import Judge, judge

MAIL = Path(__file__).parent / "data" / "positions-mail.jsonl"
_ALIKE = 0.6  # share of words from which a sentence is what the truth quotes (as in score.py)

# What is believed before any example is seen.
PRIOR: dict[str, dict[str, float]] = {
    "stances": {
        "bias": -2.5, "silent": 0.2, "model propose": 2.5, "model accept": 2.0, "model decline": 0.5,
        "model commit": 0.3, "model request": 0.2, "model fulfil": -1.0, "model issue": -0.6,
        "conditional": 0.3, "says offers": 1.2, "says agrees": 0.8, "says refuses": 0.6, "says yields": 0.4,
        "says past": -1.0, "says mere": -1.0, "says contract": -0.8, "says addressed": -0.3,
        "says condition": 0.2, "draft row": 1.5, "draft": 0.3, "short": 0.3, "measure bare": -0.7,
        "measure time": -0.6, "measure count": -0.6, "kind": 0.4, "spelt": -0.5, "fits": 2.5, "same value": 0.7,
        "near value": 0.4, "answers": 0.8, "same thread": 0.4, "repeated": -1.5, "noted named": 1.0,
        "item proposal": 1.5, "item rejection": 1.0, "item agreement": 1.0, "item decision": 0.8, "column": 1.0,
        "many": -0.4, "clause offers": 0.6, "clause agrees": 0.3, "clause past": -0.3, "clause mere": -0.5,
        "bound": -0.4, "restated": -0.8, "beside": -0.4, "same refuses": -1.5, "theirs agrees": 0.5,
    },
    "contradictions": {
        "bias": -2.5, "like": 3.0, "same term": 1.2, "own term": 0.4, "says asserts": 0.8, "says contract": 0.6,
        "says offers": -0.8, "says agrees": -0.6, "says condition": -0.6, "says mere": -0.5, "says past": -0.3,
        "model propose": -2.0, "model accept": -0.6, "model request": -0.8, "model question": -2.0,
        "model commit": -0.2, "question": -1.5, "conditional": -0.5, "issue": 0.4, "row": -0.5, "many": -0.5,
        "near": 0.5, "mail": 0.3, "measure day": -0.5, "cites": -1.0, "position": -2.0,
    },
}  # fmt: skip


class Example(NamedTuple):
    """A number or claim, and whether the truth has it."""

    features: Mapping[str, float]
    label: bool
    weight: float = 1.0


class Examples(NamedTuple):
    """Those of one story; `unseen` are the truth's that no number or claim stands for."""

    examples: list[Example]
    unseen: int


def positions(story: Told, score: ModuleType) -> Examples:
    """Every number that a story's letters hold, as a position or none."""
    true = [p for n in story.truth.get("negotiation") or [] for p in n["positions"]]
    table, used, found = Table(story.us, story.them), set[int](), []
    for letter in story.letters:
        for candidate in table.read(letter):
            hit = next((n for n, p in enumerate(true) if n not in used and _is_it(candidate, p, story, score)), None)
            found.append(Example(candidate.figures, hit is not None))
            if hit is not None:
                used.add(hit)
                table.put(candidate, 1.0)
    return Examples(found, len(true) - len(used))


def contradictions(story: Told, score: ModuleType) -> Examples:
    """Every claim of a story that differs from its contracts, as a contradiction or none."""
    true = story.truth.get("consistency") or []
    negotiations = find_negotiations(story.letters, story.us, story.them)
    judged, used, found = judge("contradictions"), set[int](), []
    for claims in claimed(story.letters, find_contracts(story.letters, ()), negotiations):
        best: Claim = max(claims, key=lambda claim: judged.chance(claim.figures))
        said = best.said
        hit = next((n for n, c in enumerate(true) if n not in used and _quotes(said, c, story, score)), None)
        found.append(Example(best.figures, hit is not None))
        used |= set() if hit is None else {hit}
    return Examples(found, len(true) - len(used))


def of_mail() -> list[Example]:
    """Numbers of real mail as features alone, judged by a reader."""
    return [msgspec.json.decode(line, type=Example) for line in MAIL.read_bytes().splitlines()]


def fitted(name: str, examples: Sequence[Example], bar: float) -> Judge:
    """A judge that learned from these."""
    prior = PRIOR[name]
    names = sorted({n for e in examples for n in e.features} | set(prior))
    rows = np.array([[e.features.get(n, 0.0) for n in names] for e in examples])
    target = np.array([float(e.label) for e in examples])
    weights = np.array([e.weight for e in examples])
    learned = regression(rows, target, np.array([prior.get(n, 0.0) for n in names]), counts=weights)
    return Judge(bar, dict(zip(names, learned.tolist(), strict=True)))


def _is_it(candidate: Candidate, position: Mapping[str, Any], story: Told, score: ModuleType) -> bool:
    same: bool = score.same_value(position.get("value"), candidate.quantity.value)
    return same and _quotes(candidate.said, position, story, score)


def _quotes(said: Statement, item: Mapping[str, Any], story: Told, score: ModuleType) -> bool:
    """Whether a statement is the sentence that an item of the truth quotes."""
    letter = said.letter
    ref = story.truth["documents"][item["in"]].get("ref")
    if not score.same_document(ref, {"message_id": letter.message_id, "file": letter.file}):
        return False
    quote = letter.text[slice(*said.place)]
    longest = 3 * len(score.words(item["evidence"])) + 20
    return score.likeness(item["evidence"], quote) >= _ALIKE and len(score.words(quote)) <= longest
