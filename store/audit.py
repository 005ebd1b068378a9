"""Who read or changed what, and when. Entries can be added and read; the database refuses to change or delete one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, text

from store.pages import Page, make_cursor, read_cursor


class Action(StrEnum):
    """What was done."""

    READ = "read"  # words that somebody wrote, or what was found in them
    CHANGE = "change"
    REFUSE = "refuse"  # what was asked for without the right to it


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `caller` is the key's id and name, or `local` where no key is asked for."""

    at: datetime
    caller: str
    action: Action
    method: str
    path: str  # with its query
    status: int


def record(connection: Connection, entry: Audited) -> None:
    """Add an entry."""
    connection.execute(
        text(
            "INSERT INTO audit (at, caller, action, method, path, status)"
            " VALUES (:at, :caller, :action, :method, :path, :status)"
        ),
        msgspec.structs.asdict(entry),
    )


def entries(
    connection: Connection,
    *,
    since: date | None = None,
    until: date | None = None,
    containing: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Audited]:
    """Entries, newest first; `containing` is looked for in caller and path. Raises BadFilter for a strange cursor."""
    after = read_cursor(cursor, int)
    rows = connection.execute(
        text(
            "SELECT number, at, caller, action, method, path, status FROM audit"
            " WHERE (CAST(:since AS date) IS NULL OR at >= :since)"
            " AND (CAST(:until AS date) IS NULL OR at < CAST(:until AS date) + 1)"
            " AND (CAST(:containing AS text) IS NULL OR strpos(caller || ' ' || path, :containing) > 0)"
            " AND (CAST(:after AS bigint) IS NULL OR number < :after) ORDER BY number DESC LIMIT :limit"
        ),
        {
            "since": since,
            "until": until,
            "containing": containing,
            "after": after[0] if after else None,
            "limit": limit + 1,
        },
    ).all()
    shown = tuple(
        msgspec.convert({k: v for k, v in row._mapping.items() if k != "number"}, Audited) for row in rows[:limit]
    )
    return Page(items=shown, next=make_cursor(str(rows[limit - 1].number)) if len(rows) > limit else None)
