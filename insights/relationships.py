"""From who wrote to whom: people, organisations, and one relationship for each counterparty.

A document belongs to a relationship when it passes between them and us: they wrote it and one of us (a list of ours
counts) is among its recipients; or one of us wrote it and they are; or one of us wrote it to a list of ours in answer
to them. What one of us sends to more than ten organisations at once is no relationship mail. Mass and automatic mail
opens no relationship; in one that is open otherwise it is kept apart as `quiet`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from corpus.document import Address, Sending
from corpus.people import Person, is_freemail, people, registrable
from insights.bulk import addressed, find_bulk_senders
from insights.directory import Account, Contact, Unit, read_contacts
from insights.envelopes import Envelope
from insights.insight import Party, RelationshipKind, Side
from insights.letters import Direction

_ABBREVIATION = 3  # letters of a domain's words that are shown in capitals: BP, MIT
_CIRCULAR = 10  # organisations that one mail of ours may go to and still be about each of them


class Membership(msgspec.Struct, frozen=True):
    """That a document belongs to a relationship. `quiet` ones are mass or automatic mail, shown when asked for."""

    relationship: str
    direction: Direction
    quiet: bool = False


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """Us and one counterparty. `id` is its first registrable domain, a free person's address, or a unit's name."""

    id: str
    name: str
    kind: RelationshipKind | None = None
    external_id: str | None = None  # in the CRM
    owner: str | None = None
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # ids of their people


class Relations(msgspec.Struct, frozen=True, kw_only=True):
    """Who is who, and which document belongs where. Documents that belong nowhere are not in `members`."""

    own_domains: tuple[str, ...]
    people: tuple[Person, ...]
    contacts: dict[str, Contact]  # by address
    relationships: tuple[Relationship, ...]  # by id
    members: dict[str, tuple[Membership, ...]]  # by document
    unopened: dict[str, tuple[Membership, ...]] = {}  # by document: where only mass and automatic mail passed so far
    seen: dict[Address, int] = {}  # how often each mailbox was seen under that name
    bulk: frozenset[str] = frozenset()  # addresses that send like machines
    heard: frozenset[str] = frozenset()  # addresses to which one of us wrote


def party(address: Address, contact: Contact | None, relationship: str) -> Party:
    """A mailbox as one who takes part in a relationship; `contact` is what is known of it."""
    if contact is None:
        return Party(id=address.email or address.name, name=address.name or address.email, side=Side.OTHER)
    theirs = relationship in (contact.counterparty, contact.unit)
    side = Side.THEM if theirs else Side.US if contact.ours else Side.OTHER
    return Party(id=contact.person, name=contact.name, side=side, email=address.email)


def infer_own_domains(envelopes: Iterable[Envelope]) -> tuple[tuple[str, ...], float]:
    """Our domains by an archive alone: the one that takes part in most messages, and those with the same label.

    Freemail and mass mail do not count. Returns the domains and the share (0 … 1) of messages in which the first takes
    part; no domain and 0 where there is nothing to go by.
    """
    return busiest(*count_domains(envelopes))


def count_domains(envelopes: Iterable[Envelope]) -> tuple[Counter[str], int]:
    """In how many messages each domain takes part, and how many messages there are. Mass mail does not count."""
    seen: Counter[str] = Counter()
    total = 0
    for e in envelopes:
        if e.sending in (Sending.BULK, Sending.AUTOMATIC):
            continue
        total += 1
        emails = (a.email for a in e.people)
        seen.update({d for d in map(registrable, emails) if d and not is_freemail(d)})
    return seen, total


def busiest(seen: Mapping[str, int], total: int) -> tuple[tuple[str, ...], float]:
    """The domain that takes part in most messages and those with the same label, and the first one's share of all."""
    if not seen:
        return (), 0.0
    first = min(seen, key=lambda d: (-seen[d], d))
    label = first.split(".")[0]
    others = sorted(d for d in seen if d != first and d.split(".")[0] == label)
    return (first, *others), seen[first] / total


def relate(
    envelopes: Iterable[Envelope],
    own_domains: Sequence[str],
    accounts: Sequence[Account] = (),
    units: Sequence[Unit] = (),
) -> Relations:
    """Sort documents into relationships.

    `own_domains` are ours (their subdomains too); `accounts` name and join counterparties as the CRM knows them;
    `units` are parts of our own house that we see as counterparties of the rest. The result does not depend on the
    order of `envelopes`.
    """
    mails = in_order(envelopes)
    seen = count_mailboxes(mails)
    persons = people(seen.items())
    contacts = read_contacts(persons, own_domains, accounts, units)
    bulk = find_bulk_senders(mails, contacts)
    members = memberships(mails, contacts, bulk)
    spoken = {m.relationship for places in members.values() for m in places if not m.quiet}
    return Relations(
        own_domains=tuple(own_domains),
        people=persons,
        contacts=contacts,
        relationships=describe(spoken, contacts, accounts, units),
        members={i: kept for i, ms in members.items() if (kept := tuple(m for m in ms if m.relationship in spoken))},
        unopened={
            i: rest for i, ms in members.items() if (rest := tuple(m for m in ms if m.relationship not in spoken))
        },
        seen=dict(seen),
        bulk=bulk,
        heard=addressed(mails, contacts),
    )


def _only(
    members: Mapping[str, tuple[Membership, ...]], wanted: Callable[[Membership], bool]
) -> dict[str, tuple[Membership, ...]]:
    return {i: kept for i, places in members.items() if (kept := tuple(filter(wanted, places)))}


def in_order(envelopes: Iterable[Envelope]) -> list[Envelope]:
    """Mails in order of time, undated ones last."""
    return sorted(envelopes, key=lambda e: (e.at.timestamp() if e.at else math.inf, e.id))


def count_mailboxes(mails: Iterable[Envelope]) -> Counter[Address]:
    """How often each mailbox was seen under each name."""
    return Counter(a for e in mails for a in e.people if a.email)


def memberships(
    mails: Sequence[Envelope], contacts: Mapping[str, Contact], bulk: Collection[str]
) -> dict[str, tuple[Membership, ...]]:
    """By document, the relationships to which mails of whole threads belong; `mails` are in order of time."""
    members = {}
    for e, places in _place(mails, contacts):
        quiet = e.sending in (Sending.BULK, Sending.AUTOMATIC) or (e.author is not None and e.author.email in bulk)
        members[e.id] = tuple(Membership(r, d, quiet) for r, d in sorted(places.items()))
    return members


def _place(
    mails: Sequence[Envelope], contacts: Mapping[str, Contact]
) -> Iterator[tuple[Envelope, dict[str, Direction]]]:
    """Each mail with the relationships to which it belongs; `mails` are in order of time."""
    authors = {e.id: contacts.get(e.author.email) for e in mails if e.author}
    latest: dict[str, str] = {}  # thread → the counterparty that wrote last in it
    for e in mails:
        author = authors.get(e.id)
        if author is None:
            continue
        recipients = [c for a in e.recipients if (c := contacts.get(a.email))]
        theirs = {c.counterparty for c in recipients if c.counterparty is not None}
        if author.counterparty is not None:
            latest[e.thread] = author.counterparty
            yield e, {author.counterparty: Direction.IN} if any(c.ours for c in recipients) else {}
        elif len(theirs) <= _CIRCULAR:
            if e.list_id or e.sending is Sending.LIST:
                theirs |= _listeners(authors.get(e.answers or ""), None if theirs else latest.get(e.thread))
            yield e, dict.fromkeys(theirs, Direction.OUT) or _inside(author, recipients)


def _listeners(answered: Contact | None, latest: str | None) -> set[str]:
    """To whom a mail of ours to a list speaks: whom it answers, else who wrote last in its thread."""
    who = latest if answered is None else answered.counterparty
    return set() if who is None else {who}


def _inside(author: Contact, recipients: Sequence[Contact]) -> dict[str, Direction]:
    """The units between which a mail in our own house passes."""
    others = {c.unit for c in recipients} - {author.unit}
    places = {unit: Direction.OUT for unit in others if unit is not None}
    return places | ({author.unit: Direction.IN} if author.unit is not None and others else {})


def describe(
    ids: Iterable[str], contacts: Mapping[str, Contact], accounts: Sequence[Account], units: Sequence[Unit]
) -> tuple[Relationship, ...]:
    """Relationships by their ids; `contacts` hold at least all of their people."""
    theirs: defaultdict[str, set[str]] = defaultdict(set)
    for contact in contacts.values():
        for place in (contact.counterparty, contact.unit):
            if place is not None:
                theirs[place].add(contact.person)
    known = {a.domains[0].lower(): a for a in accounts}
    lodged = {u.name: u for u in units}
    return tuple(
        Relationship(
            id=i,
            name=_name(i, known.get(i), contacts),
            kind=RelationshipKind.INTERNAL if i in lodged else known[i].kind if i in known else None,
            external_id=known[i].external_id if i in known else None,
            owner=known[i].owner if i in known else None,
            domains=_domains(i, known.get(i), lodged.get(i)),
            people=tuple(sorted(theirs[i])),
        )
        for i in sorted(ids)
    )


def _name(i: str, account: Account | None, contacts: Mapping[str, Contact]) -> str:
    if account is not None:
        return account.name
    if "@" in i:
        return contacts[i].name if i in contacts else i
    if "." not in i:  # a unit's own name
        return i
    words = i.split(".")[0].split("-")
    return " ".join(w.upper() if len(w) <= _ABBREVIATION else w.capitalize() for w in words)


def _domains(i: str, account: Account | None, unit: Unit | None) -> tuple[str, ...]:
    if account is not None:
        return account.domains
    if unit is not None:
        return unit.domains
    return () if "@" in i else (i,)
