"""Erases documents with all that was derived from them, and keeps the proof that it was done.

Only the audit stays as it is: it can only be added to, and says who looked at what, not what stood there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from store.write import mark_stale

GONE = "[erased]"  # stands for an address or a name in the path of an archive


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """That something was erased: what, how much, when, by whom; never who. `finished` None: it was cut short."""

    id: str
    what: str  # person | relationship | retention
    by: str
    at: datetime
    finished: datetime | None
    counts: dict[str, int]
    digest: str | None  # BLAKE2b-256 of the ids of all documents that were erased, sorted


def begin(connection: Connection, proof: Proof, subject: bytes | None, key: bytes | None) -> None:
    """Write that an erasure begins."""
    connection.execute(
        text(
            'INSERT INTO erasure (id, what, subject, "by", at, counts, key)'
            " VALUES (:id, :what, :subject, :by, :at, '{}', :key) ON CONFLICT DO NOTHING"
        ),
        {"id": proof.id, "what": proof.what, "subject": subject, "by": proof.by, "at": proof.at, "key": key},
    )


def end(connection: Connection, proof: Proof) -> None:
    """Write that an erasure is done."""
    connection.execute(
        text(
            "UPDATE erasure SET finished = :finished, counts = CAST(:counts AS jsonb), digest = :digest WHERE id = :id"
        ),
        {
            "id": proof.id,
            "finished": proof.finished,
            "counts": msgspec.json.encode(proof.counts).decode(),
            "digest": proof.digest,
        },
    )


def proofs(connection: Connection) -> tuple[Proof, ...]:
    """All erasures, the last one first."""
    columns = ", ".join(f'"{name}"' for name in Proof.__struct_fields__)
    rows = connection.execute(text(f"SELECT {columns} FROM erasure ORDER BY at DESC, id"))  # noqa: S608
    return tuple(msgspec.convert(dict(row._mapping), Proof) for row in rows)


def belongings(connection: Connection, digests: Collection[str]) -> dict[str, frozenset[str]]:
    """By raw bytes, the documents that they became, are copies of, or came with."""
    rows = connection.execute(
        text(
            "SELECT raw_id AS raw, document_id AS document FROM source WHERE raw_id = ANY(:ids)"
            " UNION SELECT a ->> 'digest', d.id FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " WHERE a ->> 'digest' = ANY(:ids) UNION SELECT id, id FROM document WHERE id = ANY(:ids)"
        ),
        {"ids": list(digests)},
    )
    found: dict[str, set[str]] = {digest: set() for digest in digests}
    for row in rows:
        if row.document is not None:
            found[row.raw].add(row.document)
    return {digest: frozenset(documents) for digest, documents in found.items()}


def whole(connection: Connection, documents: Collection[str]) -> set[str]:
    """The documents with those whose bytes hold theirs: mails that enclose them or brought them along."""
    rows = connection.execute(
        text(
            "WITH RECURSIVE above AS (SELECT unnest(CAST(:ids AS text[])) AS id UNION"
            " SELECT holds.id FROM above JOIN ("
            "  SELECT id AS part, parent_id AS id FROM document WHERE parent_id IS NOT NULL UNION ALL"
            "  SELECT a ->> 'digest', d.id FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " ) holds ON holds.part = above.id) SELECT id FROM above"
        ),
        {"ids": list(documents)},
    )
    return set(rows.scalars())


def left_alone(connection: Connection, documents: Collection[str]) -> set[str]:
    """What came with none but these documents: files attached to them, mails enclosed in them, and so on."""
    found: set[str] = set()
    while True:
        gone = [*documents, *found]
        rows = connection.execute(
            text(
                "SELECT id FROM document WHERE parent_id = ANY(:gone) AND NOT EXISTS ("
                "  SELECT FROM source WHERE raw_id = document.id) UNION"
                " SELECT p.id FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
                " JOIN document p ON p.id = a ->> 'digest' GROUP BY p.id HAVING bool_and(d.id = ANY(:gone))"
            ),
            {"gone": gone},
        )
        more = set(rows.scalars()) - set(gone)
        if not more:
            return found
        found |= more


def unheld(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those raw bytes that belong to nothing in the store, nor wait in the queue."""
    rows = connection.execute(
        text(
            "SELECT raw_id FROM source WHERE raw_id = ANY(:ids) AND outcome <> 'skipped' UNION"
            " SELECT a ->> 'digest' FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " WHERE a ->> 'digest' = ANY(:ids) UNION SELECT id FROM document WHERE id = ANY(:ids)"
        ),
        {"ids": list(digests)},
    )
    return set(digests) - set(rows.scalars())


def erase(connection: Connection, documents: Collection[str], raws: Collection[str]) -> tuple[dict[str, int], set[str]]:
    """Delete documents, raw bytes that became none, and what rests on either; the rest is to be derived anew.

    Returns how many rows of each kind went, and under what their bytes are kept, which belong to nothing any more.
    """
    ids, files = list(documents), {*raws, *_bytes_of(connection, documents)}
    counts = {"documents": len(ids)}
    for what, query in _DELETIONS.items():
        counts[what] = connection.execute(text(query), {"ids": ids, "raws": list(files)}).rowcount
    for query in _LEFT:
        connection.execute(text(query), {"ids": ids, "raws": list(files)})
    mark_stale(connection)
    return {what: count for what, count in counts.items() if count}, unheld(connection, files)


def _bytes_of(connection: Connection, documents: Collection[str]) -> set[str]:
    rows = connection.execute(
        text(
            "SELECT raw_id FROM source WHERE document_id = ANY(:ids) OR raw_id = ANY(:ids) UNION"
            " SELECT a ->> 'digest' FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " WHERE d.id = ANY(:ids) UNION SELECT unnest(CAST(:ids AS text[]))"
        ),
        {"ids": list(documents)},
    )
    return set(rows.scalars())


def forget_relationship(connection: Connection, relationship: str) -> None:
    """Delete what people said of a relationship: assignments to it, corrections of its insights, its account."""
    for query in (
        "DELETE FROM assignment WHERE relationship_id = :id",
        "DELETE FROM correction WHERE relationship_id = :id",
        "DELETE FROM account WHERE external_id = (SELECT external_id FROM relationship WHERE id = :id)"
        " OR :id = ANY(domains)",
        "DELETE FROM relationship WHERE id = :id",
    ):
        connection.execute(text(query), {"id": relationship})


def scrub(connection: Connection, needles: Iterable[str]) -> int:
    """Put `GONE` for addresses and names in the paths of archives and files; returns how many rows held one."""
    count = 0
    for needle in needles:
        values = {"needle": needle, "gone": GONE}
        for query in _SCRUBS:
            count += connection.execute(text(query), values).rowcount
    return count


def everything(connection: Connection) -> Iterator[Row[Any]]:
    """All documents, for those who look through them; streamed."""
    query = "SELECT d.*, NULL AS thread_id, NULL AS answers_id FROM document d ORDER BY id"
    yield from connection.execute(text(query), execution_options={"yield_per": 500})


# Of the insights of a relationship that loses a document none stays: they quote. `connect` derives them anew.
_TOUCHED = "SELECT relationship_id FROM membership WHERE document_id = ANY(:ids)"
_RESTS = (
    "EXISTS (SELECT FROM jsonb_path_query({}, 'lax $.**.document') AS at(document) WHERE document #>> '{{}}' = ANY(:ids))"
)
_DELETIONS = {
    "insights": f"DELETE FROM insight WHERE relationship_id IN ({_TOUCHED})",
    "overruled": f"DELETE FROM overruled WHERE relationship_id IN ({_TOUCHED})",
    "studies": "DELETE FROM study WHERE cardinality(CAST(:ids AS text[])) > 0",
    "corrections": "DELETE FROM correction WHERE document_id = ANY(:ids) OR "
    + f"{_RESTS.format('found')} OR {_RESTS.format('target')}",
    "findings": "DELETE FROM finding WHERE document_id = ANY(:ids)",
    "assignments": "DELETE FROM assignment WHERE document_id = ANY(:ids)",
    "sources": "DELETE FROM source WHERE document_id = ANY(:ids) OR raw_id = ANY(:raws)",
    "jobs": "DELETE FROM procrastinate_jobs WHERE args ->> 'message' = ANY(:raws) AND status <> 'doing'",
}
_LEFT = (
    "UPDATE procrastinate_jobs SET args = args - 'name' WHERE args ->> 'message' = ANY(:raws)",
    f"UPDATE relationship SET digest = NULL, summary = NULL WHERE id IN ({_TOUCHED})",
    "UPDATE document SET parent_id = NULL WHERE parent_id = ANY(:ids) AND NOT id = ANY(:ids)",
    "DELETE FROM document WHERE id = ANY(:ids)",
)
_HOLDS = "strpos(lower({}), lower(:needle)) > 0"
_SCRUBS = (
    f"DELETE FROM skip WHERE {_HOLDS.format('place')}",
    f"UPDATE source SET place = regexp_replace(place, '***=' || :needle, :gone, 'gi') WHERE {_HOLDS.format('place')}",
    "UPDATE run SET report = regexp_replace(report::text, '***=' || :needle, :gone, 'gi')::jsonb"
    f" WHERE {_HOLDS.format('report::text')}",
    "UPDATE procrastinate_jobs SET args = args - 'name' WHERE " + _HOLDS.format("args ->> 'name'"),
)
