"""Holds: whose correspondence must stay for now, a lawsuit say, whatever erasure or retention would do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, text

from errors import NotFound


class HoldKind(StrEnum):
    """Whose documents a hold keeps."""

    PERSON = "person"
    RELATIONSHIP = "relationship"


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold. `name` is an address of the person, or the relationship's id."""

    number: int
    kind: HoldKind
    name: str
    reason: str
    by: str
    at: datetime


def add(connection: Connection, kind: HoldKind, name: str, reason: str, by: str, at: datetime) -> Hold:
    """Begin a hold; one that is there gets the new reason."""
    row = connection.execute(
        text(
            'INSERT INTO hold (kind, name, reason, "by", at) VALUES (:kind, :name, :reason, :by, :at)'
            ' ON CONFLICT (kind, name) DO UPDATE SET reason = excluded.reason, "by" = excluded."by", at = excluded.at'
            " RETURNING *"
        ),
        {"kind": kind.value, "name": name, "reason": reason, "by": by, "at": at},
    ).one()
    return msgspec.convert(dict(row._mapping), Hold)


def listed(connection: Connection) -> tuple[Hold, ...]:
    """All holds, the oldest first."""
    rows = connection.execute(text("SELECT * FROM hold ORDER BY number"))
    return tuple(msgspec.convert(dict(row._mapping), Hold) for row in rows)


def remove(connection: Connection, number: int) -> Hold:
    """End a hold. Raises NotFound."""
    row = connection.execute(text("DELETE FROM hold WHERE number = :number RETURNING *"), {"number": number})
    found = row.one_or_none()
    if found is None:
        raise NotFound(f"no hold {number}.", advice="'suhde hold list' lists them.")
    return msgspec.convert(dict(found._mapping), Hold)


def held(connection: Connection, documents: Collection[str]) -> dict[str, int]:
    """Those of the documents that are under a hold, with the number of one that holds them.

    A person's hold keeps what they wrote or received under any of their addresses; a relationship's what belongs to it.
    A document that is of it only by what encloses it or came with it is kept, too, by its mail.
    """
    rows = connection.execute(text(_HELD), {"ids": list(documents)})
    return {row.id: row.number for row in rows}


_HELD = """
SELECT m.document_id AS id, min(h.number) AS number FROM hold h JOIN membership m ON m.relationship_id = h.name
  WHERE h.kind = 'relationship' AND m.document_id = ANY(:ids) GROUP BY 1
UNION
SELECT d.id, min(h.number) FROM hold h
  JOIN LATERAL (SELECT array_agg(email) AS all FROM (
    SELECT h.name AS email UNION SELECT unnest(emails) FROM person WHERE h.name = ANY(emails)) known) theirs ON TRUE
  JOIN document d ON d.id = ANY(:ids) AND (d.author_email = ANY(theirs.all) OR EXISTS (
    SELECT FROM jsonb_array_elements(coalesce(d.data -> 'to', '[]') || coalesce(d.data -> 'cc', '[]')) a
    WHERE a ->> 'email' = ANY(theirs.all)))
  WHERE h.kind = 'person' GROUP BY 1"""
