"""What the models are worth on the dev sets, the way a user meets them: text in, findings out.

    python -m bench.models [--quick]

Each set of ../shared/gold goes the way of `suhde analyze`, with zones, splitting and due dates, and is scored with that
folder's score.py. Beside the shipped model stand

- the same weights in floating point, so what 8 bits cost;
- the larger model, where there is one;
- the first model of this project, at the commit that shipped it and with its own code;
- the base encoder as it is, with linear heads, and TF-IDF with linear classifiers. Both learn from the same sets, are
  calibrated on the same dev sets and are given the gold sentences (so all are found; they know no dues).

Intervals hold 95 % of `RESAMPLES` bootstrap samples of the messages (Efron 1979). `--quick` leaves them out. A model's
figures are printed when it is done, those of all models side by side at the end. Most of the time goes into reading the
training sets with the frozen encoder.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.train.__main__ import LARGE, RECIPES, unpack
from models.train.baselines import Frozen, TfIdf
from models.train.bootstrap import interval
from models.train.data import training, training_sets
from models.train.evaluate import DEV, FIGURES, Scorer, figures, fitted
from nlp.analyze import MODELS, Analyzer
from nlp.encoder import tokenizer_of
from nlp.heads import WIDTH
from pipeline.stateless import analyze

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"
FIRST = "20e99ac"  # the commit that shipped the first model
SHOWN = ("segmentation", *FIGURES, "due", "due_date")
RESAMPLES = 200

Figures = dict[str, float]
Bounds = dict[str, tuple[float, float]]
Lines = Callable[[str], list[str]]  # a dev set's name to what is said of its messages, a line of JSON each


def records(name: str) -> list[dict[str, Any]]:
    """The messages of a dev set, as `suhde analyze` takes them."""
    rows = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(row) for row in rows if row.strip()]


def base() -> Path:
    """The folder of the base encoder."""
    return unpack(GOLD.parent / "encoder" / "encoder.tar.xz", ROOT / "build" / "train")


def served(analyzer: Analyzer) -> Lines:
    """A set the way of `suhde analyze`."""

    return lambda name: [json.dumps(answer) for answer in analyze(analyzer, records(name))]


def baseline(scorer: Scorer) -> Lines:
    """A set as linear classifiers read it."""
    calibration, sets = fitted(GOLD, scorer, np.ones(WIDTH, dtype=np.float32))
    found = {one.stem.name: list(one.lines(calibration)) for one in sets}
    return found.__getitem__


def first() -> Lines | None:
    """A set as the first model read it, with the code of its commit; None where the history does not reach back."""
    tree = ROOT / "build" / "first"
    if not (tree / "cli").is_dir():
        packed = subprocess.run(["git", "-C", ROOT, "archive", FIRST], stdout=subprocess.PIPE, check=False)
        if packed.returncode:
            return None
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(tree, filter="data")

    def lines(name: str) -> list[str]:
        with (GOLD / f"{name}.jsonl").open("rb") as messages:
            command = [sys.executable, "-m", "cli", "analyze", "--jsonl"]
            environment = {**os.environ, "PYTHONPATH": str(tree)}
            said = subprocess.run(
                command, cwd=tree, env=environment, stdin=messages, stdout=subprocess.PIPE, check=True
            )
        return said.stdout.decode().splitlines()

    return lines


def models() -> Iterator[tuple[str, Lines]]:
    """All that are compared, by name; each is loaded or fitted when its turn comes."""
    yield "shipped", served(Analyzer.load())
    yield "in float", served(Analyzer.load(exact=True))
    if (large := MODELS / LARGE).is_dir():
        yield "large", served(Analyzer.load(large))
    if (spine := first()) is not None:
        yield "first", spine
    stems = training_sets([GOLD, ROOT / "models" / "train" / "data"])
    messages = training(stems, GOLD.parent / "data" / "mail", RECIPES[LARGE].seed)
    yield "frozen", baseline(Frozen(messages, base(), tokenizer_of(base())))
    yield "tf-idf", baseline(TfIdf(messages))


def main() -> None:
    """Print a table for each model, sets across, and one for each set, models across."""
    if not GOLD.is_dir():
        sys.exit("bench.models: skipped, there is no ../shared/gold beside the repository")
    resamples = 0 if "--quick" in sys.argv else RESAMPLES
    cores = len(os.sched_getaffinity(0))
    torch.set_num_threads(cores)
    stems = [GOLD / name for name in DEV]
    found: dict[str, list[Figures]] = {}
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        for model, lines in models():
            said = [lines(name) for name in DEV]
            found[model] = list(map(partial(figures, GOLD), stems, said))
            spread = list(pool.map(interval, repeat(GOLD), stems, said, repeat(resamples)))
            show(model, DEV, found[model], spread)
    for n, name in enumerate(DEV):
        show(name, list(found), [table[n] for table in found.values()])


def show(corner: str, columns: Sequence[str], tables: Sequence[Figures], spread: Sequence[Bounds] = ()) -> None:
    """Print a table, figures down; with its interval each, where those are known."""
    width = 19 if spread else 11
    print(f"\n{corner:<16}" + "".join(f"{name:>{width}}" for name in columns))
    for figure in SHOWN:
        bounds = [one.get(figure) for one in spread] or repeat(None)
        cells = (_cell(table[figure], pair) for table, pair in zip(tables, bounds, strict=False))
        print(f"{figure:<16}" + "".join(f"{cell:>{width}}" for cell in cells), flush=True)


def _cell(figure: float, bounds: tuple[float, float] | None) -> str:
    if figure != figure:  # too few of its labels to say
        return "–"
    return f"{figure:.3f}" + (f" {bounds[0]:.2f}–{bounds[1]:.2f}" if bounds else "")


if __name__ == "__main__":
    main()
