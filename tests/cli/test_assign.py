"""`suhde documents` and `suhde assign`, run in this process over a database of the test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from cli.main import app
from errors import NotFound
from pipeline.run import ingest
from settings import Settings

_CONTRACT = """# Siivoussopimus

Tilaaja: {us}

Toimittaja: {them}

1. Sopimus tulee voimaan 1.2.2024 ja on voimassa toistaiseksi. Irtisanomisaika on kolme kuukautta.

2. Maksuehto on 14 päivää netto. Sopimukseen sovelletaan Suomen lakia.
"""
_MAIL = (
    b"From: Kirsi <kirsi@kuuskoski.fi>\nTo: anna@lehtokunta.fi\nSubject: Hei\n"
    b"Date: Mon, 4 Mar 2024 09:12:00 +0200\nMessage-ID: <1@kuuskoski.fi>\n\nHei\n"
)


@pytest.fixture
def archive(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A mail with a house, a contract with it, and one between two others."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "hei.eml").write_bytes(_MAIL)
    for name, us, them in (("known.md", "Lehtokunta", "Kuuskoski Oy"), ("other.md", "Havukunta", "Kirkas Palvelut Oy")):
        (folder / name).write_text(_CONTRACT.format(us=us, them=them), encoding="utf-8")
    home = tmp_path / "home"
    monkeypatch.setenv("SUHDE_HOME", str(home))
    monkeypatch.setenv("SUHDE_OWN_DOMAINS", "lehtokunta.fi")
    monkeypatch.setenv("SUHDE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings = Settings()
    ingest(database, settings, [folder], analyzer=None)
    return settings


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def _papers(*arguments: str) -> dict[str, dict[str, Any]]:
    return {paper["file"]: paper for paper in json.loads(_run("documents", "--json", *arguments))}


def test_papers_are_listed_and_put_right(archive: Settings) -> None:
    papers = _papers("--kind", "contract")
    assert (papers["known.md"]["relationship"], papers["known.md"]["reason"]) == ("kuuskoski.fi", "party")
    assert set(_papers("--unplaced")) == {"other.md"}
    assert "Kirkas" not in _run("documents")
    assert "belongs to kuuskoski.fi" in _run("assign", papers["other.md"]["id"][:10], "Kuuskoski")
    assert set(_papers("kuuskoski.fi")) == {"known.md", "other.md"}
    assert "belongs to no relationship" in _run("assign", papers["known.md"]["id"], "--none")
    assert set(_papers("kuuskoski.fi")) == {"other.md"}
    assert not _papers("--unplaced")


def test_assigning_needs_a_relationship_that_is_there_or_none(archive: Settings) -> None:
    paper = _papers()["other.md"]["id"]
    runner = CliRunner()
    assert runner.invoke(app, ["assign", paper]).exit_code == 2
    assert runner.invoke(app, ["assign", paper, "kuuskoski.fi", "--none"]).exit_code == 2
    assert isinstance(runner.invoke(app, ["assign", paper, "nobody.example"]).exception, NotFound)
