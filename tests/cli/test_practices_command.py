from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from cli.main import app
from pipeline.run import ingest
from settings import Settings


@pytest.fixture
def archive(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Path) -> Settings:
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SUHDE_DATABASE_URL", address)
    monkeypatch.setenv("SUHDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SUHDE_OWN_DOMAINS", "tuulikas.fi")
    settings = Settings()
    ingest(database, settings, [sample / "fi-paivakoti" / "mail.mbox"], analyzer=None)
    return settings


def test_practices_of_one_relationship_say_that_it_is_one(archive: Settings) -> None:
    shown = CliRunner().invoke(app, ["practices", "--as-of", "2025-01-01"])
    assert shown.exit_code == 0, shown.output
    assert "Relationships: 1, as of 2025-01-01" in shown.output
    assert "Too thin to say anything" in shown.output


def test_practices_and_the_export_tell_the_same(archive: Settings) -> None:
    told = json.loads(CliRunner().invoke(app, ["practices", "--as-of", "2025-01-01", "--json"]).output)
    exported = json.loads(CliRunner().invoke(app, ["export", "--as-of", "2025-01-01"]).output)
    assert exported["practices"] == told
    assert told["counted"]["relationships"] == 1
