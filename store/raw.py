"""Raw bytes by hash, compressed, one file each in a folder: never changed, and gone only once erased."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import local

import zstandard

from errors import RawMissing

# As small as gzip makes mail, in a quarter of its time (Zstandard, RFC 8878).
_LEVEL = 1
_SUFFIX = ".zst"


class RawStore:
    """A folder of byte strings by their hash. Safe for any number of processes, and for one that is killed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = os.fspath(folder)
        self._own = local()  # a compressor serves one thread

    def put(self, digest: str, content: bytes) -> None:
        """Keep `content` under `digest`; does nothing where it is already kept."""
        packed = self._compressor().compress(content)
        path = self._path(digest)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if self._is_whole(path):
                return
            file = os.open(path, os.O_WRONLY | os.O_TRUNC)  # cut short by a kill
        with os.fdopen(file, "wb", buffering=0) as out:
            out.write(packed)

    def get(self, digest: str) -> bytes:
        """The bytes kept under `digest`. Raises RawMissing where there are none, or not all of them."""
        try:
            packed = Path(self._path(digest)).read_bytes()
            return zstandard.ZstdDecompressor().decompress(packed)
        except (FileNotFoundError, zstandard.ZstdError):
            raise RawMissing(f"no raw bytes of {digest} in {self._folder}.") from None

    def remove(self, digest: str) -> None:
        """Delete what is kept under `digest`; does nothing where there is nothing."""
        Path(self._path(digest)).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """Under what anything is kept, in no order."""
        with os.scandir(self._folder) as entries:
            yield from (entry.name.removesuffix(_SUFFIX) for entry in entries if entry.name.endswith(_SUFFIX))

    def _is_whole(self, path: str) -> bool:
        try:
            zstandard.ZstdDecompressor().decompress(Path(path).read_bytes())
        except zstandard.ZstdError:
            return False
        return True

    def _path(self, digest: str) -> str:
        # One folder for all: spreading files over many costs file systems ten times as much and helps none of today's.
        return f"{self._folder}/{digest}{_SUFFIX}"

    def _compressor(self) -> zstandard.ZstdCompressor:
        if not hasattr(self._own, "compressor"):
            self._own.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        found: zstandard.ZstdCompressor = self._own.compressor
        return found
