"""Promises while the ledger is written, and which of them a later letter may speak of."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from insights.insight import Commitment, CommitmentEvent, CommitmentStep, DueDay
from insights.letters import Letter, due_day
from insights.wording import Weights, stems
from nlp.findings import Finding

_OF_THREAD, _RECENT, _OF_WORDS = 16, 24, 12  # open promises that a letter is asked about at most
_FORGOTTEN = timedelta(days=270)  # after which nothing in another thread is linked to a promise


@dataclass(eq=False)
class Promise:
    """A promise that is still being written."""

    commitment: Commitment
    letter: Letter
    finding: Finding  # the sentence that makes it
    words: frozenset[str]  # of the promise and of the request that it answers
    parts: frozenset[str]  # of the words
    asked: bytes = b""  # the trace of that request
    steps: list[CommitmentStep] = field(default_factory=list)
    closed: bool = False

    @property
    def trace(self) -> bytes:
        """The trace of the sentence that makes it."""
        return self.finding.trace

    @property
    def due(self) -> DueDay | None:
        """The day in force."""
        return next((s.due for s in reversed(self.steps) if s.due), self.commitment.due)

    def step(self, event: CommitmentEvent, letter: Letter, finding: Finding, confidence: float) -> None:
        """Write down what a sentence of a letter tells of it."""
        moved = event is CommitmentEvent.RESCHEDULED
        self.steps.append(
            CommitmentStep(
                event=event,
                source=letter.source(finding),
                due=due_day(finding.due or finding.day) if moved else None,
                by=letter.side if moved else None,
                done=_done(self, letter, finding) if event is CommitmentEvent.FULFILLED else None,
                confidence=round(confidence, 4),
            )
        )
        self.closed = event not in (CommitmentEvent.RESCHEDULED, CommitmentEvent.ACCEPTED)

    def told(self) -> Commitment:
        """The promise with all that became of it."""
        return msgspec.structs.replace(self.commitment, history=tuple(self.steps))


def _done(promise: Promise, letter: Letter, finding: Finding) -> date | None:
    """The day on which it was done, where a later sentence names one between the promise and its letter."""
    named = finding.day or finding.due
    if named is None or named.last is None or letter.at is None or promise.letter.at is None:
        return None
    return named.last if promise.letter.at.date() <= named.last < letter.at.date() else None


class OpenPromises:
    """The open promises of a relationship, found by thread, by word, and the latest."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._by_thread: defaultdict[str, list[Promise]] = defaultdict(list)
        self._by_word: defaultdict[str, list[Promise]] = defaultdict(list)
        self._latest: deque[Promise] = deque(maxlen=_RECENT)

    def add(self, promise: Promise) -> None:
        """Take in one more."""
        self._by_thread[promise.letter.thread].append(promise)
        self._latest.append(promise)
        for word in promise.words | stems(promise.letter.subject):
            self._by_word[word].append(promise)

    def about(self, letter: Letter, words: frozenset[str]) -> list[Promise]:
        """Those that a letter may speak of, in which these words stand: of its thread, the latest, and of its words."""
        found = {id(p): p for p in self._of_thread(letter.thread)[-_OF_THREAD:]}
        found |= {id(p): p for p in self._latest if not p.closed and _is_fresh(p, letter)}
        room = len(found) + _OF_WORDS
        for promise in self._of_words(letter, words):
            if len(found) >= room:
                break
            found[id(promise)] = promise
        return list(found.values())

    def _of_thread(self, thread: str) -> list[Promise]:
        if thread not in self._by_thread:
            return []
        kept = self._by_thread[thread] = [p for p in self._by_thread[thread] if not p.closed]
        return kept

    def _of_words(self, letter: Letter, words: frozenset[str]) -> Iterator[Promise]:
        """Those that share a word with a letter, by the most telling words first."""
        telling = [w for w in words if w in self._by_word and not self._weights.is_common(w)]
        for word in sorted(telling, key=lambda w: (len(self._by_word[w]), w)):
            kept = self._by_word[word] = [p for p in self._by_word[word] if not p.closed and _is_fresh(p, letter)]
            yield from reversed(kept)


def _is_fresh(promise: Promise, letter: Letter) -> bool:
    at = promise.letter.at
    return at is None or letter.at is None or letter.at - at <= _FORGOTTEN
