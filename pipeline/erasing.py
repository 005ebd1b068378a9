"""Erases a person, a relationship, or what is older than the rules keep, with all that was derived from it.

First tombstones are set, so that nothing of it can come in any more; then it is looked for, deleted in one
transaction, and what remains is derived anew. Killed at any moment, the same call goes on; `replay` does so for what
tombstones tell.
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b

import msgspec
from sqlalchemy import Connection, Engine

import store.erasure
import store.holds
import store.read
import store.tombstones
import store.write
from corpus.people import name_key
from errors import Held
from insights.retention import is_over
from insights.traces import Subject
from pipeline import ledger
from pipeline.connect import connect
from pipeline.house import read_retention
from pipeline.ledger import Record
from pipeline.tracing import Seen, Target, What, look, look_again
from settings import Settings
from store.erasure import Proof
from store.raw import RawStore
from store.shredding import shred
from store.tombstones import Mark, Tombstone

_SHOWN = 5  # holds that an error names


def erase(engine: Engine, settings: Settings, target: Target, *, named: bool = True, by: str | None = None) -> Proof:
    """Erase all traces of a target and leave tombstones. `named` as for `pipeline.tracing.look`.

    Raises Held, before anything is deleted, where any of it is under a hold.
    """
    raw, proof = RawStore(settings.raw), _proof(target.what, by)
    with engine.begin() as connection:
        _refuse_held(connection, look(connection, raw, target, named=named).documents)
        key = store.tombstones.key_for_new(connection)
        store.write.take_pen(connection)
        stones = [Tombstone(hash=store.tombstones.hashed(key, m), until=proof.at) for m in _marks(target.subject)]
        store.erasure.begin(connection, proof, _subject(key, target), key)
        store.tombstones.add(connection, proof.id, stones)
    with engine.begin() as connection:
        store.write.take_turn(connection)  # nobody derives meanwhile
        store.write.take_pen(connection)
        seen = look(connection, raw, target, named=named)
        _refuse_held(connection, seen.documents)
        marks = {("document", one) for one in seen.told | seen.raws}
        marks |= {("copy", one) for one in store.erasure.copy_keys(connection, seen.told)}
        stones = [Tombstone(hash=store.tombstones.hashed(key, mark)) for mark in marks]
        store.tombstones.add(connection, proof.id, stones)
        proof, loose = _delete(connection, proof, seen, target)
        record = Record(proof=proof, key=key, tombstones=store.tombstones.of(connection, proof.id))
        ledger.write(settings.erasures, record)  # should the end not come
    done = _finish(engine, settings, raw, proof, loose)
    ledger.write(settings.erasures, msgspec.structs.replace(record, proof=done))
    return done


def replay(engine: Engine, settings: Settings, records: Iterable[Record], by: str | None = None) -> Proof:
    """Erase again what records of erasures and the store's own tombstones tell of: after a backup was restored.

    Holds do not count: what was erased once was under none.
    """
    raw, proof = RawStore(settings.raw), _proof(What.REPLAY, by)
    with engine.begin() as connection:
        store.write.take_pen(connection)
        for record in records:
            store.erasure.begin(connection, record.proof, None, record.key)
            store.tombstones.add(connection, record.proof.id, record.tombstones)
            store.erasure.end(connection, record.proof)
        store.erasure.begin(connection, proof, None, None)
    with engine.begin() as connection:
        store.write.take_turn(connection)
        store.write.take_pen(connection)
        proof, loose = _delete(connection, proof, look_again(connection, raw), None)
    return _finish(engine, settings, raw, proof, loose)


def retain(engine: Engine, settings: Settings, day: date, *, dry: bool = False, by: str | None = None) -> Proof:
    """Erase what the rules keep no longer on a day, but for what is under a hold; `dry` only counts it.

    Without tombstones: the rules themselves hold for whatever comes in again.
    """
    raw, proof = RawStore(settings.raw), _proof(What.RETENTION, by)
    with engine.begin() as connection:
        if not dry:
            store.write.take_turn(connection)
            store.write.take_pen(connection)
        over = _over(connection, settings, day)
        parts, held = store.erasure.parts(connection), store.holds.held(connection, over)
        apart = parts.apart(over - parts.whole(held))
        gone = apart | (parts.left_alone(apart) & over)  # what came along may be kept for longer
        seen = Seen(documents=frozenset(gone), raws=frozenset(), traces={})
        counts = {"held": len(held)} if held else {}
        if dry or not seen.documents:
            return msgspec.structs.replace(proof, counts=counts | {"documents": len(seen.documents)})
        store.erasure.begin(connection, proof, None, None)
        proof, loose = _delete(connection, proof, seen, None)
        proof = msgspec.structs.replace(proof, counts=proof.counts | counts)
    return _finish(engine, settings, raw, proof, loose)


def _over(connection: Connection, settings: Settings, day: date) -> set[str]:
    rules = read_retention(settings.retention)
    aged = store.erasure.aged(connection)
    return {one.id for one in aged if is_over(rules, one.kind, one.at, one.relationships, day)}


def _proof(what: What, by: str | None) -> Proof:
    now = datetime.now(UTC)
    return Proof(
        id=secrets.token_hex(6), what=what, by=by or getpass.getuser(), at=now, finished=None, counts={}, digest=None
    )


def _refuse_held(connection: Connection, documents: Collection[str]) -> None:
    held = store.holds.held(connection, documents)
    if held:
        numbers = sorted(set(held.values()))[:_SHOWN]
        raise Held(f"{len(held):,} of the documents are under hold {', '.join(map(str, numbers))}.")


def _marks(subject: Subject) -> set[Mark]:
    return (
        {("address", email) for email in subject.addresses}
        | {("domain", domain) for domain in subject.domains}
        | {("name", key) for name in subject.names if " " in (key := name_key(name))}
    )


def _subject(key: bytes, target: Target) -> bytes:
    """Who was erased, told only to those who can name them."""
    name = target.relationship or min(target.subject.addresses or target.subject.names)
    return store.tombstones.hashed(key, ("subject", name))


def _delete(connection: Connection, proof: Proof, seen: Seen, target: Target | None) -> tuple[Proof, set[str]]:
    digest = blake2b("\n".join(sorted(seen.documents)).encode(), digest_size=32).hexdigest()
    counts, loose = store.erasure.erase(connection, seen.documents, seen.raws)
    if target is not None:
        scrubbed = store.erasure.scrub(connection, (*target.subject.addresses, *target.subject.names))
        counts |= {"paths": scrubbed} if scrubbed else {}
        store.erasure.forget_addresses(connection, target.subject.addresses)
        if target.relationship is not None:
            store.erasure.forget_relationship(connection, target.relationship)
    return msgspec.structs.replace(proof, counts=counts | {"files": len(loose)}, digest=digest), loose


def _finish(engine: Engine, settings: Settings, raw: RawStore, proof: Proof, loose: Collection[str]) -> Proof:
    """What needs no transaction: the bytes, what is derived of the rest, and the database's own leavings."""
    for digest in loose:
        raw.remove(digest)
    connect(engine, settings)
    turned = shred(engine)
    done = msgspec.structs.replace(proof, finished=datetime.now(UTC))
    done = done if turned else msgspec.structs.replace(done, counts=done.counts | {"log_kept": 1})
    with engine.begin() as connection:
        store.erasure.end(connection, done)
    return done
