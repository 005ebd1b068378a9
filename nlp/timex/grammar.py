"""Finds time expressions: a language's forms (`dates.toml`) as regular expressions, with the values of their words.

A form is a regular expression over the lower-case sentence in which `{class}` stands for any word of a class, or for
one of the numbers below, `<fragment>` for a named fragment, and `{name=value}` sets a value for the whole form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from languages import data

_NUMBERS = {
    "day": r"(?:0?[1-9]|[12]\d|3[01])(?!\d)", "mon": r"(?:0?[1-9]|1[0-2])(?!\d)", "year": r"(?:19|20)\d\d(?!\d)",
    "hour": r"(?:[01]?\d|2[0-4])(?!\d)", "minute": r"[0-5]\d(?!\d)", "week": r"(?:0?[1-9]|[1-4]\d|5[0-3])(?!\d)",
    "count": r"\d{1,3}(?!\d)", "q": r"[1-4](?!\d)", "fy": r"(?:20)?\d\d(?!\d)", "a": r"\d{1,2}(?!\d)",
    "b": r"\d{1,2}(?!\d)", "military": r"(?:[01]\d|2[0-3])[0-5]\d(?!\d)",
}  # fmt: skip
_UNCOUNTED = frozenset({"unresolved", "recurring", "past"})  # meanings whose words' values nobody asks for
_EDGE = r"(?<![\w.,:/-])(?:{})(?!\w)"
_PLACE = re.compile(r"\{([a-z]+(?:_[a-z]+)?)(2?)\}")
_SET = re.compile(r"\{([a-z_]+)=([a-z0-9-]+)\}")
_FRAGMENT = re.compile(r"<([a-z]+)>")


class Match(NamedTuple):
    """A form found in a sentence: which meaning it has, where it stands, and the values of its words."""

    start: int
    end: int
    meaning: str
    values: dict[str, int | str]


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    fixed: dict[str, int | str]


class _Meaning(NamedTuple):
    """The forms of one meaning, and a pattern that finds out at one go whether any of them is there."""

    name: str
    any: re.Pattern[str]
    forms: tuple[_Form, ...]


class Grammar(NamedTuple):
    """A language's forms, compiled, and the lists that the rest of the reading goes by."""

    meanings: tuple[_Meaning, ...]
    classes: dict[str, dict[str, int | str]]
    capital: frozenset[str]
    triggers: re.Pattern[str]
    pack: dict[str, Any]


@cache
def grammar(language: str) -> Grammar:
    """The grammar of a language that there is a pack for."""
    pack = data(language, "dates")
    classes = {name: _words(table) for name, table in pack["classes"].items()}
    places = {name: _alternatives(words) for name, words in classes.items()} | _NUMBERS
    meanings = [_meaning(name, forms, places, pack["fragments"]) for name, forms in pack["forms"].items() if forms]
    holidays = [entry["words"] + f"{{holiday={at}}}" for at, entry in enumerate(pack["holidays"]["names"])]
    return Grammar(
        meanings=(*meanings, _meaning("holiday", holidays, places, pack["fragments"])),
        classes=classes,
        capital=frozenset(pack["capital"].split()),
        triggers=re.compile(r"\d|\b(?:" + "|".join(_trigger(word) for word in pack["triggers"].split()) + ")"),
        pack=pack,
    )


def find(low: str, sentence: str, grammar: Grammar) -> list[Match]:
    """All forms in a sentence, longest first where they overlap, in order. `low` is the sentence in lower case."""
    found = [
        match
        for meaning in grammar.meanings
        if (first := meaning.any.search(low))
        for form in meaning.forms
        for match in _matches(meaning.name, form, low, sentence, grammar, first.start())
    ]
    found.sort(key=lambda m: (m.start - m.end, m.start))
    kept: list[Match] = []
    taken = bytearray(len(low))
    for match in found:
        if 1 not in taken[match.start : match.end]:
            kept.append(match)
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
    return sorted(kept)


def expand(text: str, grammar: Grammar) -> str:
    """A regular expression in which places and fragments are filled in; it captures nothing."""
    texts = {name: _alternatives(words) for name, words in grammar.classes.items()} | _NUMBERS
    return _PLACE.sub(lambda m: f"(?:{texts[m[1]]})", _FRAGMENT.sub(lambda m: grammar.pack["fragments"][m[1]], text))


def _matches(meaning: str, form: _Form, low: str, sentence: str, grammar: Grammar, start: int) -> Iterator[Match]:
    for found in form.pattern.finditer(low, start):
        if found.group() in grammar.capital and not sentence[found.start()].isupper():
            continue
        values = dict(form.fixed)
        for name, text in found.groupdict().items():
            if text is not None:
                kind = name.rstrip("2")
                values[kind.split("_")[0] + name[len(kind) :]] = _value(kind, text, grammar.classes)
        yield Match(found.start(), found.end(), meaning, values)


def _value(name: str, text: str, classes: Mapping[str, Mapping[str, int | str]]) -> int | str:
    if name in classes:
        return classes[name][text]
    return int(text) if text.isdigit() else 1


def _words(table: Mapping[str, str] | Sequence[str]) -> dict[str, int | str]:
    """A class's words with their values: those of a table, or of a list from 1 on."""
    entries = table.items() if isinstance(table, Mapping) else enumerate(table, start=1)
    return {
        word.replace("_", " "): int(value) if str(value).isdigit() else value
        for value, words in entries
        for word in words.split()
    }


def _alternatives(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _trigger(word: str) -> str:
    """A trigger is the beginning of a word, or with a full stop the whole of it; "_" stands for a space."""
    return re.escape(word.rstrip(".").replace("_", " ")) + (r"\b" if word.endswith(".") else "")


def _meaning(name: str, texts: Sequence[str], places: Mapping[str, str], fragments: Mapping[str, str]) -> _Meaning:
    bodies = [_FRAGMENT.sub(lambda m: fragments[m[1]], _SET.sub("", text)) for text in texts]
    bare = [_PLACE.sub(lambda m: f"(?:{places[m[1]]})", body) for body in bodies]
    forms = [
        _Form(
            re.compile(_EDGE.format(_PLACE.sub(lambda m: f"(?P<{m[1]}{m[2]}>{places[m[1]]})", body)))
            if name not in _UNCOUNTED
            else re.compile(_EDGE.format(plain)),
            {key: int(value) if value.lstrip("-").isdigit() else value for key, value in _SET.findall(text)},
        )
        for text, body, plain in zip(texts, bodies, bare, strict=True)
    ]
    return _Meaning(name, re.compile(_EDGE.format("|".join(f"(?:{plain})" for plain in bare))), tuple(forms))
