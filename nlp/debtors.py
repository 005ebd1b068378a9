"""Who owes what a sentence promises or asks, where that is a third party: the name as the sentence gives it.

The name or party's role that the model marks; where it marks none, the first that is followed by a verb of duty, else
the first role, else the first name; a clause that only states a condition is passed over. Words come from each
language's `debtors.toml`.

Not known here: the document's people; compound names; inflection beyond the genitive of duty.
"""

from __future__ import annotations

import re
from functools import cache

import languages
from nlp.heads import OTHER
from nlp.marks import NOTHING, Marked

LIKELY = 0.4  # the model's chance from which a word is the debtor's name

_WORD = re.compile(r"[^\W\d_][\w’'&-]*(?::n\b)?")
_MARKS = re.compile(r"[,;.!?]|: ")


def debtor(answer: str | None, sentence: str, language: str | None, mark: Marked = NOTHING) -> str | None:
    """The debtor as findings name it: "writer" and "reader" stay; OTHER becomes a name, None where none is found.

    `mark` is what the model says of the words that name a debtor.
    """
    return name(sentence, language, mark) if answer == OTHER else answer


def name(sentence: str, language: str | None, mark: Marked = NOTHING) -> str | None:
    """The third party that a sentence binds. `language` is the code of a pack; None uses the words of all."""
    if likely := mark.stretches(sentence, LIKELY):
        start, end = likely[0]
        run, following = sentence[start:end].split(), sentence[end:].split()
        return _base_form(run, following[0].lower() if following else "", _words(language))
    words = _words(language)
    found = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(sentence)]
    first = _main_clause(sentence, found, words["conditions"])
    runs = _runs(sentence, found[first:], words) or _runs(sentence, found, words)
    ranked = sorted(runs, key=lambda r: (r[1] not in words["duties"], r[0][0].lower() not in words["roles"]))
    return _base_form(*ranked[0], words) if ranked else None


def _main_clause(sentence: str, found: list[tuple[str, int, int]], conditions: frozenset[str]) -> int:
    """Which word the main clause begins with."""
    if not found or found[0][0].lower() not in conditions:
        return 0
    comma = sentence.find(",")
    return sum(start < comma for _, start, _ in found) if comma >= 0 else 0


def _runs(
    sentence: str, found: list[tuple[str, int, int]], words: dict[str, frozenset[str]]
) -> list[tuple[list[str], str]]:
    """Names and roles in order, each as its words and the word that follows."""
    runs: list[tuple[list[str], str]] = []
    open_end = -1
    for n, (word, start, end) in enumerate(found):
        following = found[n + 1][0].lower() if n + 1 < len(found) else ""
        named = word[0].isupper() and len(word) > 1 and word.lower() not in words["plain"]
        if not named and word.lower() not in words["roles"]:
            continue
        if named and open_end >= 0 and not _MARKS.search(sentence, open_end, start) and start - open_end == 1:
            runs[-1] = ([*runs[-1][0], word], following)
        else:
            runs.append(([word], following))
        open_end = end if named else -1
    return runs


def _base_form(run: list[str], following: str, words: dict[str, frozenset[str]]) -> str:
    if following in words["genitive_before"]:
        for ending in sorted(words["genitive"], key=len, reverse=True):
            if run[-1].endswith(ending):
                return " ".join([*run[:-1], run[-1].removesuffix(ending)])
    return " ".join(run)


@cache
def _words(language: str | None) -> dict[str, frozenset[str]]:
    packs = [languages.data(code, "debtors") for code in ([language] if language else languages.codes())]
    return {topic: frozenset(word for pack in packs for word in str(pack[topic]).split()) for topic in packs[0]}
