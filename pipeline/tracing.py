"""Looks through all that is kept for somebody's traces, or for what was erased once: documents, then raw bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec
from sqlalchemy import Connection

import store.erasure
import store.read
import store.tombstones
from corpus.layers import layers
from errors import NotFound, RawMissing
from insights.traces import Subject, Trace, addresses, mention_in_bytes, trace
from pipeline.local import batches
from store import views
from store.raw import RawStore
from store.tombstones import Thing

_TOGETHER = 500  # documents or files judged at once


class What(StrEnum):
    """What is erased."""

    PERSON = "person"
    RELATIONSHIP = "relationship"
    RETENTION = "retention"  # what is older than the rules keep
    REPLAY = "replay"  # what was erased before, and came back with a backup


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Whose documents are to go. `shared` are names that others bear, too, by which nothing is found."""

    what: What
    subject: Subject
    relationship: str | None = None
    shared: tuple[str, ...] = ()


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go: documents with all that holds them or came with them, and raw bytes that became no document.

    `traces` counts documents by how the target stands in them, `left` those that were left since they only name it.
    """

    documents: frozenset[str]
    raws: frozenset[str]
    traces: Mapping[str, int]
    told: frozenset[str] = frozenset()  # those of the documents that are to have tombstones
    left: int = 0


def person(connection: Connection, names: Sequence[str]) -> Target:
    """A person by addresses and names: with all their addresses. Raises NotFound where a name says too little."""
    emails, called, shared = set[str](), set[str](), set[str]()
    for name in (n.strip() for n in names):
        is_address = "@" in name
        found = store.read.people(connection, name)
        if not is_address and len(found) > 1:
            hint = f"Name one by an address: {', '.join(p.id for p in found)}."
            raise NotFound(f"{len(found)} people are called {name}.", advice=hint)
        if not found and not is_address and " " not in name:
            raise NotFound(f"nobody is known as {name}.", advice="Give an address, or the whole name.")
        emails |= {e for p in found for e in p.emails} | ({name.lower()} if is_address else set())
        for full in {p.name for p in found} | (set() if is_address or found else {name}):
            others = len(store.read.people(connection, full)) > 1
            (shared if others else called).add(full)
    whole = {name for name in called if " " in name}
    whole |= {form for name in whole for form in _with_initials(connection, name)}
    subject = Subject(addresses=frozenset(emails), names=tuple(sorted(whole)))
    return Target(what=What.PERSON, subject=subject, shared=tuple(sorted(shared)))


def _with_initials(connection: Connection, name: str) -> tuple[str, ...]:
    """A name as minutes write it, "K. Holopainen" or "M-L Rantasalo"; none where somebody else is written so, too."""
    first, *_, last = name.split()
    parts = [part[0] for part in first.split("-") if part]
    same = {n for n in store.read.surnamed(connection, last) if n[0].casefold() == first[0].casefold()}
    if same - {name} or len(first.strip(".")) == 1:
        return ()
    forms = dict.fromkeys(
        (f"{'-'.join(parts)}.", ".-".join(parts) + ".", *(["-".join(parts)] if len(parts) > 1 else []))
    )
    return tuple(f"{form} {last}" for form in forms)


def relationship(connection: Connection, name: str) -> Target:
    """A relationship by its id, domain, name or id in the CRM. Raises NotFound."""
    identity = views.resolve(connection, name)
    domains, emails = store.read.reach(connection, identity)
    subject = Subject(addresses=frozenset(emails), domains=frozenset(domains))
    return Target(what=What.RELATIONSHIP, subject=subject, relationship=identity)


def look(connection: Connection, raw: RawStore, target: Target, *, named: bool = True) -> Seen:
    """What of a target is kept. `named` False leaves documents in which it takes no part but is only named.

    Raw bytes are looked into as well: for copies in blind, for what went to quarantine, for what belongs to nothing.
    """
    found = {d.id: how for d in store.read.documents(connection) if (how := trace(d, target.subject)) is not None}
    members = store.read.member_ids(connection, target.relationship) if target.relationship else set()
    found |= dict.fromkeys(members, Trace.PART)
    left = {d for d, how in found.items() if how is not Trace.PART and not named}
    seeds = found.keys() - left
    hidden, loose = _in_bytes(connection, raw, target.subject, found.keys())
    seeds |= hidden if named else set()
    parts = store.erasure.parts(connection)
    told = parts.whole(seeds)
    counts = Counter(found[d].name.lower() for d in found.keys() - left)
    if named and hidden:
        counts["bytes"] = len(hidden)
    return Seen(
        documents=frozenset(told | parts.left_alone(told)),
        raws=frozenset(loose),
        traces=counts,
        told=frozenset(told),
        left=len(left - told),
    )


def look_again(connection: Connection, raw: RawStore) -> Seen:
    """What is kept although it was erased once."""
    seeds = set[str]()
    for batch in batches(store.read.documents(connection), _TOGETHER):
        seeds |= store.tombstones.erased(connection, {d.id: store.tombstones.thing(d) for d in batch})
    loose = set[str]()
    for group in batches(_without_document(connection, raw), _TOGETHER):
        loose |= store.tombstones.erased(connection, {digest: _thing(raw, digest) for digest in group})
    parts = store.erasure.parts(connection)
    whole = parts.whole(seeds)
    return Seen(
        documents=frozenset(whole | parts.left_alone(whole)),
        raws=frozenset(loose),
        traces={"erased": len(seeds)},
    )


def _in_bytes(
    connection: Connection, raw: RawStore, subject: Subject, known: Collection[str]
) -> tuple[set[str], set[str]]:
    """Documents beyond the known ones whose bytes name the subject, and such bytes as became no document.

    Of a domain only addresses count in a mail's bytes: every answer to its mails has its name in `References`.
    """
    within = msgspec.structs.replace(subject, domains=frozenset())
    hidden, loose = set[str](), set[str]()
    for group in batches(raw.digests(), _TOGETHER):
        for digest, documents in store.erasure.belongings(connection, group).items():
            if documents and documents <= set(known):
                continue
            if mention_in_bytes(_bytes(raw, digest), within if documents else subject) is not None:
                hidden |= documents
                loose |= set() if documents else {digest}
    return hidden, loose


def _without_document(connection: Connection, raw: RawStore) -> Iterator[str]:
    """Raw bytes that became no document and came with none."""
    for group in batches(raw.digests(), _TOGETHER):
        yield from (d for d, documents in store.erasure.belongings(connection, group).items() if not documents)


def _thing(raw: RawStore, digest: str) -> Thing:
    found = (address for text in layers(_bytes(raw, digest)) for address in addresses(text))
    return Thing(marks=frozenset((("document", digest), *store.tombstones.addressed(found))))


def _bytes(raw: RawStore, digest: str) -> bytes:
    try:
        return raw.get(digest)
    except RawMissing:
        return b""  # cut short by a kill: nothing can be told of it, nor read
