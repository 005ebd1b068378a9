"""What people said of insights, kept apart from all that is derived, and what was derived where they said otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from errors import BadCorrection, BadFilter, NotFound
from insights.corrections import Correction, Said
from insights.entries import About, EntryKind, entry
from insights.insight import Rhythm
from insights.timeline import Insights
from store.pages import Page, make_cursor, read_cursor
from store.views import collected, decode

_SHORTEST = 6  # letters of an id that may stand for it


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An insight as it is shown, and where it stands."""

    relationship: str  # id
    kind: EntryKind
    about: About


def find(connection: Connection, identity: str) -> Standing:
    """An insight by its id or the beginning of it. Raises NotFound."""
    rows = connection.execute(
        text(
            "SELECT id, relationship_id, kind, data::text AS data FROM insight"
            " WHERE id = :id OR (length(:id) >= :shortest AND starts_with(id, :id)) ORDER BY id <> :id, id LIMIT 2"
        ),
        {"id": identity, "shortest": _SHORTEST},
    ).all()
    if not rows:
        hint = "Ids stand in 'suhde timeline'; what was dismissed stands in 'suhde corrections list'."
        raise NotFound(f"no insight {identity}.", advice=hint)
    if len(rows) > 1 and rows[0].id != identity:
        raise NotFound(f"more than one insight is called {identity}.", advice="Give more of the id.")
    row, kind = rows[0], EntryKind(rows[0].kind)
    if kind is EntryKind.VOLUME:
        raise BadCorrection("traffic is counted, so there is nothing to put right.")
    return Standing(relationship=row.relationship_id, kind=kind, about=decode(kind, row.data))


def lock(connection: Connection, relationship: str) -> None:
    """Keep others from writing a relationship's insights until the transaction ends."""
    connection.execute(text("SELECT 1 FROM relationship WHERE id = :id FOR UPDATE"), {"id": relationship})


def derived(connection: Connection, relationship: str) -> Insights:
    """A relationship's insights as the models left them; of the rhythm, only the months."""
    rows = connection.execute(
        text(
            "SELECT id, kind, at, data::text AS data FROM insight WHERE relationship_id = :id AND corrections = '{}'"
            " UNION ALL SELECT id, kind, NULL, data::text FROM overruled WHERE relationship_id = :id"
            " ORDER BY at NULLS LAST, id"
        ),
        {"id": relationship},
    ).all()
    months = tuple(decode(EntryKind.VOLUME, row.data) for row in rows if row.kind == EntryKind.VOLUME)
    others = [(EntryKind(row.kind), row.data) for row in rows if row.kind != EntryKind.VOLUME]
    return collected(others, Rhythm(sent=0, received=0, months=months))


def last_letter(connection: Connection, relationship: str) -> datetime | None:
    """The time of a relationship's last letter, as of the last time that its insights were derived."""
    found: str | None = connection.scalar(
        text("SELECT summary ->> 'last' FROM relationship WHERE id = :id"), {"id": relationship}
    )
    return None if found is None else datetime.fromisoformat(found)


def of(connection: Connection, relationship: str) -> tuple[Correction, ...]:
    """The corrections of a relationship's insights.

    Where a relationship is called otherwise now, those of its insights go where their evidence is.
    """
    rows = connection.execute(
        text(
            "SELECT c.* FROM correction c WHERE relationship_id = :id"
            " UNION SELECT c.* FROM correction c JOIN membership m ON m.document_id = c.document_id"
            " WHERE m.relationship_id = :id AND c.relationship_id NOT IN (SELECT id FROM relationship) ORDER BY number"
        ),
        {"id": relationship},
    )
    return tuple(map(_read, rows))


def add(connection: Connection, one: Correction) -> Correction:
    """Keep what a person said; its number and time are given here."""
    sources = entry(one.found).sources
    row = connection.execute(
        text(
            "INSERT INTO correction (insight_id, relationship_id, kind, document_id, said, found, target, beside, seen,"
            ' "by", at) VALUES (:insight, :relationship, :kind, :document, CAST(:said AS jsonb), CAST(:found AS jsonb),'
            " CAST(:target AS jsonb), :beside, :seen, :by, :at) RETURNING *"
        ),
        {
            "insight": one.insight,
            "relationship": one.relationship,
            "kind": one.kind.value,
            "document": sources[0].document if sources else None,
            "said": msgspec.json.encode(one.said).decode(),
            "found": msgspec.json.encode(one.found).decode(),
            "target": None if one.target is None else msgspec.json.encode(one.target).decode(),
            "beside": list(one.beside),
            "seen": one.seen,
            "by": one.by,
            "at": one.at,
        },
    ).one()
    return _read(row)


def get(connection: Connection, number: int) -> Correction:
    """A correction by its number. Raises NotFound."""
    row = connection.execute(text("SELECT * FROM correction WHERE number = :number"), {"number": number}).one_or_none()
    if row is None:
        raise NotFound(f"no correction {number}.", advice="'suhde corrections list' lists them.")
    return _read(row)


def remove(connection: Connection, number: int) -> None:
    """Forget a correction."""
    connection.execute(text("DELETE FROM correction WHERE number = :number"), {"number": number})


def listed(
    connection: Connection,
    *,
    relationship: str | None = None,
    insight: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Correction]:
    """Corrections, the last one first: all, a relationship's, or those that hold for an insight (ids).

    Raises BadFilter for a strange cursor.
    """
    after = read_cursor(cursor, int)
    if after and not 0 < after[0] < 2**63:
        raise BadFilter(f"{cursor!r} is no cursor of this list.")
    rows = connection.execute(
        text(
            "SELECT * FROM correction WHERE (CAST(:relationship AS text) IS NULL OR relationship_id = :relationship)"
            " AND (CAST(:insight AS text) IS NULL OR insight_id = :insight OR number = ANY("
            "  SELECT unnest(corrections) FROM insight WHERE id = :insight))"
            " AND (CAST(:after AS bigint) IS NULL OR number < :after) ORDER BY number DESC LIMIT :limit"
        ),
        {
            "relationship": relationship,
            "insight": insight,
            "after": after[0] if after else None,
            "limit": limit + 1,
        },
    ).all()
    shown = rows[:limit]
    return Page(
        items=tuple(map(_read, shown)), next=make_cursor(str(shown[-1].number)) if len(rows) > len(shown) else None
    )


def _read(row: Row[Any]) -> Correction:
    kind = EntryKind(row.kind)

    def read(value: Any) -> About:
        about: About = decode(kind, msgspec.json.encode(value))
        return about

    return Correction(
        number=row.number,
        insight=row.insight_id,
        relationship=row.relationship_id,
        kind=kind,
        said=msgspec.convert(row.said, Said),
        found=read(row.found),
        target=None if row.target is None else read(row.target),
        beside=tuple(row.beside),
        seen=row.seen,
        by=row.by,
        at=row.at,
    )
