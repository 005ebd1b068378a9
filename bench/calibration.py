"""How far the acts' confidence can be taken at its word, on the dev sets.

    python -m bench.calibration [PLOT.png]

Prints score.py's expected calibration error of each act (10 bins; sentences with a confidence of at least 0.1) beside
its floor: what a perfectly calibrated reader of the same confidences would show by chance alone, the median of `DRAWS`
draws. With few examples a bin, the floor is well above zero. Given a file name it also draws reliability diagrams
(needs matplotlib, see requirements/bench.txt).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.models import GOLD, served
from models.train.evaluate import DEV, scoring
from nlp.analyze import Analyzer
from nlp.findings import Act

BINS = 10
LEAST = 0.1
DRAWS = 400

Pairs = NDArray[np.float64]  # sentences × 2: confidence, and 1 where the label holds


def error(pairs: Pairs) -> float:
    """The expected calibration error of one act (Guo et al. 2017)."""
    if not len(pairs):
        return float("nan")
    bins = np.minimum((pairs[:, 0] * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=pairs[:, 0] - pairs[:, 1], minlength=BINS)
    return float(np.abs(gaps).sum() / len(pairs))


def floor(pairs: Pairs, random: np.random.Generator) -> float:
    """The median error of labels drawn as the confidences say."""
    chances = pairs[:, 0]
    drawn = (random.random((DRAWS, len(chances))) < chances).astype(float)
    return float(np.median([error(np.stack((chances, labels), axis=1)) for labels in drawn]))


def pairs(name: str, lines: Sequence[str]) -> dict[str, Pairs]:
    """Confidence and truth of each act over a set's sentences."""
    score = scoring(GOLD)
    spans, labels = score.read_gold(GOLD / name)
    said = {answer["id"]: answer["sentences"] for answer in map(json.loads, lines)}
    found: dict[str, list[tuple[float, float]]] = {act: [] for act in Act}
    for message, places in spans.items():
        for sentence, predicted in score.align(places, said[message]).items():
            for act in Act:
                chance = predicted["confidence"].get(act, 0.0) if predicted else 0.0
                if chance >= LEAST:
                    found[act].append((chance, float(act in labels[sentence]["acts"])))
    return {act: np.array(rows).reshape(-1, 2) for act, rows in found.items()}


def draw(found: dict[str, Pairs], file: Path) -> None:
    """Reliability diagrams, an act each, over all sets."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(found), figsize=(2.2 * len(found), 2.6), sharey=True)
    for axis, (act, rows) in zip(axes, found.items(), strict=True):
        bins = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
        kept = [b for b in range(BINS) if (bins == b).any()]
        said, true = ([rows[bins == b, column].mean() for b in kept] for column in (0, 1))
        sizes = [4 + 60 * (bins == b).mean() for b in kept]
        axis.plot([0, 1], [0, 1], color="0.8", linewidth=1)
        axis.scatter(said, true, s=sizes, color="#20639b")
        axis.set(title=f"{act} (n={len(rows)})", xlim=(0, 1), ylim=(0, 1), xlabel="confidence")
        axis.title.set_fontsize(9)
    axes[0].set_ylabel("share that holds")
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def main() -> None:
    """Print the table, and draw where a file is named."""
    if not GOLD.is_dir():
        sys.exit("bench.calibration: skipped, there is no ../shared/gold beside the repository")
    lines = served(Analyzer.load())
    sets = {name: pairs(name, lines(name)) for name in DEV}
    random = np.random.default_rng(20)
    print(f"{'error / floor':<14}" + "".join(f"{act:>15}" for act in Act) + f"{'mean':>15}")
    for name, found in {**sets, "all": _joined(sets)}.items():
        known = [(error(rows), floor(rows, random)) if len(rows) else (np.nan, np.nan) for rows in found.values()]
        cells = [*known, tuple(np.nanmean(known, axis=0))]
        print(f"{name:<14}" + "".join(f"{f'{e:.3f} / {low:.3f}':>15}" for e, low in cells))
    if len(sys.argv) > 1:
        draw(_joined(sets), Path(sys.argv[1]))


def _joined(sets: dict[str, dict[str, Pairs]]) -> dict[str, Pairs]:
    return {act: np.concatenate([found[act] for found in sets.values()]) for act in Act}


if __name__ == "__main__":
    main()
