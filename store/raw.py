"""Raw bytes by hash, compressed, one file each under a folder: what was read is never lost and never changed."""

from __future__ import annotations

import os
from pathlib import Path
from threading import local

import zstandard

from errors import RawMissing

# As small as gzip makes mail, in a tenth of its time (Zstandard, RFC 8878).
_LEVEL = 1


class RawStore:
    """A folder of byte strings by their hash. Safe for any number of processes: a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder)
        self._own = local()  # a compressor serves one thread

    def put(self, digest: str, content: bytes) -> None:
        """Keep `content` under `digest`; does nothing where it is already kept."""
        path = self._path(digest)
        if os.path.exists(path):  # noqa: PTH110 -- twice as fast, for each of millions
            return
        part = f"{path}.{os.getpid()}.part"
        packed = self._compressor().compress(content)
        try:
            self._write(part, packed)
        except FileNotFoundError:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._write(part, packed)
        os.replace(part, path)  # noqa: PTH105

    def get(self, digest: str) -> bytes:
        """The bytes kept under `digest`. Raises RawMissing where there are none."""
        try:
            packed = Path(self._path(digest)).read_bytes()
        except FileNotFoundError:
            raise RawMissing(f"no raw bytes of {digest} in {self._folder}.") from None
        return zstandard.ZstdDecompressor().decompress(packed)

    def _path(self, digest: str) -> str:
        return f"{self._folder}/{digest[:2]}/{digest[2:]}.zst"

    def _compressor(self) -> zstandard.ZstdCompressor:
        if not hasattr(self._own, "compressor"):
            self._own.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        found: zstandard.ZstdCompressor = self._own.compressor
        return found

    def _write(self, part: str, packed: bytes) -> None:
        with open(part, "wb", buffering=0) as file:  # noqa: PTH123
            file.write(packed)
