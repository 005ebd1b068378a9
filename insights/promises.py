"""Promises that are still open, and which of them a later sentence speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from insights.insight import Commitment, CommitmentEvent, CommitmentStep, DueDay
from insights.letters import Letter, due_day
from insights.wording import Weights, says, stems
from nlp.findings import Finding

_NEAR = 0.15  # likeness from which a sentence speaks of a promise of the same thread
_FAR = 0.2  # … of another thread
_SAME_THREAD = 0.2  # what that adds to the likeness in choosing the likest
_SAME_PERSON = 0.1
_DUE_NOW = 0.1
_WITHIN = timedelta(days=14)  # of the day due
_FORGOTTEN = timedelta(days=270)  # after which nothing in another thread is linked to a promise


@dataclass(eq=False)
class Promise:
    """A promise that is still being written."""

    commitment: Commitment
    letter: Letter
    words: frozenset[str]  # of the promise and of the request that it answers
    steps: list[CommitmentStep] = field(default_factory=list)
    closed: bool = False

    @property
    def due(self) -> DueDay | None:
        """The day in force."""
        return next((s.due for s in reversed(self.steps) if s.due), self.commitment.due)

    def step(self, event: CommitmentEvent, letter: Letter, finding: Finding) -> None:
        """Write down what a sentence of a letter tells of it."""
        due = due_day(finding.due) if event is CommitmentEvent.RESCHEDULED else None
        self.steps.append(CommitmentStep(event=event, source=letter.source(finding), due=due))
        self.closed = event is not CommitmentEvent.RESCHEDULED

    def told(self) -> Commitment:
        """The promise with all that became of it."""
        return msgspec.structs.replace(self.commitment, history=tuple(self.steps))


class OpenPromises:
    """The open promises of a relationship, found by thread and by word."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._by_thread: defaultdict[str, list[Promise]] = defaultdict(list)
        self._by_word: defaultdict[str, list[Promise]] = defaultdict(list)

    def add(self, promise: Promise) -> None:
        """Take in one more."""
        self._by_thread[promise.letter.thread].append(promise)
        for word in promise.words | stems(promise.letter.subject):
            self._by_word[word].append(promise)

    def of_thread(self, thread: str) -> Iterator[Promise]:
        """Those that were made in a thread, the oldest first."""
        kept = [p for p in self._by_thread.get(thread, ()) if not p.closed]
        if kept:
            self._by_thread[thread] = kept
        return iter(kept)

    def meant(self, letter: Letter, finding: Finding, bar: float = 0.0) -> Promise | None:
        """The promise of the writer's side of which a sentence speaks most; None where none is `bar` like it."""
        return self._likest(letter, finding, bar, lambda promise: _is_debtor(promise, letter))

    def kept(self, letter: Letter, finding: Finding) -> Promise | None:
        """The promise that was kept, by a sentence that says that something is done.

        The debtor's side tells of what it did, the other side of what came to it. Where the words tell nothing, it is
        what was last promised in the thread, by the writer's side or in the letter that is answered.
        """
        words = letter.quote(finding)
        came = says(words, "received") and not says(words, "handed")

        def may_tell(promise: Promise) -> bool:
            return _is_debtor(promise, letter) or not says(words, "handed")

        def is_at_hand(promise: Promise) -> bool:
            return _is_debtor(promise, letter) or (came and letter.answers == promise.letter.id)

        named = self._likest(letter, finding, 0.0, may_tell)
        here = [p for p in self.of_thread(letter.thread) if is_at_hand(p)]
        return named or max(here, key=lambda p: _standing(p, letter), default=None)

    def _likest(
        self, letter: Letter, finding: Finding, bar: float, may_be: Callable[[Promise], bool]
    ) -> Promise | None:
        said = letter.matter(finding)
        topic = said | stems(letter.subject)
        best: Promise | None = None
        best_score = 0.0
        for promise in self._candidates(letter, topic):
            if not may_be(promise):
                continue
            near = promise.letter.thread == letter.thread
            likeness = self._weights.likeness(said, promise.words)
            if not near:
                likeness = max(likeness, self._weights.likeness(topic, promise.words | stems(promise.letter.subject)))
            score = likeness + _standing(promise, letter)
            if likeness >= max(bar, _NEAR if near else _FAR) and score > best_score:
                best, best_score = promise, score
        return best

    def _candidates(self, letter: Letter, words: frozenset[str]) -> Iterator[Promise]:
        """Those of the thread, then others that share a telling word."""
        yield from self.of_thread(letter.thread)
        seen: set[int] = set()
        for word in words:
            if word not in self._by_word or self._weights.is_common(word):
                continue
            kept = self._by_word[word] = [p for p in self._by_word[word] if not p.closed and _is_fresh(p, letter)]
            for promise in kept:
                if promise.letter.thread != letter.thread and id(promise) not in seen:
                    seen.add(id(promise))
                    yield promise


def _is_debtor(promise: Promise, letter: Letter) -> bool:
    """Whether the debtor's side wrote a letter; a paper that nobody signed may tell of anyone."""
    return letter.author is None or promise.commitment.debtor.side is letter.side


def _is_fresh(promise: Promise, letter: Letter) -> bool:
    at: datetime | None = promise.letter.at
    return at is None or letter.at is None or letter.at - at <= _FORGOTTEN


def _standing(promise: Promise, letter: Letter) -> float:
    """What speaks for a promise beside its words: the same thread, the same person, the day due."""
    due = promise.due.last if promise.due else None
    now = due is not None and letter.at is not None and abs(letter.at.date() - due) <= _WITHIN
    person = letter.author is not None and letter.author.id == promise.commitment.debtor.id
    return _SAME_THREAD * (promise.letter.thread == letter.thread) + _SAME_PERSON * person + _DUE_NOW * now
