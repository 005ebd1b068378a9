"""How a language bends names: forms as stems with endings, and the stems of the names that it lists.

All of it stands in each language's `names.toml`. The rules there may be lenient, since stems are only made of given
words and never the other way round.

Not known here: documents, which of several base forms is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

import languages

PART = "-"  # marks a listed word that is only ever the last part of a name
_LEAST = 2  # letters of a stem


class Shape(IntEnum):
    """What a stretch of letters is of a word."""

    BASE = 0  # the base form itself
    STEM = 1
    PLURAL = 2  # a stem of the plural


class Endings(msgspec.Struct, frozen=True):
    """Endings, and the letters of which one stands before each. `sure`: names in base form do not end so."""

    after: str
    words: str
    sure: bool = False


class StemRule(msgspec.Struct, frozen=True):
    """How stems come from a base form."""

    ends: str  # regular expression: what is replaced
    stems: tuple[str, ...] = ()
    plural: tuple[str, ...] = ()
    grade: str = ""  # "weaker" or "stronger": what the consonants before the last vowel may also be
    of: str = ""  # the only words for which it holds, alone or as last parts


class Guess(msgspec.Struct, frozen=True):
    """What becomes of the end of a stem of which nothing is known."""

    ends: str  # regular expression
    becomes: str


class Pack(msgspec.Struct, frozen=True):
    """A language's `names.toml`."""

    cut: str  # regular expression: what comes off before all else
    vowels: str = ""
    suffixes: str = ""
    grades: tuple[str, ...] = ()  # strong and weak consonants
    endings: tuple[Endings, ...] = ()
    plural_endings: tuple[Endings, ...] = ()
    stems: tuple[StemRule, ...] = ()
    guesses: tuple[Guess, ...] = ()
    lists: dict[str, str] = {}


class Split(NamedTuple):
    """One way to see a word: letters before an ending."""

    letters: str
    shape: Shape
    sure: bool = False


class Origin(NamedTuple):
    """A listed word to which a stem belongs. `rank`: 0 the word itself, 1 its plain stem, 2 another."""

    rank: int
    order: int  # the common ones first
    base: str
    topic: str  # the list's name


@cache
def pack(code: str) -> Pack:
    """The pack of a language."""
    return msgspec.convert(languages.data(code, "names"), type=Pack)


def splits(word: str, code: str) -> list[Split]:
    """All ways to see a word (in small letters) as a stem with an ending, and the one without."""
    found = [Split(word, Shape.BASE)]
    for shape, endings in _endings(code).items():
        for bare, suffix in _suffixes(word, code):
            found += _split(bare, suffix, shape, endings)
    return found


def _split(bare: str, suffix: str, shape: Shape, endings: dict[str, list[Endings]]) -> Iterator[Split]:
    for start in range(max(_LEAST, len(bare) - max(map(len, endings), default=0)), len(bare)):
        for ending in endings.get(bare[start:], ()):
            if bare[start - 1] in ending.after:
                yield Split(bare[:start], shape, ending.sure and not suffix)


def _suffixes(word: str, code: str) -> Iterator[tuple[str, str]]:
    yield word, ""
    for suffix in pack(code).suffixes.split():
        if word.endswith(suffix) and len(word) > len(suffix) + _LEAST:
            yield word.removesuffix(suffix), suffix


@cache
def _endings(code: str) -> dict[Shape, dict[str, list[Endings]]]:
    found: dict[Shape, dict[str, list[Endings]]] = {Shape.STEM: {}, Shape.PLURAL: {}}
    for shape, groups in ((Shape.STEM, pack(code).endings), (Shape.PLURAL, pack(code).plural_endings)):
        for group in groups:
            for ending in group.words.split():
                found[shape].setdefault(ending, []).append(group)
    return found


@lru_cache(maxsize=4096)
def stems(word: str, code: str) -> tuple[tuple[str, Shape, int], ...]:
    """Stems of a base form in small letters, each with its rank (see Origin), the word itself first."""
    found = {(word, Shape.BASE): 0}
    for ends, of, rule in _rules(code):
        at = ends.search(word) if not of or word.endswith(of) else None
        if at is None:
            continue
        for shape, becomes in ((Shape.STEM, rule.stems), (Shape.PLURAL, rule.plural)):
            for end in becomes:
                for n, stem in enumerate(_graded(word[: at.start()] + end, rule.grade, code)):
                    found.setdefault((stem, shape), 2 if n else 1)
    return tuple((stem, shape, rank) for (stem, shape), rank in found.items())


def _graded(stem: str, grade: str, code: str) -> Iterator[str]:
    """The stem, then the stem with the consonants before its last vowels of the other grade."""
    yield stem
    before = stem.rstrip(pack(code).vowels)
    for old, new in _changes(code, grade):
        if before.endswith(old):
            yield before.removesuffix(old) + new + stem[len(before) :]


@cache
def _rules(code: str) -> list[tuple[re.Pattern[str], tuple[str, ...], StemRule]]:
    return [(re.compile(rule.ends), tuple(rule.of.split()), rule) for rule in pack(code).stems]


@cache
def _changes(code: str, grade: str) -> list[tuple[str, str]]:
    """Which consonants become which; none are made of nothing."""
    pairs = [(strong, weak) for strong, _, weak in (pair.partition(" ") for pair in pack(code).grades)]
    if grade == "stronger":
        return [(weak, strong) for strong, weak in pairs if weak]
    return pairs if grade == "weaker" else []


Index = dict[tuple[str, Shape], list[Origin]]


@cache
def index(code: str, topics: frozenset[str], *, parts: bool) -> Index:
    """The words of some lists by their stems: whole words, or with `parts` what names may end with."""
    found: Index = {}
    listed = [(topic, word) for topic, words in pack(code).lists.items() if topic in topics for word in words.split()]
    for order, (topic, word) in enumerate(listed):
        if parts or not word.startswith(PART):
            base = word.removeprefix(PART)
            for stem, shape, rank in stems(base.lower(), code):
                found.setdefault((stem, shape), []).append(Origin(rank, order, base, topic))
    return found
