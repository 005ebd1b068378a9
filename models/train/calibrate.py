"""From scores to probabilities to labels: what is fitted on the dev sets after training.

Notable:
- training weighs rare labels up, so raw scores say yes too often; the prior for each label's shift is the logarithm
  of its weight taken back, and the dev sets move it from there (Platt 1999 with a Gaussian prior);
- how much the words count beside the encoder is fitted with them, one figure for a head;
- a threshold is the middle of the plateau with the best F1, not the single best point, and is pulled towards all
  languages' threshold, and that one towards 0.4, the more the fewer examples there are: for calibrated
  probabilities the best threshold is half the F1 that can be reached (Lipton et al. 2014), 0.4 at an F1 of 0.8.

Not known here: the network, the sets' files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    """A set's language, and its sentences' scores by encoder and by words and their labels (each sentences × WIDTH)."""

    language: str
    logits: Rows
    words: Rows
    labels: Rows


def fit(sets: Sequence[Scored], weights: Rows) -> Calibration:
    """Scales, shifts and thresholds. `weights` are those by which the labels were weighed in training."""
    logits, words, labels = (torch.from_numpy(rows) for rows in _joined(sets))
    scale, beside, shift = _shifts(logits, words, labels, torch.from_numpy(weights))
    scaled = Calibration(scale=scale, words=beside, shift=shift, thresholds={})
    everyone = _thresholds(sets, scaled, dict.fromkeys(DECISIONS, PRIOR))
    thresholds = {"": everyone}
    for language in sorted({s.language for s in sets}):
        thresholds[language] = _thresholds([s for s in sets if s.language == language], scaled, everyone)
    return msgspec.structs.replace(scaled, thresholds=thresholds)


def _joined(sets: Sequence[Scored]) -> Iterator[Rows]:
    """Scores of the encoder, of the words, and labels, of all sets."""
    return (np.concatenate([getattr(s, name) for s in sets]) for name in ("logits", "words", "labels"))


def _short(values: Tensor) -> Figures:
    return tuple(round(v, 5) for v in values.tolist())


def _shifts(logits: Tensor, words: Tensor, labels: Tensor, weights: Tensor) -> tuple[Figures, Figures, Figures]:
    """The likeliest scales and shift of each column, a softmax head sharing one scale, all heads one of the words."""
    prior = -torch.log(weights)
    scale = torch.zeros(len(HEADS) + len(Act), requires_grad=True)  # logarithms; the acts have one each, at the end
    beside = torch.zeros(len(HEADS), requires_grad=True)
    shift = prior.clone().requires_grad_(True)
    head_of = torch.zeros(logits.shape[1], dtype=torch.long)
    for n, head in enumerate(HEADS):
        head_of[COLUMNS[head.name]] = n
    owner = head_of.clone()
    owner[COLUMNS["acts"]] = torch.arange(len(HEADS), len(HEADS) + len(Act))
    optimizer = torch.optim.LBFGS([scale, beside, shift], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        x = logits * scale.exp()[owner] + words * beside[head_of] + shift
        value = 2.0 * (scale.square().sum() + beside.square().sum()) + 0.5 * (shift - prior).square().sum()
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
    return _short(scale.exp()[owner]), _short(beside[head_of]), _short(shift)


def _thresholds(sets: Sequence[Scored], scaled: Calibration, prior: dict[str, float]) -> dict[str, float]:
    """The middle of each decision's best plateau, pulled towards `prior` where examples are few."""
    logits, words, labels = _joined(sets)
    chances = decisions(probabilities(logits, words, scaled))
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
