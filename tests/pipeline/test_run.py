from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from archives import many_mails
from conftest import fresh_database
from sqlalchemy import Engine, text

import store.read
from errors import NoSuchPath
from pipeline.jobs import retry
from pipeline.report import Report
from pipeline.run import ingest
from settings import Settings
from store.raw import RawStore


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", own_domains=("tuulikas.fi",), database_url=None)


def _balanced(report: Report) -> bool:
    return report.seen == report.stored + report.duplicate + report.quarantined + report.skipped


def test_every_message_and_file_is_accounted_for(
    database: Engine, home: Settings, sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(sample / "fi-paivakoti", folder)
    shutil.copy(folder / "mail.mbox", folder / "copy.mbox")
    (folder / "noise.eml").write_bytes(
        b"From: a@b.fi\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 5000
    )
    report = ingest(database, home, [folder], analyzer=None)
    assert _balanced(report)
    assert (report.stored, report.duplicate, report.quarantined) == (26, 23, 1)  # 23 mails, 3 papers
    assert report.skipped == 0
    assert sum(report.reasons.values()) == report.skipped + report.quarantined
    assert report.relationships == 1


def test_reading_the_same_archive_again_changes_nothing(database: Engine, home: Settings, sample: Path) -> None:
    archive = [sample / "fi-paivakoti" / "mail.mbox"]
    ingest(database, home, archive, analyzer=None)
    with database.connect() as connection:
        before = connection.execute(text("SELECT xmin::text, id FROM document ORDER BY id")).all()
    report = ingest(database, home, archive, analyzer=None)
    assert (report.seen, report.stored, report.duplicate) == (23, 0, 23)
    with database.connect() as connection:
        assert connection.execute(text("SELECT xmin::text, id FROM document ORDER BY id")).all() == before


def test_the_order_in_which_archives_come_does_not_matter(engine: Engine, tmp_path: Path, sample: Path) -> None:
    states = []
    for name, parts in (("one", ("fi-paivakoti", "fi-torikori")), ("two", ("fi-torikori", "fi-paivakoti"))):
        settings = Settings(home=tmp_path / name, own_domains=("tuulikas.fi", "hohtavakp.fi"), database_url=None)
        database = fresh_database(engine)
        for part in parts:
            ingest(database, settings, [sample / part / "mail.mbox"], analyzer=None)
        with database.connect() as connection:
            rows = connection.execute(
                text("SELECT m.*, l.thread_id, l.answers_id FROM membership m JOIN link l USING (document_id)")
            )
            states.append(sorted(map(str, rows)))
        database.dispose()
    assert states[0] == states[1]


def test_a_message_from_standard_input_is_read(database: Engine, home: Settings) -> None:
    stdin = io.BytesIO(
        b"From: a@kuuskoski.fi\nTo: b@tuulikas.fi\nSubject: Hei\nDate: Mon, 4 Mar 2024 09:12:00 +0200\n\nHei\n"
    )
    report = ingest(database, home, [Path("-")], analyzer=None, stdin=stdin)
    assert (report.seen, report.stored, report.relationships) == (1, 1, 1)


def test_a_path_that_is_not_there_is_an_error_before_anything_is_read(database: Engine, home: Settings) -> None:
    with pytest.raises(NoSuchPath, match="SUHDE-101"):
        ingest(database, home, [Path("nowhere.mbox")], analyzer=None)


def test_our_domains_are_inferred_and_said_so(database: Engine, tmp_path: Path, sample: Path) -> None:
    settings = Settings(home=tmp_path / "home", own_domains=(), database_url=None)
    report = ingest(database, settings, [sample / "fi-paivakoti" / "mail.mbox"], analyzer=None)
    assert report.own_share is not None
    assert report.own_domains


def test_a_quarantined_message_keeps_its_bytes_and_can_be_tried_again(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "deep.eml"
    path.write_bytes(b"From: a@b.fi\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 5000)
    assert ingest(database, home, [path], analyzer=None).quarantined == 1
    with database.connect() as connection:
        (row,) = store.read.quarantined(connection)
    assert RawStore(home.raw).get(row.id) == path.read_bytes()
    report = retry(database, home, None, None)
    assert (report.seen, report.quarantined) == (1, 1)


def test_watching_sees_the_sums_grow(database: Engine, home: Settings, sample: Path, tmp_path: Path) -> None:
    archive = many_mails(sample, tmp_path / "many.mbox", 600)
    stored: list[int] = []
    read: list[int] = []

    def watch(report: Report, done: int) -> None:
        stored.append(report.stored)
        read.append(done)

    ingest(database, home, [archive], analyzer=None, watch=watch)
    assert stored == sorted(stored)
    assert stored[-1] == 600
    assert read[-1] == archive.stat().st_size
