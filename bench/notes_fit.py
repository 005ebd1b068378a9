"""Labelled minutes to a judge's weights: what `python -m bench.notes` learns from, and how.

Learned from: `data/minutes-more.jsonl`, which names a sentence by the hash of its words, since the texts are not ours
to pass on. The gold set is only measured with; its items label the sentence that shares most of their words.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.genre import genre
from corpus.papers import read as read_paper
from nlp.analyze import Analyzer
from nlp.minutes.judging import ACT, ACTS, GROUPS, Judge
from nlp.minutes.reading import Reader, Scored, opened, sentences

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold" / "documents"
MORE = Path(__file__).parent / "data" / "minutes-more.jsonl"
STRENGTH = 0.4  # how far labels may move a weight from its prior (variance), chosen by cross-validation
_ALIKE = 0.6  # share of words from which a sentence is what a label means (as in score.py)
FOLDS = 6
_STEPS, _STILL = 50, 1e-6  # of Newton's method
_LOWEST, _USUAL, _HIGHEST = 0.05, 0.3, 0.9  # of a bar
_SMALL = 0.02  # weights below are left out
_NAMES = {str(kind): ACT for kind in ACTS}

Row = Mapping[str, Any]
Figures = NDArray[np.float64]

# What is believed before any label is seen: cues speak for their type, so do labels, titles and the model's chances.
_ACT = {f"{place} {kind}": 2.0 for place in ("label", "section") for kind in ACTS}
PRIOR: dict[str, dict[str, float]] = {
    ACT: {
        "bias": -3.0, "holds decision": 3.5, "opens decision": 1.5, "holds agreement": 3.5, "opens agreement": 1.0,
        "holds action": 2.0, "opens action": 1.0, "model commit": 2.0, "model request": 1.5, "passive": 1.5,
        "imperative": 1.5, "to do": 1.0, "owned": 1.0, "subject does": 1.0, "next meeting": 2.0, "quiet": -1.5,
        "question": -1.0, **_ACT,
    },
    "proposal": {
        "bias": -4.0, "holds proposal": 3.0, "opens proposal": 2.0, "model propose": 3.0, "label proposal": 3.0,
        "section proposal": 1.5, "quiet": -1.0,
    },
    "open_question": {
        "bias": -4.0, "question": 2.0, "question inside": 1.0, "holds open_question": 2.5, "opens open_question": 1.5,
        "model question": 1.5, "label open_question": 3.0, "section open_question": 2.0,
    },
    "issue": {
        "bias": -4.0, "holds issue": 2.5, "opens issue": 1.0, "model issue": 3.0, "model severity": 1.0,
        "label issue": 3.0, "section issue": 2.0,
    },
    "rejection": {"bias": -5.0, "holds rejection": 4.0, "model decline": 3.0, "label rejection": 3.0},
    "decision": {
        "bias": -1.5, "holds decision": 3.0, "opens decision": 2.0, "label decision": 3.0, "section decision": 2.0,
    },
    "action": {
        "bias": 0.5, "holds action": 1.5, "opens action": 1.5, "model commit": 1.0, "model request": 1.5, "owned": 1.5,
        "imperative": 1.0, "holds decision": -2.0, "holds agreement": -2.0,
    },
    "agreement": {
        "bias": -2.0, "holds agreement": 4.0, "opens agreement": 2.0, "next meeting": 3.0, "model accept": 1.5,
        "label agreement": 3.0,
    },
}  # fmt: skip


class Labelled(NamedTuple):
    """One paper's sentences with their labels: types, and groups of types."""

    row: Row
    reader: Reader
    scored: tuple[Scored, ...]
    labels: tuple[frozenset[str], ...]


def scorer() -> ModuleType:
    """The gold set's score.py."""
    spec = importlib.util.spec_from_file_location("score_documents", GOLD / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(GOLD / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(path: Path) -> list[Row]:
    """The objects of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(row: Row, analyzer: Analyzer | None) -> Labelled:
    """A paper of the labels, read and labelled. `row` is a line of the gold set or of `MORE`."""
    path = SHARED / "data" / row["file"]
    paper = read_paper(path.read_bytes(), path.name)
    reader = opened(paper, genre(paper, path.name))
    scored = sentences(reader, analyzer)
    if end := row.get("labelled_until"):
        scored = [each for each in scored if each.sentence.start < end]
    if "sentences" in row:
        found = list(_by_hash(row, scored))
        first = next((n for n, each in enumerate(scored) if key(each) == row.get("from")), 0)
        return Labelled(row, reader, tuple(scored[first:]), tuple(found[first:]))
    return Labelled(row, reader, tuple(scored), tuple(_by_quote(row, scored, scorer())))


def key(scored: Scored) -> str:
    """What a sentence is named by where its text must not be: a hash of its words."""
    return blake2b(" ".join(re.findall(r"\w+", scored.sentence.text.lower())).encode(), digest_size=8).hexdigest()


def _by_hash(row: Row, scored: Sequence[Scored]) -> Iterator[frozenset[str]]:
    for each in scored:
        kinds = row["sentences"].get(key(each), "").split()
        yield frozenset(kinds) | {_NAMES.get(kind, kind) for kind in kinds}


def _by_quote(row: Row, scored: Sequence[Scored], score: ModuleType) -> list[frozenset[str]]:
    labels: list[set[str]] = [set() for _ in scored]
    texts = [each.sentence.text for each in scored]
    pairs = []
    for number, item in enumerate(row["items"]):
        length = len(score.words(item["quote"]))
        for n, text in enumerate(texts):
            if (share := score.alike(item["quote"], text)) >= _ALIKE:
                pairs.append((share, -abs(len(score.words(text)) - length), number, n))
    done = set()
    for _, _, number, n in sorted(pairs, reverse=True):
        kind = row["items"][number]["type"]
        group = _NAMES.get(kind, kind)
        if number not in done and group not in labels[n]:
            done.add(number)
            labels[n] |= {kind, group}
    return [frozenset(each) for each in labels]


def fitted(papers: Sequence[Labelled]) -> Judge:
    """A judge that learned from these papers; its bars, from judges that had not seen the paper in hand."""
    folds = [_weighed([p for n, p in enumerate(papers) if n % FOLDS != fold]) for fold in range(FOLDS)]
    chances = {
        group: [
            (paper.reader.outline.spoken, folds[n % FOLDS].chance(group, each.features), group in labels)
            for n, paper in enumerate(papers)
            for each, labels in zip(paper.scored, paper.labels, strict=True)
        ]
        for group in map(str, GROUPS)
    }
    bars = {
        name: {group: _bar([(p, hit) for kin, p, hit in each if kin is spoken]) for group, each in chances.items()}
        for name, spoken in (("written", False), ("spoken", True))
    }
    return Judge(_weighed(papers).weights, bars)


def _weighed(papers: Sequence[Labelled]) -> Judge:
    """A judge without bars."""
    rows = [each.features for paper in papers for each in paper.scored]
    labels = [each for paper in papers for each in paper.labels]
    known = {name for kind in PRIOR.values() for name in kind}
    names = sorted({name for row in rows for name in row} | known)
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    acts = np.array([ACT in each for each in labels])
    weights = {}
    for kind in map(str, (*GROUPS, *ACTS)):
        among = acts if kind in _NAMES else np.ones(len(labels), dtype=bool)
        target = np.array([kind in each for each in labels], dtype=np.float64)[among]
        prior = np.array([PRIOR[kind].get(name, 0.0) for name in names])
        learned = zip(names, regression(matrix[among], target, prior).tolist(), strict=True)
        weights[kind] = {name: round(weight, 2) for name, weight in learned if abs(weight) >= _SMALL}
    return Judge(weights, {})


def regression(
    rows: Figures, target: Figures, prior: Figures, strength: Figures | None = None, counts: Figures | None = None
) -> Figures:
    """Weights of the logistic regression that stays near to `prior` (Newton's method).

    `strength` is the variance that each weight has around its prior: how far labels may move it. `counts` says how much
    each row counts, 1 where left out.
    """
    each = np.ones(len(target)) if counts is None else counts
    weights = prior.copy()
    strength = np.full(len(prior), STRENGTH) if strength is None else strength
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (each * (chance - target)) + (weights - prior) / strength
        bend = (rows.T * (each * chance * (1 - chance))) @ rows + np.diag(1 / strength)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if float(np.abs(step).max()) < _STILL:
            break
    return weights


def _bar(chances: Sequence[tuple[float, bool]]) -> float:
    """The bar at which F1 is best, half way from the usual one, since examples are few."""
    total = sum(hit for _, hit in chances)
    best, bar, hits = 0.0, 0.5, 0
    for n, (chance, hit) in enumerate(sorted(chances, reverse=True), 1):
        hits += hit
        if (f1 := 2 * hits / (n + total) if total else 0.0) > best:
            best, bar = f1, chance
    return round((min(max(bar, _LOWEST), _HIGHEST) + _USUAL) / 2, 3)


def as_toml(judge: Judge) -> str:
    """A judge as `weights.toml` holds it."""
    out = ["# What labelled minutes taught; written by `python -m bench.notes --fit`.", ""]
    for section, tables in (("bars", judge.bars), ("weights", judge.weights)):
        for name, table in tables.items():
            out += [f"[{section}.{name}]", *(f'"{key}" = {value}' for key, value in table.items()), ""]
    return "\n".join(out)
