"""The tensors of a model's file, those it borrows from another model's file included.

Word embeddings are not trained and are half of a model, so models of one base need them on disk once. The metadata of a
borrowing safetensors file says where the lender is, relative to it, and each borrowed tensor's name and BLAKE2b.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from errors import ModelError

BORROWED = "borrowed"  # the only key of the metadata: several would be written in an order that changes


class Borrowed(msgspec.Struct, frozen=True):
    """Where the lender's file is, relative to the borrower's, and the digest of each tensor that is there."""

    lender: str
    digests: dict[str, str]

    def metadata(self) -> dict[str, str]:
        """As a safetensors file carries it."""
        return {BORROWED: msgspec.json.encode(self).decode()}


def read(file: Path) -> dict[str, NDArray[np.float32]]:
    """All tensors by name, in single precision. Raises ModelError where the lender does not hold what it lent."""
    return {name: tensor.astype(np.float32) for name, tensor in stored(file).items()}


def stored(file: Path) -> dict[str, NDArray[Any]]:
    """As `read`, in the precision they are stored in."""
    with safe_open(file, "numpy") as own:
        found = {name: own.get_tensor(name) for name in own.keys()}  # noqa: SIM118 (no mapping)
        note = (own.metadata() or {}).get(BORROWED)
    return found | _lent(file.parent, msgspec.json.decode(note, type=Borrowed)) if note else found


def digest(tensor: NDArray[Any]) -> str:
    """The BLAKE2b of a tensor's bytes."""
    return hashlib.blake2b(np.ascontiguousarray(tensor).tobytes(), digest_size=16).hexdigest()


def _lent(folder: Path, borrowed: Borrowed) -> dict[str, NDArray[Any]]:
    lender = folder / borrowed.lender
    try:
        with safe_open(lender, "numpy") as file:
            found = {name: file.get_tensor(name) for name in borrowed.digests}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"a model needs {lender}, and it cannot be read: {error}.") from error
    if any(digest(tensor) != borrowed.digests[name] for name, tensor in found.items()):
        raise ModelError(f"a model needs the word embeddings of {lender}, and they have changed.")
    return found
