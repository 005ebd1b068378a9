"""What the shipped models are worth on the dev sets, the way a user meets them: text in, findings out.

    python -m bench.models

Each set of ../shared/gold goes the way of `suhde analyze`, with zones, splitting and due dates, and is scored with that
folder's score.py. Beside it stands TF-IDF with linear classifiers, trained on the same sets, calibrated on the same
dev sets and given the gold sentences (so its segmentation is perfect and it knows no dues).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.train.baselines import TfIdf
from models.train.data import read, training_sets
from models.train.evaluate import DEV, FIGURES, evaluate, figures
from nlp.analyze import Analyzer
from nlp.heads import WIDTH
from pipeline.stateless import analyze

GOLD = Path(__file__).parents[2] / "shared" / "gold"
SHOWN = ("segmentation", *FIGURES, "due", "due_date")


def lines(analyzer: Analyzer, stem: Path) -> Iterator[str]:
    """What `suhde analyze` says of a set."""
    rows = Path(f"{stem}.jsonl").read_text(encoding="utf-8").split("\n")
    for answer in analyze(analyzer, [json.loads(row) for row in rows if row.strip()]):
        yield json.dumps(answer)


def main() -> None:
    """Print the table."""
    if not GOLD.is_dir():
        sys.exit("bench.models: skipped, there is no ../shared/gold beside the repository")
    analyzer = Analyzer.load()
    table = {f"shipped {name}": figures(GOLD, GOLD / name, lines(analyzer, GOLD / name)) for name in DEV}
    training = [m for stem in training_sets([GOLD]) for m in read(stem)]
    _, baseline = evaluate(GOLD, TfIdf(training), np.ones(WIDTH, dtype=np.float32))
    table |= {f"tf-idf {name}": baseline[name] for name in DEV}
    wide = max(map(len, table))
    print(" " * wide + "".join(f"{f[:8]:>9}" for f in SHOWN))
    for name, row in table.items():
        print(f"{name:<{wide}}" + "".join(f"{row[f]:9.3f}" for f in SHOWN))


if __name__ == "__main__":
    main()
