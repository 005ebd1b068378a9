"""From windows of tokens to scores of sentences, as fast as this machine's CPU allows.

Notable:
- windows are sorted by length and filled into batches by token count, so hardly a token is padding;
- one stream per core, each working on a batch of its own: on two cores a third faster than one batch on both;
- the heads answer where a batch ends, so hidden states of no more than a few batches are held;
- the 8-bit graph is derived from the weights once and kept in a folder named after them and after the code that
  derives it. It is written beside and moved into place, so a kill leaves nothing half done and two processes may
  derive at once; where the folder cannot be written the graph is built in memory each time.

Not known here: text, labels, how heads answer.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from nlp import graph, weights_file
from nlp.heads import MARKS, WIDTH, Heads, Scores
from nlp.windows import Window, by_length

BATCH = 1024  # tokens of one pass, padding included
PAD = 1  # token id
NO_TOKENS = np.zeros((0, len(MARKS)), dtype=np.float32)
MASKED = -1e4  # added to the attention scores of padding
ENCODER, RANGES = "encoder.", "ranges."  # prefixes of the tensors' names


class Encoder:
    """The encoder, compiled for this machine. Safe to use from several threads."""

    def __init__(self, model: ov.Model, cores: int | None = None) -> None:
        cores = cores or len(os.sched_getaffinity(0))
        # Heads answer on the streams' own threads; BLAS threads beside them would take a quarter of the speed.
        threadpool_limits(limits=1, user_api="blas")
        options = {"INFERENCE_NUM_THREADS": cores, "NUM_STREAMS": cores, "INFERENCE_PRECISION_HINT": "f32"}
        self._queue = ov.AsyncInferQueue(ov.Core().compile_model(model, "CPU", options), 2 * cores)
        self._queue.set_callback(_answer)
        self._lock = Lock()

    @classmethod
    def load(cls, weights: Path, digest: str, heads: int, derived: Path, cores: int | None = None) -> Self:
        """The encoder of a safetensors file whose BLAKE2b is `digest`; what is derived is kept under `derived`."""
        return cls(_derive(weights, digest, heads, derived), cores)

    def scores(self, windows: Sequence[Window], heads: Heads) -> Scores:
        """What the heads say of the windows' spans, in order."""
        firsts = np.cumsum([0, *(len(w.spans) for w in windows)])
        count = int(firsts[-1])
        rows, states = (np.zeros((count, width), dtype=np.float32) for width in (WIDTH, heads.width))
        found = Scores(rows, [NO_TOKENS] * count, states)
        with self._lock:
            for batch in by_length(windows, BATCH):
                chosen = [windows[n] for n in batch]
                places = [int(firsts[n]) + k for n in batch for k in range(len(windows[n].spans))]
                self._queue.start_async(_inputs(chosen), (chosen, places, found, heads))
            self._queue.wait_all()
        return found


def _inputs(windows: Sequence[Window]) -> dict[str, NDArray[Any]]:
    shape = (len(windows), len(windows[0].ids))
    ids, mask = np.full(shape, PAD, dtype=np.int32), np.full(shape, MASKED, dtype=np.float32)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 0
    return {"ids": ids, "mask": mask}


def _answer(request: ov.InferRequest, job: tuple[list[Window], list[int], Scores, Heads]) -> None:
    """Write a finished batch's sentences to their places. A sentence is never a window's last token."""
    windows, places, found, heads = job
    hidden = request.get_output_tensor(0).data
    length, width = hidden.shape[1:]
    bounds = np.array([(n * length + s.start, n * length + s.end) for n, w in enumerate(windows) for s in w.spans])
    if len(bounds):
        scores = heads.scores(hidden.reshape(-1, width), bounds)
        found.rows[places] = scores.rows
        found.states[places] = scores.states
        for place, marks in zip(places, scores.marks, strict=True):
            found.marks[place] = marks


def _derive(weights: Path, digest: str, heads: int, derived: Path) -> ov.Model:
    """The 8-bit graph: read where it was derived before, else built and, where possible, kept."""
    code = hashlib.blake2b(Path(graph.__file__).read_bytes() + ov.__version__.encode(), digest_size=6).hexdigest()
    folder = derived / f"{digest[:12]}-{code}"
    if (folder / "encoder.xml").is_file():
        return ov.Core().read_model(folder / "encoder.xml")
    model = built(weights, heads)
    try:
        derived.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".deriving-", dir=derived))
    except OSError:
        return model
    try:
        ov.save_model(model, beside / "encoder.xml", compress_to_fp16=False)
        beside.chmod(0o755)
        beside.rename(folder)
    except (OSError, RuntimeError):  # the disk is full, or another process was first
        shutil.rmtree(beside, ignore_errors=True)
    return model


def built(weights: Path, heads: int, *, exact: bool = False) -> ov.Model:
    """The graph built from a safetensors file, in 8 bits unless `exact`."""
    tensors = weights_file.read(weights)
    encoder = {name.removeprefix(ENCODER): t for name, t in tensors.items() if name.startswith(ENCODER)}
    ranges = {name.removeprefix(RANGES): t for name, t in tensors.items() if name.startswith(RANGES)}
    return graph.build(encoder, heads, None if exact else ranges)


def tokenizer_of(folder: Path) -> Tokenizer:
    """The tokenizer of a model's folder, without padding and truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
