"""Whether all is there that Suhde needs: one check for each thing that can be amiss, with what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, Engine

import store.health
import store.keys
import store.read
from errors import ModelError, StoreError
from nlp.analyze import MODELS, Analyzer
from pipeline import ocr
from pipeline.stateless import analyze
from settings import Settings
from store.database import open_database, url

_LITTLE = 2**30  # bytes free, below which a warning is due
_LATE = 600.0  # seconds that a job may wait
_SAMPLE = "We will send the drawings by Friday."


class Verdict(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WARNING = "warning"  # it works, but somebody should know
    FAILURE = "failure"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check: what was looked at, what was found, and what to do where it is not good."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""


def checks(settings: Settings) -> Iterator[Check]:
    """All checks, in the order in which one thing rests on another."""
    yield from _folder(settings)
    try:
        engine = open_database(url(settings.home, settings.database_url))
    except StoreError as error:
        yield Check(what="database", verdict=Verdict.FAILURE, found=error.detail, advice=error.hint)
    else:
        yield from _database(engine, settings)
        engine.dispose()
    yield _models(settings)
    yield _pictures()


def _folder(settings: Settings) -> Iterator[Check]:
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield Check(
            what="data folder",
            verdict=Verdict.FAILURE,
            found=f"{home} cannot be written to",
            advice="Give it to the user as whom Suhde runs.",
        )
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        yield Check(
            what="data folder",
            verdict=Verdict.WARNING,
            found=f"{home} is open to other users of this machine (mode {mode:o})",
            advice=f"Mail is private: chmod 700 {home}, where the database does not run as another user.",
        )
    else:
        yield Check(what="data folder", verdict=Verdict.GOOD, found=f"{home}")
    free = shutil.disk_usage(home).free
    little = free < _LITTLE
    yield Check(
        what="disk",
        verdict=Verdict.WARNING if little else Verdict.GOOD,
        found=f"{free / 2**30:,.1f} GiB free",
        advice="Make room before the next ingest." if little else "",
    )


def _database(engine: Engine, settings: Settings) -> Iterator[Check]:
    with engine.connect() as connection:
        server = store.health.server(connection)
        where = "embedded" if settings.database_url is None else "of your own"
        yield Check(what="database", verdict=Verdict.GOOD, found=f"PostgreSQL {server.version}, {where}, {server.size}")
        yield from (look(connection, settings) for look in _LOOKS)


def _documents(connection: Connection, settings: Settings) -> Check:
    count = store.health.documents(connection)
    held = {path.name for path in settings.raw.iterdir()} if settings.raw.is_dir() else set[str]()
    missing = sum(f"{name}.zst" not in held for name in store.health.raw_ids(connection))
    if missing:
        return Check(
            what="documents",
            verdict=Verdict.FAILURE,
            found=f"{count:,}; the bytes of {missing:,} are not in {settings.raw}",
            advice="Restore the folder from a backup, or ingest the archive again.",
        )
    return Check(what="documents", verdict=Verdict.GOOD, found=f"{count:,}, each with its bytes")


def _ours(connection: Connection, settings: Settings) -> Check:
    found = ", ".join(settings.own_domains or store.read.own_domains(connection))
    if settings.own_domains:
        return Check(what="our domains", verdict=Verdict.GOOD, found=found)
    return Check(
        what="our domains",
        verdict=Verdict.WARNING,
        found=f"{found}, inferred from the mail" if found else "not known yet",
        advice="Set SUHDE_OWN_DOMAINS, so that they do not change with the archive.",
    )


def _quarantine(connection: Connection, _: Settings) -> Check:
    count = len(store.read.quarantined(connection))
    return Check(
        what="quarantine",
        verdict=Verdict.WARNING if count else Verdict.GOOD,
        found=f"{count:,} that could not be read",
        advice="'suhde quarantine list' says why." if count else "",
    )


def _queue(connection: Connection, _: Settings) -> Check:
    found = store.health.queue(connection)
    stuck = found.oldest is not None and found.oldest > _LATE
    return Check(
        what="queue",
        verdict=Verdict.WARNING if stuck or found.failed else Verdict.GOOD,
        found=f"{found.waiting:,} waiting, {found.failed:,} failed",
        advice="Is 'suhde serve' running? It takes the jobs." if stuck else "",
    )


def _access(connection: Connection, settings: Settings) -> Check:
    if settings.access == "open":
        return Check(what="access", verdict=Verdict.GOOD, found="open to this machine alone")
    live = [key for key in store.keys.listed(connection) if key.revoked is None]
    return Check(
        what="access",
        verdict=Verdict.GOOD if live else Verdict.WARNING,
        found=f"by key; {len(live):,} in use",
        advice="" if live else "Nobody can come in: 'suhde keys create'.",
    )


def _models(settings: Settings) -> Check:
    try:
        analyzer = Analyzer.load(MODELS / settings.reader)
    except ModelError as error:
        return Check(what="models", verdict=Verdict.FAILURE, found=error.detail, advice=error.hint)
    began = datetime.now(UTC)
    (answer,) = analyze(analyzer, [{"text": _SAMPLE}])
    spent = (datetime.now(UTC) - began).total_seconds()
    if not answer["sentences"][0]["acts"]:
        return Check(
            what="models",
            verdict=Verdict.FAILURE,
            found=f"{settings.reader} finds no promise in {_SAMPLE!r}",
            advice="Run 'make setup' again: what was derived from the weights may be damaged.",
        )
    return Check(what="models", verdict=Verdict.GOOD, found=f"{settings.reader}, a sentence in {spent * 1000:.0f} ms")


def _pictures() -> Check:
    found = ocr.installed()
    if set(found) == set(ocr.WANTED):
        return Check(what="scanned pages", verdict=Verdict.GOOD, found="Tesseract, Finnish and English")
    return Check(
        what="scanned pages",
        verdict=Verdict.WARNING,
        found=f"Tesseract with {', '.join(found)} only" if found else "no Tesseract: such files go to quarantine",
        advice="Install Tesseract with its Finnish and English data, then 'suhde quarantine retry'.",
    )


_LOOKS: tuple[Callable[[Connection, Settings], Check], ...] = (_documents, _ours, _quarantine, _queue, _access)
