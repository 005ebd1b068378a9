"""The layer of words: learned from all labelled sentences, each by itself, and written as serving reads it.

One logistic classifier for each label on the hashed features of nlp.words, weighed by their rarity. Rare features are
left out; a row of the table is kept in 8 bits with a scale of its own.

Not known here: the encoder; how much the words count beside it (see calibrate).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy import sparse

from models.train.baselines import Linear
from models.train.data import Message
from nlp.heads import HEADS
from nlp.words import BITS, Features, Words, features

Rows = NDArray[np.float32]
LEAST = 3  # sentences that a feature is in
ALPHA = 3e-6  # how much weights are held down
FOLDER = "words"


class WordScores:
    """The layer in a folder as something that scores messages."""

    def __init__(self, folder: Path) -> None:
        self.digest: str = json.loads((folder / "config.json").read_bytes())["digest"]
        self._words = Words.load(folder, self.digest)

    def __call__(self, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        return [self._words.scores(message.sentences) for message in messages]


def learn(messages: Sequence[Message], folder: Path, notes: dict[str, Any]) -> WordScores:
    """Learn from these messages and write the folder: model.safetensors, and config.json with these notes."""
    sentences = [sentence for message in messages for sentence in message.sentences]
    counts = [_counts(group, len(sentences)) for group in features(sentences)]
    rarity = _rarity(counts[0] + counts[1])
    linear = Linear(sum(_weighed(group, rarity) for group in counts), messages, ALPHA)
    tensors = _in_eight_bits(*linear.weights(), rarity)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    digest = hashlib.blake2b((folder / "model.safetensors").read_bytes(), digest_size=16).hexdigest()
    config = {
        "digest": digest,
        "heads": {head.name: list(head.labels) for head in HEADS},
        "features": "words, pairs of words, parts of words of 2 to 5 code points; see nlp/words.py",
        "rows": int(np.count_nonzero(rarity)),
        **notes,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return WordScores(folder)


def _counts(group: Sequence[Features], sentences: int) -> Any:
    """How often each feature is in each sentence."""
    rows, owners = (np.concatenate([part[n] for part in group]) for n in (0, 1))
    counts = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (owners, rows)), shape=(sentences, 1 << BITS))
    counts.sum_duplicates()
    return counts


def _rarity(counts: Any) -> Rows:
    """The inverse frequency of each row in sentences, as serving has it; 0 for one to be left out."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    inverse = np.log((1 + counts.shape[0]) / (1 + frequency)) + 1
    return np.where(frequency >= LEAST, inverse, 0).astype(np.float16).astype(np.float32)


def _weighed(counts: Any, rarity: Rows) -> Any:
    """Counts as serving weighs them: by rarity, over the length of all, in which each occurrence counts by itself."""
    values = counts.copy()
    values.data = counts.data * rarity[counts.indices]
    squares = counts.copy()
    squares.data = counts.data * rarity[counts.indices] ** 2
    length = np.sqrt(np.maximum(np.asarray(squares.sum(axis=1)).ravel(), 1e-9))
    return (sparse.diags((1 / length).astype(np.float32)) @ values).tocsr()


def _in_eight_bits(weight: Rows, bias: Rows, rarity: Rows) -> dict[str, NDArray[Any]]:
    """Tensors as nlp.words.Words takes them. `weight` is rows × labels."""
    weight = np.where(rarity[:, None] > 0, weight, 0)
    scale = (np.abs(weight).max(axis=1) / 127).astype(np.float16)
    table = np.rint(weight / np.maximum(scale.astype(np.float32), 1e-7)[:, None])
    return {
        "table": np.clip(table, -127, 127).astype(np.int8),
        "scale": scale,
        "rarity": rarity.astype(np.float16),
        "bias": bias.astype(np.float32),
    }
