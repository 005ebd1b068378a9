"""Names in their base form: "Mikon" is Mikko's, "Virtaselle" Virtanen's, "the Supplier's" the Supplier's.

First comes a name that the document holds, then one that the language lists, then one whose last part is listed
("Mäntyniemen"), then what the ending alone tells.

Not known here: sentences. A name that looks like another's form ("Martin", Martti's) is taken for that form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import languages
from nlp.bending import Origin, Shape, Split, index, pack, splits, stems

_LEAST_KNOWN = 3  # code points of a name of which others may be forms
_LONGEST = 60  # code points of a word that may be a name
_LEAST = 2  # letters before a listed last part
_LONG_PART = 4  # letters of a last part that is hardly there by chance
_BENT_IN_PLURAL = "roles"
_SURNAMES = "surnames"
_WHOLE = frozenset({"first_names", "foreign_names", "companies", "places", "surnames", "roles"})
_PARTS = frozenset({"surnames", "surname_ends", "roles"})
_FIRST = frozenset({"first_names", "foreign_names"})
_AGREEING = frozenset({"agreeing"})


def nominative(name: str, language: str | None, known: Sequence[str] = ()) -> str:
    """The base form of a name of one or several words, as it is where nothing better is known.

    `language` is the code of the pack by which the name bends; None tries all, and guesses nothing. `known` are names
    that the document holds: one of which a word can be a form is taken, as it is spelled there.
    """
    *before, last = name.split() or [""]
    if not last or len(last) > _LONGEST:
        return name
    spelled = tuple(dict.fromkeys(word for full in known for word in full.split()))
    codes = languages.codes() if language is None else (language,)
    for code in codes:
        base = _known(last, code, spelled) or _listed(last, code, not before, language is not None)
        if base != last:
            break
    return " ".join([*(_agreeing(word, code) for word in before), base])


def completed(name: str, known: Iterable[str]) -> str:
    """The one longer name among `known` that holds all words of `name`; `name` where there is none, or several."""
    wanted = set(name.casefold().split())
    longer = {one.casefold(): one for one in known if wanted < set(one.casefold().split())}
    return next(iter(longer.values())) if wanted and len(longer) == 1 else name


def is_first_name(word: str) -> bool:
    """Whether some language lists a word as a first name."""
    return word in _first_names()


@cache
def _first_names() -> frozenset[str]:
    lists = (pack(code).lists for code in languages.codes())
    return frozenset(word for found in lists for topic in _FIRST for word in found.get(topic, "").split())


def _known(word: str, code: str, known: Sequence[str]) -> str | None:
    """The known word of which this one is most plainly a form."""
    if word in known:
        return word
    likely = [one for one in known if len(one) >= _LEAST_KNOWN and one[0].casefold() == word[0].casefold()]
    if not likely:
        return None
    seen = {(split.letters, split.shape) for split in splits(_cut(word, code).lower(), code)}
    found = [
        (rank, -len(one), one)
        for one in likely
        for stem, shape, rank in stems(one.lower(), code)
        if (stem, shape) in seen
    ]
    return min(found)[2] if found else None


@lru_cache(maxsize=4096)
def _listed(word: str, code: str, first: bool, guess: bool) -> str:
    """The base form by the lists and endings of a language. `first`: no word of the name stands before it."""
    cut = _cut(word, code)
    if cut != word or (word.isupper() and len(word) > 1):
        return cut
    seen = splits(word.lower(), code)
    if found := _whole(word, seen, code, first):
        return found
    head, hyphen, last = word.rpartition("-")
    if head and last[:1].isupper():
        return head + hyphen + _listed(last, code, first, guess)
    return _by_last_part(word, seen, code, _PARTS) or (_guessed(word, seen, code) if guess else word)


def _cut(word: str, code: str) -> str:
    return re.sub(pack(code).cut, "", word) or word


def _whole(word: str, seen: Sequence[Split], code: str, first: bool) -> str | None:
    """The listed word of which this is a form; a surname rather than another where it is not the first of a name."""

    def unlikely(origin: Origin) -> tuple[bool, bool, int]:
        return (origin.topic == _SURNAMES) == first, origin.rank > 0, origin.order

    found = _origins(seen, index(code, _WHOLE, parts=False))
    return _spelled(min(found, key=unlikely).base, word) if found else None


def _origins(seen: Iterable[Split], listed: dict[tuple[str, Shape], list[Origin]]) -> list[Origin]:
    """The listed words of which these are forms. Only roles are bent in the plural."""
    return [
        origin
        for split in seen
        for origin in listed.get((split.letters, split.shape), ())
        if split.shape is not Shape.PLURAL or origin.topic == _BENT_IN_PLURAL
    ]


def _by_last_part(word: str, seen: Sequence[Split], code: str, topics: frozenset[str]) -> str | None:
    """The word with its last part in base form, where that is listed: a long one as it is, else the longest."""
    listed = index(code, topics, parts=True)
    for start in range(_LEAST, len(word) - _LONG_PART + 1):
        if (word[start:].lower(), Shape.BASE) in listed:
            return word
    for start in range(_LEAST, len(word)):
        parts = (Split(split.letters[start:], split.shape) for split in seen if len(split.letters) > start)
        if found := _origins(parts, listed):
            return word[:start] + min(found).base.lower()
    return None


def _guessed(word: str, seen: Sequence[Split], code: str) -> str:
    """What stands before the longest sure ending; of a word with a capital letter, as foreign names are bent."""
    sure = [split.letters for split in seen if split.sure and len(split.letters) > _LEAST]
    if not sure:
        return word
    stem = word[: min(map(len, sure))]
    if word[0].isupper():
        for guess in pack(code).guesses:
            if re.search(guess.ends, stem):
                return re.sub(guess.ends, guess.becomes, stem)
    return stem


@lru_cache(maxsize=1024)
def _agreeing(word: str, code: str) -> str:
    """A word before the last one: in base form where it is of those that bend along."""
    seen = splits(word.lower(), code)
    if found := _origins(seen, index(code, _AGREEING, parts=False)):
        return _spelled(min(found).base, word)
    return _by_last_part(word, seen, code, _AGREEING) or word


def _spelled(base: str, word: str) -> str:
    """A listed word with capitals as in the text."""
    return base[:1].upper() + base[1:] if word[0].isupper() else base.lower()
