from __future__ import annotations

from pathlib import Path

import pytest

from errors import RawMissing
from store.raw import RawStore


def test_bytes_come_back_as_they_were(tmp_path: Path) -> None:
    raw = RawStore(tmp_path)
    raw.put("ab" * 16, b"\x00\xff mail \r\n")
    raw.put("ab" * 16, b"\x00\xff mail \r\n")
    assert raw.get("ab" * 16) == b"\x00\xff mail \r\n"


def test_missing_bytes_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RawMissing, match=r"SUHDE-303.*backup"):
        RawStore(tmp_path).get("ab" * 16)


def test_a_file_cut_short_by_a_kill_is_written_again(tmp_path: Path) -> None:
    raw = RawStore(tmp_path)
    raw.put("ab" * 16, b"a long enough mail " * 50)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(RawMissing):
        raw.get("ab" * 16)
    raw.put("ab" * 16, b"a long enough mail " * 50)
    assert raw.get("ab" * 16) == b"a long enough mail " * 50
