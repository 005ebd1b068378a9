"""What holds in the relationships that changed, read from their letters.

A correction is kept apart from what is derived, and counts last (`insights.corrections`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Engine

import store.contacts
import store.corrections
import store.places
import store.read
import store.write
from corpus.document import Address, ZoneKind
from insights import timeline
from insights.corrections import apply
from insights.directory import Contact
from insights.insight import Party, Rhythm, Side
from insights.letters import Letter
from insights.relationships import Relationship, party
from pipeline.local import batches
from store.read import Member
from store.write import Understood

_TOGETHER = 50  # relationships in one transaction: fewer round trips, little memory


def derive(engine: Engine, version: str, own_domains: Sequence[str], *, few: bool = False) -> None:
    """The insights of each relationship that changed, a few relationships in one transaction.

    With `few` only those are looked at that were touched (`store.places.touch`). `version` is that of the rules.
    """
    us = _us(own_domains)
    with engine.connect() as connection:
        changed = store.read.changed_relationships(connection, version, few=few)
    for batch in batches(changed, _TOGETHER):
        with engine.begin() as connection:
            for identity, _ in batch:  # in one order, so that none waits for another in a circle
                store.corrections.lock(connection, identity)
            store.write.insights(connection, _understand(connection, dict(batch), us))


def correspondence(connection: Connection) -> Iterator[tuple[Relationship, list[Letter]]]:
    """Each relationship with the letters from which its insights are read: for those who learn from them."""
    for identity in store.places.all_relationships(connection):
        members = store.read.members(connection, [identity])[identity]
        yield store.places.standing(connection, [identity])[identity], _letters(connection, members, identity)


def _understand(connection: Connection, digests: Mapping[str, str], us: Party) -> list[Understood]:
    members = store.read.members(connection, list(digests))
    found = []
    for identity, one in store.places.standing(connection, list(digests)).items():
        derived = timeline.read(_letters(connection, members[identity], identity), us, _them(one))
        found.append(
            Understood(
                relationship=identity,
                derived=derived,
                corrected=apply(derived, store.corrections.of(connection, identity)),
                summary=_summary(members[identity], derived.rhythm),
                digest=digests[identity],
            )
        )
    return found


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


def _summary(members: list[Member], rhythm: Rhythm) -> store.read.Summary:
    times = [m.filed.document.at for m in members if m.filed.document.at and not m.quiet]
    return store.read.Summary(
        documents=sum(not m.quiet for m in members),
        quiet=sum(m.quiet for m in members),
        first=min(times, default=None),
        last=max(times, default=None),
        rhythm=rhythm,
    )
