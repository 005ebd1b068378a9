"""What was agreed after a contract that changes one of its terms: candidates for amendments, each with both its places.

A term is read by the rules of contracts (`nlp.contracts.facts`) from a sentence that agrees or decides, from a proposal
that the other side then accepts, or from a paper that says that it amends. It is a candidate where a contract holds the
same fact with another value; of several contracts it is that of which the letter speaks most, else the latest.

What it does not know: whether a candidate binds. A contract may allow written amendments only; that it says so is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import msgspec

from corpus.document import DocumentKind
from corpus.paper import Block, Form, Paper
from insights.contracts import Contract, ContractFact
from insights.identity import identity
from insights.insight import Source
from insights.letters import Letter
from insights.notes import Notes
from insights.versions import paper_of
from insights.wording import stems
from languages import codes, data
from nlp.amounts import money, periods, shares
from nlp.clauses import Passage, clauses, passages
from nlp.contracts.facts import PROSE, Value, amends, facts
from nlp.contracts.standing import Standing, standing
from nlp.findings import Act, Finding
from nlp.minutes.items import ItemType

_TERMS = ("end_date", "notice", "payment_days", "confidentiality_years", "governing_law", *PROSE)
_AGREED = (Act.ACCEPT, Act.COMMIT)
_CALLED = 5.0  # log-odds that a term's name adds: such a sentence has neither clause nor heading around it
_OPENING = 4  # blocks of a paper, among which it says that it amends
_UNSIGNED = 0.5  # of its chances, what is left to an amending paper that nobody is seen to have signed


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A term that may have been changed, and how."""

    id: str
    contract: str  # its id
    fact: str  # its name in a contract
    old: Value
    new: Value
    clause: Source  # of the contract, which says the old value
    said: Source  # the words that say the new one
    agreed: Source | None = None  # the other side's yes, where those words only proposed it
    form: Source | None = None  # what the contract says of its own amendment, where it does
    confidence: float

    def known_on(self, day: date) -> bool:
        """Whether a reader could have known it at the end of `day` (UTC)."""
        return (self.agreed or self.said).known_on(day)


class _Term(NamedTuple):
    """A value that a letter gives to a fact."""

    letter: Letter
    fact: str
    value: Value
    said: Source
    agreed: Source | None
    confidence: float


def find_amendments(letters: Sequence[Letter], contracts: Sequence[tuple[Letter, Contract]]) -> tuple[Amendment, ...]:
    """The candidates in a relationship's letters, in order of time; undated ones tell none, unless they say they amend.

    `letters` are in order of time and may hold the contracts, too; `contracts` are those that count
    (`insights.versions.current`).
    """
    held = [(letter, contract) for letter, contract in contracts if not _amends(letter)]
    if not held:
        return ()
    found: dict[str, Amendment] = {}
    for term in _terms(letters):
        if meant := _meant(term, held):
            amendment = _amendment(term, *meant)
            found.setdefault(amendment.id, amendment)
    return tuple(found.values())


def _terms(letters: Sequence[Letter]) -> Iterator[_Term]:
    by_id = {letter.id: letter for letter in letters}
    for letter in letters:
        if letter.kind is DocumentKind.CONTRACT:
            yield from _of_paper(letter)
            continue
        if letter.at is None:
            continue
        for finding in letter.findings:
            if (sure := _agreement(letter, finding)) is not None:
                yield from _of_sentence(letter, finding, sure)
        asked = by_id.get(letter.answers or "")
        if asked is not None and asked.side is not letter.side:
            yield from _accepted(asked, letter)


def _of_paper(letter: Letter) -> Iterator[_Term]:
    """The terms of a paper that amends."""
    if not isinstance(letter.read, Contract) or not _amends(letter):
        return
    grown = standing(letter.text, letter.read.language, letter.file or "", letter.subject)
    if grown is Standing.DRAFT:
        return
    for name in _TERMS:
        fact: ContractFact | None = getattr(letter.read, name)
        if fact is not None:
            sure = fact.confidence * (1.0 if grown is Standing.SIGNED else _UNSIGNED)
            yield _Term(letter, name, fact.value, fact.source, None, sure)


def _agreement(letter: Letter, finding: Finding) -> float | None:
    """How sure it is that a sentence agrees on a change; None where it does not."""
    quote = letter.quote(finding).casefold()
    if _on_record(letter, finding):
        return max(finding.confidence.get(act, 0.5) for act in _AGREED if act in finding.acts)
    if not _pattern("changes").search(quote):
        return None
    acts = [finding.confidence.get(act, 0.5) for act in _AGREED if act in finding.acts]
    if not acts and _pattern("agreed").search(quote) and not {Act.PROPOSE, Act.QUESTION, Act.REQUEST} & {*finding.acts}:
        return 0.5
    return max(acts, default=None)


def _on_record(letter: Letter, finding: Finding) -> bool:
    """Whether minutes give a sentence as decided or agreed."""
    if not isinstance(letter.read, Notes) or not {*_AGREED} & {*finding.acts}:
        return False
    kinds = {item.type for item in letter.read.items if item.source.start == finding.start}
    return bool(kinds & {ItemType.DECISION, ItemType.AGREEMENT})


def _accepted(asked: Letter, answer: Letter) -> Iterator[_Term]:
    """The changes that a letter proposes, where the other side's answer says yes and proposes nothing itself."""
    acts = {act for finding in answer.findings for act in finding.acts}
    if Act.ACCEPT not in acts or acts & {Act.DECLINE, Act.PROPOSE}:
        return
    yes = max((f for f in answer.findings if Act.ACCEPT in f.acts), key=lambda f: f.confidence.get(Act.ACCEPT, 0.5))
    for finding in asked.findings:
        if {Act.PROPOSE, Act.REQUEST} & {*finding.acts} and _pattern("changes").search(asked.quote(finding).casefold()):
            for term in _of_sentence(asked, finding, yes.confidence.get(Act.ACCEPT, 0.5)):
                yield term._replace(letter=answer, agreed=answer.source(yes))


def _of_sentence(letter: Letter, finding: Finding, sure: float) -> Iterator[_Term]:
    """The terms that a sentence states."""
    quote = letter.quote(finding)
    paper = Paper(form=Form.TEXT, text=quote, blocks=(Block(start=0, end=len(quote)),))
    language = letter.language if letter.language in codes() else codes()[0]
    read = facts(passages(paper, clauses(paper), language), language, _called)
    for name, fact in read.sure.items():
        if name in _TERMS:
            yield _Term(letter, name, fact.value, letter.source(finding), None, sure * fact.confidence)


def _called(fact: str, passage: Passage) -> float:
    """What speaks for a fact where a sentence calls it by its name."""
    pattern = _names().get(fact)
    return _CALLED if pattern and pattern.search(passage.text.lower()) else 0.0


def _meant(term: _Term, held: Sequence[tuple[Letter, Contract]]) -> tuple[Letter, Contract, ContractFact, float] | None:
    """The contract that a term changes, the fact as it stands there, and how sure it is that this one is meant."""
    found = []
    for letter, contract in held:
        fact: ContractFact | None = getattr(contract, term.fact)
        if (
            fact is not None
            and _is_later(term.letter, letter)
            and letter.id != term.said.document
            and _differs(fact, term, contract)
        ):
            spoken = stems(f"{term.letter.subject} {term.said.quote}") & stems(f"{letter.subject} {letter.file or ''}")
            found.append((len(spoken), letter.at.isoformat() if letter.at else "", letter, contract, fact))
    if not found:
        return None
    most, _, letter, contract, fact = max(found, key=lambda each: each[:2])
    return letter, contract, fact, 1 / sum(each[0] == most for each in found)


def _is_later(said: Letter, held: Letter) -> bool:
    """Whether a letter came after a contract; a paper that amends did, though it may bear the contract's own day."""
    if said.kind is DocumentKind.CONTRACT or held.at is None:
        return True
    return said.at is not None and held.at < said.at


def _differs(fact: ContractFact, term: _Term, contract: Contract) -> bool:
    """Whether a term gives a fact another value; of facts told in prose, other amounts."""
    if term.fact not in PROSE:
        return fact.value != term.value
    said = _amounts(term.said.quote, term.letter.language or contract.language)
    return bool(said) and not said <= _amounts(fact.source.quote, contract.language)


def _amounts(text: str, language: str) -> frozenset[object]:
    """The money, shares and periods of a text, as values."""
    code = language if language in codes() else codes()[0]
    return frozenset(
        [(m.amount, m.currency) for m in money(text, code)]
        + [s.percent for s in shares(text, code)]
        + [(p.length, p.unit) for p in periods(text, code)]
    )


def _amendment(term: _Term, letter: Letter, contract: Contract, fact: ContractFact, share: float) -> Amendment:
    return Amendment(
        id=identity("amendment", contract.id, term.fact, term.said.document, term.said.start),
        contract=contract.id,
        fact=term.fact,
        old=fact.value,
        new=term.value,
        clause=fact.source,
        said=term.said,
        agreed=term.agreed,
        form=form_of(letter, contract),
        confidence=round(min(term.confidence, fact.confidence) * share, 3),
    )


def form_of(letter: Letter, contract: Contract) -> Source | None:
    """What a contract says of its own amendment."""
    paper = paper_of(letter)
    for passage in passages(paper, clauses(paper), contract.language):
        if _pattern("form").search(passage.text.lower()):
            return msgspec.structs.replace(
                contract.source, quote=letter.text[passage.start : passage.end], start=passage.start, end=passage.end
            )
    return None


def _amends(letter: Letter) -> bool:
    """Whether a contract's paper says that it amends another."""
    if not isinstance(letter.read, Contract) or letter.layout is None:
        return False
    opening = Paper(form=letter.layout.form, text=letter.text, blocks=letter.layout.blocks[:_OPENING])
    return amends(passages(opening, clauses(opening), letter.read.language), letter.read.language)


@cache
def _names() -> Mapping[str, re.Pattern[str]]:
    """What terms are called, in all languages together."""
    tables = [data(code, "contracts")["amendments"]["names"] for code in codes()]
    return {name: re.compile("|".join(t[name] for t in tables if name in t)) for t in tables for name in t}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """A pattern of all languages together."""
    return re.compile("|".join(data(code, "contracts")["amendments"][name] for code in codes()))
