"""The files among the documents: what each is, to which relationship it belongs and why, and what a person said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlalchemy import Connection, text

from corpus.document import DocumentKind
from corpus.genre import PaperKind
from errors import InputError, NotFound
from insights.placing import Loose, Reason
from store.pages import Page, make_cursor, read_cursor, read_time
from store.write import mark_stale

_LOOSE = msgspec.json.Decoder(Loose)


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A paper in a list, and where it belongs.

    `relationship` is None where nothing is sure enough, or where a person said that it belongs nowhere (`reason` says
    `assigned`).
    """

    id: str
    kind: PaperKind
    kind_confidence: float  # 0 … 1
    language: str | None
    day: date | None
    title: str
    file: str | None
    place: str | None  # where it was found, for people
    relationship: str | None  # id
    confidence: float | None  # 0 … 1, of the place
    reason: Reason | None
    passed_over: str | None  # a relationship to which a person assigned it and that is there no longer


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which papers are wanted; None or empty means any."""

    relationship: str | None = None  # id
    kinds: tuple[PaperKind, ...] = ()
    placed: bool | None = None  # False: in no relationship, and no person said so


def assign(connection: Connection, document: str, relationship: str | None) -> None:
    """Remember that a person said where a paper belongs: a relationship, None for nowhere; both are ids.

    Relationships are to be derived anew then. Raises NotFound, or InputError where the document is a mail.
    """
    kind = connection.scalar(text("SELECT kind FROM document WHERE id = :id"), {"id": document})
    if kind is None:
        raise NotFound(f"no document {document}.", advice="'suhde documents' lists the papers.")
    if kind == DocumentKind.EMAIL:
        raise InputError(
            f"{document} is a mail, which belongs where its addresses do.",
            advice="'suhde accounts import' says which domains are one relationship.",
        )
    connection.execute(
        text(
            "INSERT INTO assignment VALUES (:document, :relationship, now()) ON CONFLICT (document_id)"
            " DO UPDATE SET relationship_id = excluded.relationship_id, at = excluded.at"
        ),
        {"document": document, "relationship": relationship},
    )
    mark_stale(connection)


def loose(connection: Connection) -> list[Loose]:
    """What every paper says of whose it may be, by id; `keep_loose` must have kept that of all."""
    rows = connection.execute(text("SELECT data::text AS data FROM loose ORDER BY document_id"))
    return [_LOOSE.decode(row.data) for row in rows]


def unread(connection: Connection, version: str) -> list[str]:
    """The papers (ids) that were not read so by this version of the rules."""
    rows = connection.execute(
        text(
            "SELECT d.id FROM document d LEFT JOIN loose l ON l.document_id = d.id"
            " WHERE d.kind <> 'email' AND l.version IS DISTINCT FROM :version ORDER BY d.id"
        ),
        {"version": version},
    )
    return list(rows.scalars())


def keep_loose(connection: Connection, version: str, found: Iterable[Loose]) -> None:
    """Keep what papers say of whose they may be, read by this version of the rules."""
    rows = [{"id": one.id, "version": version, "data": msgspec.json.encode(one).decode()} for one in found]
    if rows:
        connection.execute(
            text(
                "INSERT INTO loose VALUES (:id, :version, CAST(:data AS jsonb)) ON CONFLICT (document_id)"
                " DO UPDATE SET version = excluded.version, data = excluded.data"
            ),
            rows,
        )


def assignments(connection: Connection) -> dict[str, str | None]:
    """What people said: by paper the relationship, None for nowhere."""
    rows = connection.execute(text("SELECT document_id, relationship_id FROM assignment"))
    return {row.document_id: row.relationship_id for row in rows}


def placed(
    connection: Connection, wanted: Wanted, *, cursor: str | None = None, limit: int | None = None
) -> Page[Placed]:
    """Papers, newest first, undated ones last. Raises BadFilter for a strange cursor."""
    after = read_cursor(cursor, read_time, str)
    values = {
        "relationship": wanted.relationship,
        "kinds": [kind.value for kind in wanted.kinds],
        "placed": wanted.placed,
        "at": after[0] if after else None,
        "id": after[1] if after else None,
        "limit": None if limit is None else limit + 1,
    }
    rows = connection.execute(
        text(
            f"{_PLACED} AND (CAST(:relationship AS text) IS NULL OR relationship = :relationship)"
            " AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY(:kinds))"
            " AND (CAST(:placed AS boolean) IS NULL OR (reason IS NOT NULL) = :placed)"
            " AND (CAST(:id AS text) IS NULL OR (coalesce(at, '-infinity'), id)"
            "  < (coalesce(CAST(:at AS timestamptz), '-infinity'), :id))"
            " ORDER BY coalesce(at, '-infinity') DESC, id DESC LIMIT :limit"
        ),
        values,
    ).all()
    shown = rows[:limit]
    last = shown[-1] if len(rows) > len(shown) else None
    return Page(
        items=tuple(msgspec.convert(dict(row._mapping), Placed) for row in shown),
        next=make_cursor(last.at.isoformat() if last.at else "", last.id) if last else None,
    )


def where(connection: Connection, document: str) -> Placed:
    """One paper by its id. Raises NotFound."""
    row = connection.execute(text(f"{_PLACED} AND id = :id"), {"id": document}).one_or_none()
    if row is None:
        raise NotFound(f"no paper {document}.", advice="'suhde documents' lists them.")
    return msgspec.convert(dict(row._mapping), Placed)


# A paper's bytes are known by its own id. An assignment to none is a reason, too; one to a relationship that is there
# no longer counts for nothing (see insights.placing).
_PLACED = """
SELECT * FROM (
  SELECT d.id, d.kind, d.at, d.language, d.subject AS title, (d.at AT TIME ZONE 'UTC')::date AS day, s.place,
    coalesce((d.data ->> 'kind_confidence')::float, 1.0) AS kind_confidence, d.data ->> 'file' AS file,
    m.relationship_id AS relationship,
    CASE WHEN said.none THEN 1.0 ELSE m.confidence END AS confidence,
    CASE WHEN said.none THEN 'assigned' ELSE m.reason END AS reason,
    CASE WHEN said.to_one AND m.reason IS DISTINCT FROM 'assigned' THEN a.relationship_id END AS passed_over
  FROM document d
  LEFT JOIN source s ON s.raw_id = d.id
  LEFT JOIN membership m ON m.document_id = d.id
  LEFT JOIN assignment a ON a.document_id = d.id
  CROSS JOIN LATERAL (SELECT a.document_id IS NOT NULL AND a.relationship_id IS NULL AS none,
    a.relationship_id IS NOT NULL AS to_one) said
  WHERE d.kind <> 'email'
) paper WHERE TRUE"""
