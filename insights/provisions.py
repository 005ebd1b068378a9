"""The passages of contracts with a number or a day in them, and which of them a statement says something else than."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from insights.contracts import Contract
from insights.letters import Letter
from insights.statements import Statement
from insights.versions import paper_of
from insights.wording import Weights, stems
from nlp.clauses import clauses, passages
from nlp.quantities import Measure, Quantity, days_as_quantities, quantities
from nlp.terms import kind

_MANY = frozenset({"price", "delivery_date", "start_date", "end_date"})  # of these a contract may have several
_LEAST = 0.12  # likeness of words below which they do not tell which one of several is meant
_FEW = 4  # stems of a sentence that leaves it to the one before to say what it is about
_ALIKE = 0.3  # likeness that tells without it
_DAYS = {"hour": 1 / 24, "day": 1.0, "working_day": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.3, "year": 365.0}
_START = datetime(2000, 1, 1, tzinfo=UTC)
_NEARLY = 0.02  # of values that are the same: months counted as days


class Provision(NamedTuple):
    """A number or day of a contract, and the passage that it stands in."""

    letter: Letter
    contract: Contract
    place: tuple[int, int]
    quantity: Quantity
    term: str | None
    words: frozenset[str]


class Provisions:
    """The provisions of a relationship's contracts, to hold statements against."""

    def __init__(self, held: Sequence[tuple[Letter, Contract]]) -> None:
        self._weights = Weights()
        self._all = [p for letter, contract in held for p in self._of(letter, contract)]

    def before(self, letter: Letter) -> bool:
        """Whether a letter came after one of the contracts."""
        return any(_is_earlier(p, letter) for p in self._all)

    def contradicted(self, said: Statement, quantity: Quantity, term: str | None) -> tuple[Provision, float] | None:
        """The provision of which a quantity says most likely something else, and how alike their words are.

        None where none is near enough, or one that is says the same.
        """
        words = stems(f"{said.text} {said.heading if said.row else ''}")
        if len(words) < _FEW:
            words |= stems(said.before)
        near = [
            (nearness, p)
            for p in self._all
            if _is_earlier(p, said.letter) and _are_alike(p.quantity, quantity)
            if (nearness := self._nearness(p, words, term)) is not None
        ]
        if not near or any(is_same(p.quantity, quantity) for _, p in near):
            return None
        _, best = max(near, key=lambda each: each[0])
        return best, self._weights.likeness(words, best.words)

    def _nearness(self, provision: Provision, words: frozenset[str], term: str | None) -> float | None:
        alike = self._weights.likeness(words, provision.words)
        same = term is not None and term == provision.term
        if same and (alike >= _LEAST or term not in _MANY):
            return alike + 1.0
        return alike if alike >= _ALIKE else None

    def _of(self, letter: Letter, contract: Contract) -> Iterator[Provision]:
        paper = paper_of(letter)
        for passage in passages(paper, clauses(paper), contract.language):
            words = stems(f"{passage.heading} {passage.text}")
            self._weights.read(words)
            found = quantities(passage.text, contract.language)
            for quantity in (*found, *days_as_quantities(passage.text, contract.language, letter.at or _START)):
                if quantity.measure is not Measure.BARE:
                    term = kind(passage.text, quantity, contract.language, passage.heading)
                    yield Provision(letter, contract, (passage.start, passage.end), quantity, term, words)


def _is_earlier(provision: Provision, letter: Letter) -> bool:
    at = provision.letter.at
    return at is None or (letter.at is not None and at < letter.at)


def _are_alike(held: Quantity, said: Quantity) -> bool:
    """Whether two quantities can be of one term."""
    if said.measure is Measure.BARE:
        return held.measure is Measure.MONEY and 0.5 < said.value / held.value < 2 if held.value else False
    if held.measure is not said.measure:
        return False
    return said.measure is not Measure.MONEY or held.unit == said.unit


def is_same(held: Quantity, said: Quantity) -> bool:
    """Whether two quantities of one measure have one value."""
    if held.measure is not said.measure:
        return False
    a, b = (q.value * _DAYS.get(q.unit, 1.0) if q.measure is Measure.TIME else q.value for q in (held, said))
    return abs(a - b) <= _NEARLY * max(abs(a), abs(b)) if said.measure is not Measure.DAY else a == b
