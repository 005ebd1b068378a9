"""Fixtures that every test may use: the real embedded database, and data that lies beside the checkout."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from settings import Settings
from store.database import open_database, url

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "corpus" / "sample"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; the test is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared: real mail and gold sets are not here")
    return SHARED


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample that comes with Suhde."""
    return SAMPLE


@pytest.fixture(scope="session")
def homes() -> Iterator[Path]:
    """A folder for data folders. Not pytest's own: it closes those to the user as whom root runs the database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def home_settings(homes: Path) -> Settings:
    """Settings with a data folder of the session's own."""
    return Settings(home=homes / "session", own_domains=(), database_url=None)


@pytest.fixture(scope="session")
def engine(home_settings: Settings) -> Iterator[Engine]:
    """The embedded database, its tables up to date."""
    found = open_database(url(home_settings.home, None))
    yield found
    found.dispose()


@pytest.fixture
def database(engine: Engine) -> Iterator[Engine]:
    """A database of the test's own on the same server, for what commits."""
    found = fresh_database(engine)
    yield found
    found.dispose()


def fresh_database(engine: Engine) -> Engine:
    """A new, empty database on the server of `engine`, its tables up to date."""
    name = f"test_{secrets.token_hex(6)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return open_database(engine.url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction that is rolled back."""
    with engine.connect() as found, found.begin() as transaction:
        yield found
        transaction.rollback()
