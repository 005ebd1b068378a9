"""Contracts in words, as the page of a relationship shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from api.web.lines import show_term
from api.web.words import show_day, show_deadline, show_fact, show_share, show_value
from insights.contracts import FACTS, Contract, ContractFact, Deadline, DeadlineStatus
from insights.insight import Source


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a contract says or that follows from it, with the words it rests on."""

    name: str
    value: str
    sure: str
    source: Source
    clause: str = ""  # number and heading
    page: int | None = None
    state: str = ""  # unsure | coming | past


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A contract: who, from when until when, what it says, and the days that follow."""

    contract: Contract
    title: str
    term: str
    facts: tuple[Said, ...]  # those that are unsure come last
    days: tuple[Said, ...]


def cards(found: Iterable[tuple[Contract, tuple[Deadline, ...]]], day: date) -> list[Card]:
    """Contracts and the days that follow from each, in words, as of a day."""
    return [_card(contract, days, day) for contract, days in found]


def _card(contract: Contract, days: tuple[Deadline, ...], day: date) -> Card:
    return Card(
        contract=contract,
        title=" – ".join(p.name for p in contract.parties) or contract.source.file or "Contract",
        term=show_term(contract),
        facts=tuple(_facts(contract)),
        days=tuple(_day(one, one.status(day)) for one in days),
    )


def _facts(contract: Contract) -> Iterator[Said]:
    for name in FACTS:
        if (fact := getattr(contract, name)) is not None:
            yield _fact(name, fact, "")
    for name, fact in contract.unsure.items():
        yield _fact(name, fact, "unsure")


def _fact(name: str, fact: ContractFact, state: str) -> Said:
    return Said(
        name=show_fact(name),
        value=show_value(name, fact.value),
        sure=show_share(fact.confidence),
        source=fact.source,
        clause=" ".join(filter(None, (fact.clause, fact.heading))),
        page=fact.page,
        state=state,
    )


def _day(one: Deadline, status: DeadlineStatus) -> Said:
    return Said(
        name=show_day(one.day),
        value=", ".join(filter(None, (show_deadline(one.kind), one.party))),
        sure=show_share(one.confidence),
        source=one.source,
        state=status.value,
    )
