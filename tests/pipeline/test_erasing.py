"""What is erased is gone: from every table, every file and every later ingest; nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import canaries
import pytest
from canaries import ANNA, archive, found_in_files, found_in_tables, mail
from sqlalchemy import Engine, text

import store.holds
import store.read
from corpus.archive import Found, Where
from errors import Held, NotFound
from nlp.analyze import MODELS, Analyzer
from pipeline import erasing, jobs, ledger, tracing
from pipeline.filing import file
from pipeline.portrait import portrait
from pipeline.prepare import prepare
from pipeline.run import ingest
from settings import Settings
from store.database import open_database, url
from store.erasure import proofs
from store.holds import HoldKind
from store.raw import RawStore


@pytest.fixture
def home(homes: Path, tmp_path: Path) -> Settings:
    return Settings(home=homes / tmp_path.name, own_domains=("tuulikas.fi",), database_url=None)


@pytest.fixture
def own(home: Settings) -> Iterator[Engine]:
    """A server of the test's own, so that its files can be searched."""
    found = open_database(url(home.home, None))
    yield found
    found.dispose()


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer.load(MODELS / "reader")


def _documents(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM document")).scalar_one())


def _target(engine: Engine, *names: str) -> tracing.Target:
    with engine.connect() as connection:
        return tracing.person(connection, names)


def test_after_erasure_no_table_and_no_file_holds_a_word_of_it(
    own: Engine, home: Settings, analyzer: Analyzer, tmp_path: Path
) -> None:
    ingest(own, home, [archive(tmp_path / "mail")], analyzer=analyzer)
    planted = {word for _, word in (*found_in_tables(own), *found_in_files(home.home))}
    assert planted == set(canaries.ALL)
    proof = erasing.erase(own, home, _target(own, ANNA))
    assert found_in_tables(own) == []
    assert found_in_files(home.home) == []
    assert proof.finished
    assert _documents(own) == 3  # the others' invoice, the file with it, our answer
    with own.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM insight")) > 0  # of what is left
        assert proofs(connection) == (proof,)


def test_what_was_erased_does_not_come_back(database: Engine, home: Settings, tmp_path: Path) -> None:
    folder = archive(tmp_path / "mail")
    ingest(database, home, [folder], analyzer=None)
    erasing.erase(database, home, _target(database, ANNA))
    # The same archive, a mail of hers with another header, and a new one of a later day.
    (folder / "again.eml").write_bytes(mail(7, ANNA, canaries.US, "Vanha", canaries.TEXT, X_Copy="1"))
    (folder / "hers.eml").write_bytes((folder / "hers.eml").read_bytes().replace(b"To:", b"X-Other: 1\nTo:", 1))
    today = format_datetime(datetime.now(UTC) + timedelta(hours=1))
    later = mail(8, ANNA, canaries.US, "Uusi asia", "Hei taas").replace(b"09 May 2024 09:00:00 +0300", today.encode())
    (folder / "later.eml").write_bytes(later)
    report = ingest(database, home, [folder], analyzer=None)
    assert report.seen == report.stored + report.duplicate + report.quarantined + report.skipped
    assert report.reasons["erased"] == 7
    assert (report.stored, report.quarantined) == (1, 0)
    assert found_in_tables(database, (canaries.TEXT, canaries.PAPER, canaries.QUARANTINE)) == []
    assert found_in_files(home.home, (canaries.TEXT, canaries.PAPER, canaries.QUARANTINE)) == []


def test_a_restored_backup_forgets_again(engine: Engine, database: Engine, home: Settings, tmp_path: Path) -> None:
    from conftest import fresh_database

    folder = archive(tmp_path / "mail")
    ingest(database, home, [folder], analyzer=None)
    erasing.erase(database, home, _target(database, ANNA))
    restored = fresh_database(engine)  # as it was before: nothing of the erasure is known there
    ingest(restored, home, [folder], analyzer=None)
    assert _documents(restored) > 3
    erasing.replay(restored, home, ledger.read(home.erasures))
    assert _documents(restored) == 3
    assert found_in_tables(restored, (canaries.TEXT, canaries.QUARANTINE)) == []
    assert found_in_files(home.raw) == []
    restored.dispose()


def test_what_was_read_before_the_erasure_and_written_after_it_stays_out(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    folder, raw = archive(tmp_path / "mail"), RawStore(home.raw)
    found = [Found(raw=(folder / "hers.eml").read_bytes(), where=Where(archive="x"))]
    batch = prepare(home.raw, found).messages
    erasing.erase(database, home, _target(database, ANNA))
    filed = file(database, raw, batch)
    assert (filed.erased, filed.outcome.stored) == (1, 0)
    assert list(raw.digests()) == []


def test_what_waits_in_the_queue_is_erased(database: Engine, home: Settings, tmp_path: Path) -> None:
    sent = (archive(tmp_path / "mail") / "hers.eml").read_bytes()
    with database.begin() as connection:
        number = jobs.enqueue(connection, home, sent, f"{canaries.NAME}.eml")
    erasing.erase(database, home, _target(database, ANNA))
    with database.connect() as connection, pytest.raises(NotFound):
        jobs.job(connection, number)
    assert list(RawStore(home.raw).digests()) == []


def test_a_record_holds_no_names(database: Engine, home: Settings, tmp_path: Path) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=None)
    erasing.erase(database, home, _target(database, ANNA))
    (path,) = home.erasures.iterdir()
    content = path.read_text().lower()
    assert canaries.NAME.lower() not in content
    assert "acme" not in content
    assert path.stat().st_mode & 0o077 == 0


def test_what_is_under_a_hold_is_not_erased(database: Engine, home: Settings, tmp_path: Path) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=None)
    before, now = _documents(database), datetime.now(UTC)
    with database.begin() as connection:
        hold = store.holds.add(connection, HoldKind.RELATIONSHIP, "acme.example", "court", "me", now)
    with pytest.raises(Held, match=f"under hold {hold.number}"):
        erasing.erase(database, home, _target(database, ANNA))
    assert _documents(database) == before
    with database.begin() as connection:
        store.holds.remove(connection, hold.number)
        store.holds.add(connection, HoldKind.PERSON, ANNA, "court", "me", now)
        target = tracing.relationship(connection, "acme.example")
    with pytest.raises(Held):
        erasing.erase(database, home, target)
    assert _documents(database) == before


def test_a_relationship_goes_whole(database: Engine, home: Settings, tmp_path: Path) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=None)
    with database.connect() as connection:
        target = tracing.relationship(connection, "acme.example")
    erasing.erase(database, home, target)
    with database.connect() as connection:
        assert store.read.count_relationships(connection) == 0
    assert found_in_tables(database, ("acme", canaries.QUARANTINE, "lasku")) == []


def test_documents_that_only_name_somebody_can_be_left(database: Engine, home: Settings, tmp_path: Path) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=None)
    erasing.erase(database, home, _target(database, ANNA), named=False)
    with database.connect() as connection:
        subjects = connection.execute(text("SELECT subject FROM document WHERE kind = 'email'")).scalars().all()
    assert sorted(subjects) == ["Kokous", "Lasku", "Puhelu", "Re: Lasku", "Tiedoksi"]


def test_a_person_is_named_by_an_address_or_a_whole_name(database: Engine, home: Settings, tmp_path: Path) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=None)
    assert _target(database, f"Anna {canaries.NAME}") == _target(database, ANNA)
    with pytest.raises(NotFound):
        _target(database, "Anna")


def test_all_that_is_kept_about_a_person_can_be_handed_out(
    database: Engine, home: Settings, analyzer: Analyzer, tmp_path: Path
) -> None:
    ingest(database, home, [archive(tmp_path / "mail")], analyzer=analyzer)
    with database.connect() as connection:
        lines = list(portrait(connection, RawStore(home.raw), tracing.person(connection, [ANNA])))
    assert {line["type"] for line in lines} >= {"person", "document", "finding", "insight", "unread"}
    assert {line["subject"] for line in lines if line["type"] == "document"} >= {"Re: aikataulu", "Puhelu", "Tiedoksi"}
    assert all(canaries.TEXT in line["sentence"] for line in lines if line["type"] == "finding")


def test_what_is_older_than_the_rules_keep_goes_and_what_is_held_stays(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    rules = tmp_path / "retention.toml"
    rules.write_text('[[keep]]\nmonths = 12\ndocuments = ["email", "other", "letter", "notes"]\n')
    ruled = home.model_copy(update={"retention": rules})
    ingest(database, ruled, [archive(tmp_path / "mail")], analyzer=None)
    with database.begin() as connection:
        store.holds.add(connection, HoldKind.PERSON, canaries.OTHER, "court", "me", datetime.now(UTC))
    assert erasing.retain(database, ruled, date(2025, 5, 2)).counts["documents"] == 0
    planned = erasing.retain(database, ruled, date(2025, 5, 20), dry=True).counts
    before = _documents(database)
    done = erasing.retain(database, ruled, date(2025, 5, 20)).counts
    assert (planned["documents"], planned["held"]) == (done["documents"], done["held"])
    assert done["held"] == 2
    assert _documents(database) == before - done["documents"] == 3  # held, with the file that came with it


def test_one_time_secrets_are_not_kept(database: Engine, home: Settings, tmp_path: Path) -> None:
    path = tmp_path / "code.eml"
    path.write_bytes(mail(1, "noreply@bank.example", canaries.US, "Code", "Your verification code is 482913."))
    report = ingest(database, home, [path], analyzer=None)
    assert (report.seen, report.stored, report.skipped) == (1, 0, 1)
    assert report.reasons == {"one-time secret": 1}
    assert list(RawStore(home.raw).digests()) == []
    assert ingest(database, home, [path], analyzer=None).duplicate == 1
