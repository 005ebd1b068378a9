"""A real browser opens the pages: the sheet is let in, nothing is refused, nothing is fetched from elsewhere."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from served import DAY, load_plain
from sqlalchemy import Engine

from api.app import create_app
from settings import Settings

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(_CHROMIUM is None, reason="no chromium: the browser test is left out")


@pytest.fixture(scope="module")
def address(served_engine: Engine, served_settings: Settings) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(served_engine, served_settings, load_plain)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _open(address: str, folder: Path) -> tuple[str, str]:
    """The page as the browser built it, and what the browser complained of."""
    assert _CHROMIUM is not None
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder}")
    quiet = ("--disable-background-networking", "--enable-logging=stderr", "--log-level=0", "--dump-dom")
    found = subprocess.run([_CHROMIUM, *flags, *quiet, address], capture_output=True, text=True, timeout=60, check=True)
    return found.stdout, "\n".join(line for line in found.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("path", [f"/relationships/acme.example?as_of={DAY}", "/documents/901@kettu.example"])
def test_a_browser_shows_the_page_without_complaint(address: str, tmp_path: Path, path: str) -> None:
    page, complaints = _open(address + path, tmp_path)
    assert "Timeline" in page or "mark id=" in page
    assert complaints == ""
