"""The doctor says what is amiss and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline.checks
from nlp.analyze import MODELS
from pipeline.checks import Check, Verdict, checks
from pipeline.run import ingest
from settings import Settings
from store.database import open_database, url


@pytest.fixture
def settings(homes: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(home=homes / request.node.name, own_domains=("kettu.example",), database_url=None)


def found(settings: Settings) -> dict[str, Check]:
    return {check.what: check for check in checks(settings)}


def fill(settings: Settings, folder: Path) -> None:
    folder.mkdir()
    (folder / "1.eml").write_bytes(b"From: a@b.example\r\nTo: c@kettu.example\r\n\r\nHi, all is well.\r\n")
    (folder / "2.pdf").write_bytes(b"%PDF-1.4 cut short")
    engine = open_database(url(settings.home, None))
    ingest(engine, settings, [folder], analyzer=None)
    engine.dispose()


def test_a_sound_house_has_no_failure(settings: Settings, tmp_path: Path) -> None:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    fill(settings, tmp_path / "in")
    checked = found(settings)
    assert not [check for check in checked.values() if check.verdict is Verdict.FAILURE]
    assert checked["quarantine"].verdict is Verdict.WARNING
    assert "1 that could not be read" in checked["quarantine"].found


def test_lost_bytes_are_a_failure_with_advice(settings: Settings, tmp_path: Path) -> None:
    fill(settings, tmp_path / "in")
    for file in settings.raw.glob("*.zst"):
        file.unlink()
    check = found(settings)["documents"]
    assert (check.verdict, "backup" in check.advice) == (Verdict.FAILURE, True)


def test_a_database_that_does_not_answer_is_told_and_the_rest_is_still_checked(settings: Settings) -> None:
    checked = found(settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}))
    assert checked["database"].verdict is Verdict.FAILURE
    assert "models" in checked


def test_domains_that_were_only_inferred_are_warned_of(settings: Settings) -> None:
    check = found(settings.model_copy(update={"own_domains": ()}))["our domains"]
    assert (check.verdict, "SUHDE_OWN_DOMAINS" in check.advice) == (Verdict.WARNING, True)


def test_keys_that_nobody_has_are_warned_of(settings: Settings) -> None:
    check = found(settings.model_copy(update={"access": "keys"}))["access"]
    assert check.verdict is Verdict.WARNING


def test_little_room_is_warned_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.checks, "_LITTLE", 2**60)
    assert found(settings)["disk"].verdict is Verdict.WARNING
