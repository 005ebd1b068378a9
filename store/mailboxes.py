"""Up to where folders on mail servers were read."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, text

from corpus.mailbox import Address, Place


def place(connection: Connection, address: Address) -> Place | None:
    """Up to where a folder was read; None where it never was."""
    found = connection.scalar(text("SELECT value FROM setting WHERE name = :name"), {"name": _name(address)})
    return None if found is None else msgspec.convert(found, Place)


def keep(connection: Connection, address: Address, reached: Place) -> None:
    """Remember up to where a folder was read."""
    connection.execute(
        text(
            "INSERT INTO setting VALUES (:name, CAST(:value AS jsonb))"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        ),
        {"name": _name(address), "value": msgspec.json.encode(reached).decode()},
    )


def _name(address: Address) -> str:
    return f"mailbox {address}"
