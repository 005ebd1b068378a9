"""The loop: losses with balance, AdamW with layer-wise rates, a checkpoint after each epoch.

Notable:
- every label weighs by the square root of how rare it is (at most `RAREST` times): rare labels are the lever here;
- heads learn on standardised states (see network), which is worth several epochs;
- lower layers learn slower and the lowest stay as they are, which also saves a fifth of the time;
- attention has no dropout (it costs half the speed on a CPU); tokens are masked instead;
- where an example brings what a teacher says, its scores are learned beside the labels (Hinton et al. 2015) and its
  state of every token with them (Sun et al. 2019), which tells far more than the scores alone;
- a run that was stopped goes on from its last whole epoch and ends in the same weights.

Not known here: where the data comes from, thresholds, calibration.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.train.data import Example, batches
from models.train.network import Batch, Reader
from nlp.heads import COLUMNS, HEADS, Head

RAREST = 5.0
MARKED = 2.0  # times that a marked token weighs
STATES = 5.0  # how much a student's states weigh beside its answers
HEAD_WEIGHT = {"acts": 4.0, "severity": 0.5, "debtor": 0.5, "conditional": 0.5}  # 1 for the others


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Every number of a run."""

    epochs: int = 3
    batch_tokens: int = 1024
    rate: float = 1.5e-4  # of the top layer
    layer_decay: float = 0.92  # each layer below learns this much slower
    frozen_layers: int = 3
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: float = 0.06  # share of the steps
    clip: float = 1.0
    mask: float = 0.05  # share of the sentences' tokens that are masked
    seed: int = 20

    def rates(self, steps: int) -> list[float]:
        """The learning rate's factor at each of so many steps: up, then down to zero."""
        rise = max(1, int(self.warm_up * steps))
        return [min((k + 1) / rise, (steps - k) / max(1, steps - rise)) for k in range(steps)]


def label_weights(made: Sequence[Example]) -> Tensor:
    """A weight per label: the square root of how much rarer it is than the commonest of its head, 1 … RAREST."""
    rows = np.concatenate([e.labels for e in made])
    weights = np.ones(rows.shape[1], dtype=np.float32)
    for head in HEADS:
        asked = rows[rows[:, COLUMNS[head.name].start] >= 0][:, COLUMNS[head.name]]
        counts = np.maximum(asked.sum(axis=0), 1)
        most = counts.max() if head.exclusive else len(asked) - counts
        weights[COLUMNS[head.name]] = np.clip(np.sqrt(most / counts), 1.0, RAREST)
    return torch.from_numpy(weights)


def loss(logits: Tensor, labels: Tensor, weights: Tensor, taught: Tensor | None = None) -> Tensor:
    """The sum over the heads of their mean weighted cross entropy, over the sentences that each head is asked of.

    `taught` are a teacher's logits; then the mean of the losses against the labels and against the teacher.
    """
    total = logits.new_zeros(())
    for head in HEADS:
        where = COLUMNS[head.name]
        asked = labels[:, where.start] >= 0
        if not asked.any():
            continue
        part = _against(head, logits[asked, where], labels[asked, where], weights[where])
        if taught is not None:
            raw = taught[asked, where]
            soft = raw.softmax(dim=1) if head.exclusive else raw.sigmoid()
            part = (part + _against(head, logits[asked, where], soft, torch.ones_like(weights[where]))) / 2
        total = total + HEAD_WEIGHT.get(head.name, 1.0) * part
    return total


def _against(head: Head, logits: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    if head.exclusive:
        return -(functional.log_softmax(logits, dim=1) * truth * weights).sum(dim=1).mean()
    return functional.binary_cross_entropy_with_logits(logits, truth, pos_weight=weights)


def mark_loss(logits: Tensor, marks: Tensor, taught: Tensor | None = None) -> Tensor:
    """The mean cross entropy of the tokens asked, a marked one weighing `MARKED` times; `taught` as in `loss`."""
    asked = marks >= 0
    if not asked.any():
        return logits.new_zeros(())
    weight = torch.tensor(MARKED)
    value = functional.binary_cross_entropy_with_logits(logits[asked], marks[asked], pos_weight=weight)
    if taught is not None:
        soft = taught[asked].sigmoid()
        value = (value + functional.binary_cross_entropy_with_logits(logits[asked], soft)) / 2
    return value


def state_loss(states: Tensor, taught: Tensor, spread: Tensor) -> Tensor:
    """The mean squared distance of tokens' states from a teacher's, in deviations."""
    return ((states - taught) / spread).square().mean()


def _joined(rows: Iterable[NDArray[np.floating]]) -> Tensor | None:
    known = list(rows)
    return torch.from_numpy(np.concatenate(known)).float() if known else None


def _optimizer(reader: Reader, recipe: Recipe) -> torch.optim.Optimizer:
    layers = reader.encoder.encoder.layer
    reader.encoder.embeddings.requires_grad_(False)
    for layer in layers[: recipe.frozen_layers]:
        layer.requires_grad_(False)
    layers_above = (reader.heads, reader.query, reader.value, reader.marks)
    heads = [p for layer in layers_above for p in layer.parameters()]
    groups = [{"params": heads, "lr": recipe.head_rate}]
    for depth, layer in enumerate(reversed(layers[recipe.frozen_layers :])):
        for decay, matrices in ((recipe.weight_decay, True), (0.0, False)):
            params = [p for p in layer.parameters() if (p.dim() > 1) is matrices]
            rate = recipe.rate * recipe.layer_decay**depth
            groups.append({"params": params, "lr": rate, "weight_decay": decay})
    for group in groups:
        group["top"] = group["lr"]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)


def fit(reader: Reader, made: Sequence[Example], recipe: Recipe, folder: Path) -> None:
    """Train `reader` in place on the examples; checkpoints go to `folder` and a half-done run there goes on."""
    weights = label_weights(made)
    optimizer = _optimizer(reader, recipe)
    checkpoint = folder / "checkpoint.pt"
    done = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        done = state["epoch"]
        reader.load_state_dict(state["reader"])
        optimizer.load_state_dict(state["optimizer"])
    epochs = [batches(made, recipe.batch_tokens, random.Random(recipe.seed + n)) for n in range(recipe.epochs)]
    rates = recipe.rates(sum(map(len, epochs)))
    reader.train()
    for epoch in range(done, recipe.epochs):
        torch.manual_seed(recipe.seed + epoch)
        step = sum(map(len, epochs[:epoch]))
        for line in _epoch(reader, optimizer, epochs[epoch], weights, rates[step:], (recipe, epoch)):
            print(f"epoch {epoch + 1}/{recipe.epochs} {line}", flush=True)
        state = {"epoch": epoch + 1, "reader": reader.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state, folder / "checkpoint.tmp")
        (folder / "checkpoint.tmp").replace(checkpoint)
    reader.fold()
    reader.eval()


def _epoch(
    reader: Reader,
    optimizer: torch.optim.Optimizer,
    epoch_batches: list[list[Example]],
    weights: Tensor,
    rates: Sequence[float],
    run: tuple[Recipe, int],
) -> Iterator[str]:
    """One pass over the batches; yields a line of progress now and then. `run`: the recipe and the epoch's number."""
    recipe, epoch = run
    random_ = random.Random(recipe.seed * 1000 + epoch)
    since, tokens, losses = time.monotonic(), 0, []
    for n, examples in enumerate(epoch_batches):
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * rates[n]
        batch = Batch([e.window for e in examples], recipe.mask, random_)
        labels = torch.from_numpy(np.concatenate([e.labels for e in examples]))
        said = reader(batch)
        value = loss(said.scores, labels, weights, _joined(e.taught.scores for e in examples if e.taught))
        marks = torch.from_numpy(np.concatenate([e.marks for e in examples]))
        value = value + mark_loss(said.marks, marks, _joined(e.taught.marks for e in examples if e.taught))
        states = _joined(e.taught.states for e in examples if e.taught)
        if states is not None:
            value = value + STATES * state_loss(said.states, states, reader.spread[: states.shape[1]])
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), recipe.clip)
        optimizer.step()
        tokens += batch.ids.numel()
        losses.append(value.item())
        if n % 50 == 49 or n == len(epoch_batches) - 1:
            rate = tokens / (time.monotonic() - since)
            yield f"step {n + 1}/{len(epoch_batches)} loss {np.mean(losses[-50:]):.3f} {rate:,.0f} tokens/s"
