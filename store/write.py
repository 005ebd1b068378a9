"""Writes what an ingest derived: whole batches, by COPY, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import psycopg
from sqlalchemy import Connection, text

from corpus.document import Document
from corpus.kinship import read_subject
from corpus.threads import Link
from insights.contracts import Contract
from insights.directory import Account
from insights.notes import Notes
from insights.placing import Placing
from insights.relationships import Relations
from nlp.findings import Finding

PARSER = 1  # raise when corpus reads the same bytes differently than before

_DOCUMENT_COLUMNS = (
    "id, kind, content_key, message_id, parent_id, at, author_email, subject, sending, language, text, data,"
    " own_print, quoted_print, sentences, parser, reader, reading, subject_key"
)
# Kept in columns of their own, so left out of the JSON column.
IN_COLUMNS = ("id", "kind", "message_id", "parent", "at", "subject", "sending", "language", "text")


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A document with all that was derived from it alone."""

    document: Document
    own_print: int  # corpus.threads.Strand
    quoted_print: int | None
    sentences: int = 0  # how many the models read
    findings: tuple[Finding, ...] = ()  # only those that say something
    reader: str | None = None  # version of the model; None: not read
    reading: Contract | Notes | None = None  # what a contract or minutes say as such


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the models found in a document that is stored already."""

    document: str  # id
    sentences: int
    findings: tuple[Finding, ...]  # only those that say something
    reader: str
    reading: Contract | Notes | None = None  # what a contract or minutes say as such
    at: datetime | None = None  # the day that was read in it, where one was


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One message or file that was read: the documents it became, itself first, or why it became none."""

    raw_id: str
    place: str  # where it was found, for people
    documents: tuple[Derived, ...] = ()
    code: int | None = None  # error code, where it goes to quarantine
    reason: str | None = None  # of that; without a code, why it is not kept
    enclosed: bool = False  # it came with a mail that is counted


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch, by number of messages and files; `enclosed` counts what was found inside messages."""

    stored: int
    duplicate: int
    quarantined: int
    skipped: int
    enclosed: int  # documents
    unread: int  # attached files that could not be read


def known(connection: Connection, raw_ids: Iterable[str]) -> set[str]:
    """Those of the given messages that were read before, whatever became of them."""
    rows = connection.execute(text("SELECT raw_id FROM source WHERE raw_id = ANY(:ids)"), {"ids": list(raw_ids)})
    return set(rows.scalars())


def store(connection: Connection, batch: Sequence[Incoming]) -> Outcome:
    """Write a batch. A document that is there already, by its bytes or as a copy, is left as it is."""
    take_pen(connection)
    cursor = driver_cursor(connection)
    derived = [d for incoming in batch for d in incoming.documents]
    new = _insert_documents(cursor, derived)
    _copy_findings(cursor, ((d.document.id, d.findings) for d in derived if d.document.id in new))
    known = _insert_sources(cursor, batch, new, _originals(cursor, batch, new))
    if _came_earlier(cursor):
        mark_stale(connection)
    mark_pending(connection, new)
    outcomes = [outcome for one, outcome in zip(batch, known, strict=True) if not one.enclosed]
    within = {d.document.id for one in batch for d in one.documents[not one.enclosed :]}
    return Outcome(
        stored=outcomes.count("stored"),
        duplicate=outcomes.count("duplicate"),
        quarantined=outcomes.count("quarantined"),
        skipped=outcomes.count("skipped"),
        enclosed=len(within & new),
        unread=sum(one.enclosed and not one.documents for one in batch),
    )


def take_pen(connection: Connection) -> None:
    """Wait until no other process writes or erases documents; holds until the transaction ends."""
    # One writer at a time: two that hold the same mails in another order would wait for each other for ever.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('suhde store'))"))


def readings(connection: Connection, batch: Sequence[Reading]) -> None:
    """Write what the models found in documents in place of what others found before."""
    cursor = driver_cursor(connection)
    cursor.execute("DELETE FROM finding WHERE document_id = ANY(%s)", ([r.document for r in batch],))
    _copy_findings(cursor, ((r.document, r.findings) for r in batch))
    cursor.executemany(
        "UPDATE document SET sentences = %s, reader = %s, reading = %s WHERE id = %s",
        [(r.sentences, r.reader, _json(r.reading), r.document) for r in batch],
    )
    cursor.executemany(
        "UPDATE document SET at = %s, data = jsonb_set(data, '{time_source}', '\"text\"') WHERE id = %s",
        [(r.at, r.document) for r in batch if r.at],
    )
    mark_pending(connection, [r.document for r in batch])


def mark_stale(connection: Connection) -> None:
    """Remember, in this transaction, that relationships and insights are to be derived anew."""
    connection.execute(
        text(
            "INSERT INTO setting VALUES ('stale', to_jsonb(pg_current_xact_id()::text))"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    )


def mark_pending(connection: Connection, documents: Iterable[str]) -> None:
    """Remember, in this transaction, that what rests on these documents is to be derived anew."""
    connection.execute(
        text(
            "INSERT INTO pending SELECT id, pg_current_xact_id()::text FROM unnest(CAST(:ids AS text[])) AS new (id)"
            " ON CONFLICT (document_id) DO UPDATE SET since = excluded.since"
        ),
        {"ids": list(documents)},
    )


def settled(connection: Connection, pending: Mapping[str, str]) -> None:
    """Forget what `store.read.pending` said, but documents that were read again since."""
    connection.execute(
        text(
            "DELETE FROM pending p USING unnest(CAST(:ids AS text[]), CAST(:since AS text[])) AS done (id, since)"
            " WHERE p.document_id = done.id AND p.since = done.since"
        ),
        {"ids": list(pending), "since": list(pending.values())},
    )


def mark_fresh(connection: Connection, stale: str) -> None:
    """Forget what `mark_stale` remembered, unless more came since `store.read.stale` said `stale`."""
    connection.execute(
        text("DELETE FROM setting WHERE name = 'stale' AND value = to_jsonb(CAST(:stale AS text))"), {"stale": stale}
    )


def forget_quarantined(connection: Connection, raw_id: str) -> None:
    """Forget that a message could not be read, so that it can be stored."""
    connection.execute(text("DELETE FROM source WHERE raw_id = :id AND outcome = 'quarantined'"), {"id": raw_id})


def driver_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """A cursor of the driver's own, for COPY, in the caller's transaction."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection).cursor()


def _insert_documents(cursor: psycopg.Cursor[Any], derived: Sequence[Derived]) -> set[str]:
    """Insert the documents that are not there; return their ids."""
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS incoming_document (position integer, LIKE document) ON COMMIT DELETE ROWS"
    )
    with cursor.copy(f"COPY incoming_document (position, {_DOCUMENT_COLUMNS}) FROM STDIN") as copy:
        for position, one in enumerate(derived):
            copy.write_row((position, *_document_row(one)))
    rows = cursor.execute(
        f"INSERT INTO document ({_DOCUMENT_COLUMNS}) SELECT {_DOCUMENT_COLUMNS} FROM incoming_document"  # noqa: S608
        " ORDER BY position ON CONFLICT DO NOTHING RETURNING id"
    )
    return {row[0] for row in rows}


def _document_row(one: Derived) -> tuple[object, ...]:
    d = one.document
    rest = {k: v for k, v in msgspec.to_builtins(d).items() if k not in IN_COLUMNS}
    return (
        d.id,
        d.kind.value,
        d.content_key,
        d.message_id,
        d.parent,
        d.at,
        d.author.email if d.author else None,
        d.subject,
        d.sending.value,
        d.language,
        d.text,
        msgspec.json.encode(rest).decode(),
        one.own_print,
        one.quoted_print,
        one.sentences,
        PARSER,
        one.reader,
        _json(one.reading),
        read_subject(d.subject).key,
    )


def _json(reading: Contract | Notes | None) -> str | None:
    return None if reading is None else msgspec.json.encode(reading).decode()


def _copy_findings(cursor: psycopg.Cursor[Any], found: Iterable[tuple[str, Iterable[Finding]]]) -> None:
    with cursor.copy('COPY finding (document_id, start, "data") FROM STDIN') as copy:
        for document, findings in found:
            for finding in findings:
                copy.write_row((document, finding.start, msgspec.json.encode(finding).decode()))


def _came_earlier(cursor: psycopg.Cursor[Any]) -> int:
    """Date papers that tell no day of their own by the earliest mail that brought them; how many that changes."""
    cursor.execute(
        "UPDATE document d SET at = i.at FROM (SELECT id, min(at) AS at FROM incoming_document GROUP BY id) i"
        " WHERE d.id = i.id AND d.data ->> 'time_source' = 'mail' AND i.at < d.at"
    )
    return cursor.rowcount


def _originals(cursor: psycopg.Cursor[Any], batch: Sequence[Incoming], new: set[str]) -> dict[str, str]:
    """For each message that became no new document: the id of the document that it is a copy of."""
    copies = [i.documents[0].document for i in batch if i.documents and i.documents[0].document.id not in new]
    keys = [key for d in copies if (key := d.content_key)]
    rows = cursor.execute("SELECT content_key, id FROM document WHERE content_key = ANY(%s)", (keys,))
    originals = dict(rows.fetchall())
    return {d.id: originals.get(d.content_key, d.id) for d in copies}


def _insert_sources(
    cursor: psycopg.Cursor[Any], batch: Sequence[Incoming], new: set[str], originals: dict[str, str]
) -> list[str]:
    """Insert what became of each message; return the outcomes in order."""
    at, outcomes, first = datetime.now(UTC), [], set[str]()
    # A mail that an earlier one of the batch enclosed is a copy, as it would be in a batch of its own.
    brought: dict[str, str] = {}
    for one in batch:
        for derived in one.documents:
            brought.setdefault(derived.document.id, one.raw_id)
    cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS incoming_source (LIKE source) ON COMMIT DELETE ROWS")
    with cursor.copy("COPY incoming_source (raw_id, outcome, document_id, place, code, reason, at) FROM STDIN") as copy:
        for one in batch:
            outcome, document_id = "skipped" if one.code is None else "quarantined", None
            if one.documents:
                own_id = one.documents[0].document.id
                # The second of two equal messages in one batch is a copy, too.
                mine = brought[own_id] == one.raw_id and one.raw_id not in first
                outcome = "stored" if own_id in new and mine else "duplicate"
                document_id = own_id if own_id in new else originals[own_id]
            first.add(one.raw_id)
            outcomes.append(outcome)
            copy.write_row((one.raw_id, outcome, document_id, one.place, one.code, one.reason, at))
    cursor.execute("INSERT INTO source SELECT * FROM incoming_source ON CONFLICT DO NOTHING")
    return outcomes


def begin_run(connection: Connection, run: str, started: datetime, report: object) -> None:
    """Remember that an ingest began."""
    connection.execute(
        text("INSERT INTO run (id, started, report) VALUES (:id, :started, CAST(:report AS jsonb))"),
        {"id": run, "started": started, "report": msgspec.json.encode(report).decode()},
    )


def end_run(connection: Connection, run: str, finished: datetime, report: object) -> None:
    """Remember how an ingest ended."""
    connection.execute(
        text("UPDATE run SET finished = :finished, report = CAST(:report AS jsonb) WHERE id = :id"),
        {"id": run, "finished": finished, "report": msgspec.json.encode(report).decode()},
    )


def note_skipped(connection: Connection, run: str, skipped: Sequence[tuple[str, str]]) -> None:
    """Remember files that hold no mail: (place, reason)."""
    connection.execute(
        text("INSERT INTO skip VALUES (:run, :place, :reason) ON CONFLICT DO NOTHING"),
        [{"run": run, "place": place, "reason": reason} for place, reason in skipped],
    )


def take_turn(connection: Connection) -> None:
    """Wait until no other process derives relationships; holds until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('suhde connect'))"))


def links(connection: Connection, changed: Mapping[str, Link]) -> None:
    """Write where documents stand: their thread and what they answer."""
    cursor = driver_cursor(connection)
    cursor.execute("DELETE FROM link WHERE document_id = ANY(%s)", (list(changed),))
    with cursor.copy("COPY link (document_id, thread_id, answers_id) FROM STDIN") as copy:
        for identity, link in changed.items():
            copy.write_row((identity, link.thread, link.answers))


def relations(connection: Connection, found: Relations, placed: Mapping[str, Placing], version: str) -> None:
    """Write who is who and which document belongs where, in place of what was there; insights are kept.

    `placed` says so of papers, `version` is that of the rules by which all of it is derived.
    """
    cursor = driver_cursor(connection)
    cursor.execute("DELETE FROM person")
    with cursor.copy("COPY person (id, name, emails) FROM STDIN") as copy:
        for person in found.people:
            copy.write_row((person.id, person.name, list(person.emails)))
    columns = "id, name, kind, external_id, owner, domains, people"
    cursor.execute("CREATE TEMPORARY TABLE found (LIKE relationship INCLUDING DEFAULTS) ON COMMIT DROP")
    with cursor.copy(f"COPY found ({columns}) FROM STDIN") as copy:
        for r in found.relationships:
            kind = r.kind and r.kind.value
            copy.write_row((r.id, r.name, kind, r.external_id, r.owner, list(r.domains), list(r.people)))
    cursor.execute("DELETE FROM relationship WHERE id NOT IN (SELECT id FROM found)")
    cursor.execute(
        f"INSERT INTO relationship ({columns}) SELECT {columns} FROM found"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
        " external_id = excluded.external_id, owner = excluded.owner, domains = excluded.domains,"
        " people = excluded.people"
    )
    cursor.execute("DELETE FROM membership")
    columns = "relationship_id, document_id, direction, quiet, confidence, reason"
    with cursor.copy(f"COPY membership ({columns}) FROM STDIN") as copy:
        for document, places in found.members.items():
            for place in places:
                copy.write_row((place.relationship, document, place.direction.value, place.quiet, None, None))
        for paper, one in placed.items():
            copy.write_row((one.relationship, paper, one.direction.value, one.quiet, one.confidence, one.reason))
    cursor.execute("DELETE FROM unopened")
    with cursor.copy("COPY unopened (relationship_id, document_id, direction) FROM STDIN") as copy:
        for document, places in found.unopened.items():
            for place in places:
                copy.write_row((place.relationship, document, place.direction.value))
    cursor.executemany(
        "INSERT INTO setting VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [
            ("own_domains", msgspec.json.encode(found.own_domains).decode()),
            ("version", msgspec.json.encode(version).decode()),
        ],
    )


def accounts(connection: Connection, found: Sequence[Account]) -> None:
    """Write the accounts of the CRM in place of those that were there."""
    cursor = driver_cursor(connection)
    cursor.execute("DELETE FROM account")
    with cursor.copy("COPY account (external_id, name, domains, kind, owner) FROM STDIN") as copy:
        for a in found:
            copy.write_row((a.external_id, a.name, list(a.domains), a.kind and a.kind.value, a.owner))
