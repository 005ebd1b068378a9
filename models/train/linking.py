"""`python -m models.train.linking`: the linking models, from written cases and stories. A minute or two on one core.

First what a sentence's state is drawn together to, and what a sentence says of a promise by its sense: from the cases.
Then, from the stories, whether a pair is linked and whether a sentence opens an entry: forests of small trees. The
encoder stays as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.ensemble import HistGradientBoostingClassifier
from torch import Tensor, nn
from torch.nn import functional

from models.train.pairs import Told, Walked, same, tell, walk
from models.train.stories import Case, Story, read_cases, read_stories
from nlp.analyze import OWED, Analyzer
from nlp.findings import Act, Finding
from nlp.relating import FOREST, HINT, RELATIONS, TRACE, Relator, packed

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EPOCHS, BATCH, RATE, DECAY, DROP, SEED = 16, 64, 1e-3, 1e-2, 0.3, 5
HIDDEN = 64  # width of the hidden layer
BLANK = 0.15  # how often a trace is left out, since rows of tables and duties of contracts have none
TREES, LEAVES, STEP, LEAST, RIDGE = 90, 8, 0.06, 10, 5.0  # of a forest

Rows = NDArray[np.float32]
Tensors = dict[str, Rows]


class States(Relator):
    """Keeps the states themselves as traces, of every sentence: for training."""

    def __init__(self) -> None:
        super().__init__({}, "states")

    def traces(self, states: Rows) -> NDArray[np.int8]:
        """The states, byte by byte."""
        return states.astype(np.float16).view(np.int8)

    def hints(self, traces: NDArray[np.int8], acts: Rows) -> Rows:  # noqa: ARG002
        """Any sentence may say something."""
        return np.ones(len(traces), dtype=np.float32)


def states(traces: Iterable[bytes], width: int) -> Rows:
    """The states that stand as traces; zeros for none."""
    empty = bytes(2 * width)
    return np.stack([np.frombuffer(t or empty, dtype=np.float16) for t in traces]).astype(np.float32)


class _Scale:
    """Means and deviations of columns, to learn on and to fold away."""

    def __init__(self, rows: Rows) -> None:
        self.center, self.spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3

    def __call__(self, rows: Rows) -> Tensor:
        return torch.tensor((rows - self.center) / self.spread, dtype=torch.float32)

    def folded(self, layer: nn.Linear, before: int = 0) -> tuple[Rows, Rows]:
        """Weight and bias of a layer for columns as they come, of which `before` others stand first."""
        weight, bias = (p.detach().numpy().copy() for p in (layer.weight, layer.bias))
        bias -= weight[:, before:] @ (self.center / self.spread)
        weight[:, before:] /= self.spread
        return weight.astype(np.float32), bias.astype(np.float32)


class Sense(nn.Module):
    """The layers of traces and pairs of `nlp.relating`, on standardised input."""

    def __init__(self, width: int, features: int) -> None:
        super().__init__()
        self.trace = nn.Linear(width, TRACE)
        self.drop = nn.Dropout(DROP)
        self.hidden = nn.Linear(5 * TRACE + features, HIDDEN)
        self.answer = nn.Linear(HIDDEN, len(RELATIONS))

    def traces(self, drawn: Tensor, there: Tensor) -> Tensor:
        """The traces of standardised states; zeros where there is none."""
        return torch.tanh(self.trace(self.drop(drawn))) * there[:, None]

    def forward(self, promised: Tensor, asked: Tensor, said: Tensor, features: Tensor) -> Tensor:
        """As `nlp.relating.paired` and the layers on it."""
        has = (asked != 0).any(dim=1, keepdim=True)
        matter = torch.where(has, (promised + asked) / 2, promised)
        rows = torch.cat((promised * said, asked * said, (matter - said).abs(), matter, said, features), dim=1)
        answers: Tensor = self.answer(self.drop(torch.relu(self.hidden(rows))))
        return answers


def sense(told: Sequence[Told]) -> Tensors:
    """The tensors of traces and of what a sentence says of a promise, learned from the pairs of cases."""
    torch.manual_seed(SEED)
    width = len(told[0].said) // 2
    kinds = [states([getattr(t, kind) for t in told], width) for kind in ("promised", "asked", "said")]
    there = [torch.tensor([float(bool(getattr(t, kind))) for t in told]) for kind in ("promised", "asked", "said")]
    of_states, of_pairs = _Scale(np.concatenate(kinds)), _Scale(np.stack([t.features for t in told]))
    drawn = [of_states(rows) for rows in kinds]
    features = of_pairs(np.stack([t.features for t in told]))
    relation = torch.tensor([t.relation for t in told])
    net = Sense(width, features.shape[1])
    best = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.LinearLR(best, 1.0, 0.02, EPOCHS * (len(told) // BATCH + 1))
    chosen = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for some in np.array_split(chosen.permutation(len(told)), len(told) // BATCH + 1):
            at = torch.from_numpy(some)
            seen = torch.from_numpy((chosen.random((3, len(at))) >= BLANK).astype(np.float32))
            traces = [net.traces(rows[at], is_[at] * see) for rows, is_, see in zip(drawn, there, seen, strict=True)]
            loss = functional.cross_entropy(net(*traces, features[at]), relation[at])
            best.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            best.step()
            pace.step()
    layers = {
        "trace": of_states.folded(net.trace),
        "pair.hidden": of_pairs.folded(net.hidden, 5 * TRACE),
        "pair.answer": tuple(p.detach().numpy().copy() for p in (net.answer.weight, net.answer.bias)),
    }
    return {
        f"{name}.{part}": t for name, both in layers.items() for part, t in zip(("weight", "bias"), both, strict=True)
    }


def hint(tensors: Tensors, heard: Sequence[tuple[Finding, bool]], width: int) -> Tensors:
    """The layer that says whether a sentence may say something of a promise."""
    traces = Relator(tensors).traces(states([f.trace for f, _ in heard], width)).astype(np.float32) / 127
    rows = np.concatenate((traces, [[f.confidence.get(act, 0.0) for act in Act] for f, _ in heard]), axis=1)
    scale, says = _Scale(rows.astype(np.float32)), torch.tensor([float(tells) for _, tells in heard])
    layer = nn.Linear(rows.shape[1], 1)
    nn.init.zeros_(layer.weight)
    best = torch.optim.LBFGS(layer.parameters(), max_iter=60)
    x = scale(rows.astype(np.float32))

    def loss() -> Tensor:
        best.zero_grad()
        value = functional.binary_cross_entropy_with_logits(layer(x)[:, 0], says) + 0.01 * layer.weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    best.step(loss)  # type: ignore[no-untyped-call]
    weight, bias = scale.folded(layer)
    return {"hint.weight": weight, "hint.bias": bias}


def forest(name: str, rows: Rows, holds: NDArray[np.bool_]) -> Tensors:
    """A forest of small trees that says whether something holds of rows."""
    learned = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=STEP, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST, l2_regularization=RIDGE,
        early_stopping=False, random_state=SEED,
    ).fit(rows, holds)  # fmt: skip
    trees = [one.nodes for (one,) in learned._predictors]
    parts = {part: np.zeros((len(trees), 2 * LEAVES), dtype=np.float32) for part in FOREST}
    parts["left"] -= 1
    for row, nodes in enumerate(trees):
        size = len(nodes)
        parts["column"][row, :size], parts["bar"][row, :size] = nodes["feature_idx"], nodes["num_threshold"]
        for side in ("left", "right"):
            parts[side][row, :size] = np.where(nodes["is_leaf"], -1, nodes[side].astype(int))
        parts["value"][row, :size] = np.where(nodes["is_leaf"], nodes["value"], 0)
    start = np.array([learned._baseline_prediction.item()], dtype=np.float32)
    return {f"{name}.{part}": tensor for part, tensor in parts.items()} | {f"{name}.start": start}


def traced(story: Story, relator: Relator, width: int) -> Story:
    """A story that was read with states as traces, as the models that draw traces would have read it."""
    return story._replace(letters=tuple(
        msgspec.structs.replace(one, findings=tuple(_traced(one.findings, relator, width))) for one in story.letters
    ))  # fmt: skip


def _traced(findings: Sequence[Finding], relator: Relator, width: int) -> Iterable[Finding]:
    if not findings:
        return
    drawn = relator.traces(states([f.trace for f in findings], width))
    acts = np.array([[f.confidence.get(act, 0.0) for act in Act] for f in findings], dtype=np.float32)
    owed = acts[:, [tuple(Act).index(Act.COMMIT), tuple(Act).index(Act.REQUEST)]].max(axis=1)
    bears = (relator.hints(drawn, acts) >= HINT) | (owed >= OWED)
    for f, row, bear in zip(findings, drawn, bears, strict=True):
        found = msgspec.structs.replace(f, trace=packed(row) if bear and f.trace else b"", day=f.day if bear else None)
        if found.trace or found.speaks:
            yield found


def learn(stories: Sequence[Story], cases: Sequence[Case]) -> Tensors:
    """All tensors of the linking models, from stories and cases that were read with `States`."""
    keeper = States()
    told = tell(cases, keeper)
    width = len(told[0].said) // 2
    tensors = sense(told)
    heard = [(f, tells) for story in stories for f, tells in heard_in(story) if f.trace]
    tensors |= hint(tensors, heard, width)
    relator = Relator(tensors)
    return tensors | forests([walk(traced(story, relator, width), relator) for story in stories])


def heard_in(story: Story) -> list[tuple[Finding, bool]]:
    """The sentences of a story, and whether each tells what became of a promise."""
    told = [(story.keys[e["in"]], e["evidence"]) for c in story.truth["commitments"] for e in c.get("history") or ()]
    return [
        (f, any(letter.id == key and f in same(letter, words) for key, words in told))
        for letter in story.letters
        for f in letter.findings
    ]


def forests(walked: Sequence[Walked]) -> Tensors:
    """The forests of links and of openings, from what stories show."""
    links, linked, starts, opened = (
        np.concatenate([getattr(w, name) for w in walked]) for name in ("links", "linked", "starts", "opened")
    )
    return forest("links", links, linked) | forest("opens", starts, opened)


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(prog="python -m models.train.linking", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "linking", help="where the weights go")
    given = parser.parse_args()
    torch.set_num_threads(1)
    analyzer = Analyzer.load(relator=States())
    stories = read_stories(HERE / "data" / "stories", analyzer)
    cases = read_cases(HERE / "data" / "pairs.jsonl", analyzer)
    given.out.mkdir(parents=True, exist_ok=True)
    save_file(learn(stories, cases), given.out / "model.safetensors")
    print(f"{len(stories)} stories, {len(cases)} cases; weights in {given.out}", flush=True)


if __name__ == "__main__":
    main()
