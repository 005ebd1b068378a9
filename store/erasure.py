"""Erases documents with all that was derived from them, and keeps the proof that it was done.

Only the audit stays as it is: it can only be added to, and says who looked at what, not what stood there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, text

from corpus.document import DocumentKind
from insights.insight import RelationshipKind
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


class Aged(msgspec.Struct, frozen=True, kw_only=True):
    """A document as retention sees it; of relationships, their kinds."""

    id: str
    kind: DocumentKind
    at: datetime | None
    relationships: tuple[RelationshipKind | None, ...]


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Which documents' bytes lie in those of others: enclosed mails, attached files."""

    holders: dict[str, set[str]]  # by part
    alone: frozenset[str]  # parts that also came by themselves

    def whole(self, documents: Collection[str]) -> set[str]:
        """The documents, and all whose bytes hold theirs."""
        found, new = set(documents), set(documents)
        while new:
            new = {holder for part in new for holder in self.holders.get(part, ())} - found
            found |= new
        return found

    def left_alone(self, documents: Collection[str]) -> set[str]:
        """What came with none but these documents."""
        gone = set(documents)
        while more := {p for p, by in self.holders.items() if by <= gone and p not in gone and p not in self.alone}:
            gone |= more
        return gone - set(documents)

    def apart(self, documents: Collection[str]) -> set[str]:
        """Those of the documents whose bytes lie in none but these."""
        among = set(documents)
        while less := {p for p in among if not self.holders.get(p, set()) <= among}:
            among -= less
        return among


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
            "SELECT raw_id AS raw, document_id AS document FROM source WHERE raw_id = ANY(:ids) UNION"
            " SELECT a ->> 'digest', d.id FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " WHERE a ->> 'digest' = ANY(:ids) UNION SELECT id, id FROM document WHERE id = ANY(:ids)"
        ),
        {"ids": list(digests)},
    )
    found: dict[str, set[str]] = {digest: set() for digest in digests}
    for row in rows:
        if row.document is not None:
            found[row.raw].add(row.document)
    return {digest: frozenset(documents) for digest, documents in found.items()}


def parts(connection: Connection) -> Parts:
    """Which documents' bytes lie in which others'."""
    rows = connection.execute(
        text(
            "SELECT d.id AS part, d.parent_id AS holder, s.raw_id IS NOT NULL AS alone"
            " FROM document d LEFT JOIN source s ON s.raw_id = d.id WHERE parent_id IS NOT NULL UNION ALL"
            " SELECT p.id, d.id, FALSE FROM document d CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a"
            " JOIN document p ON p.id = a ->> 'digest'"
        )
    ).all()
    holders: dict[str, set[str]] = {}
    for row in rows:
        holders.setdefault(row.part, set()).add(row.holder)
    return Parts(holders=holders, alone=frozenset(row.part for row in rows if row.alone))


def unheld(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those raw bytes that belong to nothing in the store."""
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
    for query in _OF_RELATIONSHIP:
        connection.execute(text(query), {"id": relationship})


def forget_addresses(connection: Connection, addresses: Collection[str]) -> None:
    """Delete addresses from the accounts of the CRM, which may name people by them."""
    connection.execute(
        text(
            "UPDATE account SET domains = array(SELECT d FROM unnest(domains) AS d WHERE NOT d = ANY(:all))"
            " WHERE domains && CAST(:all AS text[])"
        ),
        {"all": list(addresses)},
    )


def copy_keys(connection: Connection, documents: Collection[str]) -> set[str]:
    """By what copies of the documents are known."""
    query = "SELECT content_key FROM document WHERE id = ANY(:ids) AND content_key IS NOT NULL"
    return set(connection.execute(text(query), {"ids": list(documents)}).scalars())


def aged(connection: Connection) -> Iterator[Aged]:
    """Every document, with what decides how long it is kept."""
    rows = connection.execute(
        text(
            "SELECT d.id, d.kind, d.at, array_agg(r.kind) FILTER (WHERE r.id IS NOT NULL) AS relationships"
            " FROM document d LEFT JOIN membership m ON m.document_id = d.id"
            " LEFT JOIN relationship r ON r.id = m.relationship_id GROUP BY d.id"
        )
    )
    return (msgspec.convert({**row._mapping, "relationships": tuple(row.relationships or ())}, Aged) for row in rows)


def scrub(connection: Connection, needles: Iterable[str]) -> int:
    """Put `GONE` for addresses and names in the paths of archives and files; returns how many rows held one."""
    count = 0
    for needle in needles:
        values = {"needle": needle, "gone": GONE}
        for query in _SCRUBS:
            count += connection.execute(text(query), values).rowcount
    return count


# A relationship that loses a document goes with all that hangs on it, for what was derived quotes and counts what is
# gone. `connect` derives it anew.
_TOUCHED = "SELECT relationship_id FROM membership WHERE document_id = ANY(:ids)"
_RESTS = """EXISTS (SELECT FROM jsonb_path_query(jsonb_build_array(found, target), 'lax $.**.document') AS at(id)
  WHERE id #>> '{}' = ANY(:ids))"""
_DELETIONS = {
    "insights": f"DELETE FROM insight WHERE relationship_id IN ({_TOUCHED})",  # noqa: S608
    "studies": "DELETE FROM study WHERE cardinality(CAST(:ids AS text[])) > 0",
    "corrections": f"DELETE FROM correction WHERE document_id = ANY(:ids) OR {_RESTS}",  # noqa: S608
    "findings": "DELETE FROM finding WHERE document_id = ANY(:ids)",
    "assignments": "DELETE FROM assignment WHERE document_id = ANY(:ids)",
    "sources": "DELETE FROM source WHERE document_id = ANY(:ids) OR raw_id = ANY(:raws)",
    "jobs": "DELETE FROM procrastinate_jobs WHERE args ->> 'message' = ANY(:raws) AND status <> 'doing'",
}
_LEFT = (
    "UPDATE procrastinate_jobs SET args = args - 'name' WHERE args ->> 'message' = ANY(:raws)",
    f"DELETE FROM relationship WHERE id IN ({_TOUCHED})",  # noqa: S608
    "UPDATE document SET parent_id = NULL WHERE parent_id = ANY(:ids) AND NOT id = ANY(:ids)",
    "DELETE FROM document WHERE id = ANY(:ids)",
)
_OF_RELATIONSHIP = (
    "DELETE FROM assignment WHERE relationship_id = :id",
    "DELETE FROM correction WHERE relationship_id = :id",
    (
        "DELETE FROM account a USING relationship r"
        " WHERE r.id = :id AND (a.external_id = r.external_id OR r.id = ANY(a.domains))"
    ),
    "DELETE FROM relationship WHERE id = :id",
)
_SCRUBS = (
    "DELETE FROM skip WHERE strpos(lower(place), lower(:needle)) > 0",
    (
        "UPDATE source SET place = regexp_replace(place, '***=' || :needle, :gone, 'gi')"
        " WHERE strpos(lower(place), lower(:needle)) > 0"
    ),
    (
        "UPDATE run SET report = regexp_replace(report::text, '***=' || :needle, :gone, 'gi')::jsonb"
        " WHERE strpos(lower(report::text), lower(:needle)) > 0"
    ),
    "UPDATE procrastinate_jobs SET args = args - 'name' WHERE strpos(lower(args ->> 'name'), lower(:needle)) > 0",
)
