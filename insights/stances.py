"""Whether a number in a sentence is somebody's position: features weighed by what labelled stories taught.

One logistic regression (`insights.weighing`) over what the models say of the sentence, which stands its words take, how
the number is written, and how it fits what is bargained over already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from corpus.document import DocumentKind
from insights.letters import Letter
from insights.notes import Notes
from insights.statements import Statement, is_spoken_by_both
from nlp.findings import Act
from nlp.minutes.items import ItemType
from nlp.quantities import Measure, Quantity, is_bound, is_restated
from nlp.terms import clause, stands

_ACTS = (Act.PROPOSE, Act.ACCEPT, Act.DECLINE, Act.COMMIT, Act.REQUEST, Act.QUESTION, Act.FULFIL)
_NEAR = 70  # code points around a number in which words take a stand on it
_WEAK = (Measure.BARE, Measure.COUNT)
_FEW, _MANY = 7, 3  # words of a short sentence; numbers of a full one
_OPENING = 400  # code points of a mail that say what it brings


class Fit(NamedTuple):
    """How a number fits a negotiation that is under way; all zero where there is none."""

    score: float = 0.0
    same_value: bool = False
    near_value: bool = False
    theirs: bool = False  # the value that the other side said last
    answers: bool = False  # a letter with a position in it
    same_thread: bool = False
    repeated: bool = False  # by the same side in the same letter
    mere: bool = False  # only with what the same side says in the same letter: nobody answered yet


NONE = Fit()


def features(said: Statement, quantity: Quantity, kind: str | None, fit: Fit, named: bool) -> dict[str, float]:
    """The figures of one number in a statement; those that are 0 are left out. `named`: it is told who said it."""
    found = {"bias": 1.0}
    found |= _of_model(said)
    found |= _of_words(said, quantity)
    found |= _of_number(said, quantity, kind)
    found |= _of_fit(fit, found)
    noted = is_spoken_by_both(said.letter)
    found |= {"noted": noted, "named": named, "noted named": noted and named}
    if noted:
        found |= {f"item {kind}": 1.0 for kind in _items(said)}
    return {name: float(value) for name, value in found.items() if value}


def _of_fit(fit: Fit, words: Mapping[str, float]) -> dict[str, float]:
    if fit.mere:
        return {"mere": 1.0, "repeated": float(fit.repeated)}
    return {
        "fits": min(fit.score, 4.0) / 4,
        "same value": float(fit.same_value),
        "near value": float(fit.near_value),
        "same agrees": float(fit.same_value and "says agrees" in words),
        "same refuses": float(fit.same_value and "clause refuses" in words),
        "theirs": float(fit.theirs),
        "theirs agrees": float(fit.theirs and "clause agrees" in words),
        "answers": float(fit.answers),
        "same thread": float(fit.same_thread),
        "repeated": float(fit.repeated),
    }


def _of_model(said: Statement) -> dict[str, float]:
    if said.finding is None:
        return {"silent": 1.0}
    return {f"model {act.value}": said.finding.confidence.get(act.value, 0.0) for act in _ACTS} | {
        "model issue": float(said.finding.issue is not None),
        "conditional": float(said.finding.conditional),
    }


def _of_words(said: Statement, quantity: Quantity) -> dict[str, float]:
    near = said.text[max(0, quantity.start - _NEAR) : quantity.end + _NEAR]
    taken = {f"says {stand}": 1.0 for stand in stands(near, said.language)}
    taken |= {f"clause {stand}": 1.0 for stand in stands(clause(said.text, quantity), said.language)}
    title = f"{said.letter.subject} {said.heading}"
    drafted = float("draft" in stands(title, said.language) or _is_drafting(said.letter, said.language))
    return taken | {
        "draft": drafted, "row": float(said.row), "draft row": drafted * said.row,
        "question": float(said.text.rstrip().endswith("?")), "short": float(len(said.text.split()) <= _FEW),
    }  # fmt: skip


def _of_number(said: Statement, quantity: Quantity, kind: str | None) -> dict[str, float]:
    first = said.quantities[0]
    return {
        f"measure {quantity.measure.value}": 1.0,
        "per": float(bool(quantity.per)),
        "kind": float(kind is not None),
        f"kind {kind}": float(kind not in (None, "price")),
        "spelt": float(quantity.spelt),
        "many": float(len(said.quantities) > _MANY),
        "bound": float(is_bound(said.text, quantity, said.language)),
        "restated": float(first is not quantity and is_restated(said.text, quantity, said.language)),
        "beside": float(quantity.measure in _WEAK and any(q.measure not in _WEAK for q in said.quantities)),
        "column": float(bool(said.column)),
        "free": float(quantity.value == 0 and quantity.measure is Measure.MONEY),
    }


def _items(said: Statement) -> frozenset[ItemType]:
    """The types of the minutes' items that a statement stands in."""
    read = said.letter.read
    if not isinstance(read, Notes):
        return frozenset()
    start, end = said.place
    return frozenset(i.type for i in read.items if i.source.start < end and start < i.source.end)


def _is_drafting(letter: Letter, language: str) -> bool:
    """Whether a mail says in its opening that it brings an offer."""
    if letter.kind is not DocumentKind.EMAIL:
        return False
    return any(Act.PROPOSE in f.acts for f in letter.findings) and "draft" in stands(letter.text[:_OPENING], language)
