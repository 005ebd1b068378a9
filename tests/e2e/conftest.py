"""The sample, read once with the models through the command line, as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.sample import ARCHIVES, OWN_DOMAINS

Suhde = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def suhde(homes: Path) -> Suhde:
    """Runs the command in a home of its own in which the sample was read."""
    home = homes / "e2e"
    home.mkdir()
    environment = {**os.environ, "SUHDE_HOME": str(home), "SUHDE_OWN_DOMAINS": ",".join(OWN_DOMAINS)}
    environment.pop("SUHDE_DATABASE_URL", None)

    def run(*args: str, stdin: bytes = b"", ok: bool = True) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "cli", *args]
        done = subprocess.run(command, env=environment, input=stdin, capture_output=True, cwd=home)
        assert not ok or done.returncode == 0, done.stderr.decode()
        return done

    run("ingest", "--json", *map(str, _absolute(ARCHIVES)))
    return run


def _absolute(paths: tuple[Path, ...]) -> list[Path]:
    return [path.absolute() for path in paths]
