"""What the models are worth on the dev sets, the way a user meets them: text in, findings out.

    python -m bench.models [--quick]

Each set of ../shared/gold goes the way of `suhde analyze`, with zones, splitting and due dates, and is scored with that
folder's score.py. Beside the shipped model stand

- the same weights in floating point, so what 8 bits cost;
- the larger model, where there is one;
- the first model of this project, at the commit that shipped it and with its own code;
- the base encoder as it is, with linear heads, and TF-IDF with linear classifiers. Both learn from the same sets, are
  calibrated on the same dev sets and are given the gold sentences (so all are found; they know no dues).

Intervals hold 95 % of `RESAMPLES` bootstrap samples of the messages (Efron 1979). `--quick` leaves them out.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from models.train.__main__ import unpack
from models.train.baselines import Frozen, TfIdf
from models.train.bootstrap import interval
from models.train.data import read, training_sets
from models.train.evaluate import DEV, FIGURES, Scorer, figures, fitted
from nlp.analyze import MODELS, Analyzer
from nlp.encoder import tokenizer_of
from nlp.heads import WIDTH
from pipeline.stateless import analyze

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"
FIRST = "20e99ac"  # the commit that shipped the first model
SHOWN = ("segmentation", *FIGURES, "due", "due_date")
RESAMPLES = 300

Lines = Callable[[str], list[str]]  # a dev set's name to what is said of its messages, a line of JSON each


def served(analyzer: Analyzer) -> Lines:
    """A set the way of `suhde analyze`."""

    def lines(name: str) -> list[str]:
        rows = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
        return [json.dumps(answer) for answer in analyze(analyzer, [json.loads(row) for row in rows if row.strip()])]

    return lines


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
    """All that are compared, by name."""
    yield "shipped", served(Analyzer.load())
    yield "in float", served(Analyzer.load(exact=True))
    if (large := MODELS / "reader-large").is_dir():
        yield "large", served(Analyzer.load(large))
    if (spine := first()) is not None:
        yield "first", spine
    stems = training_sets([GOLD, ROOT / "models" / "train" / "data"])
    training = [m for stem in stems for m in read(stem, GOLD.parent / "data" / "mail")]
    base = unpack(GOLD.parent / "encoder" / "encoder.tar.xz", ROOT / "build" / "train")
    yield "frozen", baseline(Frozen(training, base, tokenizer_of(base)))
    yield "tf-idf", baseline(TfIdf(training))


def main() -> None:
    """Print a table for each dev set: figures down, models across."""
    if not GOLD.is_dir():
        sys.exit("bench.models: skipped, there is no ../shared/gold beside the repository")
    compared = dict(models())
    resamples = 0 if "--quick" in sys.argv else RESAMPLES
    for name in DEV:
        said = {model: lines(name) for model, lines in compared.items()}
        table = {model: figures(GOLD, GOLD / name, rows) for model, rows in said.items()}
        spread = {model: interval(GOLD, GOLD / name, rows, resamples) for model, rows in said.items()}
        print(f"\n{name:<16}" + "".join(f"{model:>19}" for model in compared))
        for figure in SHOWN:
            cells = (f"{table[m][figure]:.3f}{_between(spread[m].get(figure))}" for m in compared)
            print(f"{figure:<16}" + "".join(f"{cell:>19}" for cell in cells))


def _between(bounds: tuple[float, float] | None) -> str:
    return f" {bounds[0]:.2f}–{bounds[1]:.2f}" if bounds else ""


if __name__ == "__main__":
    main()
