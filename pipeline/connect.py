"""From documents to what holds over time: threads, people and relationships anew; insights where something changed.

Everything here is a function of what the store holds, so it can be killed and run again at any moment, and the
order in which documents came does not matter.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import pairwise

import msgspec
from sqlalchemy import Connection, Engine

import store.corrections
import store.papers
import store.read
import store.write
from corpus.document import Address, ZoneKind
from corpus.threads import Link, thread
from insights import timeline
from insights.corrections import Correction, apply
from insights.founding import settle
from insights.insight import Party, Rhythm, Side
from insights.letters import Letter
from insights.placing import Placing, loose
from insights.relationships import Relations, Relationship, infer_own_domains, relate
from pipeline.house import read_policy, read_units
from pipeline.local import batches
from pipeline.practices import practices
from settings import Settings
from store.read import Member
from store.write import Understood

_TOGETHER = 50  # relationships in one transaction: fewer round trips, little memory
VERSION = "14"  # raise when insights derives something else from the same findings


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What was derived."""

    relationships: int
    own_domains: tuple[str, ...]
    own_share: float | None = None  # where they were inferred: the share of messages that speak for them
    stages: dict[str, float] = {}  # seconds


def connect(engine: Engine, settings: Settings) -> Connected:
    """Derive threads, relationships and insights from all documents. Does nothing where no document or rule is new."""
    read_policy(settings.policy)  # before the work, should it be wrong
    with engine.begin() as turn:
        store.write.take_turn(turn)  # until all is derived: others may file documents meanwhile, but not derive
        with engine.begin() as connection:
            if store.read.version(connection) != _rules(settings):
                store.write.mark_stale(connection)
            mark = store.read.stale(connection)
            if mark is None:
                count = store.read.count_relationships(connection)
                return Connected(relationships=count, own_domains=store.read.own_domains(connection))
        return _connect(engine, settings, mark)


def _connect(engine: Engine, settings: Settings, mark: str) -> Connected:
    clock = [time.perf_counter()]
    with engine.begin() as connection:
        carriers = store.read.carriers(connection)
        _write_threads(connection, carriers)
        clock.append(time.perf_counter())
        relations, share = _relate(connection, settings)
        relations, placed = _place(connection, relations, carriers)
        store.write.relations(connection, relations, placed, _rules(settings))
    clock.append(time.perf_counter())
    _derive(engine, settings, relations)
    with engine.begin() as connection:
        store.write.mark_fresh(connection, mark)
    clock.append(time.perf_counter())
    practices(engine, settings, date.today())  # noqa: DTZ011 -- the day that pages show first
    clock.append(time.perf_counter())
    spent = [later - earlier for earlier, later in pairwise(clock)]
    return Connected(
        relationships=len(relations.relationships),
        own_domains=relations.own_domains,
        own_share=share,
        stages=dict(zip(("threads", "relationships", "insights", "practices"), spent, strict=True)),
    )


def _rules(settings: Settings) -> str:
    """What relationships rest on besides documents and accounts: our code, our domains, our units."""
    parts = (VERSION, settings.own_domains, read_units(settings.units))
    return blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def _write_threads(connection: Connection, carriers: Mapping[str, Sequence[str]]) -> None:
    links = thread(store.read.strands(connection))
    for paper, mails in carriers.items():  # in the thread of the mail that brought it first
        links[paper] = Link(links[mails[0]].thread if mails else paper, None)
    before = store.read.links(connection)
    store.write.links(connection, {i: link for i, link in links.items() if before.get(i) != link})


def _relate(connection: Connection, settings: Settings) -> tuple[Relations, float | None]:
    envelopes = list(store.read.envelopes(connection))
    own, share = settings.own_domains, None
    if not own:
        own, share = infer_own_domains(envelopes)
    accounts, units = store.read.accounts(connection), read_units(settings.units)
    return relate(envelopes, own, accounts, units), share


def _place(
    connection: Connection, relations: Relations, carriers: Mapping[str, Sequence[str]]
) -> tuple[Relations, dict[str, Placing]]:
    """Where each paper belongs, and the relations with those that papers alone tell of."""
    papers = map(loose, store.read.papers(connection))
    assigned, accounts = store.papers.assignments(connection), store.read.accounts(connection)
    return settle(papers, relations, carriers, assigned, accounts)


def correspondence(connection: Connection, settings: Settings) -> Iterator[tuple[Relationship, list[Letter]]]:
    """Each relationship with the letters from which its insights are read: for those who learn from them."""
    relations, _ = _relate(connection, settings)
    for one in relations.relationships:
        members = store.read.members(connection, [one.id])[one.id]
        yield one, [_letter(m, relations, one.id) for m in members if not m.quiet]


def _derive(engine: Engine, settings: Settings, relations: Relations) -> None:
    """The insights of each relationship that changed, a few relationships in one transaction."""
    by_id = {r.id: r for r in relations.relationships}
    us = _us(relations)
    with engine.connect() as connection:
        changed = store.read.changed_relationships(connection, _rules(settings))
    for batch in batches(changed, _TOGETHER):
        with engine.begin() as connection:
            for identity, _ in batch:  # in one order, so that none waits for another in a circle
                store.corrections.lock(connection, identity)
            members = store.read.members(connection, [identity for identity, _ in batch])
            said = {identity: store.corrections.of(connection, identity) for identity, _ in batch}
            store.write.insights(
                connection, [_understand(by_id[i], digest, members[i], said[i], relations, us) for i, digest in batch]
            )


def _understand(
    relationship: Relationship,
    digest: str,
    members: list[Member],
    said: Sequence[Correction],
    relations: Relations,
    us: Party,
) -> Understood:
    letters = [_letter(m, relations, relationship.id) for m in members if not m.quiet]
    found = timeline.read(letters, us, _them(relationship))
    return Understood(
        relationship=relationship.id,
        derived=found,
        corrected=apply(found, said),
        summary=_summary(members, found.rhythm),
        digest=digest,
    )


def _letter(member: Member, relations: Relations, relationship: str) -> Letter:
    filed, document = member.filed, member.filed.document

    def party(address: Address) -> Party:
        return relations.party(address, relationship)

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
        author=party(document.author) if document.author else None,
        recipients=tuple(map(party, (*document.to, *document.cc))),
        attachments=tuple(a.name for a in document.attachments),
        findings=filed.findings,
        sentences=filed.sentences,
        utc_offset=document.utc_offset,
        layout=document.layout,
        read=filed.reading,
    )


def _us(relations: Relations) -> Party:
    name = next(iter(relations.own_domains), "us")
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
