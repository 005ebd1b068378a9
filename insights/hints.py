"""Sentences that may tell of an opportunity or a threat, and what stands around each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import log

import msgspec

from corpus.document import DocumentKind, ZoneKind
from insights.insight import Side
from insights.letters import Letter
from insights.wording import Weights, says
from nlp.findings import Act, Finding, Sentiment, SignalKind

_LEAST = 0.05  # chance from which a sentence is a hint
_TOPICS = ("rival", "leaving", "growth", "sanction", "lacking", "bad_news", "heard")
_REMEMBERED = timedelta(days=180)
_KEPT = 60
_FEW = 5  # words


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of a letter that may tell of an opportunity or a threat."""

    letter: Letter
    finding: Finding
    words: frozenset[str]  # stems of what it is about

    def leaning(self, kind: SignalKind) -> float:
        """How likely it tells of that, by its own words."""
        return self.finding.leanings.get(kind, 0.0)


def hints(letter: Letter) -> list[Hint]:
    """The sentences of a letter that may tell of an opportunity or a threat, in order."""
    return [
        Hint(letter=letter, finding=f, words=letter.matter(f))
        for f in letter.findings
        if f.zone is ZoneKind.OWN and (f.confidence.get("signal", 0.0) >= _LEAST or _tells(letter.quote(f)))
    ]


def _tells(text: str) -> bool:
    return says(text, "rival") or says(text, "leaving")


class Heard:
    """What was hinted at so far in a relationship."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._all: deque[Hint] = deque(maxlen=_KEPT)

    def add(self, told: Iterable[Hint]) -> None:
        """Take in the hints of one more letter."""
        self._all.extend(told)

    def features(self, hint: Hint, kind: SignalKind) -> dict[str, float]:
        """What speaks for and against a hint telling of an opportunity, or of a threat."""
        return dict(self._features(hint, kind))

    def _features(self, hint: Hint, kind: SignalKind) -> Iterator[tuple[str, float]]:
        f, letter = hint.finding, hint.letter
        text = letter.quote(f)
        chance = min(max(hint.leaning(kind), 0.01), 0.99)
        yield "bias", 1.0
        yield "leaning", log(chance / (1 - chance))
        yield "other kind", sum(hint.leaning(k) for k in SignalKind if k is not kind)
        for act in Act:
            yield f"act {act.value}", f.confidence.get(act, 0.0)
        for topic in _TOPICS:
            yield topic, float(says(text, topic))
        yield "issue", f.confidence.get("issue", 0.0)
        yield "about people", f.leanings.get("people", 0.0)
        yield "negative", f.leanings.get(Sentiment.NEGATIVE, 0.0)
        yield "positive", f.confidence.get("sentiment", 0.0) if f.sentiment is Sentiment.POSITIVE else 0.0
        yield "conditional", float(f.conditional)
        yield "figures", float(any(c.isdigit() for c in text))
        yield "few words", float(len(text.split()) < _FEW)
        yield "by us", float(letter.side is Side.US)
        yield "by them", float(letter.side is Side.THEM)
        yield "notes", float(letter.kind is not DocumentKind.EMAIL)
        before = [h for h in self._all if _fresh(h, hint)]
        thread = (h.leaning(kind) for h in before if h.letter.thread == letter.thread)
        yield "thread before", max(thread, default=0.0)
        yield "alike", max((h.leaning(kind) * self._likeness(h, hint) for h in before), default=0.0)

    def _likeness(self, a: Hint, b: Hint) -> float:
        return self._weights.likeness(a.words, b.words)


def _fresh(earlier: Hint, hint: Hint) -> bool:
    a, b = earlier.letter.at, hint.letter.at
    return a is None or b is None or b - a <= _REMEMBERED
