"""How much two sentences speak of the same thing, by the words that they share.

Words are cut to their first five characters, which does for most Finnish and English endings; rare ones weigh more
(inverse document frequency over what has been read so far, so that nothing depends on later letters).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from math import log, sqrt

import languages

_STEM = 5
_COMMON = 0.1  # of the letters read …
_COMMON_FROM = 20  # … where there are more than this many
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@lru_cache(maxsize=4096)  # each letter is weighed for the promises and again for the troubles
def stems(text: str, without: str = "") -> frozenset[str]:
    """The stems of the words that tell what a text is about; numbers count in full. `without` is left out."""
    told = text.replace(without, " ", 1) if without else text
    words = set(_WORD.findall(told.casefold())) - _light()
    return frozenset(w if w[0].isdigit() else w[:_STEM] for w in words if len(w) > 2 or w.isdigit())


@lru_cache(maxsize=4096)
def parts(text: str) -> frozenset[str]:
    """The parts of the longer words of a text, by which compounds are known ("kyselyn", "ruokakysely")."""
    words = set(_WORD.findall(text.casefold())) - _light()
    return frozenset(w[n : n + _STEM] for w in words if len(w) > _STEM for n in range(len(w) - _STEM + 1))


def says(text: str, topic: str) -> bool:
    """Whether a text holds one of the packs' phrases of a topic ("courtesy", "settled", "heard"), in any language."""
    return _phrases(topic).search(text.casefold().replace("’", "'")) is not None


class Weights:
    """How telling each stem is among the letters read so far."""

    def __init__(self) -> None:
        self._letters = 0
        self._seen: Counter[str] = Counter()
        self._known: dict[str, float] = {}  # weights, until the next letter
        self._sums: dict[frozenset[str], float] = {}  # … of sentences, too

    def read(self, words: Iterable[str]) -> None:
        """Take in the stems of one more letter."""
        self._letters += 1
        self._seen.update(set(words))
        self._known.clear()
        self._sums.clear()

    def is_common(self, word: str) -> bool:
        """Whether a stem is in so many letters that sharing it tells nothing."""
        return self._seen[word] > max(_COMMON_FROM, _COMMON * self._letters)

    def likeness(self, a: frozenset[str], b: frozenset[str]) -> float:
        """From 0 (nothing shared) to 1 (the same words): weighted cosine of the two sets."""
        shared = a & b
        if not shared:
            return 0.0
        return self._sum(shared) / sqrt(self._whole(a) * self._whole(b))

    def weight(self, words: Iterable[str]) -> float:
        """How much these words tell together."""
        return self._sum(frozenset(words))

    def _whole(self, words: frozenset[str]) -> float:
        found = self._sums.get(words)
        if found is None:
            found = self._sums[words] = self._sum(words)
        return found

    def _sum(self, words: frozenset[str]) -> float:
        return sum(map(self._weight, words))

    def _weight(self, word: str) -> float:
        weight = self._known.get(word)
        if weight is None:
            weight = self._known[word] = log(2.0 + self._letters / (1 + self._seen[word]))
        return weight


@cache
def _light() -> frozenset[str]:
    return frozenset(w for code in languages.codes() for w in languages.data(code, "insights")["light"].split())


@cache
def _phrases(topic: str) -> re.Pattern[str]:
    phrases = sorted({p for code in languages.codes() for p in languages.data(code, "insights")[topic]})
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + ")")
