"""Which language a text is written in: the one whose small words and letter signs it holds most of."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from languages import codes, data

_SHORT = 300  # code points; where these decide, the rest is not looked at
_LONG = 1500
_CLEAR = 5  # small words that settle it where no other language comes near
_FOREIGN = "?"

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ADDRESS = re.compile(r"\S*[/@]\S*")
_FOREIGN_WORDS = Path(__file__).parent / "foreign.toml"


def detect(text: str) -> str | None:
    """The language of a text, by its first 1,500 code points.

    Returns an ISO 639-1 code that there is a pack for, or None where the text is too short, or in another language.
    """
    head = text[:_SHORT]
    counts = _counts(_words(head))
    first, second, language = _best(counts)
    if first >= _CLEAR and first > 2 * second:
        return _known(language)
    if len(text) > _SHORT:
        head = text[:_LONG]
        counts = _counts(_words(head))
        first, second, language = _best(counts)
    if first >= _CLEAR and first > second + 1:
        return _known(language)
    return _by_signs(_words(_ADDRESS.sub(" ", head)))


def _words(head: str) -> set[str]:
    return set(_TOKEN.findall(head.lower().replace("’", "'")))


def _counts(words: set[str]) -> dict[str, int]:
    return {code: len(words & small) for code, small in _small_words().items()}


def _best(counts: dict[str, int]) -> tuple[int, int, str]:
    (first, language), (second, _) = sorted(((n, code) for code, n in counts.items()), reverse=True)[:2]
    return first, second, language


def _known(language: str) -> str | None:
    return None if language == _FOREIGN else language


def _by_signs(words: set[str]) -> str | None:
    """Short or mixed text: a small word counts for three of the letter signs found in the words."""
    text = " ".join(words)
    scores = {code: 3 * n for code, n in _counts(words).items()}
    for code, signs in _signs().items():
        scores[code] += len(signs.findall(text))
    first, second, language = _best(scores)
    return _known(language) if first >= max(3, len(words) / 3) and first > 1.5 * second else None


@cache
def _small_words() -> dict[str, frozenset[str]]:
    packs = {code: frozenset(data(code, "words")["words"].split()) for code in codes()}
    foreign = tomllib.loads(_FOREIGN_WORDS.read_text(encoding="utf-8"))["words"].split()
    return packs | {_FOREIGN: frozenset(foreign)}


@cache
def _signs() -> dict[str, re.Pattern[str]]:
    return {code: re.compile(data(code, "words")["signs"]) for code in codes()}
