"""Which mails belong to which relationships, a few at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, text

from insights.letters import Direction
from insights.relationships import Membership, Relationship


class Arrived(NamedTuple):
    """A document that is to be placed."""

    id: str
    is_mail: bool
    is_new: bool  # it was never placed


class Place(NamedTuple):
    """That a mail belongs to a relationship."""

    document: str
    membership: Membership


def arrived(connection: Connection, documents: Collection[str]) -> list[Arrived]:
    """What these documents are."""
    rows = connection.execute(
        text(
            "SELECT d.id, d.kind = 'email' AS is_mail, l.document_id IS NULL AS is_new FROM document d"
            " LEFT JOIN link l ON l.document_id = d.id WHERE d.id = ANY(:ids)"
        ),
        {"ids": list(documents)},
    )
    return [Arrived(*row) for row in rows]


def bring_papers(connection: Connection, documents: Collection[str]) -> bool:
    """Whether any of these mails brought a file that is a document, too."""
    return bool(
        connection.execute(
            text(
                "SELECT EXISTS (SELECT FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
                " JOIN document p ON p.id = a ->> 'digest' AND p.kind <> 'email' WHERE d.id = ANY(:ids))"
            ),
            {"ids": list(documents)},
        ).scalar_one()
    )


def has_papers(connection: Connection) -> bool:
    """Whether there are any files among the documents."""
    return bool(connection.execute(text("SELECT EXISTS (SELECT FROM document WHERE kind <> 'email')")).scalar_one())


def places(connection: Connection, documents: Collection[str]) -> set[Place]:
    """Where mails stand, opened relationships or not."""
    rows = connection.execute(
        text(
            "SELECT document_id, relationship_id, direction, quiet FROM membership"
            " WHERE document_id = ANY(:ids) AND reason IS NULL UNION ALL"
            " SELECT document_id, relationship_id, direction, TRUE FROM unopened WHERE document_id = ANY(:ids)"
        ),
        {"ids": list(documents)},
    )
    return {Place(r.document_id, Membership(r.relationship_id, Direction(r.direction), r.quiet)) for r in rows}


def take_out(connection: Connection, gone: Iterable[Place]) -> None:
    """Forget where mails stood."""
    values = _columns(gone)
    for table in ("membership", "unopened"):
        connection.execute(
            text(
                f"DELETE FROM {table} t USING unnest(CAST(:documents AS text[]), CAST(:relationships AS text[]))"  # noqa: S608
                " AS gone (document, relationship)"
                " WHERE t.document_id = gone.document AND t.relationship_id = gone.relationship"
            ),
            {k: values[k] for k in ("documents", "relationships")},
        )


def put(connection: Connection, new: Iterable[Place]) -> None:
    """Write where mails stand, all of them as if nothing but mass mail had passed; see `open_spoken`."""
    connection.execute(
        text(
            "INSERT INTO unopened (document_id, relationship_id, direction) SELECT * FROM"
            " unnest(CAST(:documents AS text[]), CAST(:relationships AS text[]), CAST(:directions AS text[]))"
        ),
        {k: v for k, v in _columns(new).items() if k != "quiet"},
    )


def spoken(connection: Connection, relationships: Collection[str]) -> set[str]:
    """Those in which more than mass and automatic mail passes."""
    rows = connection.execute(
        text(
            "SELECT r.id FROM unnest(CAST(:ids AS text[])) AS r (id) WHERE EXISTS ("
            "  SELECT FROM membership m JOIN document d ON d.id = m.document_id"
            "  WHERE m.relationship_id = r.id AND NOT m.quiet AND d.kind = 'email') OR EXISTS ("
            "  SELECT FROM unopened u JOIN document d ON d.id = u.document_id"
            "  LEFT JOIN contact c ON c.email = d.author_email WHERE u.relationship_id = r.id"
            "  AND NOT (d.sending IN ('bulk', 'automatic') OR coalesce(c.bulk, FALSE)))"
        ),
        {"ids": list(relationships)},
    )
    return set(rows.scalars())


def standing(connection: Connection, relationships: Collection[str]) -> dict[str, Relationship]:
    """Relationships as they are written, by their ids; those that are not there are left out."""
    rows = connection.execute(
        text("SELECT id, name, kind, external_id, owner, domains, people FROM relationship WHERE id = ANY(:ids)"),
        {"ids": list(relationships)},
    )
    return {row.id: _relationship(row) for row in rows}


def all_relationships(connection: Connection) -> list[str]:
    """The ids of all relationships, in order."""
    return list(connection.execute(text("SELECT id FROM relationship ORDER BY id")).scalars())


def write(connection: Connection, relationships: Iterable[Relationship]) -> None:
    """Write relationships, new ones or in place of what was there; their insights are kept."""
    rows = [{**msgspec.to_builtins(r), "domains": list(r.domains), "people": list(r.people)} for r in relationships]
    if rows:
        connection.execute(
            text(
                "INSERT INTO relationship (id, name, kind, external_id, owner, domains, people)"
                " VALUES (:id, :name, :kind, :external_id, :owner, :domains, :people) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, kind = excluded.kind, external_id = excluded.external_id,"
                " owner = excluded.owner, domains = excluded.domains, people = excluded.people"
            ),
            rows,
        )


def move_in(connection: Connection, relationships: Collection[str]) -> None:
    """Let the mails of relationships that are written stand there."""
    connection.execute(
        text(
            "WITH moved AS (DELETE FROM unopened WHERE relationship_id = ANY(:ids) RETURNING *)"
            " INSERT INTO membership (relationship_id, document_id, direction, quiet)"
            " SELECT m.relationship_id, m.document_id, m.direction,"
            " d.sending IN ('bulk', 'automatic') OR coalesce(c.bulk, FALSE) FROM moved m"
            " JOIN document d ON d.id = m.document_id LEFT JOIN contact c ON c.email = d.author_email"
        ),
        {"ids": list(relationships)},
    )


def touch(connection: Connection, documents: Collection[str]) -> None:
    """Remember, in this transaction, that insights that rest on these documents are to be derived anew."""
    connection.execute(
        text(
            "UPDATE relationship r SET touched = coalesce(r.touched, '{}') || m.documents FROM"
            " (SELECT relationship_id, array_agg(document_id) AS documents FROM membership"
            "  WHERE document_id = ANY(:ids) GROUP BY relationship_id) m WHERE m.relationship_id = r.id"
        ),
        {"ids": list(documents)},
    )


def touch_all(connection: Connection, relationships: Collection[str]) -> None:
    """The same for relationships of which it is not told why."""
    connection.execute(text("UPDATE relationship SET digest = NULL WHERE id = ANY(:ids)"), {"ids": list(relationships)})


def _columns(places: Iterable[Place]) -> dict[str, list[Any]]:
    found = list(places)
    return {
        "documents": [p.document for p in found],
        "relationships": [p.membership.relationship for p in found],
        "directions": [p.membership.direction.value for p in found],
    }


def _relationship(row: Row[Any]) -> Relationship:
    return msgspec.convert(dict(row._mapping), Relationship)
