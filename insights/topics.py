"""Which numbers are of one topic: the negotiations that are under way, and how well a number fits each."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from insights.identity import identity
from insights.insight import Side
from insights.letters import Letter, other
from insights.negotiations import Negotiation, Position
from insights.stances import NONE, Fit
from insights.statements import Statement
from insights.wording import stems
from nlp.quantities import Measure, Quantity

_LEAST = 1.2  # of a fit's score by which a number joins a negotiation
_NEAR, _FAR, _FARTHEST = 0.75, 0.5, 0.4  # smaller value by greater one
_OLD, _TOO_OLD = timedelta(days=75), timedelta(days=240)  # since the last position
_WORDS = 3  # shared stems that count
_NAMED = 3  # words of a topic's name
_WORD = re.compile(r"[^\W\d_][\w-]{2,}")
_AROUND = 60  # code points around a number whose words say what it is of


class Topic:
    """A negotiation under way."""

    def __init__(self, identity: str, said: Statement, quantity: Quantity, term: str | None) -> None:
        self.identity, self.term, self.measure = identity, term, quantity.measure
        self.unit, self.per = quantity.unit, quantity.per
        self.first = _matter(said, quantity)
        self.threads: set[str] = set()
        self.letters: set[str] = set()
        self.positions: list[Position] = []
        self.waiting: list[tuple[Position, Statement]] = []  # until the other side answers
        self.name = _name(said, quantity, term)

    def wait(self, position: Position, said: Statement) -> None:
        """One that may be a position, if the other side takes it for one."""
        self.waiting.append((position, said))
        self._see(said)

    def add(self, position: Position, said: Statement) -> None:
        """One more position; those that waited for it are ones, too."""
        self.answered(said)
        self.positions.append(position)
        self._see(said)

    def answered(self, said: Statement) -> None:
        """What waited was taken for a position by the other side."""
        for each, _ in self.waiting:
            self.positions.append(msgspec.structs.replace(each, since=said.letter.at))
        self.waiting.clear()

    def _see(self, said: Statement) -> None:
        self.threads.add(said.letter.thread)
        self.letters.add(said.letter.id)

    def last(self, side: Side) -> float | None:
        """What a side said last."""
        return next((p.value for p in reversed(self.said) if p.by is side), None)

    @property
    def said(self) -> list[Position]:
        """What was said so far, what waits for an answer included."""
        return self.positions or [position for position, _ in self.waiting]

    def told(self) -> Negotiation:
        """The negotiation as others see it."""
        return Negotiation(
            id=self.identity,
            topic=self.name,
            term=self.term,
            unit=f"{self.unit}/{self.per}" if self.per else self.unit,
            positions=tuple(self.positions),
            confidence=max(p.confidence for p in self.positions),
        )


class Topics:
    """All negotiations of a relationship so far."""

    def __init__(self) -> None:
        self._topics: list[Topic] = []

    def told(self) -> tuple[Negotiation, ...]:
        """Those with a position."""
        return tuple(topic.told() for topic in self._topics if topic.positions)

    def open(self, said: Statement, quantity: Quantity, term: str | None) -> Topic:
        """A negotiation that a number begins."""
        place = said.start + quantity.start
        topic = Topic(identity("negotiation", said.letter.relationship, said.letter.id, place), said, quantity, term)
        self._topics.append(topic)
        return topic

    def nearest(self, said: Statement, quantity: Quantity, term: str | None, by: Side) -> tuple[Topic | None, Fit]:
        """The negotiation that a number fits best, and how; None where it fits none."""
        words = _matter(said, quantity)
        scored = [
            (self._score(topic, said, quantity, term, words, by), -n, topic) for n, topic in enumerate(self._topics)
        ]
        score, _, best = max(scored, default=(0.0, 0, None), key=lambda each: each[:2])
        if best is None or score < _LEAST:
            return None, NONE
        values = [p.value for p in best.said]
        letter = said.letter
        return best, Fit(
            score=score,
            same_value=quantity.value in values,
            near_value=any(_ratio(quantity.value, v) >= _NEAR for v in values),
            theirs=quantity.value == best.last(other(by)),
            answers=letter.answers in best.letters,
            same_thread=letter.thread in best.threads,
            mere=all(p.by is by and p.source.document == letter.id for p in best.said),
            repeated=any(
                p.by is by and p.value == quantity.value and p.source.document == letter.id for p in best.said
            ),
        )

    def _score(
        self, topic: Topic, said: Statement, quantity: Quantity, term: str | None, words: frozenset[str], by: Side
    ) -> float:
        if not topic.said or not _are_alike(topic, quantity):
            return 0.0
        if topic.waiting and not _answers(topic, said, by):
            return 0.0
        score = _of_term(topic, quantity, term)
        if score is None:
            return 0.0
        ratio = max(_ratio(quantity.value, p.value) for p in topic.said)
        if quantity.measure is Measure.BARE and ratio < _FARTHEST:
            return 0.0
        score += 1.0 if ratio == 1 else 0.6 if ratio >= _NEAR else 0.2 if ratio >= _FAR else -0.3 if ratio else 0.0
        if ratio and ratio < 0.25:
            score -= 1.0
        score += 0.6 * (said.letter.thread in topic.threads) + 0.5 * (said.letter.answers in topic.letters)
        score += 0.5 * min(len(words & topic.first), _WORDS) + 0.5 * (said.letter.id in topic.letters)
        age = _age(topic, said.letter)
        return 0.0 if age > _TOO_OLD else score - 0.5 * (age > _OLD)


def _answers(topic: Topic, said: Statement, by: Side) -> bool:
    """Whether a statement is the other side's answer to what waits for one."""
    return by is not topic.said[-1].by and (said.letter.answers in topic.letters or said.letter.thread in topic.threads)


def _of_term(topic: Topic, quantity: Quantity, term: str | None) -> float | None:
    """What the kinds of term say; None where they are two."""
    if term == topic.term:
        return 0.0 if term is None else 0.4 if term == "price" else 1.0
    if term is None or topic.term is None:
        return 0.0
    if quantity.measure is Measure.BARE:
        return None if "volume" in (term, topic.term) else 0.0
    return -0.5 if "price" in (term, topic.term) else None


def _are_alike(topic: Topic, quantity: Quantity) -> bool:
    """Whether numbers of these units can be of one topic."""
    if quantity.measure is Measure.BARE:
        return True
    if quantity.measure is not topic.measure:
        return topic.measure is Measure.BARE
    if quantity.measure is Measure.TIME:
        return _span(quantity.unit) == _span(topic.unit)
    if quantity.measure is Measure.MONEY:
        return not quantity.unit or quantity.unit == topic.unit
    return True


def _span(unit: str) -> str:
    return {"working_day": "day", "quarter": "month", "year": "month", "week": "day"}.get(unit, unit)


def _ratio(a: float, b: float) -> float:
    """The smaller by the greater; 0 where only one is 0."""
    return 1.0 if a == b else min(a, b) / max(a, b)


def _age(topic: Topic, letter: Letter) -> timedelta:
    last = topic.said[-1].source.at
    return letter.at - last if letter.at and last else timedelta()


def _matter(said: Statement, quantity: Quantity) -> frozenset[str]:
    """The stems of the words that say what a number is of."""
    start, end = max(0, quantity.start - _AROUND), quantity.end + _AROUND
    near = said.text[start : quantity.start] + " " + said.text[quantity.end : end]
    return frozenset(w for w in stems(f"{near} {said.heading if said.row else ''}") if not w[0].isdigit())


def _name(said: Statement, quantity: Quantity, term: str | None) -> str:
    """Short words for a topic: its kind, and what stands before the first number."""
    before = said.text[: quantity.start] if not said.column else said.heading
    words = [w for w in _WORD.findall(before[-_AROUND:]) if stems(w)][-_NAMED:]
    kind = (term or quantity.measure.value).replace("_", " ")
    return f"{kind}: {' '.join(words)}" if words else kind
