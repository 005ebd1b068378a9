"""What a model is worth on the dev sets, in the figures of the gold folder's score.py, gold segmentation given.

A model here is anything that gives scores (sentences × WIDTH) for a message's sentences, so the baselines are judged
the same way, with their own calibration and thresholds.

Notable: calibration and thresholds are fitted on the dev sets, so figures with them flatter. `halves` gives the
figures of each half of the messages read with what was fitted on the other half.

Not known here: dues (they are the grammar's), the splitting of text.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.train.calibrate import Scored, fit
from models.train.data import Message, label_rows, read
from nlp.debtors import debtor
from nlp.heads import WIDTH, Calibration, Reading, probabilities
from nlp.heads import read as read_rows

Rows = NDArray[np.float32]
Scorer = Callable[[Sequence[Message]], list[Rows]]
DEV = ("en-dev", "en-list-dev", "en-biz-dev", "fi-dev")
FIGURES = (
    "acts_macro", "commit", "request", "question", "propose", "accept", "decline", "fulfil", "sentiment_macro", "issue",
    "issue_category", "severity", "signal_macro", "debtor", "conditional", "ece",
)  # fmt: skip


def scoring(gold: Path) -> ModuleType:
    """The gold folder's score.py as a module."""
    spec = importlib.util.spec_from_file_location("gold_score", gold / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class DevSet:
    """A dev set with a model's scores for it."""

    def __init__(self, gold: Path, name: str, scorer: Scorer, words: Scorer) -> None:
        self.stem = gold / name
        self.language = name[:2]
        self.messages = read(self.stem)
        self.logits, self.words = scorer(self.messages), words(self.messages)

    def scored(self, part: slice = slice(None)) -> Scored:
        """The rows of some of the messages, for fitting."""
        labels = [label_rows(m) for m in self.messages[part]]
        return Scored(self.language, *map(np.concatenate, (self.logits[part], self.words[part], labels)))

    def lines(self, calibration: Calibration, part: slice = slice(None)) -> Iterable[str]:
        """Some of the messages as `suhde analyze` would print them."""
        thresholds = calibration.threshold(self.language)
        for message, logits, words in zip(self.messages[part], self.logits[part], self.words[part], strict=True):
            readings = read_rows(probabilities(logits, words, calibration), thresholds)
            sentences = [
                _sentence(span, text, reading, self.language)
                for span, text, reading in zip(message.spans, message.sentences, readings, strict=True)
            ]
            yield json.dumps({"id": message.id, "sentences": sentences})


def _sentence(span: tuple[int, int], text: str, reading: Reading, language: str) -> dict[str, Any]:
    return {
        "start": span[0],
        "end": span[1],
        "sentiment": reading.sentiment,
        "acts": reading.acts,
        "issue": reading.issue,
        "severity": reading.severity,
        "signal": reading.signal,
        "debtor": debtor(reading.debtor, text, language),
        "conditional": reading.conditional,
        "confidence": reading.confidence,
    }


def figures(gold: Path, stem: Path, lines: Iterable[str]) -> dict[str, float]:
    """score.py's figures for what was printed of a dev set."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.jsonl"
        output.write_text("\n".join(lines), encoding="utf-8")
        result: dict[str, float] = scoring(gold).score(stem, output)
    return result


def silent(messages: Sequence[Message]) -> list[Rows]:
    """Scores that say nothing: of words, for a model without them."""
    return [np.zeros((len(m.sentences), WIDTH), dtype=np.float32) for m in messages]


def fitted(gold: Path, scorer: Scorer, weights: Rows, words: Scorer = silent) -> tuple[Calibration, list[DevSet]]:
    """A model's scores of all dev sets, and the calibration that fits them."""
    sets = [DevSet(gold, name, scorer, words) for name in DEV]
    return fit([s.scored() for s in sets], weights), sets


def evaluate(
    gold: Path, scorer: Scorer, weights: Rows, words: Scorer = silent
) -> tuple[Calibration, dict[str, dict[str, float]]]:
    """Fit a model's calibration on all dev sets, and its figures per set: as fitted, and `<set> halves`."""
    calibration, sets = fitted(gold, scorer, weights, words)
    table = {s.stem.name: figures(gold, s.stem, s.lines(calibration)) for s in sets}
    even, odd = slice(0, None, 2), slice(1, None, 2)
    crossed = {part: fit([s.scored(other) for s in sets], weights) for part, other in ((0, odd), (1, even))}
    for s in sets:
        lines = [*s.lines(crossed[0], even), *s.lines(crossed[1], odd)]
        table[f"{s.stem.name} halves"] = figures(gold, s.stem, lines)
    return calibration, table


def show(tables: dict[str, dict[str, dict[str, float]]]) -> str:
    """Tables of several models as one text, a row for each model and set."""
    wide = max(len(f"{model} {name}") for model, table in tables.items() for name in table)
    lines = [" " * wide + "".join(f"{f[:8]:>9}" for f in FIGURES)]
    for model, table in tables.items():
        for name, row in table.items():
            lines.append(f"{f'{model} {name}':<{wide}}" + "".join(f"{row[f]:9.3f}" for f in FIGURES))
    return "\n".join(lines)
