"""What two models of one base need on disk once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from errors import ModelError
from nlp import weights_file

pytest.importorskip("torch", reason="training needs torch, which is not installed")
pytest.importorskip("transformers", reason="training needs transformers, which is not installed")

from models.train.export import borrow

NAME = "encoder.embeddings.word_embeddings.weight"
SHARED = np.arange(12, dtype=np.float16).reshape(4, 3)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A large and a small model with the same embeddings."""
    made = tmp_path / "large", tmp_path / "small"
    for n, folder in enumerate(made):
        folder.mkdir()
        save_file({NAME: SHARED, "layer": np.full(2, n, dtype=np.float16)}, folder / "model.safetensors")
        (folder / "config.json").write_text(json.dumps({"digest": "old", "note": "ä"}))
    return made


def test_a_model_that_borrows_its_embeddings_reads_as_it_was_and_takes_less_room(folders: tuple[Path, Path]) -> None:
    large, small = folders
    file = large / "model.safetensors"
    before = weights_file.read(file)
    borrow(large, small)
    after = weights_file.read(file)
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert SHARED.tobytes() in (small / "model.safetensors").read_bytes()
    assert SHARED.tobytes() not in file.read_bytes()
    assert json.loads((large / "config.json").read_bytes())["digest"] != "old"


def test_borrowing_twice_is_borrowing_once(folders: tuple[Path, Path]) -> None:
    borrow(*folders)
    once = weights_file.read(folders[0] / "model.safetensors")
    borrow(*folders)
    again = weights_file.read(folders[0] / "model.safetensors")
    assert once.keys() == again.keys()


@pytest.mark.parametrize("change", ["lost", "other"])
def test_a_model_whose_lender_is_lost_or_another_is_refused(folders: tuple[Path, Path], change: str) -> None:
    large, small = folders
    borrow(large, small)
    lender = small / "model.safetensors"
    lender.unlink()
    if change == "other":
        save_file({NAME: SHARED + 1}, lender)
    with pytest.raises(ModelError):
        weights_file.read(large / "model.safetensors")
