"""What holds in the relationships that changed, read from their letters.

A correction is kept apart from what is derived, and counts last (`insights.corrections`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, Engine

import store.contacts
import store.corrections
import store.derived
import store.places
import store.read
import store.write
from corpus.document import Address, ZoneKind
from insights import timeline
from insights.corrections import apply
from insights.directory import Contact
from insights.insight import Party, Side
from insights.letters import Letter
from insights.relationships import Relationship, party
from insights.timeline import Insights
from pipeline import memory
from pipeline.local import batches
from pipeline.memory import Known, summary
from store.derived import Changed, Understood
from store.read import Member, Summary

_TOGETHER = 50  # relationships in one transaction: fewer round trips, little memory


def derive(engine: Engine, version: str, own_domains: Sequence[str], *, few: bool = False) -> None:
    """The insights of each relationship that changed, a few relationships in one transaction.

    With `few` only those are looked at that were touched (`store.places.touch`), and what was read of them is kept for
    the next time. `version` is that of the rules.
    """
    us = _us(own_domains)
    with engine.connect() as connection:
        touched = store.derived.touched_relationships(connection) if few else None
        changed = store.derived.changed_relationships(connection, version) if touched is None else touched
    for batch in batches(changed, _TOGETHER):
        with engine.begin() as connection:
            for one in batch:  # in one order, so that none waits for another in a circle
                store.corrections.lock(connection, one.id)
            understood = _few(connection, version, batch, us) if few else _many(connection, version, batch, us)
            store.derived.write(connection, understood)


def _few(connection: Connection, version: str, batch: Sequence[Changed], us: Party) -> Iterator[Understood]:
    """Read what is new in relationships of which the earlier letters are known, and all of the others."""
    address = str(connection.engine.url)
    for one, described in _described(connection, batch):
        them = _them(described)
        known = memory.take(address, one.id)
        if (
            known is None
            or not known.goes_on(version, one.before, them, one.touched)
            or not _follow(connection, known, one.id, one.touched)
        ):
            known, one = Known(version, us, them), msgspec.structs.replace(one, before=None)
            _follow(connection, known, one.id, None)
        before, derived = known.insights, known.reader.insights()
        digest = store.derived.digest(connection, one.id, version, one if one.before else None)
        known.keep(digest, derived)
        memory.keep(address, one.id, known)
        yield _understood(connection, one.id, digest, derived, known.summary, before)


def _follow(connection: Connection, known: Known, relationship: str, documents: Sequence[str] | None) -> bool:
    """Read these documents, or all, after what was read; False where some stand before that."""
    members = store.read.members(connection, [relationship], documents)[relationship]
    return known.follow(members, _letters(connection, members, relationship))


def _many(connection: Connection, version: str, batch: Sequence[Changed], us: Party) -> Iterator[Understood]:
    members = store.read.members(connection, [one.id for one in batch])
    for one, described in _described(connection, batch):
        derived = timeline.read(_letters(connection, members[one.id], one.id), us, _them(described))
        digest = one.digest or store.derived.digest(connection, one.id, version)
        yield _understood(connection, one.id, digest, derived, summary(members[one.id], derived.rhythm))


def _described(connection: Connection, batch: Sequence[Changed]) -> Iterator[tuple[Changed, Relationship]]:
    standing = store.places.standing(connection, [one.id for one in batch])
    return ((one, standing[one.id]) for one in batch)


def _understood(
    connection: Connection,
    relationship: str,
    digest: str,
    derived: Insights,
    sums: Summary,
    before: Insights | None = None,
) -> Understood:
    return Understood(
        relationship=relationship,
        derived=derived,
        corrected=apply(derived, store.corrections.of(connection, relationship)),
        summary=sums,
        digest=digest,
        before=before,
    )


def correspondence(connection: Connection) -> Iterator[tuple[Relationship, list[Letter]]]:
    """Each relationship with the letters from which its insights are read: for those who learn from them."""
    for identity in store.places.all_relationships(connection):
        members = store.read.members(connection, [identity])[identity]
        yield store.places.standing(connection, [identity])[identity], _letters(connection, members, identity)


def _letters(connection: Connection, members: Sequence[Member], relationship: str) -> list[Letter]:
    """What passed in a relationship but mass and automatic mail."""
    heard = [member for member in members if not member.quiet]
    emails = {address.email for member in heard for address in _addresses(member)}
    contacts = {email: known.contact for email, known in store.contacts.contacts(connection, emails).items()}
    return [_letter(member, contacts, relationship) for member in heard]


def _addresses(member: Member) -> tuple[Address, ...]:
    document = member.filed.document
    return (*((document.author,) if document.author else ()), *document.to, *document.cc)


def _letter(member: Member, contacts: Mapping[str, Contact], relationship: str) -> Letter:
    filed, document = member.filed, member.filed.document

    def known(address: Address) -> Party:
        return party(address, contacts.get(address.email), relationship)

    return Letter(
        id=document.id,
        relationship=relationship,
        text=document.text,
        own=tuple((z.start, z.end) for z in document.zones if z.kind is ZoneKind.OWN),
        at=document.at,
        thread=filed.thread,
        answers=filed.answers,
        kind=document.kind,
        sending=document.sending,
        direction=member.direction,
        subject=document.subject,
        message_id=document.message_id and f"<{document.message_id}>",
        file=document.file,
        language=document.language,
        author=known(document.author) if document.author else None,
        recipients=tuple(map(known, (*document.to, *document.cc))),
        attachments=tuple(a.name for a in document.attachments),
        findings=filed.findings,
        sentences=filed.sentences,
        utc_offset=document.utc_offset,
        layout=document.layout,
        read=filed.reading,
    )


def _us(own_domains: Sequence[str]) -> Party:
    name = next(iter(own_domains), "us")
    return Party(id=name, name=name, side=Side.US)


def _them(relationship: Relationship) -> Party:
    return Party(id=relationship.id, name=relationship.name, side=Side.THEM)
