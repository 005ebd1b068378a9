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
from nlp.amounts import written_days
from nlp.clauses import Passage
from nlp.contracts.parties import Party, role_patterns
from nlp.dates import due as due_of

BAR = 0.45  # duties that are less likely are left out
_LONGEST = 1000  # code points of a passage that is read
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


class _Bound(NamedTuple):
    """Who is bound in a passage, and how plainly it says so."""

    party: str | None
    weight: float


def duties(
    said: Sequence[Passage], parties: Sequence[Party], language: str, begins: date | None, commits: Commits | None = None
) -> tuple[Duty, ...]:
    """The duties of a contract in order. `begins` is its first day, from which relative days are counted."""
    words = _words(language)
    names = _names(parties, language)
    if not names:
        return ()
    binding = _binding(words, tuple(sorted(names, key=len, reverse=True)))
    anchor = datetime.combine(begins or date(2000, 1, 1), time(12), UTC)
    found = []
    over: _Bound | None = None  # who the list that runs on binds: "Supplier shall: (a) …"
    for passage in said:
        low = passage.text[:_LONGEST].lower()
        bound = _bound(low, binding, words, names, parties)
        if over is not None and not _ITEM.match(passage.text):
            over = None
        if low.endswith(":"):
            over = bound and bound._replace(weight=_LISTED)
            continue
        bound = bound or over
        if bound is None or len(low.split()) < _SHORTEST or words.rejects.search(low):
            continue
        weight = _BIAS + bound.weight + _weight(low, passage, words) + (commits(passage) if commits else 0.0)
        chance = 1 / (1 + math.exp(-weight))
        if chance >= BAR:
            found.append(_duty(passage, bound, language, anchor, begins, words, chance))
    return tuple(found)


def _duty(
    passage: Passage, bound: _Bound, language: str, anchor: datetime, begins: date | None, words: _Words, chance: float
) -> Duty:
    text = passage.text[:_LONGEST]
    when = due_of(text, language, anchor, promised=True) if words.due.search(text.lower()) or any(
        c.isdigit() for c in text
    ) else None  # fmt: skip
    named = written_days(when.words, language) if when else ()
    day = named[0].day if named else None
    if day is None and when and when.last and begins and any(c.isdigit() for c in when.iso) and "T" not in when.iso:
        day = None
    return Duty(
        party=bound.party, start=passage.start, end=passage.end, clause=passage.clause, page=passage.page,
        due=when.words if when else None, due_date=day, confidence=round(chance, 3),
    )  # fmt: skip


def _weight(low: str, passage: Passage, words: _Words) -> float:
    weight = _DUE if words.due.search(low) else 0.0
    weight += _SUBSTANCE if words.substance.search(low) else 0.0
    weight += _RECURRING if words.recurring.search(low) else 0.0
    weight += _LENGTH * min(2.0, len(low) / 300)
    weight += _AMOUNT if any(c.isdigit() for c in low) else 0.0
    weight += _HEADING if words.headings.search(passage.heading) else 0.0
    return weight


def _bound(
    low: str, binding: tuple[re.Pattern[str], re.Pattern[str]], words: _Words, names: Mapping[str, str | None],
    parties: Sequence[Party],
) -> _Bound | None:  # fmt: skip
    active, agent = binding
    for match in active.finditer(low):
        if words.rights.search(low[match.start("duty") : match.start("duty") + 80]):
            continue
        negative = _NEGATIVE if low[match.end() : match.end() + 5].startswith(" not") else 0.0
        return _Bound(names.get(match["party"]), _ACTIVE + negative)
    if words.passive.search(low):
        by = agent.search(low)
        if by:
            return _Bound(names.get(by["party"]), _ACTIVE)
        payer = _payer(words, parties)
        return _Bound(payer, _OWED if words.owed.search(low) else _PASSIVE)
    return _Bound(_payer(words, parties), _OWED) if words.owed.search(low) else None


def _payer(words: _Words, parties: Sequence[Party]) -> str | None:
    """The party that pays, by its role."""
    roles = {(p.role or "").lower(): p.name for p in parties}
    return next((roles[role.lower()] for role in words.payers if role.lower() in roles), None)


def _names(parties: Sequence[Party], language: str) -> dict[str, str | None]:
    """How each party may be called in lower case, with its name; both parties together are None."""
    names: dict[str, str | None] = {}
    patterns = role_patterns(language)
    for party in parties:
        for called in (party.name, party.role or "", party.name.split()[0].strip(",") if party.name else ""):
            low = called.lower().strip()
            if len(low) > 1:
                names.setdefault(low, party.name)
                pattern = patterns.get(low) or patterns.get(called.strip())
                if pattern is not None:
                    names.setdefault(pattern.pattern, party.name)
    for role, pattern in patterns.items():
        names.setdefault(pattern.pattern, role)
    return names


@cache
def _binding(words: _Words, names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    spelt = "|".join(name if any(c in name for c in "[(?\\") else re.escape(name) + r"(?::?n)?" for name in names)
    party = rf"(?P<party>(?:{spelt})|{words.both})"
    return re.compile(rf"\b{party}{words.active}"), re.compile(words.agent.replace("{party}", party))


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
