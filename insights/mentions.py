"""Sentences that may speak of a trouble, and what stands around each: what a verdict on it rests on.

All that is told of a mention was known when its letter came, so a verdict never changes with later letters.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import log

import msgspec

from corpus.document import DocumentKind, ZoneKind
from insights.insight import Side
from insights.letters import Letter
from insights.wording import Weights, says
from nlp.findings import Act, Finding, IssueCategory, Sentiment

LEAST = 0.05  # chance from which a sentence is a mention
_PHRASES = ("lacking", "again", "sanction", "bad_news", "heard", "settled", "handed")
_OF_THREAD = timedelta(days=60)  # how long what was said before in a thread is remembered
_FEW = 5  # words
_KEPT = 40  # mentions of a thread, and of a relationship


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of a letter that may speak of a trouble."""

    letter: Letter
    finding: Finding
    chance: float  # that it does
    words: frozenset[str]  # stems of what it is about

    @property
    def category(self) -> IssueCategory:
        """The kind of trouble that it most likely speaks of."""
        f = self.finding
        return f.issue or max(IssueCategory, key=lambda each: f.leanings.get(each, 0.0))

    @property
    def negative(self) -> float:
        """How likely its tone is bad."""
        f = self.finding
        told = f.confidence.get("sentiment", 0.0) if f.sentiment is Sentiment.NEGATIVE else 0.0
        return max(told, f.leanings.get(Sentiment.NEGATIVE, 0.0))


def mentions(letter: Letter) -> list[Mention]:
    """The sentences of a letter that may speak of a trouble, in order."""
    return [
        Mention(letter=letter, finding=f, chance=f.confidence.get("issue", 0.0), words=letter.matter(f))
        for f in letter.findings
        if f.zone is ZoneKind.OWN and f.confidence.get("issue", 0.0) >= LEAST
    ]


class Earlier:
    """What letters have said of troubles so far, by thread and in the whole relationship."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._threads: defaultdict[str, deque[Mention]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._all: deque[Mention] = deque(maxlen=_KEPT * 4)

    def add(self, said: Iterable[Mention]) -> None:
        """Take in the mentions of one more letter."""
        for mention in said:
            self._threads[mention.letter.thread].append(mention)
            self._all.append(mention)

    def features(self, mention: Mention, here: Sequence[Mention]) -> dict[str, float]:
        """What speaks for and against a mention being the first of its trouble; `here` are all of its letter."""
        return dict(self._features(mention, here))

    def _features(self, mention: Mention, here: Sequence[Mention]) -> Iterator[tuple[str, float]]:
        yield "bias", 1.0
        yield from _of_sentence(mention)
        yield from _of_letter(mention, here)
        yield from self._of_thread(mention)
        yield (
            "alike",
            max((m.chance * self._likeness(mention, m) for m in self._all if _fresh(m, mention)), default=0.0),
        )

    def _of_thread(self, mention: Mention) -> Iterator[tuple[str, float]]:
        before = [m for m in self._threads.get(mention.letter.thread, ()) if _fresh(m, mention)]
        own = [m.chance for m in before if m.letter.side is mention.letter.side]
        theirs = [m.chance for m in before if m.letter.side is not mention.letter.side]
        yield "own before", max(own, default=0.0)
        yield "theirs before", max(theirs, default=0.0)
        yield "kind before", max((m.chance for m in before if m.category is mention.category), default=0.0)
        yield "begins thread", float(mention.letter.answers is None)

    def _likeness(self, a: Mention, b: Mention) -> float:
        return self._weights.likeness(a.words, b.words)


def _of_sentence(mention: Mention) -> Iterator[tuple[str, float]]:
    f, letter = mention.finding, mention.letter
    text = letter.quote(f)
    chance = min(max(mention.chance, 0.01), 0.99)
    yield "issue", log(chance / (1 - chance))
    yield "negative", mention.negative
    for act in Act:
        yield f"act {act.value}", f.confidence.get(act, 0.0)
    yield "conditional", float(f.conditional)
    for category in IssueCategory:
        yield f"about {category.value}", f.leanings.get(category, 0.0)
    if f.severity is not None:
        yield f"severity {f.severity}", 1.0
    for topic in _PHRASES:
        yield topic, float(says(text, topic))
    yield "few words", float(len(text.split()) < _FEW)
    yield "figures", float(any(c.isdigit() for c in text))
    yield "threat", f.leanings.get("threat", 0.0)
    yield "notes", float(letter.kind is not DocumentKind.EMAIL)
    yield "ours", float(letter.side is Side.US)


def _of_letter(mention: Mention, here: Sequence[Mention]) -> Iterator[tuple[str, float]]:
    at = next(n for n, m in enumerate(here) if m.finding.start == mention.finding.start)
    before, after = here[:at], here[at + 1 :]
    yield "first", float(not before)
    yield "before", max((m.chance for m in before), default=0.0)
    yield "kind in letter", max((m.chance for m in before if m.category is mention.category), default=0.0)
    yield "just before", before[-1].chance if before and _adjoins(before[-1], mention) else 0.0
    yield "after", max((m.chance for m in after), default=0.0)
    yield "just after", after[0].chance if after and _adjoins(mention, after[0]) else 0.0
    yield "position", mention.finding.start / max(1, len(mention.letter.text))


def _adjoins(a: Mention, b: Mention) -> bool:
    """Whether nothing but a few signs stands between two sentences."""
    return 0 <= b.finding.start - a.finding.end <= 3


def _fresh(earlier: Mention, mention: Mention) -> bool:
    a, b = earlier.letter.at, mention.letter.at
    return a is None or b is None or b - a <= _OF_THREAD
