"""The words of minutes, made ready: labels, titles and cues of each language's `notes.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import languages

_NUMBER = re.compile(r"(?:§\s?\d{1,4}|\d{1,3}(?:\.\d{1,3}){0,3}|[a-zA-Z])?\s?[§.)]?\s")
_NEVER = re.compile(r"(?!)")
_SIGNS = " \t\n*_#>.:-–—|[]()"


class Cue(NamedTuple):
    """Words that speak for something, and how loud."""

    points: float
    pattern: re.Pattern[str]


class Words(NamedTuple):
    """One language's words, or those of all. Patterns are meant for text in lower case with straight apostrophes."""

    says: Mapping[str, frozenset[str]]  # role → what a heading or label says
    titles: Mapping[str, re.Pattern[str]]  # role → words of a list's title
    of_meeting: re.Pattern[str]  # labels of who, when and who not, which may follow one another on a line
    opens: Mapping[str, tuple[Cue, ...]]  # item type → cues at the beginning of a sentence
    holds: Mapping[str, tuple[Cue, ...]]  # item type → cues anywhere
    quiet_opens: re.Pattern[str]
    quiet_holds: re.Pattern[str]
    people: Mapping[str, frozenset[str]]
    does: re.Pattern[str]  # a verb by which a name before it is who does it
    clause: re.Pattern[str]  # what a clause begins behind
    passive: re.Pattern[str]  # first words that give work to nobody named
    imperative: re.Pattern[str]
    to_do: re.Pattern[str]
    past: re.Pattern[str]
    done: re.Pattern[str]
    next_meeting: re.Pattern[str]


def role(title: str, words: Words, *, whole: bool = False) -> str | None:
    """What a heading or label says of what follows, None where nothing; `whole` leaves no other words in it."""
    said = plain(title)
    for name, phrases in words.says.items():
        if said in phrases:
            return name
    if whole:
        return None
    return next((name for name, pattern in words.titles.items() if pattern.search(said)), None)


def plain(text: str) -> str:
    """In lower case, straight apostrophes, without signs around it and the number before it."""
    said = low(text).strip(_SIGNS)
    number = _NUMBER.match(said)
    return said[number.end() :].strip(_SIGNS) if number and number.end() < len(said) else said


def low(text: str) -> str:
    """In lower case with straight apostrophes, each letter in its place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.replace("’", "'")


@cache
def words(language: str | None) -> Words:
    """The words of one language; None gives those of all together."""
    packs = [languages.data(code, "notes") for code in ([language] if language else languages.codes())]

    def joined(*keys: str) -> list[Any]:
        found = []
        for pack in packs:
            value: Any = pack
            for key in keys:
                value = value.get(key, [])
            found += value if isinstance(value, list) else [value]
        return found

    def names(section: str) -> list[str]:
        return list(dict.fromkeys(name for pack in packs for name in pack[section]))

    return Words(
        says={name: frozenset(joined("says", name)) for name in names("says")},
        titles={name: phrases(joined("titles", name)) for name in names("titles")},
        of_meeting=re.compile(phrases(joined("says", "participants") + joined("says", "absent")).pattern + ":"),
        opens={name: _cues(joined("opens", name)) for name in names("opens")},
        holds={name: _cues(joined("holds", name)) for name in names("holds")},
        quiet_opens=phrases(joined("quiet", "opens")),
        quiet_holds=phrases(joined("quiet", "holds")),
        people={name: frozenset(joined("people", name)) for name in names("people")},
        does=phrases(joined("forms", "does")),
        clause=re.compile(r"[,;:.]\s|->\s?|\s-\s|" + phrases(joined("forms", "joins")).pattern + r"\s"),
        passive=_either(joined("forms", "passive")),
        imperative=_either(joined("forms", "imperative")),
        past=_either(joined("forms", "past")),
        done=_either(joined("forms", "done")),
        to_do=_either(joined("forms", "should_be_done")),
        next_meeting=phrases(joined("next", "words")),
    )


def phrases(given: Iterable[str]) -> re.Pattern[str]:
    """Any of these phrases as whole words; `*` stands for letters."""
    each = [re.escape(phrase.strip()).replace(r"\*", r"\w*") for phrase in sorted(given, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)") if each else _NEVER


def _cues(given: Iterable[tuple[float, list[str]]]) -> tuple[Cue, ...]:
    return tuple(Cue(float(points), phrases(words)) for points, words in given)


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    each = [pattern for pattern in patterns if pattern]
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)") if each else _NEVER
