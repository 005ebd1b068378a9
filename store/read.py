"""Reads what the store keeps, as the types that the other packages made. Large results are streamed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from corpus.document import Address, Document, DocumentKind, Sending
from corpus.people import Person
from errors import NotFound
from insights.contracts import Contract
from insights.directory import Account
from insights.envelopes import Envelope
from insights.insight import Rhythm
from insights.letters import Direction
from insights.notes import Notes
from nlp.findings import Finding

_READINGS = {DocumentKind.CONTRACT: Contract, DocumentKind.NOTES: Notes, DocumentKind.TRANSCRIPT: Notes}
_CHUNK = 2000  # rows fetched at a time where a result is streamed


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A document with what was found in it, and where it stands."""

    document: Document
    findings: tuple[Finding, ...] = ()
    reading: Contract | Notes | None = None  # what a contract or minutes say as such
    sentences: int = 0  # how many the models read; findings are those that say or hint at something
    thread: str = ""
    answers: str | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A document as part of a relationship."""

    filed: Filed
    direction: Direction
    quiet: bool


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over a relationship's documents. Quiet ones (mass and automatic mail) are counted apart."""

    documents: int
    quiet: int
    first: datetime | None
    last: datetime | None
    rhythm: Rhythm | None = None


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A message that could not be read, kept with its reason."""

    id: str
    place: str
    code: int
    reason: str
    at: datetime  # when it was read


def stale(connection: Connection) -> str | None:
    """A mark, where documents came since relationships were last derived; None where all is up to date."""
    mark: str | None = connection.scalar(text("SELECT value #>> '{}' FROM setting WHERE name = 'stale'"))
    return mark


def pending(connection: Connection) -> dict[str, str]:
    """The documents that were filed or read again since relationships were last derived, each with a mark."""
    rows = connection.execute(text("SELECT document_id, since FROM pending"))
    return {row.document_id: row.since for row in rows}


def own_domains(connection: Connection) -> tuple[str, ...]:
    """Our domains as of the last time that relationships were derived."""
    return tuple(connection.scalar(text("SELECT value FROM setting WHERE name = 'own_domains'")) or ())


def version(connection: Connection) -> str | None:
    """The version of the rules by which relationships were last derived."""
    found: str | None = connection.scalar(text("SELECT value #>> '{}' FROM setting WHERE name = 'version'"))
    return found


def envelopes(connection: Connection, documents: Collection[str] | None = None) -> Iterator[Envelope]:
    """The outside of every mail, or of some (ids); their threads must have been written."""
    rows = connection.execute(
        text(
            "SELECT id, at, sending, subject, thread_id, answers_id, data -> 'author' AS author, data -> 'to' AS to_,"
            " data -> 'cc' AS cc, data ->> 'list_id' AS list_id FROM document d JOIN link ON document_id = id"
            " WHERE kind = 'email' AND (CAST(:ids AS text[]) IS NULL OR id = ANY(:ids))"
        ),
        {"ids": None if documents is None else list(documents)},
        execution_options={"yield_per": _CHUNK},
    )
    return map(_envelope, rows)


def envelopes_by(connection: Connection, author: str) -> list[Envelope]:
    """The outside of every mail that one address sent."""
    ids = connection.execute(
        text("SELECT id FROM document WHERE kind = 'email' AND author_email = :author"), {"author": author}
    ).scalars()
    return list(envelopes(connection, list(ids)))


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(
        id=row.id,
        at=row.at,
        author=Address(**row.author) if row.author else None,
        subject=row.subject,
        to=tuple(Address(**a) for a in row.to_ or ()),
        cc=tuple(Address(**a) for a in row.cc or ()),
        sending=Sending(row.sending),
        list_id=row.list_id,
        thread=row.thread_id,
        answers=row.answers_id,
    )


def papers(connection: Connection, documents: Sequence[str] | None = None) -> list[Document]:
    """The files among the documents, or some of them (ids)."""
    rows = connection.execute(
        text(
            "SELECT d.*, NULL AS thread_id, NULL AS answers_id FROM document d"
            " WHERE kind <> 'email' AND (CAST(:ids AS text[]) IS NULL OR id = ANY(:ids)) ORDER BY id"
        ),
        {"ids": None if documents is None else list(documents)},
    )
    return [_filed(row, ()).document for row in rows]


def documents(connection: Connection) -> Iterator[Document]:
    """All documents, in the order of their ids."""
    query = "SELECT d.*, NULL AS thread_id, NULL AS answers_id FROM document d ORDER BY id"
    return (_filed(row, ()).document for row in _stream(connection, query))


def carriers(connection: Connection) -> dict[str, list[str]]:
    """By paper, the mails that it came with, the earliest first; none for one that lay by itself."""
    rows = connection.execute(
        text(
            "SELECT p.id, array_remove(array_agg(m.id ORDER BY m.at, m.id), NULL) AS mails FROM document p"
            " LEFT JOIN (SELECT d.id, d.at, a ->> 'digest' AS digest FROM document d"
            "  CROSS JOIN jsonb_array_elements(d.data -> 'attachments') a WHERE d.kind = 'email') m ON m.digest = p.id"
            " WHERE p.kind <> 'email' GROUP BY p.id"
        )
    )
    return {row.id: list(row.mails) for row in rows}


def people(connection: Connection, name: str) -> tuple[Person, ...]:
    """The people who have an address, or bear a name."""
    rows = connection.execute(
        text(
            "SELECT id, name, emails FROM person WHERE lower(:name) = ANY(emails) OR lower(name) = lower(:name)"
            " ORDER BY id"
        ),
        {"name": name},
    )
    return tuple(msgspec.convert(dict(row._mapping), Person) for row in rows)


def surnamed(connection: Connection, surname: str) -> set[str]:
    """The names of all people who bear a last name."""
    rows = connection.execute(
        text("SELECT name FROM person WHERE lower(split_part(name, ' ', -1)) = lower(:surname)"), {"surname": surname}
    )
    return set(rows.scalars())


def reach(connection: Connection, relationship: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The domains of a relationship, by id, and the addresses of its people."""
    row = connection.execute(
        text(
            "SELECT domains, array(SELECT DISTINCT unnest(emails) FROM person WHERE id = ANY(people) ORDER BY 1)"
            " AS emails FROM relationship WHERE id = :id"
        ),
        {"id": relationship},
    ).one()
    return tuple(row.domains), tuple(row.emails)


def member_ids(connection: Connection, relationship: str) -> set[str]:
    """The ids of a relationship's documents."""
    rows = connection.execute(
        text("SELECT document_id FROM membership WHERE relationship_id = :id"), {"id": relationship}
    )
    return set(rows.scalars())


def authors(connection: Connection, documents: Sequence[str]) -> set[str]:
    """The addresses from which these mails came."""
    rows = connection.execute(
        text("SELECT DISTINCT author_email FROM document WHERE id = ANY(:ids) AND author_email <> ''"),
        {"ids": list(documents)},
    )
    return set(rows.scalars())


def count_documents(connection: Connection) -> int:
    """How many documents were placed."""
    return int(connection.execute(text("SELECT count(*) FROM link")).scalar_one())


def count_relationships(connection: Connection) -> int:
    """How many relationships there are."""
    return int(connection.execute(text("SELECT count(*) FROM relationship")).scalar_one())


def unread(connection: Connection, reader: str, limit: int) -> list[Document]:
    """Some documents that people wrote and that this version of the models has not read."""
    rows = connection.execute(
        text(
            "SELECT d.*, NULL AS thread_id, NULL AS answers_id FROM document d WHERE reader IS DISTINCT FROM :reader"
            " AND sending IN ('personal', 'list') ORDER BY id LIMIT :limit"
        ),
        {"reader": reader, "limit": limit},
    )
    return [_filed(row, ()).document for row in rows]


def accounts(connection: Connection) -> tuple[Account, ...]:
    """The accounts of the CRM that were imported."""
    rows = connection.execute(text("SELECT external_id, name, domains, kind, owner FROM account ORDER BY external_id"))
    return tuple(msgspec.convert(dict(row._mapping), Account) for row in rows)


def members(
    connection: Connection, relationships: Sequence[str], documents: Sequence[str] | None = None
) -> dict[str, list[Member]]:
    """The documents of each of these relationships in order of time, undated ones last; or some of them (ids)."""
    rows = connection.execute(
        text(
            "SELECT d.*, l.thread_id, l.answers_id, m.relationship_id, m.direction, m.quiet FROM membership m"
            " JOIN document d ON d.id = m.document_id JOIN link l ON l.document_id = d.id"
            " WHERE m.relationship_id = ANY(:ids)"
            " AND (CAST(:documents AS text[]) IS NULL OR d.id = ANY(:documents)) ORDER BY d.at, d.id"
        ),
        {"ids": list(relationships), "documents": None if documents is None else list(documents)},
    ).all()
    found = _findings(connection, [row.id for row in rows])
    members: dict[str, list[Member]] = {identity: [] for identity in relationships}
    for row in rows:
        filed = _filed(row, found.get(row.id, ()))
        members[row.relationship_id].append(Member(filed=filed, direction=Direction(row.direction), quiet=row.quiet))
    return members


def document(connection: Connection, identity: str) -> Filed:
    """A document by its id, the beginning of its id, or its Message-ID, with what it says. Raises NotFound.

    Sentences that only hint at something are left out: they count where several documents are read together.
    """
    rows = connection.execute(
        text(
            "SELECT * FROM document LEFT JOIN link ON document_id = id WHERE id = :id OR message_id = btrim(:id, '<>')"
            " OR (length(:id) >= 6 AND starts_with(id, :id)) ORDER BY id LIMIT 2"
        ),
        {"id": identity},
    ).all()
    if not rows:
        raise NotFound(f"no document {identity}.", advice="Ids stand in 'suhde timeline --format json'.")
    if len(rows) > 1:
        raise NotFound(f"more than one document is called {identity}.", advice="Give the whole id.")
    found = _findings(connection, [rows[0].id]).get(rows[0].id, ())
    return _filed(rows[0], tuple(finding for finding in found if finding.speaks))


def insights_about(
    connection: Connection, documents: Sequence[str], emails: Sequence[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Insights that rest on one of the documents, or name one of the addresses: relationship, kind, value."""
    rows = connection.execute(
        text(
            "SELECT relationship_id, kind, data FROM insight WHERE"
            " EXISTS (SELECT FROM jsonb_path_query(data, 'lax $.**.document') AS at(id) WHERE id #>> '{}' = ANY(:ids))"
            " OR EXISTS (SELECT FROM jsonb_path_query(data, 'lax $.**.email') AS at(of) WHERE of #>> '{}' = ANY(:of))"
            " ORDER BY at NULLS LAST, id"
        ),
        {"ids": list(documents), "of": list(emails)},
    )
    return ((row.relationship_id, row.kind, row.data) for row in rows)


def quarantined(connection: Connection, identity: str | None = None) -> list[Quarantined]:
    """The messages in quarantine, oldest first; or the one whose id begins with `identity`. Raises NotFound."""
    rows = connection.execute(
        text(
            "SELECT raw_id AS id, place, code, reason, at FROM source WHERE outcome = 'quarantined'"
            " AND starts_with(raw_id, :id) ORDER BY at, raw_id"
        ),
        {"id": identity or ""},
    ).all()
    if identity and len(rows) != 1:
        raise NotFound(
            f"{len(rows)} quarantined messages are called {identity}.", advice="See 'suhde quarantine list'."
        )
    return [Quarantined(**row._mapping) for row in rows]


def reports(connection: Connection, limit: int = 20) -> list[dict[str, Any]]:
    """The reports of the last ingests, newest first."""
    rows = connection.execute(
        text(
            "SELECT report || jsonb_build_object('finished', finished) AS report FROM run"
            " ORDER BY started DESC LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [row.report for row in rows]


def _stream(connection: Connection, query: str) -> Iterator[Row[Any]]:
    yield from connection.execute(text(query), execution_options={"yield_per": _CHUNK})


def _filed(row: Row[Any], findings: tuple[Finding, ...]) -> Filed:
    columns = {
        "id": row.id,
        "kind": row.kind,
        "message_id": row.message_id,
        "parent": row.parent_id,
        "at": row.at,
        "subject": row.subject,
        "sending": row.sending,
        "language": row.language,
        "text": row.text,
    }
    kind = DocumentKind(row.kind)
    return Filed(
        document=msgspec.convert(row.data | columns, Document),
        findings=findings,
        reading=None if row.reading is None else msgspec.convert(row.reading, _READINGS[kind]),
        sentences=row.sentences,
        thread=row.thread_id or row.id,
        answers=row.answers_id,
    )


def _findings(connection: Connection, documents: list[str]) -> dict[str, tuple[Finding, ...]]:
    rows = connection.execute(
        text("SELECT document_id, data FROM finding WHERE document_id = ANY(:ids) ORDER BY document_id, start"),
        {"ids": documents},
    )
    found: dict[str, list[Finding]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(msgspec.convert(row.data, Finding))
    return {identity: tuple(findings) for identity, findings in found.items()}
