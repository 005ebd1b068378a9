"""How fast sentences are read, beside the same network in torch and beside what the cores could do.

    python -m bench.encoder

Text is that of a dev set of ../shared/gold, in the windows that serving makes; "whole path" splits, tokenises, encodes,
answers and resolves dates from the text on. Each rate stands beside two of the bare encoder in torch float32, measured
in turn with it: that of the model's own layers (the same weights), and that of the base encoder with all its layers
(whose figures are in ../shared/encoder/README.md). The best of `ROUNDS` counts, so that other load on the machine
disturbs all alike.

The cores' peak is that of a large float32 product measured in torch, times what their units for 8 bits multiply in the
time of one in float32. At that peak a model would read as fast as its linear layers alone allow.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import torch
from tokenizers import Tokenizer
from torch import nn

from bench.models import GOLD, base, records
from corpus.document import Document
from corpus.message import from_fields
from models.train.network import Batch, fresh, restore
from nlp.analyze import MODELS, Analyzer, Config, own_text, sentences
from nlp.encoder import Encoder, built, tokenizer_of
from nlp.heads import Heads
from nlp.windows import Window, by_length, windows

SET = "fi-dev"
ROUNDS, SHORT_ROUNDS = 3, 30
TOKENS = 2048  # of a torch batch
SQUARE = 3072  # side of the product that shows the cores' peak
# What the cores multiply in 8 bits in the time of one product in float32, by the flag that Linux gives the unit.
UNITS = {"amx_int8": 32, "avx512_vnni": 4, "avx_vnni": 4}
SHORT = {
    "id": 1,
    "text": "Hi Anna, the second pump is late again. We will send a new plan by Friday.",
    "date": "2024-03-04",
}
BARE, PATH = "bare encoder, torch float32", "whole path"

Run = Callable[[], object]
Ways = dict[tuple[str, str], Run]  # by model and by what is run


class Model(NamedTuple):
    """A model of the comparison: its bare encoder in torch, and its folder unless it is the base."""

    name: str
    encoder: nn.Module
    folder: Path | None = None

    def operations(self) -> int:
        """Multiplications and additions in the linear layers for one token."""
        weights = self.encoder.named_parameters()
        return 2 * sum(p.numel() for name, p in weights if p.dim() == 2 and "embeddings" not in name)


def models() -> Iterator[Model]:
    """The base encoder, then the trained ones."""
    encoder = fresh(base()).eval().encoder
    yield Model(f"base ({encoder.config.num_hidden_layers} layers)", encoder)
    for folder in sorted(MODELS.glob("reader*")):
        encoder = restore(folder).encoder
        yield Model(f"{folder.name} ({encoder.config.num_hidden_layers} layers)", encoder, folder)


def read_windows(documents: Sequence[Document], tokenizer: Tokenizer) -> Iterator[Window]:
    """What the encoder is given of these documents; the same text twice is read once."""
    for text in dict.fromkeys(own_text(document, sentences(document)) for document in documents):
        head, *bodies = [e.ids for e in tokenizer.encode_batch(list(text), add_special_tokens=False)]
        yield from windows(head, bodies)


def in_torch(encoder: nn.Module, cut: Sequence[Window], kind: torch.dtype = torch.float32) -> Run:
    """The bare encoder in torch, its weights in this type. It is changed to it."""
    encoder.to(kind)

    def run() -> None:
        with torch.inference_mode():
            for chosen in by_length(cut, TOKENS):
                batch = Batch([cut[n] for n in chosen])
                encoder(input_ids=batch.ids, attention_mask=batch.attention)

    return run


def whole_path(analyzer: Analyzer, given: Sequence[dict[str, Any]]) -> Run:
    """From fields to findings, nothing remembered."""

    def run() -> None:
        analyzer.forget()
        analyzer.analyze([from_fields(record) for record in given])

    return run


def ways(model: Model, given: Sequence[dict[str, Any]], cut: Sequence[Window]) -> Ways:
    """All ways of reading these messages, which are these windows, with a model."""
    found: Ways = {(model.name, BARE): in_torch(model.encoder, cut)}
    if model.folder is None:
        return found
    config = msgspec.json.decode((model.folder / "config.json").read_bytes(), type=Config)
    weights, heads = model.folder / "model.safetensors", config.attention_heads
    answers = Heads.load(weights, config.calibration)
    exact = Encoder(built(weights, heads, exact=True))
    served = Encoder.load(weights, config.digest, heads, MODELS / "derived")
    more: dict[str, Run] = {
        "bare encoder, torch bfloat16": in_torch(restore(model.folder).encoder, cut, torch.bfloat16),
        "encoder and heads, float32": lambda: exact.scores(cut, answers),
        "encoder and heads, int8": lambda: served.scores(cut, answers),
        PATH: whole_path(Analyzer.load(model.folder), given),
    }
    return found | {(model.name, way): run for way, run in more.items()}


def best_times(ways: Ways, rounds: int = ROUNDS) -> dict[tuple[str, str], float]:
    """The shortest of so many runs of each, in seconds; ways take turns."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, run in ways.items():
            since = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - since)
    return best


def peak() -> tuple[float, str]:
    """Operations a second of the cores in 8 bits, and the unit that does them."""
    a = torch.rand(SQUARE, SQUARE)
    (took,) = best_times({("", "product"): lambda: a @ a}).values()
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    unit = next((unit for unit in UNITS if unit in flags), "float32: no unit for 8 bits")
    return UNITS.get(unit, 1) * 2 * SQUARE**3 / took, unit


def compare(compared: Sequence[Model], given: Sequence[dict[str, Any]], top: float) -> None:
    """Print the rates; the first model is the base."""
    cut = list(read_windows([from_fields(record) for record in given], tokenizer_of(base())))
    tokens = sum(len(window.ids) for window in cut)
    runs: Ways = {}
    for model in compared:
        runs |= ways(model, given, cut)
    took = best_times(runs)
    print(
        f"\n{f'{SET}: {len(cut)} windows, {tokens:,} tokens':<54}{'tokens/s':>9}{'× own':>8}{'× base':>8}{'of peak':>9}"
    )
    limits = {model.name: top / model.operations() for model in compared}
    peaks = {(name, "linear layers alone at the peak"): tokens / limit for name, limit in limits.items()}
    for (name, way), seconds in sorted((took | peaks).items(), key=lambda row: list(limits).index(row[0][0])):
        rate, own, first = (n / seconds for n in (tokens, took[name, BARE], took[compared[0].name, BARE]))
        print(f"{f'{name}, {way}':<54}{rate:>9,.0f}{own:>8.2f}{first:>8.2f}{rate / limits[name]:>9.1%}")


def compare_short(compared: Sequence[Model]) -> None:
    """Print how long one short message takes; the first model is the base."""
    cut = list(read_windows([from_fields(SHORT)], tokenizer_of(base())))
    runs: Ways = {}
    for model in compared:
        runs[model.name, BARE] = in_torch(model.encoder, cut)
        if model.folder is not None:
            runs[model.name, PATH] = whole_path(Analyzer.load(model.folder), [SHORT])
    took = best_times(runs, SHORT_ROUNDS)
    print(f"\n{'one short message: time':<54}{'ms':>9}{'× own':>8}{'× base':>8}")
    for (name, way), seconds in took.items():
        own, first = seconds / took[name, BARE], seconds / took[compared[0].name, BARE]
        print(f"{f'{name}, {way}':<54}{1e3 * seconds:>9.1f}{own:>8.2f}{first:>8.2f}")


def main() -> None:
    """Print the tables."""
    if not GOLD.is_dir():
        sys.exit("bench.encoder: skipped, there is no ../shared/gold beside the repository")
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    top, unit = peak()
    print(f"{torch.get_num_threads()} cores, at their peak {top / 1e9:,.0f} billion operations a second ({unit})")
    print("× own: beside the bare encoder of the same weights and layers in torch float32, in this run")
    print("× base: beside the bare base encoder with all its layers in torch float32, in this run")
    compared = list(models())
    compare(compared, records(SET), top)
    compare_short(compared)


if __name__ == "__main__":
    main()
