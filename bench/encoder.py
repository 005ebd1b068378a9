"""How fast sentences are read, beside the same network in torch and beside what the cores could do.

    python -m bench.encoder

Text is that of a dev set of ../shared/gold, in the windows that serving makes; "whole path" splits, tokenises, encodes,
answers and resolves dates from the text on. Variants take turns and the best of `ROUNDS` counts, so that other load on
the machine disturbs all alike. The cores' peak is that of a large float32 product measured in torch, times four:
VNNI multiplies four pairs of 8 bits where one pair of 32 would be.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from corpus.message import from_fields
from models.train.data import message_windows, read
from models.train.network import Batch, restore
from nlp.analyze import MODELS, Analyzer, Config
from nlp.encoder import Encoder, built, tokenizer_of
from nlp.heads import Heads
from nlp.windows import Window

GOLD = Path(__file__).parents[2] / "shared" / "gold"
SET = "fi-dev"
ROUNDS = 5
TOKENS = 2048  # of a torch batch
SQUARE = 3072  # side of the product that shows the cores' peak
SHORT = "Hi Anna, the second pump is late again. We will send a new plan by Friday."

Run = Callable[[], object]


def batches(windows: Sequence[Window]) -> Iterator[Batch]:
    """Batches for torch, sorted by length as serving sorts them."""
    held: list[Window] = []
    for window in sorted(windows, key=lambda w: -len(w.ids)):
        if held and len(held[0].ids) * (len(held) + 1) > TOKENS:
            yield Batch(held)
            held = []
        held.append(window)
    yield Batch(held)


def in_torch(folder: Path, windows: Sequence[Window], kind: torch.dtype = torch.float32) -> Run:
    """The bare encoder in torch, its weights in this type."""
    encoder: nn.Module = restore(folder).encoder
    encoder.to(kind)

    def run() -> None:
        with torch.inference_mode():
            for batch in batches(windows):
                encoder(input_ids=batch.ids, attention_mask=batch.attention)

    return run


def whole_path(folder: Path, records: Sequence[dict[str, Any]]) -> Run:
    """From fields to findings, each time by an analyzer that remembers nothing."""
    analyzer = Analyzer.load(folder)

    def run() -> None:
        analyzer.forget()
        analyzer.analyze([from_fields(record) for record in records])

    return run


def best_times(ways: dict[str, Run]) -> dict[str, float]:
    """The shortest of `ROUNDS` runs of each, in seconds; ways take turns."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, run in ways.items():
            since = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - since)
    return best


def peak() -> float:
    """Operations a second of the cores in 8 bits: four times those of a float32 product."""
    a = torch.rand(SQUARE, SQUARE)
    took = best_times({"product": lambda: a @ a})["product"]
    return 4 * 2 * SQUARE**3 / took


def compare(folder: Path, records: Sequence[dict[str, Any]], top: float) -> None:
    """Print the rates of one model."""
    config = msgspec.json.decode((folder / "config.json").read_bytes(), type=Config)
    weights, heads = folder / "model.safetensors", config.attention_heads
    tokenizer = tokenizer_of(folder)
    windows = [w for m in read(GOLD / SET) for w in message_windows(m, tokenizer)]
    tokens = sum(len(w.ids) for w in windows)
    answers = Heads.load(weights, config.calibration)
    exact = Encoder(built(weights, heads, exact=True))
    whole = Encoder.load(weights, config.digest, heads, MODELS / "derived")
    ways: dict[str, Run] = {
        "torch float32": in_torch(folder, windows),
        "torch bfloat16": in_torch(folder, windows, torch.bfloat16),
        "OpenVINO float32": lambda: exact.scores(windows, answers),
        "OpenVINO int8 (served)": lambda: whole.scores(windows, answers),
        "whole path (served)": whole_path(folder, records),
    }
    print(f"\n{folder.name}: {len(windows)} windows, {tokens:,} tokens")
    took = best_times(ways)
    for name, seconds in took.items():
        print(f"{name:<24}{tokens / seconds:>10,.0f} tokens/s {took['torch float32'] / seconds:>6.2f}")
    encoder = restore(folder).encoder
    linear = sum(p.numel() for name, p in encoder.named_parameters() if p.dim() == 2 and "embeddings" not in name)
    rate = tokens / took["OpenVINO int8 (served)"]
    print(
        f"int8 does {2 * linear * rate / 1e9:,.0f} of {top / 1e9:,.0f} billion operations a second: linear layers alone"
    )
    short = [{"id": 1, "text": SHORT, "date": "2024-03-04"}]
    ids = [tokenizer.encode(f"email {SHORT}").ids]
    one = best_times({"bare": in_torch(folder, [Window(tuple(ids[0]), ())]), "path": whole_path(folder, short)})
    print(f"one short message: whole path {1e3 * one['path']:.1f} ms, bare torch encoder {1e3 * one['bare']:.1f} ms")


def main() -> None:
    """Print the tables."""
    if not GOLD.is_dir():
        sys.exit("bench.encoder: skipped, there is no ../shared/gold beside the repository")
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    rows = (GOLD / f"{SET}.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(row) for row in rows if row.strip()]
    top = peak()
    print(f"{torch.get_num_threads()} cores")
    for folder in sorted(MODELS.glob("reader*")):
        compare(folder, records, top)


if __name__ == "__main__":
    main()
