"""Backups: all in one file, and back."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import fresh_database
from sqlalchemy import Engine, text

import store.read
from errors import NotABackup, NotEmpty
from pipeline.run import ingest
from settings import Settings
from store.backup import Manifest, backup, restore
from store.raw import RawStore
from store.search import Question, search

NOW = datetime(2024, 10, 15, 6, tzinfo=UTC)
LETTER = (
    b"From: Tom Reed <tom@acme.example>\r\nTo: anna@kettu.example\r\nDate: Mon, 2 Sep 2024 09:00:00 +0300\r\n"
    b"Message-ID: <1@acme.example>\r\nSubject: Drawings\r\n\r\nThe invoices were sent.\r\n"
)


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return {t: connection.execute(text(f'SELECT count(*) FROM "{t}"')).scalar_one() for t in sorted(tables)}


def saved(engine: Engine, folder: Path) -> tuple[Path, Manifest]:
    incoming = folder / "in"
    incoming.mkdir()
    (incoming / "1.eml").write_bytes(LETTER)
    (incoming / "2.pdf").write_bytes(b"%PDF-1.4 cut short")
    ingest(engine, Settings(home=folder / "home", own_domains=("kettu.example",)), [incoming], analyzer=None)
    file = folder / "backup.tar"
    return file, backup(engine, folder / "home" / "raw", file, NOW)


def test_what_is_restored_is_what_was_kept(engine: Engine, database: Engine, tmp_path: Path) -> None:
    file, made = saved(database, tmp_path)
    empty = fresh_database(engine)
    assert restore(empty, tmp_path / "raw", file) == made
    assert rows(empty) == rows(database)
    kept, back = RawStore(tmp_path / "home" / "raw"), RawStore(tmp_path / "raw")
    with empty.connect() as connection:
        names = connection.execute(text("SELECT raw_id FROM source")).scalars().all()
        assert [hit.title for hit in search(connection, Question(words="invoice")).items] == ["Drawings"]
        assert len(store.read.quarantined(connection)) == 1
    assert len(names) == made.raw == 2
    assert [back.get(name) for name in names] == [kept.get(name) for name in names]
    again = ingest(empty, Settings(home=tmp_path, own_domains=("kettu.example",)), [tmp_path / "in"], analyzer=None)
    assert (again.seen, again.stored) == (2, 0)
    empty.dispose()


def test_a_backup_is_not_restored_over_what_is_there(database: Engine, tmp_path: Path) -> None:
    file, _ = saved(database, tmp_path)
    before = rows(database)
    with pytest.raises(NotEmpty):
        restore(database, tmp_path / "raw", file)
    assert rows(database) == before


@pytest.mark.parametrize("content", [b"", b"no tar at all", b"\x00" * 20_000])
def test_what_is_no_backup_is_told_so(database: Engine, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(content)
    with pytest.raises(NotABackup):
        restore(database, tmp_path / "raw", file)


def test_a_backup_that_was_cut_short_changes_nothing(database: Engine, engine: Engine, tmp_path: Path) -> None:
    file, _ = saved(database, tmp_path)
    short = tmp_path / "short.tar"
    short.write_bytes(file.read_bytes()[:20_000])
    empty = fresh_database(engine)
    with pytest.raises(NotABackup):
        restore(empty, tmp_path / "raw", short)
    assert rows(empty)["document"] == 0
    empty.dispose()


@pytest.mark.parametrize("name", ["raw/../../evil", "/etc/evil", "raw/x.sh"])
def test_a_hostile_member_is_refused(database: Engine, engine: Engine, tmp_path: Path, name: str) -> None:
    file, _ = saved(database, tmp_path)
    with tarfile.open(file, "a") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    empty = fresh_database(engine)
    with pytest.raises(NotABackup):
        restore(empty, tmp_path / "raw", file)
    assert not list(tmp_path.rglob("evil"))
    empty.dispose()
