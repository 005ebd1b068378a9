"""The marks by which zones are told apart, joined from all language packs and compiled once.

A mail may mix languages (a Finnish reply above an English header), so all packs are in force at the same time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import msgspec

import languages
from corpus.phrases import Grouped, grouped

_SHORT_WORD = 4  # letters; shorter words are found at the end of too many others
_START = 4  # letters of a word by which phrases are indexed; no fewer, as a phrase's last word may be cut short
_OTHERS = "other"  # header words of mail programs in languages without a pack


class Phrases(msgspec.Struct, frozen=True):
    """Many phrases to be looked for at once, indexed by how their longest word starts: it is the rarest, mostly."""

    by_start: dict[str, tuple[str, ...]]

    def within(self, text: str, starts: set[str]) -> list[str]:
        """Those phrases that a text in lower case holds, given the starts of its words."""
        return [phrase for start in self.by_start.keys() & starts for phrase in self.by_start[start] if phrase in text]


def word_starts(text: str) -> set[str]:
    """How the words of a text start: what `Phrases.within` looks up."""
    for mark in '*("[<':
        text = text.replace(mark, " ")
    return {word[:_START] for word in text.split()}


class Markers(msgspec.Struct, frozen=True, kw_only=True):
    """Marker tables, all in lower case. Patterns are to be matched on lower-case text."""

    fields: dict[str, str]  # a header field's name to its role: from, to, cc, bcc, sent, subject, other
    verbs: tuple[str, ...]  # of an attribution line
    wrote: re.Pattern[str]  # one of these verbs, as a word
    opener: re.Pattern[str]  # how an attribution line may begin
    respond: tuple[str, ...]  # how a line begins that tells whom to answer
    original: tuple[str, ...]  # words in a separator above a quoted message
    forwarded: tuple[str, ...]  # words in a separator above a forwarded message
    forward_prefixes: frozenset[str]  # of a subject, without the colon
    greeting: re.Pattern[str]
    closing: re.Pattern[str]
    sent_from: tuple[str, ...]
    postscript: tuple[str, ...]  # how a postscript begins
    standing: frozenset[str]  # titles, kinds of organisations and places …
    standing_ends: tuple[str, ...]  # … of which the longer ones also end compounds, as "hankintapäällikkö" does
    footer: Phrases  # that alone make a paragraph a footer
    list_footer: Phrases  # words below a rule that make it a list's footer
    disclaimer: Phrases  # of which several make a paragraph a disclaimer
    hanging: Phrases  # all of these three
    auto: Grouped  # that only machines write
    away: Grouped  # how an absence notice begins …
    meanwhile: Phrases  # … and what it says besides


@cache
def markers() -> Markers:
    """The tables of all packs, joined."""
    packs = [languages.data(code, "zones") for code in (*languages.codes(), _OTHERS)]

    def words(section: str, key: str) -> tuple[str, ...]:
        found = (word for pack in packs for word in pack.get(section, {}).get(key, ()))
        return tuple(dict.fromkeys(found))

    def phrases(section: str, *keys: str) -> Phrases:
        return _indexed(phrase for key in keys for phrase in words(section, key))

    roles = ("other", "bcc", "cc", "subject", "sent", "to", "from")
    standing = (*words("signature", "titles"), *words("signature", "organisations"), *words("signature", "places"))
    return Markers(
        fields={word: role for role in roles for word in words("fields", role)},
        verbs=words("attribution", "verbs"),
        wrote=re.compile(rf"(?<!\w)(?:{_any(words('attribution', 'verbs'))})(?!\w)"),
        opener=re.compile(rf"(?:{_any(words('attribution', 'openers'))})(?!\w)|\d{{1,4}}[./-]\d"),
        respond=words("attribution", "respond"),
        original=words("separators", "original"),
        forwarded=words("separators", "forwarded"),
        forward_prefixes=frozenset(words("subject", "forward")),
        greeting=re.compile(rf"(?:{_any(words('greeting', 'words'))})(?!\w)"),
        closing=re.compile(rf"(?:{_any(words('closing', 'phrases'))})(?!\w)"),
        sent_from=words("signature", "sent_from"),
        postscript=words("closing", "postscript"),
        standing=frozenset(standing),
        standing_ends=tuple(word for word in standing if len(word) > _SHORT_WORD),
        footer=phrases("footer", "sure"),
        list_footer=phrases("footer", "list_after_rule"),
        disclaimer=phrases("footer", "disclaimer"),
        hanging=phrases("footer", "sure", "list_after_rule", "disclaimer"),
        auto=grouped(pack["auto"]["sure"] for pack in packs if "auto" in pack),
        away=grouped(pack["auto"]["away"] for pack in packs if "auto" in pack),
        meanwhile=phrases("auto", "meanwhile"),
    )


def _indexed(phrases: Iterable[str]) -> Phrases:
    by_start: dict[str, list[str]] = {}
    for phrase in phrases:
        longest = max(phrase.split(), key=len)
        telling = longest if len(longest) >= _START else phrase.split()[0]
        by_start.setdefault(telling[:_START], []).append(phrase)
    return Phrases({start: tuple(found) for start, found in by_start.items()})


def _any(words: tuple[str, ...]) -> str:
    """An alternation of literals, the longest first, so that "best regards" is not read as "best"."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
