"""Practices: what a study is made from, and the studies that were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlalchemy import Connection, text

from insights.insight import RelationshipKind
from insights.practices.dossier import Dossier, Outside
from insights.practices.patterns import Study
from insights.timeline import as_of
from store import views

_KEPT = 100  # studies of the same state, the latest made
_LETTERS = msgspec.json.Decoder(tuple[Outside, ...])


def state(connection: Connection) -> str:
    """A digest of all insights, as corrected, and of relationships: a study holds as long as it stays the same."""
    found: str = connection.execute(
        text(
            "SELECT md5(concat((SELECT string_agg(concat_ws('|', id, digest, kind), ',' ORDER BY id)"
            " FROM relationship), (SELECT string_agg(number::text, ',' ORDER BY number) FROM correction)))"
        )
    ).scalar_one()
    return found


def dossiers(connection: Connection, day: date) -> Iterator[Dossier]:
    """Each relationship that had begun by the end of `day`, its insights as they were known then."""
    for row in connection.execute(text("SELECT id, kind FROM relationship ORDER BY id")).all():
        letters = _letters(connection, row.id, day)
        if letters:
            yield Dossier(
                relationship=row.id,
                kind=RelationshipKind(row.kind) if row.kind else None,
                insights=as_of(views.insights(connection, row.id), day),
                letters=letters,
            )


def _letters(connection: Connection, relationship: str, day: date) -> tuple[Outside, ...]:
    rows = connection.execute(
        text(
            "SELECT coalesce(json_agg(json_build_object('id', d.id, 'day', d.at::date, 'to',"
            "  coalesce((SELECT json_agg(a ->> 'email') FROM jsonb_array_elements(d.data -> 'to') a), '[]'::json))"
            " ORDER BY d.at, d.id), '[]'::json)::text FROM membership m JOIN document d ON d.id = m.document_id"
            " WHERE m.relationship_id = :id AND NOT m.quiet AND d.at::date <= :day"
        ),
        {"id": relationship, "day": day},
    )
    return _LETTERS.decode(rows.scalar_one())


def load(connection: Connection, day: date, state: str) -> Study | None:
    """The study of a day, where it was made of this state."""
    found = connection.scalar(
        text("SELECT data::text FROM study WHERE day = :day AND state = :state"), {"day": day, "state": state}
    )
    return None if found is None else msgspec.json.decode(found, type=Study)


def save(connection: Connection, study: Study, state: str) -> None:
    """Keep a study; those of another state, and the oldest beyond a hundred, are forgotten."""
    connection.execute(
        text(
            "INSERT INTO study (day, state, data, made) VALUES (:day, :state, CAST(:data AS jsonb), now())"
            " ON CONFLICT (day) DO UPDATE SET state = excluded.state, data = excluded.data, made = excluded.made"
        ),
        {"day": study.as_of, "state": state, "data": msgspec.json.encode(study).decode()},
    )
    connection.execute(
        text(
            "DELETE FROM study WHERE state <> :state"
            " OR day IN (SELECT day FROM study ORDER BY made DESC, day OFFSET :kept)"
        ),
        {"state": state, "kept": _KEPT},
    )
