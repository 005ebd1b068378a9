"""A few new mails placed among all that is there, without looking at what they do not touch.

The outcome is that of placing all mails anew (`pipeline.connect`). Where a newcomer touches more than can be told from
what is near it (our own domains by the archive, whose an address is, a relationship that is none any more, papers),
nothing is said, and all is placed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

import store.contacts
import store.places
import store.read
import store.strands
import store.write
from corpus.newcomers import rethread
from corpus.people import merging_keys, people
from corpus.threads import Link
from insights.bulk import addressed, is_machine
from insights.directory import Account, Contact, Unit, read_contacts
from insights.envelopes import Envelope
from insights.relationships import busiest, count_domains, count_mailboxes, describe, in_order, memberships
from store.contacts import Known
from store.places import Place

_FEW = 8  # documents that are always taken for few …
_SHARE = 100  # … and one in so many of all: beyond, placing all anew is faster


class House(msgspec.Struct, frozen=True, kw_only=True):
    """What we know of ourselves."""

    own_domains: tuple[str, ...]
    are_inferred: bool  # the own domains, from the archive
    accounts: tuple[Account, ...] = ()
    units: tuple[Unit, ...] = ()


def take_in(connection: Connection, house: House, pending: Collection[str]) -> bool:
    """Place the pending documents (ids) and touch what rests on them; False where more is touched than can be told.

    Then some things may be written that placing all anew writes again.
    """
    if len(pending) > _FEW and len(pending) * _SHARE > store.read.count_documents(connection):
        return False
    arrived = store.places.arrived(connection, pending)
    if not all(one.is_mail for one in arrived):
        return False
    store.places.touch(connection, [one.id for one in arrived if not one.is_new])
    new = {one.id for one in arrived if one.is_new}
    return not new or _place(connection, house, new)


def _place(connection: Connection, house: House, new: set[str]) -> bool:
    before, links = _thread(connection, new)
    moved = {i for i, link in links.items() if before.get(i) != link}
    envelopes = in_order(store.read.envelopes(connection, links.keys()))
    fresh = [e for e in envelopes if e.id in new]
    if store.places.bring_papers(connection, moved) or not _same_house(connection, house, fresh):
        return False
    met = _meet(connection, house, fresh)
    if met is None:
        return False
    answered = {known[i].answers for known in (before, links) for i in moved & known.keys()}
    flipped = _judge(connection, fresh, answered)
    changed = _stand(connection, envelopes) | store.places.places(connection, flipped)
    homes = {place.membership.relationship for place in changed}
    people_of = {home for c in met.changed.values() for home in (c.counterparty, c.unit) if home is not None}
    if not _open(connection, house, homes, people_of):
        return False
    letters = {place.document for place in changed} | store.contacts.documents_with(connection, met.renamed)
    store.places.touch(connection, moved | letters)
    return True


def _thread(connection: Connection, new: Collection[str]) -> tuple[Mapping[str, Link], Mapping[str, Link]]:
    """The links of all in the threads of new mails, as they were and as they are."""
    archive = store.strands.Neighbours(connection)
    links = rethread(archive.these(new), archive)
    before = store.strands.links(connection, links.keys())
    store.write.links(connection, {i: link for i, link in links.items() if before.get(i) != link})
    return before, links


def _same_house(connection: Connection, house: House, fresh: Sequence[Envelope]) -> bool:
    """Whether our domains are what they were, with more mails counted."""
    store.contacts.count_domains(connection, *count_domains(fresh))
    return not house.are_inferred or busiest(*store.contacts.leading_domains(connection))[0] == house.own_domains


class _Met(msgspec.Struct, frozen=True, kw_only=True):
    """Of whom something else is known now: new addresses, and those whose person or name is another."""

    changed: dict[str, Contact]
    renamed: frozenset[str]


def _meet(connection: Connection, house: House, fresh: Sequence[Envelope]) -> _Met | None:
    """Count the people in new mails; None where an address belongs to another house now."""
    seen = count_mailboxes(fresh)
    store.contacts.count(connection, seen)
    emails = {address.email for address in seen}
    keys = {known.merging_key for known in store.contacts.contacts(connection, emails).values()}
    keys |= set(merging_keys(store.contacts.namesakes(connection, emails, ()).items()).values())
    everyone = store.contacts.namesakes(connection, emails, keys - {""})
    persons = people(everyone.items())
    now, keyed = read_contacts(persons, house.own_domains, house.accounts, house.units), merging_keys(everyone.items())
    before = store.contacts.contacts(connection, now.keys())
    if any(_house(before[email].contact) != _house(now[email]) for email in before):
        return None
    changed = {
        email: contact
        for email, contact in now.items()
        if (known := before.get(email)) is None or (known.contact, known.merging_key) != (contact, keyed[email])
    }
    if changed:
        store.contacts.write(connection, changed, keyed)
        store.contacts.write_people(connection, {known.contact.person for known in before.values()}, persons)
    return _Met(
        changed=changed,
        renamed=frozenset(e for e, contact in changed.items() if e in before and before[e].contact != contact),
    )


def _house(contact: Contact) -> tuple[str | None, str | None]:
    return contact.counterparty, contact.unit


def _judge(connection: Connection, fresh: Sequence[Envelope], answered: Collection[str | None]) -> set[str]:
    """Judge again who sends like a machine; the mails of those of whom another thing is true now.

    `answered` are mails that were or are answered by one whose link moved.
    """
    authors = {e.author.email for e in fresh if e.author is not None and e.author.email}
    known = {email: one.contact for email, one in store.contacts.contacts(connection, authors).items()}
    heard = addressed(fresh, known)
    store.contacts.hear(connection, heard)
    authors |= heard | store.read.authors(connection, [i for i in answered if i is not None])
    moved: set[str] = set()
    for email, one in store.contacts.contacts(connection, authors).items():
        if not one.contact.ours and (bulk := _is_bulk(connection, email, one)) != one.bulk:
            store.contacts.set_bulk(connection, email, bulk)
            moved.update(e.id for e in store.read.envelopes_by(connection, email))
    return moved


def _is_bulk(connection: Connection, email: str, one: Known) -> bool:
    if one.heard or store.contacts.was_answered(connection, email):
        return False
    return is_machine(email, store.read.envelopes_by(connection, email))


def _stand(connection: Connection, envelopes: Sequence[Envelope]) -> set[Place]:
    """Write where the mails of whole threads stand; the places that are new or gone."""
    emails = {a.email for e in envelopes for a in e.people}
    known = store.contacts.contacts(connection, emails)
    contacts = {email: one.contact for email, one in known.items()}
    members = memberships(envelopes, contacts, {email for email, one in known.items() if one.bulk})
    now = {Place(document, one) for document, places in members.items() for one in places}
    before = store.places.places(connection, [e.id for e in envelopes])
    store.places.touch_all(connection, {place.membership.relationship for place in before - now})
    store.places.take_out(connection, before - now)
    store.places.put(connection, now - before)
    return before ^ now


def _open(connection: Connection, house: House, homes: set[str], people_of: set[str]) -> bool:
    """Open relationships in which something was said for the first time, and write whose people they are.

    False where one is none any more, or where papers may belong elsewhere, now that others are known.
    """
    written = store.places.standing(connection, homes | people_of)
    spoken = store.places.spoken(connection, homes)
    wanted = spoken | (people_of & written.keys())
    contacts = {e: c for home in wanted for e, c in store.contacts.of_house(connection, home).items()}
    now = {r.id: r for r in describe(wanted, contacts, house.accounts, house.units)}
    changed = [r for i, r in now.items() if written.get(i) != r]
    if (homes & written.keys()) - spoken or (changed and store.places.has_papers(connection)):
        return False
    store.places.write(connection, changed)
    store.places.move_in(connection, spoken)
    renamed = {r.id for r in changed if (known := written.get(r.id)) is not None and known.name != r.name}
    store.places.touch_all(connection, renamed)
    return True
