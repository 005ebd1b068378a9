"""The marks by which zones are told apart, joined from all language packs and compiled once.

A mail may mix languages (a Finnish reply above an English header), so all packs are in force at the same time.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

import languages

_OTHERS = "other"  # header words of mail programs in languages without a pack


class Markers(msgspec.Struct, frozen=True, kw_only=True):
    """Marker tables, all in lower case. Patterns are to be matched on lower-case text."""

    fields: dict[str, str]  # a header field's name to its role: from, to, cc, bcc, sent, subject, other
    wrote: re.Pattern[str]  # the verb of an attribution line, as a word
    opener: re.Pattern[str]  # how an attribution line may begin
    respond: tuple[str, ...]  # how a line begins that tells whom to answer
    original: tuple[str, ...]  # words in a separator above a quoted message
    forwarded: tuple[str, ...]  # words in a separator above a forwarded message
    forward_prefixes: frozenset[str]  # of a subject, without the colon
    greeting: re.Pattern[str]
    closing: re.Pattern[str]
    sent_from: tuple[str, ...]
    contact: re.Pattern[str]  # "Tel. ", "GSM:" before a number or an address
    standing: re.Pattern[str]  # titles, kinds of organisations and places, as words or ends of words
    footer: tuple[str, ...]  # phrases that alone make a paragraph a footer
    list_footer: tuple[str, ...]  # words below a rule that make it a list's footer
    disclaimer: tuple[str, ...]  # phrases of which several make a paragraph a disclaimer
    auto: tuple[str, ...]  # phrases that only machines write
    away: tuple[str, ...]  # how an absence notice begins …
    meanwhile: tuple[str, ...]  # … and what it says besides


@cache
def markers() -> Markers:
    """The tables of all packs, joined."""
    packs = [languages.data(code, "zones") for code in (*languages.codes(), _OTHERS)]

    def words(section: str, key: str) -> tuple[str, ...]:
        found = (word for pack in packs for word in pack.get(section, {}).get(key, ()))
        return tuple(dict.fromkeys(found))

    roles = ("other", "bcc", "cc", "subject", "sent", "to", "from")
    standing = (*words("signature", "titles"), *words("signature", "organisations"), *words("signature", "places"))
    return Markers(
        fields={word: role for role in roles for word in words("fields", role)},
        wrote=re.compile(rf"(?<!\w)(?:{_any(words('attribution', 'verbs'))})(?!\w)"),
        opener=re.compile(rf"(?:{_any(words('attribution', 'openers'))})(?!\w)|\d{{1,4}}[./-]\d"),
        respond=words("attribution", "respond"),
        original=words("separators", "original"),
        forwarded=words("separators", "forwarded"),
        forward_prefixes=frozenset(words("subject", "forward")),
        greeting=re.compile(rf"(?:{_any(words('greeting', 'words'))})(?!\w)"),
        closing=re.compile(rf"(?:{_any(words('closing', 'phrases'))})(?!\w)"),
        sent_from=words("signature", "sent_from"),
        contact=re.compile(rf"(?<!\w)(?:{_any(words('signature', 'contact'))})(?!\w)"),
        standing=re.compile(rf"(?:{_any(standing)})(?!\w)"),
        footer=words("footer", "sure"),
        list_footer=words("footer", "list_after_rule"),
        disclaimer=words("footer", "disclaimer"),
        auto=words("auto", "sure"),
        away=words("auto", "away"),
        meanwhile=words("auto", "meanwhile"),
    )


def _any(words: tuple[str, ...]) -> str:
    """An alternation of literals, the longest first, so that "best regards" is not read as "best"."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
