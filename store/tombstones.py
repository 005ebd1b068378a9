"""What keeps the erased from coming back: hashes of who and what is not to be stored again.

A hash is keyed with a random secret, so equal hashes elsewhere tell nothing; whoever has the secret, too, may ask of an
address whether it was erased, and no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b

import msgspec
from sqlalchemy import Connection, text

from corpus.document import Document
from corpus.people import name_key
from insights.traces import addresses, domains, parties, words

REASON = "erased"  # why something is not stored
Mark = tuple[str, str]  # kind (document | copy | address | domain | name) and value


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What may be stored or was: by what it can be told, and of when it is."""

    marks: frozenset[Mark]
    at: datetime | None = None


class Tombstone(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One hash. What is later than `until` is not meant; None: whatever its time."""

    hash: bytes
    until: datetime | None = None


def thing(document: Document) -> Thing:
    """A document by its id, its copies' key, and everybody whose address is in it."""
    return Thing(marks=frozenset(_marks(document)), at=document.at)


def addressed(found: Iterable[str]) -> Iterator[Mark]:
    """The marks of addresses."""
    for address in set(found):
        yield "address", address
        yield from (("domain", domain) for domain in domains(address))


def _marks(document: Document) -> Iterator[Mark]:
    yield "document", document.id
    if document.content_key:
        yield "copy", document.content_key
    people = parties(document)
    yield from addressed((*(a.email for a in people if a.email), *addresses(words(document))))
    yield from (("name", key) for a in people if not a.email and " " in (key := name_key(a.name)))


def hashed(key: bytes, mark: Mark) -> bytes:
    """The keyed hash of a mark."""
    return blake2b("\0".join(mark).encode(), key=key, digest_size=16).digest()


def keys(connection: Connection) -> tuple[bytes, ...]:
    """The secrets by which there are tombstones, the newest first: one, but where backups were mixed."""
    rows = connection.execute(text("SELECT key FROM erasure WHERE key IS NOT NULL GROUP BY key ORDER BY max(at) DESC"))
    return tuple(bytes(row.key) for row in rows)


def key_for_new(connection: Connection) -> bytes:
    """The secret for another erasure."""
    return next(iter(keys(connection)), None) or secrets.token_bytes(32)


def erased(connection: Connection, things: Mapping[str, Thing]) -> set[str]:
    """Which of the things were erased, by their names here."""
    found: dict[bytes, list[str]] = {}
    for key in keys(connection):
        for name, one in things.items():
            for mark in one.marks:
                found.setdefault(hashed(key, mark), []).append(name)
    if not found:
        return set()
    rows = connection.execute(text("SELECT hash, until FROM tombstone WHERE hash = ANY(:all)"), {"all": list(found)})
    return {name for row in rows for name in found[bytes(row.hash)] if _is_meant(things[name].at, row.until)}


def _is_meant(at: datetime | None, until: datetime | None) -> bool:
    return at is None or until is None or at <= until


def add(connection: Connection, erasure: str, stones: Iterable[Tombstone]) -> None:
    """Keep tombstones of an erasure; those that are there stay as they are."""
    rows = [{"hash": s.hash, "erasure": erasure, "until": s.until} for s in stones]
    if rows:
        connection.execute(text("INSERT INTO tombstone VALUES (:hash, :erasure, :until) ON CONFLICT DO NOTHING"), rows)


def of(connection: Connection, erasure: str) -> tuple[Tombstone, ...]:
    """The tombstones of an erasure."""
    rows = connection.execute(text("SELECT hash, until FROM tombstone WHERE erasure_id = :id"), {"id": erasure})
    return tuple(Tombstone(hash=bytes(row.hash), until=row.until) for row in rows)
