"""What a contract obliges each party to do: who, by when, in which words.

A passage states a duty where a party is followed by a word of duty ("Supplier shall", "Toimittajan tulee"), where one
is bound in the passive by name, or where money is owed and one side pays. What only grants a right, defines a word or
settles the law is none. Findings of a model may be given: a sentence that commits adds to a duty's weight.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple

import msgspec

from languages import data
from nlp.amounts import Day, written_days
from nlp.clauses import Passage
from nlp.contracts.parties import Party, role_patterns
from nlp.dates import due as due_of

BAR = 0.4  # duties that are less likely are left out
_LONGEST = 1000  # code points of a passage that is read
_NEAR = 25  # code points on either side of a day in which a word of deadline is its own
_LONGEST_DUE = 90  # code points
_SHORTEST = 4  # words of one
# Log-odds, after a logistic fit on passages that readers took for the chief duties of 37 contracts.
_BIAS, _ACTIVE, _PASSIVE, _OWED, _LISTED = -1.2, 1.4, 0.7, 1.2, 0.7
_DUE, _SUBSTANCE, _RECURRING, _AMOUNT, _HEADING, _NEGATIVE, _LENGTH = 1.25, 0.9, 1.2, 0.9, -1.2, -0.6, -0.9
_ITEM = re.compile(r"(?:\(?(?:[a-zåäö]|\d{1,2}|[ivx]{1,4})[).]|[-–•*])\s|[a-zåäö]")

Commits = Callable[[Passage], float]  # a model's log-odds that a passage commits somebody, to add


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Something a party owes. `party` is its name as the contract has it, None where it binds both or all."""

    party: str | None
    start: int  # code points into the paper's text
    end: int
    clause: int
    page: int
    due: str | None  # verbatim words
    due_date: date | None  # where the words name a day
    confidence: float


class _Words(NamedTuple):
    active: str
    passive: re.Pattern[str]
    agent: str
    owed: re.Pattern[str]
    both: str
    rights: re.Pattern[str]
    rejects: re.Pattern[str]
    headings: re.Pattern[str]
    payers: tuple[str, ...]
    substance: re.Pattern[str]
    recurring: re.Pattern[str]
    due: re.Pattern[str]


class _Sides(NamedTuple):
    """How the parties may be called, lower case: by names, and by forms of their roles."""

    names: Mapping[str, str]
    roles: tuple[tuple[re.Pattern[str], str], ...]

    def called(self, word: str) -> str | None:
        """The party that a word of a text means, in whatever form; None where it means both."""
        named = next((self.names[form] for form in _forms(word) if form in self.names), None)
        return named or next((name for pattern, name in self.roles if pattern.fullmatch(word)), None)

    def payer(self, words: _Words) -> str | None:
        """The party that pays, by its role."""
        return next((self.names[role.lower()] for role in words.payers if role.lower() in self.names), None)


class _Bound(NamedTuple):
    """Who is bound in a passage, and how plainly it says so."""

    party: str | None
    weight: float


def duties(
    said: Sequence[Passage],
    parties: Sequence[Party],
    language: str,
    begins: date | None,
    commits: Commits | None = None,
) -> tuple[Duty, ...]:
    """The duties of a contract in order. `begins` is its first day, from which relative days are counted."""
    words = _words(language)
    sides = _sides(parties, language)
    binding = _binding(words, sides)
    anchor = datetime.combine(begins or date(2000, 1, 1), time(12), UTC)
    found = []
    over: _Bound | None = None  # who the list that runs on binds: "Supplier shall: (a) …"
    for passage in said:
        low = passage.text[:_LONGEST].lower()
        bound = _bound(low, binding, words, sides)
        if over is not None and not _ITEM.match(passage.text):
            over = None
        if low.endswith(":"):
            over = bound and bound._replace(weight=_LISTED)
            if not words.substance.search(low):
                continue
        bound = bound or over
        if bound is None or len(low.split()) < _SHORTEST or words.rejects.search(low):
            continue
        weight = _BIAS + bound.weight + _weight(low, passage, words) + (commits(passage) if commits else 0.0)
        chance = 1 / (1 + math.exp(-weight))
        if chance >= BAR:
            found.append(_duty(passage, bound, language, anchor, words, chance))
    return tuple(found)


def _duty(passage: Passage, bound: _Bound, language: str, anchor: datetime, words: _Words, chance: float) -> Duty:
    text = passage.text[:_LONGEST]
    day = _dated(text, language, words)
    due = text[day.start : day.end] if day else _due_words(text, language, anchor, words)
    return Duty(
        party=bound.party,
        start=passage.start,
        end=passage.end,
        clause=passage.clause,
        page=passage.page,
        due=due,
        due_date=day.day if day else None,
        confidence=round(chance, 3),
    )


def _due_words(text: str, language: str, anchor: datetime, words: _Words) -> str | None:
    """When it is due, in words of a deadline."""
    found = due_of(text, language, anchor, promised=True) if words.due.search(text.lower()) else None
    return found.words if found and len(found.words) <= _LONGEST_DUE else None


def _dated(text: str, language: str, words: _Words) -> Day | None:
    """The day with its year beside which a word of deadline stands."""
    low = text.lower()
    near = (d for d in written_days(text, language) if words.due.search(low[max(0, d.start - _NEAR) : d.end + _NEAR]))
    return next(near, None)


def _weight(low: str, passage: Passage, words: _Words) -> float:
    weight = _DUE if words.due.search(low) else 0.0
    weight += _SUBSTANCE if words.substance.search(low) else 0.0
    weight += _RECURRING if words.recurring.search(low) else 0.0
    weight += _LENGTH * min(2.0, len(low) / 300)
    weight += _AMOUNT if any(c.isdigit() for c in low) else 0.0
    weight += _HEADING if words.headings.search(passage.heading) else 0.0
    return weight


def _bound(low: str, binding: tuple[re.Pattern[str], re.Pattern[str]], words: _Words, sides: _Sides) -> _Bound | None:
    active, agent = binding
    granted = False
    for match in active.finditer(low):
        if words.rights.search(low[match.start("duty") : match.start("duty") + 80]):
            granted = True
            continue
        negative = _NEGATIVE if low[match.end() : match.end() + 5].startswith(" not") else 0.0
        return _Bound(sides.called(match["party"]), _ACTIVE + negative)
    if granted:
        return None
    if words.passive.search(low):
        by = agent.search(low)
        if by:
            return _Bound(sides.called(by["party"]), _ACTIVE)
        return _Bound(sides.payer(words), _OWED if words.owed.search(low) else _PASSIVE)
    return _Bound(sides.payer(words), _OWED) if words.owed.search(low) else None


def _sides(parties: Sequence[Party], language: str) -> _Sides:
    names: dict[str, str] = {}
    for party in parties:
        for called in (party.name, party.role or "", party.name.split()[0].strip(",")):
            if len(called) > 1:
                names.setdefault(called.lower(), party.name)
    patterns = role_patterns(language)
    roles = tuple((pattern, names.get(role.lower(), role)) for role, pattern in patterns.items())
    return _Sides(names, roles)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it is without the ending of a genitive."""
    return word, word.removesuffix(":n"), word.removesuffix("n")


def _binding(words: _Words, sides: _Sides) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a party before a word of duty, and one that is bound in the passive."""
    literal = sorted(sides.names, key=len, reverse=True)
    spelt = "|".join([*(rf"{re.escape(name)}(?::?n)?" for name in literal), *(p.pattern for p, _ in sides.roles)])
    party = rf"(?P<party>(?:{spelt})|{words.both})"
    return re.compile(rf"\b{party}[\"”’]?{words.active}"), re.compile(words.agent.replace("{party}", party))


@cache
def _words(language: str) -> _Words:
    table = data(language, "contracts")["duties"]
    compiled = {key: re.compile(table[key]) for key in (
        "passive", "owed", "rights", "rejects", "headings", "substance", "recurring", "due",
    )}  # fmt: skip
    return _Words(
        active=table["active"], agent=table["agent"], both=table["both"], payers=tuple(table["payers"].split()),
        **compiled,
    )  # fmt: skip
