"""Whose addresses are, and what was counted of them, so that one more mail can be placed without all the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

import msgspec
import psycopg
from sqlalchemy import Connection, Row, text

from corpus.document import Address
from corpus.people import Person, merging_keys
from insights.directory import Contact
from insights.relationships import Relations

_ALL = ""  # the name under which all messages are counted among the domains


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an address, and how it writes and is written to."""

    contact: Contact
    merging_key: str
    heard: bool  # one of us wrote to it
    bulk: bool  # it sends like a machine


def write_all(connection: Connection, found: Relations, domains: Mapping[str, int], messages: int) -> set[str]:
    """Write all contacts and counts in place of what was there; the addresses of which something else is known now."""
    before = {email: known.contact for email, known in contacts(connection).items()}
    cursor = cast("psycopg.Connection[Any]", connection.connection.driver_connection).cursor()
    keys = merging_keys(found.seen.items())
    for table in ("mailbox", "contact", "domain"):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    with cursor.copy("COPY mailbox (email, name, seen) FROM STDIN") as copy:
        for address, count in found.seen.items():
            copy.write_row((address.email, address.name, count))
    with cursor.copy(
        "COPY contact (email, person, name, counterparty, unit, merging_key, heard, bulk) FROM STDIN"
    ) as copy:
        for email, c in found.contacts.items():
            row = (email, c.person, c.name, c.counterparty, c.unit, keys[email], email in found.heard)
            copy.write_row((*row, email in found.bulk))
    with cursor.copy("COPY domain (name, messages) FROM STDIN") as copy:
        for name, count in {**domains, _ALL: messages}.items():
            copy.write_row((name, count))
    return {email for email, contact in before.items() if found.contacts.get(email) != contact}


def contacts(connection: Connection, emails: Collection[str] | None = None) -> dict[str, Known]:
    """What is known of addresses: all, or some."""
    rows = connection.execute(
        text("SELECT * FROM contact WHERE CAST(:emails AS text[]) IS NULL OR email = ANY(:emails)"),
        {"emails": None if emails is None else list(emails)},
    )
    return {row.email: _known(row) for row in rows}


def of_house(connection: Connection, relationship: str) -> dict[str, Contact]:
    """The contacts of a counterparty, or of a unit of ours."""
    rows = connection.execute(
        text("SELECT * FROM contact WHERE counterparty = :id OR unit = :id"), {"id": relationship}
    )
    return {row.email: _known(row).contact for row in rows}


def count(connection: Connection, seen: Mapping[Address, int]) -> None:
    """Count mailboxes once more."""
    connection.execute(
        text(
            "INSERT INTO mailbox SELECT * FROM"
            " unnest(CAST(:emails AS text[]), CAST(:names AS text[]), CAST(:seen AS integer[]))"
            " ON CONFLICT (email, name) DO UPDATE SET seen = mailbox.seen + excluded.seen"
        ),
        {"emails": [a.email for a in seen], "names": [a.name for a in seen], "seen": list(seen.values())},
    )


def namesakes(connection: Connection, emails: Collection[str], keys: Collection[str]) -> Counter[Address]:
    """How often addresses, and all others with these merging keys, were seen under which names."""
    rows = connection.execute(
        text(
            "SELECT email, name, seen FROM mailbox WHERE email = ANY(:emails)"
            " OR email IN (SELECT email FROM contact WHERE merging_key <> '' AND merging_key = ANY(:keys))"
        ),
        {"emails": list(emails), "keys": list(keys)},
    )
    return Counter({Address(row.email, row.name): row.seen for row in rows})


def write(connection: Connection, found: Mapping[str, Contact], keys: Mapping[str, str]) -> None:
    """Write what is known of some addresses."""
    connection.execute(
        text(
            "INSERT INTO contact (email, person, name, counterparty, unit, merging_key, heard, bulk)"
            " VALUES (:email, :person, :name, :counterparty, :unit, :key, FALSE, FALSE) ON CONFLICT (email)"
            " DO UPDATE SET person = excluded.person, name = excluded.name, counterparty = excluded.counterparty,"
            " unit = excluded.unit, merging_key = excluded.merging_key"
        ),
        [{"email": email, "key": keys[email], **msgspec.structs.asdict(contact)} for email, contact in found.items()],
    )


def write_people(connection: Connection, gone: Iterable[str], found: Iterable[Person]) -> None:
    """Write people in place of those with the ids `gone`."""
    connection.execute(text("DELETE FROM person WHERE id = ANY(:ids)"), {"ids": list(gone)})
    connection.execute(
        text("INSERT INTO person (id, name, emails) VALUES (:id, :name, :emails)"),
        [{"id": p.id, "name": p.name, "emails": list(p.emails)} for p in found],
    )


def hear(connection: Connection, emails: Collection[str]) -> None:
    """Remember that one of us wrote to these addresses."""
    connection.execute(
        text("UPDATE contact SET heard = TRUE WHERE email = ANY(:emails) AND NOT heard"), {"emails": list(emails)}
    )


def set_bulk(connection: Connection, email: str, bulk: bool) -> None:
    """Remember whether an address sends like a machine, also where its mails stand."""
    connection.execute(text("UPDATE contact SET bulk = :bulk WHERE email = :email"), {"email": email, "bulk": bulk})
    connection.execute(
        text(
            "UPDATE membership m SET quiet = :bulk OR d.sending IN ('bulk', 'automatic') FROM document d"
            " WHERE d.id = m.document_id AND d.kind = 'email' AND d.author_email = :email"
        ),
        {"email": email, "bulk": bulk},
    )


def was_answered(connection: Connection, email: str) -> bool:
    """Whether one of us ever answered a mail from this address."""
    return bool(
        connection.execute(
            text(
                "SELECT EXISTS (SELECT FROM document d JOIN link l ON l.answers_id = d.id"
                " JOIN document a ON a.id = l.document_id JOIN contact c ON c.email = a.author_email"
                " WHERE d.kind = 'email' AND d.author_email = :email AND c.counterparty IS NULL)"
            ),
            {"email": email},
        ).scalar_one()
    )


def count_domains(connection: Connection, seen: Mapping[str, int], messages: int) -> None:
    """Count in how many messages more each domain takes part."""
    more = {**seen, _ALL: messages}
    connection.execute(
        text(
            "INSERT INTO domain SELECT * FROM unnest(CAST(:names AS text[]), CAST(:messages AS integer[]))"
            " ON CONFLICT (name) DO UPDATE SET messages = domain.messages + excluded.messages"
        ),
        {"names": list(more), "messages": list(more.values())},
    )


def leading_domains(connection: Connection) -> tuple[dict[str, int], int]:
    """The domain that takes part in most messages and those with the same label; and how many messages there are."""
    rows = connection.execute(
        text(
            "WITH first AS (SELECT name FROM domain WHERE name <> :all"
            ' ORDER BY messages DESC, name COLLATE "C" LIMIT 1)'
            " SELECT name, messages FROM domain WHERE name = :all"
            " OR split_part(name, '.', 1) = (SELECT split_part(name, '.', 1) FROM first)"
        ),
        {"all": _ALL},
    )
    seen = {row.name: row.messages for row in rows}
    return seen, seen.pop(_ALL, 0)


def documents_with(connection: Connection, emails: Collection[str]) -> set[str]:
    """The mails in which one of these addresses takes part (ids)."""
    found: set[str] = set()
    for email in emails:
        rows = connection.execute(
            text(
                "SELECT id FROM document WHERE kind = 'email' AND (author_email = :email"
                " OR data -> 'to' @> CAST(:one AS jsonb) OR data -> 'cc' @> CAST(:one AS jsonb))"
            ),
            {"email": email, "one": msgspec.json.encode([{"email": email}]).decode()},
        )
        found.update(rows.scalars())
    return found


def _known(row: Row[Any]) -> Known:
    contact = Contact(person=row.person, name=row.name, counterparty=row.counterparty, unit=row.unit)
    return Known(contact=contact, merging_key=row.merging_key, heard=row.heard, bulk=row.bulk)
