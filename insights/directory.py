"""Whose an address is: ours or a counterparty's, and which person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from corpus.people import Person, is_freemail, registrable
from insights.insight import RelationshipKind


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A counterparty as the CRM knows it. All its domains are one relationship, known by the first."""

    external_id: str
    name: str
    domains: tuple[str, ...]  # or addresses, where they use freemail
    kind: RelationshipKind | None = None
    owner: str | None = None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A part of our own house that we look at as a counterparty of the rest."""

    name: str
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class Contact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What we know of an address."""

    person: str  # id
    name: str
    counterparty: str | None = None  # None: ours
    unit: str | None = None  # of ours

    @property
    def ours(self) -> bool:
        """Whether it is one of us."""
        return self.counterparty is None


def read_contacts(
    persons: Iterable[Person], own_domains: Sequence[str], accounts: Sequence[Account] = (), units: Sequence[Unit] = ()
) -> dict[str, Contact]:
    """Say of every address of these people whose it is.

    A counterparty is an account's first domain, else the registrable domain. Somebody's freemail address belongs where
    that person's only other mailboxes do, ours or a counterparty's, else it is a counterparty by itself.
    """
    accounted = {d.lower(): a.domains[0].lower() for a in accounts for d in a.domains}
    lodged = {d.lower(): u.name for u in units for d in (*u.domains, *u.addresses)}
    contacts: dict[str, Contact] = {}
    for person in persons:
        houses = {e: _house(e, own_domains, accounted) for e in person.emails}
        home = _home(houses)
        for email, house in houses.items():
            contacts[email] = Contact(
                person=person.id,
                name=person.name or email,
                counterparty=home if house == email else house,
                unit=_lookup(email, lodged),
            )
    return contacts


def belongs(email: str, domains: Iterable[str]) -> bool:
    """Whether an address lies in one of the domains or below it."""
    domain = email.rpartition("@")[2]
    return any(domain == d or domain.endswith("." + d) for d in domains)


def _home(houses: Mapping[str, str | None]) -> str | None:
    """Where a person's freemail addresses belong, by the houses of all of that person's addresses."""
    others = {house for email, house in houses.items() if house != email}
    return others.pop() if len(others) == 1 else min((e for e, house in houses.items() if house == e), default=None)


def _house(email: str, own_domains: Sequence[str], accounted: dict[str, str]) -> str | None:
    """The counterparty of an address by itself; None where it is ours."""
    if belongs(email, own_domains):
        return None
    if known := _lookup(email, accounted):
        return known
    domain = registrable(email)
    return email if not domain or is_freemail(domain) else domain


def _lookup(email: str, known: dict[str, str]) -> str | None:
    """What is known of an address, or of its domain, or of a domain above that."""
    if email in known:
        return known[email]
    labels = email.rpartition("@")[2].split(".")
    return next((known[d] for i in range(len(labels)) if (d := ".".join(labels[i:])) in known), None)
