"""Records of erasures as files beside the database: what a restored backup does not know of.

They hold hashes and the secret of these, no names. They belong apart from the backups.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from errors import BadRecord
from store.erasure import Proof
from store.tombstones import Tombstone


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure as it is kept outside the database."""

    proof: Proof
    key: bytes
    tombstones: tuple[Tombstone, ...]


def write(folder: Path, record: Record) -> Path:
    """Keep a record, for its owner alone, and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.proof.id}.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(msgspec.json.encode(record))
        out.flush()
        os.fsync(out.fileno())
    return path


def read(path: Path) -> tuple[Record, ...]:
    """The records in a file or folder. Raises BadRecord."""
    paths = sorted(path.glob("*.json")) if path.is_dir() else [path]
    try:
        return tuple(msgspec.json.decode(one.read_bytes(), type=Record) for one in paths)
    except (OSError, msgspec.DecodeError) as error:
        raise BadRecord(f"cannot read the records of erasures in {path}: {error}.") from error
