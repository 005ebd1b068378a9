"""What the words around a time expression make of it: a deadline, a plain time, none; a promise or a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from nlp.timex.grammar import expand, grammar

_LONGEST_MARKER = 6  # words
_NEAR = 40  # code points in which a marker stands

_WORD = re.compile(r"[^\s,;:()]+")
_STOP = re.compile(r"[,;:.!?](?=\s|$)")


class Context(NamedTuple):
    """A language's patterns for judging clauses, and its phrases before and after expressions, by kind."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    clause: re.Pattern[str]  # where one ends
    past: re.Pattern[str]
    events: re.Pattern[str]  # verbs of what merely takes place
    future: re.Pattern[str]
    opener: re.Pattern[str]  # of an imperative
    condition: re.Pattern[str]
    resumes: re.Pattern[str]  # what opens the main clause after an if-clause without a comma
    unmet: re.Pattern[str]  # words with which an if-clause asks or threatens
    aside: re.Pattern[str]  # what opens a clause that gives a reason or describes
    standing: re.Pattern[str]  # of a clause of a contract, which holds again and again
    reported: re.Pattern[str]  # promises and requests told in the past
    negated: re.Pattern[str]
    states: re.Pattern[str]  # verbs of being
    partners: re.Pattern[str]  # words with which being is a promise ("ready", "with you")
    persons: re.Pattern[str] | None  # words without one of which a plain present is a fact; None where verbs tell
    moves: re.Pattern[str] | None  # what moves a day from one to another
    happenings: re.Pattern[str]  # what opens a clause that waits for something
    nouns: re.Pattern[str]  # happenings in a phrase
    base: re.Pattern[str]  # from what a count of days runs
    year_ends: re.Pattern[str]
    year_starts: re.Pattern[str]


@cache
def context(language: str) -> Context:
    """The context of a language that there is a pack for."""
    rules = grammar(language)
    pack, events = rules.pack, rules.pack["events"]
    facts = {name: "|".join(words) for name, words in pack["facts"].items()}
    past = f"{facts['past']}|(?!(?:{facts['past_ending_not']})(?!\\w))(?:{facts['past_ending']})"
    nouns = events["nouns"].replace("{noun}", "|".join(events["noun"]))
    return Context(
        before={phrase: kind for kind, phrases in pack["before"].items() for phrase in phrases},
        after={phrase: kind for kind, phrases in pack["after"].items() for phrase in phrases},
        clause=re.compile(pack["clause"]),
        past=_words(past),
        events=_words(facts["events"]),
        future=_words(facts["future"]),
        opener=re.compile(rf"\W*(?:{facts['request_openers']})(?!\w)"),
        condition=re.compile(rf"[\W\d]*(?:{facts['conditional']})(?!\w)"),
        resumes=_words(facts["resumes"]),
        unmet=_words(facts["unmet"]),
        aside=re.compile(rf"\W*(?:{facts['asides']})(?!\w)"),
        standing=re.compile(rf"^\W*(?:{pack['standing']['opens']})|(?<!\w)(?:{pack['standing']['words']})(?!\w)"),
        reported=_words(facts["reported"]),
        negated=_words(facts["negated"]),
        states=_words(facts["states"]),
        partners=_words(facts["partners"]),
        persons=_words(facts["persons"]) if facts["persons"] else None,
        moves=_words(facts["moves"]) if facts["moves"] else None,
        happenings=_words(rf"(?:{expand('|'.join(events['opens']), rules)})(?=\s+\w)"),
        nouns=_words(expand(nouns, rules)),
        base=re.compile(pack["join"]["base"]),
        year_ends=re.compile(pack["fiscal"]["ends"]),
        year_starts=re.compile(pack["fiscal"]["starts"]),
    )


def marker_before(low: str, at: int, context: Context) -> tuple[int, str | None]:
    """The longest phrase that ends where an expression starts: where it starts itself, and its kind."""
    if low[at - 1 : at] == " ":
        for word in list(_WORD.finditer(low, max(0, at - _NEAR), at))[-_LONGEST_MARKER:]:
            if kind := context.before.get(low[word.start() : at].rstrip()):
                return word.start(), kind
    return at, None


def marker_after(low: str, at: int, context: Context) -> tuple[int, str | None]:
    """The longest phrase that starts where an expression ends: where it ends itself, and its kind."""
    if low[at : at + 1] == " ":
        for word in reversed(list(_WORD.finditer(low, at, at + _NEAR))[:_LONGEST_MARKER]):
            phrase = low[at : word.end()].rstrip(".!?")
            if kind := context.after.get(phrase.lstrip()):
                return at if kind == "told" else at + len(phrase), kind
    return at, None


def clause_end(low: str, at: int, context: Context) -> int:
    """Where the clause ends that goes on at `at`, its full stop left out."""
    end = context.clause.search(low, at)
    return end.start() if end else len(low.rstrip(" .!?"))


def is_standing(low: str, context: Context) -> bool:
    """Whether a sentence is one of a contract: what it counts runs from each case, not from the message."""
    return context.standing.search(low) is not None


def happenings(low: str, context: Context, *, promised: bool) -> Iterator[tuple[int, int]]:
    """The clauses and phrases of a sentence that wait for something without a date; no facts, unless `promised`."""
    for opening in context.happenings.finditer(low):
        stop = _STOP.search(low, opening.end())
        end = stop.start() if stop else len(low.rstrip())
        said = low[: opening.start()]
        if promised:
            waits = True
        elif not said.strip():
            waits = context.future.search(low, end) is not None
        else:
            told = context.events.search(said) and not context.future.search(said)
            waits = not (told or context.past.search(said))
        if waits:
            yield opening.start(), end
    if promised or not context.past.search(low):
        yield from (noun.span() for noun in context.nouns.finditer(low))


def takes_place_before(low: str, at: int, context: Context) -> bool:
    """Whether what stands before `at` tells what merely takes place."""
    return context.events.search(low, 0, at) is not None


def _words(pattern: str) -> re.Pattern[str]:
    """Whole words, or endings that an apostrophe sets off."""
    return re.compile(rf"(?:(?<!\w)|(?=['’]))(?:{pattern})(?!\w)")
