from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from errors import DatabaseUnreachable, SchemaTooNew
from settings import Settings
from store.database import open_database, url
from store.schema import metadata


def test_migrations_build_the_tables_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    foreign = [d for d in found if "procrastinate" not in str(d)]
    assert not foreign


def test_two_processes_share_the_embedded_database(home_settings: Settings, engine: Engine) -> None:
    program = (
        "import sys; from pathlib import Path; from store.database import *; from sqlalchemy import text;"
        "e = open_database(url(Path(sys.argv[1]), None));"
        "print(e.connect().scalar(text('SELECT pg_postmaster_start_time()')))"
    )
    root = Path(__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(home_settings.home)],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    with engine.connect() as connection:
        assert str(connection.scalar(text("SELECT pg_postmaster_start_time()"))) == other.stdout.strip()
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_database_that_does_not_answer_is_a_clear_error() -> None:
    with pytest.raises(DatabaseUnreachable, match="SUHDE-301"):
        open_database(url(Path("unused"), "postgresql://127.0.0.1:1/none"))


def test_tables_of_a_newer_version_are_refused(home_settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        before = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SchemaTooNew, match="SUHDE-302"):
            open_database(url(home_settings.home, None))
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})
