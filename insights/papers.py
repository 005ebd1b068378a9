"""What contracts and minutes put on record, as part of the relationship to which they belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from insights.amendments import Amendment, find_amendments
from insights.cast import Cast, stand
from insights.contracts import FACTS, Contract, ContractFact, Obligation
from insights.insight import Commitment, Party, Side, Source
from insights.letters import Letter
from insights.notes import NoteItem, Notes
from insights.versions import Version, current
from nlp.minutes.items import ItemType

_MINUTED = (ItemType.DECISION, ItemType.AGREEMENT, ItemType.PROPOSAL, ItemType.REJECTION)


def known_sides(letter: Letter, us: Party, them: Party) -> Letter:
    """A contract with the side of each of its parties and the letter's time in its evidence; others as they are."""
    if not isinstance(letter.read, Contract):
        return letter
    sides = stand(letter.read, us, them)
    parties = tuple(msgspec.structs.replace(p, side=sides.get(p.name)) for p in letter.read.parties)
    contract = msgspec.structs.replace(letter.read, parties=parties)
    return msgspec.structs.replace(letter, read=_dated(contract, letter.at))


def find_contracts(letters: Sequence[Letter], promises: Iterable[Commitment]) -> tuple[Contract, ...]:
    """The contracts among the letters, each duty with the promise by which the ledger follows it.

    Of a contract's versions all are there; those that count no more say which replaced them first.
    """
    followed = {_place(promise.made): promise.id for promise in promises}

    def linked(duty: Obligation) -> Obligation:
        return msgspec.structs.replace(duty, commitment=followed.get(_place(duty.source)))

    papers = [(letter, letter.read) for letter in letters if isinstance(letter.read, Contract)]
    by_document = {letter.id: contract for letter, contract in papers}
    found = {c.id: c for version in current(papers) for c in _editions(version, by_document)}
    return tuple(
        msgspec.structs.replace(found[contract.id], obligations=tuple(map(linked, contract.obligations)))
        for _, contract in papers
    )


def _editions(version: Version, by_document: Mapping[str, Contract]) -> Iterator[Contract]:
    """The papers of a contract, each with those before it and with the first that counts in its stead."""
    for n, edition in enumerate(version.editions):
        later = [by_document[e.document].source for e in version.editions[n + 1 :]]
        yield msgspec.structs.replace(
            by_document[edition.document],
            editions=version.editions[: n + 1] if len(version.editions) > 1 else (),
            replaced=min(later, key=lambda source: source.at.isoformat() if source.at else "", default=None),
        )


def amended(letters: Sequence[Letter], contracts: Iterable[Contract]) -> tuple[Amendment, ...]:
    """What later letters may have changed in the contracts that count. `letters` are in order of time."""
    by_id = {letter.id: letter for letter in letters}
    held = [(by_id[c.source.document], c) for c in contracts if c.replaced is None]
    return find_amendments(letters, held)


def find_minuted(
    letters: Sequence[Letter], us: Party, them: Party, promises: Iterable[Commitment]
) -> tuple[NoteItem, ...]:
    """Decisions, agreements, proposals and rejections on record, in order; `letters` are in order of time.

    The rest of minutes is in the ledger, among the issues and among the questions, and so is an agreement by which
    somebody promises something.
    """
    if not any(isinstance(letter.read, Notes) for letter in letters):
        return ()
    followed = {_place(promise.made) for promise in promises}
    cast = Cast(us, them)
    found: list[NoteItem] = []
    for letter in letters:
        cast.read(letter)
        if isinstance(letter.read, Notes):
            found.extend(_placed(item, letter, cast) for item in letter.read.items if item.type in _MINUTED)
    return tuple(n for n in found if n.type is not ItemType.AGREEMENT or _place(n.source) not in followed)


def _placed(item: NoteItem, letter: Letter, cast: Cast) -> NoteItem:
    """An item with the one side on which all stand whose it is, and the letter's time."""
    sides = {cast.debtor(name, letter).side for name in item.who}
    side = sides.pop() if len(sides) == 1 else None
    known = None if side is Side.OTHER else side
    return msgspec.structs.replace(item, side=known, source=_at(item.source, letter.at))


def _dated(contract: Contract, at: datetime | None) -> Contract:
    """A contract with a time in all its evidence: it may have come with an earlier mail since it was read."""
    if contract.source.at == at:
        return contract

    def moved(one: Any) -> Any:
        return msgspec.structs.replace(one, source=_at(one.source, at))

    facts: dict[str, ContractFact] = {name: moved(fact) for name in FACTS if (fact := getattr(contract, name))}
    return msgspec.structs.replace(
        contract,
        source=_at(contract.source, at),
        obligations=tuple(map(moved, contract.obligations)),
        unsure={name: moved(fact) for name, fact in contract.unsure.items()},
        **facts,
    )


def _place(source: Source) -> tuple[str, int]:
    return source.document, source.start


def _at(source: Source, at: datetime | None) -> Source:
    return msgspec.structs.replace(source, at=at)
