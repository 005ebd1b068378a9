"""From scores to probabilities to labels: what is fitted on the dev sets after training.

Notable:
- training weighs rare labels up, so raw scores say yes too often; the prior for each label's shift is the logarithm
  of its weight taken back, and the dev sets move it from there (Platt 1999 with a Gaussian prior);
- a threshold is the middle of the plateau with the best F1, not the single best point, and is pulled towards all
  languages' threshold, and that one towards 0.4, the more the fewer examples there are: for calibrated
  probabilities the best threshold is half the F1 that can be reached (Lipton et al. 2014), 0.4 at an F1 of 0.8.

Not known here: the network, the sets' files.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from nlp.findings import Act
from nlp.heads import COLUMNS, CONDITIONAL, DECISIONS, HEADS, Calibration, decisions, probabilities

Rows = NDArray[np.float32]
Figures = tuple[float, ...]  # one for each column
GRID = np.arange(0.06, 0.90, 0.02)
PLATEAU = 3  # steps of the grid to either side over which F1 is averaged
EXAMPLES = 30  # so many weigh as much as the prior
PRIOR = 0.4


class Scored(msgspec.Struct, frozen=True):
    """A set's rows: language, scores before calibration, labels (both sentences × WIDTH)."""

    language: str
    logits: Rows
    labels: Rows


def fit(sets: Sequence[Scored], weights: Rows) -> Calibration:
    """Scales, shifts and thresholds. `weights` are those by which the labels were weighed in training."""
    logits, labels = (np.concatenate([getattr(s, name) for s in sets]) for name in ("logits", "labels"))
    scale, shift = _shifts(*(torch.from_numpy(rows) for rows in (logits, labels, weights)))
    everyone = _thresholds(sets, scale, shift, dict.fromkeys(DECISIONS, PRIOR))
    thresholds = {"": everyone}
    for language in sorted({s.language for s in sets}):
        thresholds[language] = _thresholds([s for s in sets if s.language == language], scale, shift, everyone)
    return Calibration(scale=scale, shift=shift, thresholds=thresholds)


def _short(values: Tensor) -> Figures:
    return tuple(round(v, 5) for v in values.tolist())


def _shifts(logits: Tensor, labels: Tensor, weights: Tensor) -> tuple[Figures, Figures]:
    """The likeliest scale and shift of each column, a softmax head sharing one scale."""
    prior = -torch.log(weights)
    scale = torch.zeros(len(HEADS) + len(Act), requires_grad=True)  # logarithms; the acts have one each, at the end
    shift = prior.clone().requires_grad_(True)
    owner = torch.zeros(logits.shape[1], dtype=torch.long)
    for n, head in enumerate(HEADS):
        where = COLUMNS[head.name]
        owner[where] = torch.arange(len(HEADS), len(HEADS) + len(Act)) if head.name == "acts" else n
    optimizer = torch.optim.LBFGS([scale, shift], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        x = logits * scale.exp()[owner] + shift
        value = 2.0 * scale.square().sum() + 0.5 * (shift - prior).square().sum()
        for head in HEADS:
            where = COLUMNS[head.name]
            asked = labels[:, where.start] >= 0
            part, truth = x[asked, where], labels[asked, where]
            if head.exclusive:
                value = value - (functional.log_softmax(part, dim=1) * truth).sum()
            else:
                value = value + functional.binary_cross_entropy_with_logits(part, truth, reduction="sum")
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return _short(scale.exp()[owner]), _short(shift)


def _thresholds(sets: Sequence[Scored], scale: Figures, shift: Figures, prior: dict[str, float]) -> dict[str, float]:
    """The middle of each decision's best plateau, pulled towards `prior` where examples are few."""
    chances = decisions(probabilities(np.concatenate([s.logits for s in sets]), scale, shift))
    labels = np.concatenate([s.labels for s in sets])
    truths = decisions(labels)
    asked = labels[:, COLUMNS[CONDITIONAL].start] >= 0
    found = {}
    for name in DECISIONS:
        chance, truth = chances[name], truths[name] == 1
        if name == CONDITIONAL:
            chance, truth = chance[asked], truth[asked]
        n = int(truth.sum())
        best = _plateau(chance, truth) if n else prior[name]
        found[name] = round((n * best + EXAMPLES * prior[name]) / (n + EXAMPLES), 3)
    return found


def _plateau(chance: Rows, truth: NDArray[np.bool_]) -> float:
    said = chance[:, None] >= GRID[None]
    hits = (said & truth[:, None]).sum(axis=0)
    f1 = 2 * hits / np.maximum(said.sum(axis=0) + truth.sum(), 1)
    padded = np.pad(f1, PLATEAU, mode="edge")
    smooth = np.convolve(padded, np.ones(2 * PLATEAU + 1) / (2 * PLATEAU + 1), mode="valid")
    return float(GRID[int(smooth.argmax())])
