"""How fast the encoder reads, in tokens a second, beside the same network in torch.

    python -m bench.encoder

Text is that of a dev set of ../shared/gold, in the windows that serving makes. Variants take turns and the best of
`ROUNDS` counts, so that other load on the machine disturbs all alike.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import torch
from torch import nn

from models.train.data import message_windows, read
from models.train.network import Batch, restore
from nlp.analyze import MODELS, Config
from nlp.encoder import Encoder, built, tokenizer_of
from nlp.windows import Window

GOLD = Path(__file__).parents[2] / "shared" / "gold"
FOLDER = MODELS / "reader"
ROUNDS = 3
MESSAGES = 150
TOKENS = 2048  # of a torch batch

Run = Callable[[Sequence[Window]], object]


def batches(windows: Sequence[Window]) -> Iterator[Batch]:
    """Batches for torch, sorted by length as serving sorts them."""
    held: list[Window] = []
    for window in sorted(windows, key=lambda w: -len(w.ids)):
        if held and len(held[0].ids) * (len(held) + 1) > TOKENS:
            yield Batch(held)
            held = []
        held.append(window)
    yield Batch(held)


def in_torch(kind: torch.dtype) -> Run:
    """The network in torch, its weights in this type."""
    reader: nn.Module = restore(FOLDER).encoder
    reader.to(kind)

    def run(windows: Sequence[Window]) -> None:
        with torch.inference_mode():
            for batch in batches(windows):
                reader(input_ids=batch.ids, attention_mask=batch.attention)

    return run


def main() -> None:
    """Print the table."""
    if not GOLD.is_dir():
        sys.exit("bench.encoder: skipped, there is no ../shared/gold beside the repository")
    config = msgspec.json.decode((FOLDER / "config.json").read_bytes(), type=Config)
    weights, heads = FOLDER / "model.safetensors", config.attention_heads
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    tokenizer = tokenizer_of(FOLDER)
    windows = [w for m in read(GOLD / "fi-dev")[:MESSAGES] for w in message_windows(m, tokenizer)]
    tokens = sum(len(w.ids) for w in windows)
    ways: dict[str, Run] = {
        "torch float32": in_torch(torch.float32),
        "torch bfloat16": in_torch(torch.bfloat16),
        "OpenVINO float32": Encoder(built(weights, heads, exact=True)).pooled,
        "OpenVINO int8 (served)": Encoder.load(weights, config.digest, heads, MODELS / "derived").pooled,
    }
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, run in ways.items():
            since = time.perf_counter()
            run(windows)
            best[name] = max(best[name], tokens / (time.perf_counter() - since))
    print(f"{len(windows)} windows, {tokens:,} tokens, {torch.get_num_threads()} cores")
    for name, rate in best.items():
        print(f"{name:<24}{rate:>10,.0f} tokens/s {rate / best['torch float32']:>6.2f}")


if __name__ == "__main__":
    main()
