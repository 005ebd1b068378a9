"""What organisations are called, so that "Kuuskoski Oy", "Kuuskosken" and kuuskoski.fi are known for one name.

Legal forms, case, accents and spaces do not count, nor how the name's last word is bent. The words of forms and bodies
stand in each language's `organisations.toml`.

Not known here: abbreviations ("HSL") and translations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import languages
from nlp.bending import pack
from nlp.names import nominative

_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
_LEAST = 4  # letters of a name that tells by itself, wherever it stands
_ORDINARY = ("places", "surnames", "first_names", "foreign_names")  # lists of names that are also others'


class Name(NamedTuple):
    """An organisation's name without what does not tell. `words` are folded to small plain letters."""

    words: tuple[str, ...]
    body: str | None = None  # what kind of public body it calls itself

    @property
    def key(self) -> str:
        """The name in one word: domains have no spaces."""
        return "".join(self.words)

    @property
    def tells(self) -> bool:
        """Whether the name means this organisation wherever it stands, and not a place or a person."""
        return len(self.key) >= _LEAST and self.key not in _ordinary()

    def may_be(self, other: Name) -> bool:
        """Whether nothing speaks against two equal names being one's: a city is no municipality."""
        return self.body is None or other.body is None or self.body == other.body


def folded(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def read_name(name: str, language: str | None = None, known: Sequence[str] = ()) -> Name:
    """An organisation's name for comparing; with a `language` its last telling word in base form.

    "Tampereen kaupunki" is Tampere then. `known` are names of which it may be a form.
    """
    words = _WORD.findall(name)
    telling = [word for word in words if folded(word) not in _dropped()] or words
    body = next((plain for plain in map(folded, words) if plain in _words("bodies")), None)
    *before, last = telling or [""]
    base = last if language is None else nominative(last, language, known)
    return Name((*map(folded, before), folded(base)), body)


@cache
def _dropped() -> frozenset[str]:
    return _words("forms") | _words("bodies")


@cache
def _words(topic: str) -> frozenset[str]:
    said = (languages.data(code, "organisations")[topic] for code in languages.codes())
    return frozenset(folded(word) for words in said for word in words.split())


@cache
def _ordinary() -> frozenset[str]:
    lists = (pack(code).lists.get(topic, "") for code in languages.codes() for topic in _ORDINARY)
    return frozenset(folded(word) for words in lists for word in words.split())
