"""Killed at any moment and started again, an ingest ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archives import many_mails
from sqlalchemy import text

from store.database import open_database, url

_KILLS = 20
# Everything but when and in which run it happened.
_STATE = (
    "SELECT 'document', to_jsonb(d) FROM document d",
    "SELECT 'link', to_jsonb(l) FROM link l",
    "SELECT 'finding', to_jsonb(f) FROM finding f",
    "SELECT 'source', to_jsonb(s) - 'at' FROM source s",
    "SELECT 'person', to_jsonb(p) FROM person p",
    "SELECT 'relationship', to_jsonb(r) FROM relationship r",
    "SELECT 'membership', to_jsonb(m) FROM membership m",
    "SELECT 'insight', to_jsonb(i) FROM insight i",
    "SELECT 'stale', value FROM setting WHERE name = 'stale'",
)


def _start(home: Path, archive: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SUHDE_HOME": str(home), "SUHDE_OWN_DOMAINS": "tuulikas.fi,kaarnapuu.fi"}
    environment.pop("SUHDE_DATABASE_URL", None)
    command = [sys.executable, "-m", "cli", "ingest", "--no-models", "--json", str(archive)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=archive.parent
    )


def _state(home: Path) -> list[str]:
    engine = open_database(url(home, None))
    with engine.connect() as connection:
        rows = [str(tuple(row)) for query in _STATE for row in connection.execute(text(query))]
    engine.dispose()
    return sorted(rows)


def _raw(home: Path) -> set[str]:
    return {str(p.relative_to(home)) for p in (home / "raw").rglob("*.zst")}


@pytest.mark.slow
def test_killed_twenty_times_an_ingest_ends_in_the_same_state(tmp_path: Path, homes: Path, sample: Path) -> None:
    archive = many_mails(sample, tmp_path / "many.mbox", 2500)
    plain = homes / "plain"
    started = time.monotonic()
    assert _start(plain, archive).wait() == 0
    whole = time.monotonic() - started
    wanted, kills, turn = _state(plain), 0, 0
    dice = random.Random(4)
    while kills < _KILLS:
        turn += 1
        home = homes / f"killed{turn}"
        ended = False
        while not ended:
            process = _start(home, archive)
            try:
                process.wait(dice.uniform(0.2, whole) if kills < _KILLS else None)
                assert process.returncode == 0, process.stderr and process.stderr.read()
                ended = True
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        assert _state(home) == wanted
        assert _raw(home) == _raw(plain)
