"""Finding negotiations: which numbers in letters are positions, of which topic, said by whom, and what they do.

Letters are read in order of time, so that what holds as of a day is that of the letters up to it. A number joins the
negotiation that it fits best (`insights.topics`), else it begins one. Whether it is a position at all,
`insights.stances` weighs; what a side does with it follows from what was said before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.document import DocumentKind
from insights.cast import Cast
from insights.insight import Party, Side, Source
from insights.letters import Letter, other
from insights.negotiations import Negotiation, Position, PositionKind
from insights.stances import Fit, features
from insights.statements import Statement, is_spoken_by_both, statements
from insights.topics import Topic, Topics
from insights.weighing import judge
from nlp.findings import Act
from nlp.quantities import Measure, Quantity, is_old
from nlp.terms import clause, kind, stands

_AGREES, _REFUSES = 0.5, 0.5  # of a model's chance of accept and decline
_MAY_BE = 0.08  # least chance of what an answer of the other side makes a position
_ALONE = 0.55  # … and of what is one without an answer
_SUM = 100  # a bare number from here on may be a sum of money


class Candidate(NamedTuple):
    """A number in a statement, and what it fits."""

    said: Statement
    quantity: Quantity
    by: Side
    named: bool
    term: str | None
    topic: Topic | None
    fit: Fit

    @property
    def figures(self) -> dict[str, float]:
        """What speaks for and against its being a position."""
        return features(self.said, self.quantity, self.term, self.fit, self.named)

    @property
    def place(self) -> tuple[int, int]:
        """Where the number stands in its letter's text."""
        return self.said.start + self.quantity.start, self.said.start + self.quantity.end


class Table:
    """The negotiations of a relationship, as far as its letters were read."""

    def __init__(self, us: Party, them: Party) -> None:
        self.topics = Topics()
        self._cast = Cast(us, them)

    def read(self, letter: Letter) -> Iterator[Candidate]:
        """The numbers of one more letter; those that are positions must be put before the next is asked."""
        self._cast.read(letter)
        if letter.kind not in (DocumentKind.EMAIL, DocumentKind.NOTES, DocumentKind.TRANSCRIPT):
            return
        for said in statements(letter):
            for quantity in said.quantities:
                if is_old(said.text, quantity, said.language):
                    continue
                by = self._speaker(said, quantity)
                term = kind(said.text, quantity, said.language, f"{said.heading} {said.column}")
                topic, fit = self.topics.nearest(said, quantity, term, by or letter.side)
                if topic is None and _is_mere(said, quantity, term):
                    continue
                side = by or self._turn(said, quantity, topic)
                yield Candidate(said, quantity, side, by is not None, term, topic, fit)

    def keep(self, candidate: Candidate, sure: float) -> None:
        """Keep in mind what may turn out to be a position when the other side answers it."""
        if candidate.topic is None:
            topic = self.topics.open(candidate.said, candidate.quantity, candidate.term)
            topic.wait(_position(candidate, topic, sure), candidate.said)

    def put(self, candidate: Candidate, sure: float) -> None:
        """Put a position on the table."""
        topic = candidate.topic or self.topics.open(candidate.said, candidate.quantity, candidate.term)
        position = _position(candidate, topic, sure)
        topic.add(position, candidate.said)

    def _speaker(self, said: Statement, quantity: Quantity) -> Side | None:
        """The side that says a number by itself; None where a paper of both does not tell."""
        if not is_spoken_by_both(said.letter):
            return said.letter.side
        for words in (said.column, said.text[: quantity.end]):
            if named := self._cast.named(words):
                return named
        if (speaker := self._cast.named(said.heading)) and said.row:
            return speaker
        return None

    def _turn(self, said: Statement, quantity: Quantity, topic: Topic | None) -> Side:
        """Who speaks of a topic, where a paper of both sides does not tell: what both agree on is ours to keep."""
        last = topic.said[-1].by if topic else Side.OTHER
        if topic is None or last is Side.OTHER:
            return Side.US if said.letter.side is Side.OTHER else said.letter.side
        if "agrees" in stands(said.text, said.language) and quantity.value not in (p.value for p in topic.said):
            return Side.US
        return other(next((p.by for p in reversed(topic.said) if p.value == quantity.value), last))


def find_negotiations(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Negotiation, ...]:
    """What is bargained over in a relationship's letters, which are in order of time; by their beginning."""
    bargains = Bargains(us, them)
    for letter in letters:
        bargains.read(letter)
    return bargains.told()


class Bargains:
    """The negotiations of a relationship, as far as its letters were read, by their beginning."""

    def __init__(self, us: Party, them: Party) -> None:
        self._table = Table(us, them)
        self._stances = judge("stances")

    def told(self) -> tuple[Negotiation, ...]:
        """The negotiations, each with the positions so far."""
        return self._table.topics.told()

    def read(self, letter: Letter) -> None:
        """Take in one more letter."""
        table, stances = self._table, self._stances
        for candidate in table.read(letter):
            sure = stances.chance(candidate.figures)
            if sure >= (_ALONE if candidate.topic is None or candidate.fit.mere else stances.bar):
                table.put(candidate, sure)
            elif candidate.topic is not None and candidate.fit.theirs and _refuses(candidate):
                candidate.topic.answered(candidate.said)
            elif sure >= _MAY_BE:
                table.keep(candidate, sure)


def _is_mere(said: Statement, quantity: Quantity, term: str | None) -> bool:
    """Whether a number without a unit begins nothing: no words say what it is of, and nothing is offered."""
    if quantity.measure is not Measure.BARE:
        return False
    proposed = said.finding is not None and Act.PROPOSE in said.finding.acts
    return quantity.spelt or (term is None and not (proposed and quantity.value >= _SUM))


def _refuses(candidate: Candidate) -> bool:
    """Whether a sentence says no to the other side's value, and so takes it for a position."""
    return "refuses" in stands(clause(candidate.said.text, candidate.quantity), candidate.said.language)


def _position(candidate: Candidate, topic: Topic, sure: float) -> Position:
    said, quantity, by = candidate.said, candidate.quantity, candidate.by
    doing = _doing(candidate, topic)
    mine, yours = topic.last(by), topic.last(other(by))
    nearer = mine is not None and yours is not None and abs(quantity.value - yours) < abs(mine - yours)
    return Position(
        by=by,
        kind=doing,
        value=quantity.value,
        source=_source(said),
        unit=quantity.label,
        concession=nearer and doing is PositionKind.COUNTER,
        confidence=round(sure, 3),
    )


def _doing(candidate: Candidate, topic: Topic) -> PositionKind:
    """What a side does by saying a number, from what was said before and the words around it."""
    said, value, by = candidate.said, candidate.quantity.value, candidate.by
    taken = stands(said.text, said.language)
    mine, yours = topic.last(by), topic.last(other(by))
    chances = said.finding.confidence if said.finding else {}
    yes = "agrees" in taken or chances.get(Act.ACCEPT, 0.0) >= _AGREES
    no = "refuses" in taken or chances.get(Act.DECLINE, 0.0) >= _REFUSES
    if yours == value:
        if no and not yes:
            return PositionKind.REJECTED
        if yes or not ("condition" in taken or chances.get(Act.PROPOSE, 0.0) >= _AGREES):
            return PositionKind.AGREED
    if yes and not candidate.named and topic.said:
        return PositionKind.AGREED
    moved = mine is not None and mine != value and said.letter.id not in topic.letters
    return PositionKind.COUNTER if yours is not None or moved or "moves" in taken else PositionKind.OFFER


def _source(said: Statement) -> Source:
    letter, (start, end) = said.letter, said.place
    return Source(
        document=letter.id, message_id=letter.message_id, file=letter.file, at=letter.at,
        quote=letter.text[start:end], start=start, end=end,
    )  # fmt: skip
