"""The names and roles in a sentence, and which of them is most likely the one whom it binds.

A verb of duty behind it speaks for a mention, and so do a party's role, a known first name, an agent's preposition. A
case of those to whom something is done speaks against it, and an unknown word at a sentence's start is mostly a mere
word. The words stand in each language's `debtors.toml`.

Not known here: what the model marks, base forms, people.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

import languages
from nlp.names import is_first_name

_WORD = re.compile(r"[^\W\d_][\w’'&-]*(?::[^\W\d_]{1,6}\b)?")
_AN_INITIAL = re.compile(r"(?<![\w.])[A-ZÅÄÖÉÜ]\. ")
_INITIAL = 3  # code points


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A name or role at [start, end) of a sentence: its words, the words around them, and how they stand."""

    start: int
    end: int
    words: tuple[str, ...]
    before: str  # the word before it, articles left out, in small letters
    after: str  # the word behind it, in small letters
    opening: bool  # nothing but what is no name stands before it
    labelling: bool  # it stands before a colon: "AP Riina: …"


Words = dict[str, frozenset[str]]


def likeliest(sentence: str, language: str | None) -> Mention | None:
    """The mention that a sentence most likely binds, None where more speaks against each than for it.

    `language` is the code of a pack; None uses the words of all.
    """
    words = debtor_words(language)
    found = list(_WORD.finditer(sentence))
    first = _main_clause(sentence, found, words)
    mentions = _mentions(sentence, found, first, words) or _mentions(sentence, found, 0, words)
    best = max(mentions, key=lambda one: _likelihood(one, words), default=None)
    return best if best and _likelihood(best, words) >= 0 else None


def _likelihood(one: Mention, words: Words) -> int:
    """A sum of what speaks for and against; the first of the likeliest is taken."""
    head, last = one.words[0].lower(), one.words[-1].lower()
    bent = last.endswith(tuple(words["aside"])) and not last.endswith(tuple(words["not_aside"]))
    obliged = bent and last.endswith(tuple(words["genitive"])) and one.after in words["genitive_before"]
    bound = obliged or (not bent and one.after in words["duties"] - words["genitive_before"])
    aside = (bent and not obliged) or one.before in words["aside_after"]
    listed = last in words["roles"] or is_first_name(one.words[0])
    agent = one.before in words["agents"]
    return (
        3 * bound
        + 2 * (listed or not one.opening)
        + 2 * agent
        + 2 * one.labelling
        + (head in words["roles"])
        - 2 * aside
        + one.opening
    )


def _main_clause(sentence: str, found: list[re.Match[str]], words: Words) -> int:
    """Which word the main clause begins with."""
    if not found or found[0].group().lower() not in words["conditions"]:
        return 0
    comma = sentence.find(",")
    return sum(one.start() < comma for one in found) if comma >= 0 else 0


def _mentions(sentence: str, found: list[re.Match[str]], first: int, words: Words) -> list[Mention]:
    """Names and roles in order, from a word on: neighbouring words with capital letters are one name."""
    named = [one.group().lower() in words["roles"] or _is_name(one.group(), words) for one in found]
    opened = next((n for n, one in enumerate(found) if one.group().lower() not in words["plain"]), 0)
    mentions = []
    n = first
    while n < len(found):
        end = n + 1
        if not named[n]:
            n = end
            continue
        while end < len(found) and named[end] and _joined(sentence, found[end - 1], found[end]):
            end += 1
        mentions.append(
            Mention(
                start=_with_initials(sentence, found[n].start()),
                end=found[end - 1].end(),
                words=tuple(one.group() for one in found[n:end]),
                before=_before(found, n, words),
                after=found[end].group().lower() if end < len(found) else "",
                opening=n <= opened,
                labelling=sentence.startswith(":", found[end - 1].end()),
            )
        )
        n = end
    return mentions


def _is_name(word: str, words: Words) -> bool:
    if not word[0].isupper() or len(word) == 1 or word[-1] == "-":
        return False
    return re.split("['’]", word.lower())[0] not in words["plain"]


def _with_initials(sentence: str, start: int) -> int:
    """Where a name begins with the initials before it: "R. Obi"."""
    while start >= _INITIAL and _AN_INITIAL.fullmatch(sentence, start - _INITIAL, start):
        start -= _INITIAL
    return start


def _joined(sentence: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return one.group()[0].isupper() and other.group()[0].isupper() and sentence[one.end() : other.start()] == " "


def _before(found: list[re.Match[str]], n: int, words: Words) -> str:
    while n and (word := found[n - 1].group().lower()) in words["articles"]:
        n -= 1
    return word if n else ""


@cache
def debtor_words(language: str | None) -> Words:
    """The words of a language's `debtors.toml` by topic, None those of all languages."""
    packs = [languages.data(code, "debtors") for code in ([language] if language else languages.codes())]
    return {topic: frozenset(word for pack in packs for word in str(pack[topic]).split()) for topic in packs[0]}
