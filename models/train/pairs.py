"""What the linking models learn from: what a later sentence says of a promise, and which sentences open an entry.

Notable: the written cases (`data/pairs.jsonl`) tell the senses apart, but have near misses with the promise's very
words and closings without any, so nothing is to be learned from them about words; pairs across cases are added. The
stories show letters as they come: the ledger walks each with the truth in its hand, so features are those of serving.
Sentences that seem to promise something and do not open an entry are held open beside the true ones, as rivals.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from insights.commitments import Ledger
from insights.insight import CommitmentEvent
from insights.letters import Letter
from insights.linking import FEATURES
from insights.opening import FEATURES as OPENING
from insights.opening import Opening
from insights.promises import Promise
from models.train.stories import CASE_THEM, CASE_US, Case, Story
from nlp.findings import Act, Finding
from nlp.relating import RELATIONS, Relation, Relator

ACROSS = 6  # sentences of other cases for each case
SAME = 0.6  # words of the shorter of two passages that they share at least where they are one

Rows = NDArray[np.float32]


class Told(NamedTuple):
    """A promise of a case and a later sentence: their states (zeros where there is none), and what it says."""

    case: str
    promised: bytes
    asked: bytes
    said: bytes
    features: Rows  # insights.linking.OF_PAIR
    relation: int
    across: bool  # the sentence is another case's


class Walked(NamedTuple):
    """What a story shows: FEATURES of pairs and whether they are linked, OPENING of sentences and whether they open."""

    story: str
    links: Rows
    linked: NDArray[np.bool_]
    starts: Rows
    opened: NDArray[np.bool_]
    heard: list[tuple[Finding, bool]]  # each sentence, and whether it tells what became of a promise


def longest(letter: Letter) -> Finding:
    """The sentence of a letter of a case that counts."""
    return max(letter.findings, key=lambda f: f.end - f.start)


def tell(cases: Sequence[Case], relator: Relator) -> list[Told]:
    """The pairs of the cases, which were read with a relator whose traces are the states."""
    chosen, found = random.Random(7), []
    for case in cases:
        ledger = Ledger(CASE_US, CASE_THEM, relator)
        promise = _opened(ledger, case)
        others = [c for c in cases if c.language == case.language and c is not case]
        apart = [chosen.choice(c.later)[0] for c in chosen.sample(others, min(ACROSS, len(others)))]
        for letter, relation, across in (
            *((letter, relation, False) for letter, relation in case.later),
            *((letter, Relation.OTHER.value, True) for letter in apart),
        ):
            said = longest(letter)
            plain = ledger.linker.of_pairs(letter, [promise], [said])[0, 0]
            which = RELATIONS.index(Relation(relation))
            found.append(Told(case.name, promise.trace, promise.asked, said.trace, plain, which, across))
    return found


def _opened(ledger: Ledger, case: Case) -> Promise:
    """The promise of a case, with the request that it answers."""
    promise = ledger.open(case.promise, Opening(longest(case.promise), None, ()), 1.0)
    if case.asked is not None:
        promise.asked = longest(case.asked).trace
    return promise


def walk(story: Story, relator: Relator) -> Walked:
    """Go through a story with the truth in hand. `relator` need not hold forests."""
    return _Walk(story, relator).run()


class _Walk:
    def __init__(self, story: Story, relator: Relator) -> None:
        self.story = story
        self.ledger = Ledger(story.us, story.them, relator)
        self.held: dict[int, dict[str, Any]] = {}  # what is true of an open promise; nothing of one that only seems so
        self.links: list[Rows] = []
        self.linked: list[bool] = []
        self.starts: list[Sequence[float]] = []
        self.opened: list[bool] = []
        self.heard: list[tuple[Finding, bool]] = []

    def run(self) -> Walked:
        for letter in self.story.letters:
            promises, told = self.ledger.meet(letter)
            events = {id(p): self._events(p, letter) for p in promises}
            relations = self.ledger.linker.relations(letter, promises, told)
            if relations.size:
                self._pairs(letter, promises, told, relations, events)
            self._open(letter, promises, told, relations)
            self._step(letter, promises, events)
            self.ledger.keep(letter)
        links = np.concatenate(self.links) if self.links else np.zeros((0, len(FEATURES)), dtype=np.float32)
        starts = np.array(self.starts, dtype=np.float32).reshape(-1, len(OPENING))
        return Walked(self.story.name, links, np.array(self.linked), starts, np.array(self.opened), self.heard)

    def _pairs(
        self,
        letter: Letter,
        promises: Sequence[Promise],
        told: Sequence[Finding],
        relations: Rows,
        events: Mapping[int, Mapping[int, str]],
    ) -> None:
        features = self.ledger.linker.features(letter, promises, told, relations)
        telling = {start for of in events.values() for start in of}
        for row, promise in zip(features, promises, strict=True):
            for column, said in zip(row, told, strict=True):
                if self.held[id(promise)] or said.start not in telling:
                    self.links.append(column[None])
                    self.linked.append(said.start in events[id(promise)])
        self.heard += [(said, said.start in telling) for said in told]

    def _events(self, promise: Promise, letter: Letter) -> dict[int, str]:
        """What truth says that sentences of a letter tell of a promise, by their starts."""
        return {
            said.start: event["event"]
            for event in self.held[id(promise)].get("history") or ()
            if self.story.keys[event["in"]] == letter.id
            for said in same(letter, event["evidence"])
        }

    def _open(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding], relations: Rows) -> None:
        made = [c for c in self.story.truth["commitments"] if self.story.keys[c["made_in"]] == letter.id]
        for opening in self.ledger.openings_of(letter, promises, told, relations):
            mine = [c for c in made if opening.finding in same(letter, c["evidence"])]
            self.starts.append(opening.features)
            self.opened.append(bool(mine))
            if mine or Act.COMMIT in opening.finding.acts:
                promise = self.ledger.open(letter, opening, 1.0)
                self.held[id(promise)] = mine[0] if mine else {}

    def _step(self, letter: Letter, promises: Sequence[Promise], events: Mapping[int, Mapping[int, str]]) -> None:
        by_start = {f.start: f for f in letter.findings}
        for promise in promises:
            for start, event in events[id(promise)].items():
                promise.step(CommitmentEvent(event), letter, by_start[start], 1.0)


def same(letter: Letter, evidence: str) -> list[Finding]:
    """The findings of a letter that rest on the same words as the evidence."""
    return [f for f in letter.findings if _likeness(letter.quote(f), evidence) >= SAME]


def _likeness(a: str, b: str) -> float:
    """The share of the shorter passage's words that the longer one has, too."""
    short, long = sorted((a.casefold().split(), b.casefold().split()), key=len)
    return sum(word in long for word in short) / len(short) if short else 0.0
