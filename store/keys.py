"""Who may ask: keys for programs, and sessions that a key opens for a browser. Only their hashes are kept.

A key is `suhde_ID_SECRET`, its secret 256 random bits. So many cannot be guessed, and a plain hash keeps them as safe
as a slow one would keep a password (NIST SP 800-63B, 5.1.2.2).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from hmac import compare_digest

import msgspec
from sqlalchemy import Connection, text

from errors import NotFound

SESSION = timedelta(hours=12)
_PREFIX = "suhde"
_USED_EVERY = timedelta(minutes=1)  # how exactly the last use is known: not every request need write


class Scope(StrEnum):
    """What a key allows."""

    METADATA = "read:metadata"  # with whom, how much, how it stands: no words of anybody
    TEXT = "read:text"  # and all that was written, with what was found in it
    SENSITIVE = "read:sensitive"  # beside what it reads: numbers of persons, accounts, cards and telephones
    WRITE = "write"  # sending documents in, assigning, correcting
    ADMIN = "admin"  # everything


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed; its secret is nowhere."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether it may do what needs a scope; who may read texts may read all that is said about them."""
        implied = {Scope.METADATA} if Scope.TEXT in self.scopes else set()
        return scope in self.scopes or scope in implied or Scope.ADMIN in self.scopes


def create(connection: Connection, name: str, scopes: tuple[Scope, ...], now: datetime) -> tuple[Key, str]:
    """A new key, and the words that show it: they are told this once."""
    key = Key(id=secrets.token_hex(4), name=name, scopes=tuple(dict.fromkeys(scopes)), created=now)
    secret = secrets.token_urlsafe(32)
    connection.execute(
        text("INSERT INTO api_key (id, name, hash, scopes, created) VALUES (:id, :name, :hash, :scopes, :created)"),
        {"id": key.id, "name": name, "hash": _hash(secret), "scopes": [s.value for s in key.scopes], "created": now},
    )
    return key, f"{_PREFIX}_{key.id}_{secret}"


def listed(connection: Connection) -> tuple[Key, ...]:
    """All keys, the oldest first; revoked ones too."""
    rows = connection.execute(text(f"SELECT {_COLUMNS} FROM api_key ORDER BY created, id"))  # noqa: S608
    return tuple(msgspec.convert(dict(row._mapping), Key) for row in rows)


def revoke(connection: Connection, identity: str, now: datetime) -> Key:
    """End a key and all its sessions. Raises NotFound."""
    row = connection.execute(
        text(
            f"UPDATE api_key SET revoked = coalesce(revoked, :now) WHERE id = :id RETURNING {_COLUMNS}"  # noqa: S608
        ),
        {"id": identity, "now": now},
    ).one_or_none()
    if row is None:
        raise NotFound(f"no key {identity}.", advice="'suhde keys list' lists them.")
    connection.execute(text("DELETE FROM session WHERE key_id = :id"), {"id": identity})
    return msgspec.convert(dict(row._mapping), Key)


def shown(connection: Connection, words: str, now: datetime) -> Key | None:
    """The key that these words show; None where they show none, or one that was revoked."""
    prefix, _, rest = words.partition("_")
    identity, _, secret = rest.partition("_")
    row = connection.execute(
        text(f"SELECT {_COLUMNS}, hash FROM api_key WHERE id = :id AND revoked IS NULL"),  # noqa: S608
        {"id": identity},
    ).one_or_none()
    if row is None or prefix != _PREFIX or not compare_digest(bytes(row.hash), _hash(secret)):
        return None
    key = msgspec.convert({k: v for k, v in row._mapping.items() if k != "hash"}, Key)
    if key.last_used is None or now - key.last_used >= _USED_EVERY:
        connection.execute(text("UPDATE api_key SET last_used = :now WHERE id = :id"), {"id": key.id, "now": now})
    return key


def open_session(connection: Connection, key: Key, now: datetime) -> str:
    """A session of a key for a browser; returns what its cookie holds. Sessions that are over are swept out."""
    words = secrets.token_urlsafe(32)
    connection.execute(text("DELETE FROM session WHERE expires <= :now"), {"now": now})
    connection.execute(
        text("INSERT INTO session (hash, key_id, expires) VALUES (:hash, :key, :expires)"),
        {"hash": _hash(words), "key": key.id, "expires": now + SESSION},
    )
    return words


def session(connection: Connection, words: str, now: datetime) -> Key | None:
    """The key of a session; None where there is none, or it is over."""
    columns = ", ".join(f"k.{name}" for name in _COLUMNS.split(", "))
    row = connection.execute(
        text(
            f"SELECT {columns} FROM session JOIN api_key k ON k.id = key_id"  # noqa: S608
            " WHERE session.hash = :hash AND expires > :now AND revoked IS NULL"
        ),
        {"hash": _hash(words), "now": now},
    ).one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Key)


def close_session(connection: Connection, words: str) -> None:
    """End a session; nothing where there is none."""
    connection.execute(text("DELETE FROM session WHERE hash = :hash"), {"hash": _hash(words)})


def _hash(words: str) -> bytes:
    return blake2b(words.encode(), digest_size=32).digest()


_COLUMNS = "id, name, scopes, created, last_used, revoked"
