"""How the store is: for those who look after it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, text


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """The database server."""

    version: str
    size: str  # of our database, for people


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """The jobs that wait to be done."""

    waiting: int
    failed: int
    oldest: float | None  # seconds that the oldest waiting one has waited


def server(connection: Connection) -> Server:
    """Which server, and how much it holds."""
    row = connection.execute(
        text(
            "SELECT current_setting('server_version') AS version,"
            " pg_size_pretty(pg_database_size(current_database())) AS size"
        )
    ).one()
    return Server(version=row.version, size=row.size)


def documents(connection: Connection) -> int:
    """How many documents there are."""
    return int(connection.execute(text("SELECT count(*) FROM document")).scalar_one())


def raw_ids(connection: Connection) -> Iterator[str]:
    """The names of all raw bytes that must be in the data folder."""
    yield from connection.execute(text("SELECT raw_id FROM source WHERE outcome <> 'duplicate'")).scalars()


def queue(connection: Connection) -> Queue:
    """How the queue stands."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE status = 'todo') AS waiting, count(*) FILTER (WHERE status = 'failed')"
            " AS failed, CAST(extract(epoch FROM now() - min((SELECT min(at) FROM procrastinate_events"
            "  WHERE job_id = j.id)) FILTER (WHERE status = 'todo')) AS float) AS oldest FROM procrastinate_jobs j"
        )
    ).one()
    return Queue(waiting=row.waiting, failed=row.failed, oldest=row.oldest)
