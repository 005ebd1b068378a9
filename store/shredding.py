"""Makes PostgreSQL let go of what was deleted: for a while it keeps deleted rows in its files, all writes in its log.

`VACUUM FULL` writes each table anew without the deleted rows; its indexes and statistics follow. The write-ahead log is
turned over until no segment is left from before. Both need the right to do so, which the owner of the embedded
server has.

Not done here: blocks that the file system has freed are not overwritten, and copies elsewhere (backups, replicas, an
archived log) are out of reach.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

_MOST_SEGMENTS = 200  # more would be a server under load, whose log turns over by itself


def shred(engine: Engine) -> bool:
    """Rewrite all tables, then turn the log over. False where the server does not allow the latter.

    Each table is locked while it is rewritten; readers wait.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = connection.execute(text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
        for table in tables.scalars().all():
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {table}"))
        try:
            connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))  # the commonest values of each column
            _turn_log_over(connection)
        except ProgrammingError:  # no superuser
            return False
    return True


def _turn_log_over(connection: Connection) -> None:
    """Drop the log's old segments, also those that are kept to be written over."""
    connection.execute(text("ALTER SYSTEM SET wal_recycle = off"))
    connection.execute(text("SELECT pg_reload_conf()"))
    try:
        oldest = connection.scalar(text("SELECT max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"))
        for _ in range(_MOST_SEGMENTS):
            connection.execute(text("SELECT pg_logical_emit_message(false, 'suhde', 'over'), pg_switch_wal()"))
            now = connection.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())"))
            if now > oldest:
                break
        connection.execute(text("CHECKPOINT"))
        connection.execute(text("CHECKPOINT"))
    finally:
        connection.execute(text("ALTER SYSTEM RESET wal_recycle"))
        connection.execute(text("SELECT pg_reload_conf()"))
