"""What was derived of relationships: on what it rests, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, text

from insights.concerns import concerns
from insights.corrections import Corrected
from insights.timeline import Insights, changed, timeline
from insights.voices import VoiceMonth
from store.read import Summary
from store.write import driver_cursor


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship whose insights do not rest on all that is known now."""

    id: str
    before: str | None  # digest of what its insights rest on
    touched: tuple[str, ...]  # documents that are new or another since then
    digest: str | None = None  # of what is known now, where it was asked


# Each member adds to the sum, so that the digest with some more is told from these alone (`digest`).
_DIGEST = """
  SELECT md5(:version || r.name) || ':' || coalesce(sum(hashtextextended(concat_ws('|', m.document_id, m.direction,
    m.quiet, l.thread_id, l.answers_id, d.parser, d.reader, d.at), 0)), 0) AS digest
  FROM membership m JOIN document d ON d.id = m.document_id JOIN link l ON l.document_id = d.id
  WHERE m.relationship_id = r.id"""


def changed_relationships(connection: Connection, version: str) -> list[Changed]:
    """Relationships whose insights do not rest on all that is known now.

    `version` is that of the code that derives insights; a new one makes every relationship count as changed.
    """
    rows = connection.execute(
        text(
            "SELECT r.id, now.digest, r.digest AS before, coalesce(r.touched, '{}') AS touched FROM relationship r"  # noqa: S608
            f" JOIN LATERAL ({_DIGEST}) now ON TRUE"
            " WHERE r.touched IS NOT NULL OR now.digest IS DISTINCT FROM r.digest ORDER BY r.id"
        ),
        {"version": version},
    )
    return [msgspec.convert(dict(row._mapping), Changed) for row in rows]


def touched_relationships(connection: Connection) -> list[Changed]:
    """Those of the changed relationships that were touched (`store.places.touch`)."""
    rows = connection.execute(
        text(
            "SELECT id, digest AS before, coalesce(touched, '{}') AS touched FROM relationship"
            " WHERE touched IS NOT NULL OR digest IS NULL ORDER BY id"
        )
    )
    return [msgspec.convert(dict(row._mapping), Changed) for row in rows]


def digest(connection: Connection, relationship: str, version: str, since: Changed | None = None) -> str:
    """What a relationship's insights rest on now; `since` where the touched documents are all new to it."""
    found: str = connection.execute(
        text(
            f"SELECT now.digest FROM relationship r JOIN LATERAL ({_DIGEST}"  # noqa: S608
            " AND (CAST(:documents AS text[]) IS NULL OR m.document_id = ANY(:documents))) now ON TRUE WHERE r.id = :id"
        ),
        {"id": relationship, "version": version, "documents": None if since is None else list(since.touched)},
    ).scalar_one()
    if since is None or since.before is None:
        return found
    head, _, more = found.partition(":")
    return f"{head}:{int(since.before.partition(':')[2]) + int(more)}"


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """The insights of one relationship. `digest` says on what they rest (`changed_relationships`)."""

    relationship: str
    derived: Insights
    corrected: Corrected
    summary: Summary
    digest: str
    before: Insights | None = None  # what is written, where that is known and nobody corrected any of it


def write(connection: Connection, understood: Iterable[Understood]) -> None:
    """Write the insights of relationships in place of those that were there."""
    cursor, batch = driver_cursor(connection), list(understood)
    for one in batch:
        if one.before is None or one.corrected.insights is not one.derived:
            write_corrected(connection, one.relationship, one.derived, one.corrected)
            cursor.execute("DELETE FROM voice WHERE relationship_id = %s", (one.relationship,))
            _voices(cursor, one.relationship, one.derived.voices)
        else:
            _update(cursor, one.relationship, one.derived, one.before)
    cursor.executemany(
        "UPDATE relationship SET touched = NULL, digest = %s, summary = %s, documents = %s, first = %s, last = %s"
        " WHERE id = %s",
        [
            (u.digest, msgspec.json.encode(u.summary).decode(), u.summary.documents, u.summary.first, u.summary.last,
             u.relationship)
            for u in batch
        ],
    )  # fmt: skip


def _update(cursor: psycopg.Cursor[Any], relationship: str, now: Insights, before: Insights) -> None:
    """Write what is another than it was."""
    new, gone = changed(now, before)
    cursor.execute("DELETE FROM insight WHERE id = ANY(%s)", (list(gone),))
    _copy_insights(cursor, relationship, Corrected(insights=new))
    # What becomes of a mood rests on all changes of it together.
    turns = [change.id for change in (*before.changes, *now.changes)]
    cursor.execute(
        "DELETE FROM concern WHERE relationship_id = %s AND insight_id = ANY(%s)", (relationship, [*gone, *turns])
    )
    _concerns(cursor, relationship, msgspec.structs.replace(new, changes=now.changes))
    old, voices = set(before.voices), set(now.voices)
    cursor.executemany(
        "DELETE FROM voice WHERE relationship_id = %s AND person_id = %s AND month = %s",
        [(relationship, v.party.id, v.month) for v in old - voices],
    )
    _voices(cursor, relationship, voices - old)


def _voices(cursor: psycopg.Cursor[Any], relationship: str, found: Iterable[VoiceMonth]) -> None:
    with cursor.copy('COPY voice (relationship_id, person_id, month, "data") FROM STDIN') as copy:
        for v in found:
            copy.write_row((relationship, v.party.id, v.month, msgspec.json.encode(v).decode()))


def write_corrected(connection: Connection, relationship: str, derived: Insights, left: Corrected) -> None:
    """Write a relationship's insights as people left them, and what was derived where that is something else."""
    cursor = driver_cursor(connection)
    for table in ("insight", "overruled"):
        cursor.execute(f"DELETE FROM {table} WHERE relationship_id = %s", (relationship,))  # noqa: S608
    _copy_insights(cursor, relationship, left)
    cursor.execute("DELETE FROM concern WHERE relationship_id = %s", (relationship,))
    _concerns(cursor, relationship, left.insights)
    if left.insights is derived:
        return
    with cursor.copy('COPY overruled (id, relationship_id, kind, "data") FROM STDIN') as copy:
        same = {entry.id for entry in timeline(left.insights)} - left.numbers.keys()
        for entry in timeline(derived):
            if entry.id not in same:
                value = msgspec.json.encode(entry.about).decode()
                copy.write_row((entry.id, relationship, entry.kind.value, value))


def _copy_insights(cursor: psycopg.Cursor[Any], relationship: str, left: Corrected) -> None:
    columns = 'id, relationship_id, kind, at, due, confidence, "data", corrections'
    with cursor.copy(f"COPY insight ({columns}) FROM STDIN") as copy:
        for entry in timeline(left.insights):
            value = msgspec.json.encode(entry.about).decode()
            due = entry.due.last if entry.due else None
            numbers = list(left.numbers.get(entry.id, ()))
            copy.write_row((entry.id, relationship, entry.kind.value, entry.at, due, entry.confidence, value, numbers))


def _concerns(cursor: psycopg.Cursor[Any], relationship: str, found: Insights) -> None:
    """Write what asks for attention in a relationship."""
    columns = 'relationship_id, insight_id, kind, side, since, until, due, told, confidence, "data"'
    with cursor.copy(f"COPY concern ({columns}) FROM STDIN") as copy:
        for c in concerns(found):
            reason = c.reason()
            data = None if reason is None else msgspec.json.encode(reason).decode()
            side = None if c.side is None else c.side.value
            copy.write_row(
                (relationship, c.insight, c.kind.value, side, c.since, c.until, c.due, c.told, c.confidence, data)
            )
