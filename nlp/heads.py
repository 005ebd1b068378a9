"""The heads on a sentence's tokens: which questions are asked, how they are answered, and what a row of scores says.

`HEADS` is the whole label set; the recipe trains it and serving reads it. To ask one more question, add a head.
A softmax head chooses one of its labels, a sigmoid head says yes or no to each.

Notable: a label's score is a linear answer from the mean and the maximum of the sentence's tokens plus one over the
tokens that the label itself attends to (Mullenbach et al. 2018). Beside it stands what the sentence's words say by
themselves (see words). Both become a probability by a scale each and a shift per label (Platt 1999; for a softmax head
one scale, so a temperature, and a shift per label; the words' scale is one for a head), and probabilities become labels
by thresholds per label and language. All are fitted after training and stand beside the weights.

Not known here: the encoder, the text, how the figures were fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from nlp.findings import LEANING, READER, WRITER, Act, IssueCategory, Sentiment, SignalKind

Label = TypeVar("Label", bound=str)
Rows = NDArray[np.float32]
NONE = "none"
OTHER = "other"
OF_TOKENS = ("query", "value", "marks")
DUE, DEBTOR = "due", "debtor"
MARKS = (DUE, DEBTOR)  # what single tokens are asked: do they say when it is due, do they name who owes it
CONDITIONAL = "conditional"
ISSUE = "issue"


class Head(msgspec.Struct, frozen=True):
    """One question. `exclusive`: exactly one label holds (softmax), else each may (sigmoids)."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool


HEADS = (
    Head("sentiment", tuple(Sentiment), exclusive=True),
    Head("acts", tuple(Act), exclusive=False),
    Head("issue", (NONE, *IssueCategory), exclusive=True),
    Head("severity", ("1", "2", "3"), exclusive=True),
    Head("signal", (NONE, *SignalKind), exclusive=True),
    Head("debtor", (WRITER, READER, OTHER), exclusive=True),
    Head("conditional", (CONDITIONAL,), exclusive=False),
)
WIDTH = sum(len(h.labels) for h in HEADS)
# What a threshold decides: that the label holds. For "issue", that there is one, whatever its category.
DECISIONS = (Sentiment.NEGATIVE, Sentiment.POSITIVE, *Act, ISSUE, *SignalKind, CONDITIONAL)


def columns() -> dict[str, slice]:
    """Where each head's labels stand in a row of scores."""
    found: dict[str, slice] = {}
    start = 0
    for head in HEADS:
        found[head.name] = slice(start, start + len(head.labels))
        start += len(head.labels)
    return found


COLUMNS = columns()


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """What was fitted after training: figures for each column, and `thresholds` per language ("" for any other)."""

    scale: tuple[float, ...]  # of the encoder's scores
    words: tuple[float, ...]  # of the words' scores
    shift: tuple[float, ...]
    thresholds: dict[str, dict[str, float]]

    def threshold(self, language: str | None) -> dict[str, float]:
        """The probability from which each of DECISIONS is said to hold."""
        return self.thresholds.get(language or "", self.thresholds[""])


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says. `debtor` may be OTHER: who that is stands in the sentence.

    `confidence` and `leanings` as in Finding.
    """

    sentiment: Sentiment
    acts: tuple[Act, ...]
    issue: IssueCategory | None
    severity: int | None
    signal: SignalKind | None
    debtor: str | None
    conditional: bool
    confidence: dict[str, float]
    leanings: dict[str, float]


class Scores(NamedTuple):
    """What the heads say before calibration: `rows` sentences × WIDTH; per sentence, the chance of tokens × MARKS.

    `states` are what the encoder itself says of the sentences, sentences × width: the mean of their tokens.
    """

    rows: Rows
    marks: list[Rows]
    states: Rows


class Heads:
    """The layers that answer all questions, and the calibration of their scores.

    `tensors` holds weight and bias of `heads` (WIDTH × 2·width), of `query` and `value` (WIDTH × width) and of `marks`
    (MARKS × width).
    """

    def __init__(self, tensors: Mapping[str, Rows], calibration: Calibration) -> None:
        self.calibration = calibration
        self.width = tensors["query.weight"].shape[1]  # of a token's state
        self._whole, self._whole_bias = np.ascontiguousarray(tensors["heads.weight"].T), tensors["heads.bias"]
        self._tokens = np.ascontiguousarray(np.concatenate([tensors[f"{part}.weight"] for part in OF_TOKENS]).T)
        self._tokens_bias = np.concatenate([tensors[f"{part}.bias"] for part in OF_TOKENS])

    @classmethod
    def load(cls, weights: Path, calibration: Calibration) -> Self:
        """The heads of a safetensors file."""
        with safe_open(weights, "numpy") as file:
            names = [f"{layer}.{part}" for layer in ("heads", *OF_TOKENS) for part in ("weight", "bias")]
            return cls({name: file.get_tensor(name).astype(np.float32) for name in names}, calibration)

    def scores(self, hidden: Rows, bounds: NDArray[np.int64]) -> Scores:
        """Scores of sentences given as [start, end) of tokens (tokens × width).

        They stand in order; none is empty, and each is followed by at least one token that is no sentence's.
        """
        edges = bounds.reshape(-1)
        hidden, edges = hidden[edges[0] :], edges - edges[0]
        # Every second stretch lies between two sentences; what is reduced there is thrown away.
        lengths = np.diff(edges, append=len(hidden))
        mean = np.add.reduceat(hidden, edges)[::2] / lengths[::2, None]
        most = np.maximum.reduceat(hidden, edges)[::2]
        answers = hidden @ self._tokens + self._tokens_bias
        query, value, marks = answers[:, :WIDTH], answers[:, WIDTH : 2 * WIDTH], answers[:, 2 * WIDTH :]
        raised = np.exp(query - np.repeat(np.maximum.reduceat(query, edges), lengths, axis=0))
        chosen = np.add.reduceat(raised * value, edges)[::2] / np.add.reduceat(raised, edges)[::2]
        whole = np.concatenate((mean, most), axis=1, dtype=np.float32) @ self._whole + self._whole_bias
        of_sentences = np.split(marks, edges[1:])[::2]
        return Scores((whole + chosen).astype(np.float32), [1 / (1 + np.exp(-one)) for one in of_sentences], mean)


def probabilities(scores: Rows, words: Rows, fitted: Calibration) -> Rows:
    """Calibrated probabilities of sentences, given the encoder's scores of them and those of their words."""
    scale, weight, shift = (np.asarray(row, dtype=np.float32) for row in (fitted.scale, fitted.words, fitted.shift))
    x = scores * scale + words * weight + shift
    rows = np.empty_like(x)
    for head in HEADS:
        where = COLUMNS[head.name]
        part = np.clip(x[:, where], -30, 30)
        if head.exclusive:
            raised = np.exp(part - part.max(axis=1, keepdims=True))
            rows[:, where] = raised / raised.sum(axis=1, keepdims=True)
        else:
            rows[:, where] = 1 / (1 + np.exp(-part))
    return rows


def decisions(rows: Rows) -> dict[str, Rows]:
    """The probability of each of DECISIONS, per row."""
    sentiment, acts, signal = (rows[:, COLUMNS[name]] for name in ("sentiment", "acts", "signal"))
    found = {str(act): acts[:, n] for n, act in enumerate(Act)}
    found |= {str(label): sentiment[:, n] for n, label in enumerate(Sentiment)}
    found |= {str(label): signal[:, n + 1] for n, label in enumerate(SignalKind)}
    found[ISSUE] = 1 - rows[:, COLUMNS["issue"].start]
    found[CONDITIONAL] = rows[:, COLUMNS["conditional"].start]
    return {name: found[name] for name in DECISIONS}


def read(rows: Rows, thresholds: dict[str, float]) -> list[Reading]:
    """What rows of probabilities say, given a threshold for each of DECISIONS."""
    chances = {name: p.tolist() for name, p in decisions(rows).items()}
    return [
        _reading(row, {name: p[n] for name, p in chances.items()}, thresholds) for n, row in enumerate(rows.tolist())
    ]


def _reading(row: list[float], chance: dict[str, float], thresholds: dict[str, float]) -> Reading:
    holds = {name: chance[name] >= thresholds[name] for name in DECISIONS}
    acts = tuple(act for act in Act if holds[act])
    owed = Act.COMMIT in acts or Act.REQUEST in acts
    debtor, debtor_chance = _best(row[COLUMNS["debtor"]])
    sentiment = _stronger(chance, holds, (Sentiment.NEGATIVE, Sentiment.POSITIVE)) or Sentiment.NEUTRAL
    confidence = {str(act): chance[act] for act in Act}
    confidence["sentiment"] = row[COLUMNS["sentiment"]][list(Sentiment).index(sentiment)]
    confidence["issue"] = chance[ISSUE]
    confidence["signal"] = 1 - row[COLUMNS["signal"].start]
    if owed:
        confidence["debtor"] = debtor_chance
    return Reading(
        sentiment=sentiment,
        acts=acts,
        issue=tuple(IssueCategory)[_best(row[COLUMNS["issue"]][1:])[0]] if holds[ISSUE] else None,
        severity=_best(row[COLUMNS["severity"]])[0] + 1 if holds[ISSUE] else None,
        signal=_stronger(chance, holds, tuple(SignalKind)),
        debtor=(WRITER, READER, OTHER)[debtor] if owed else None,
        conditional=owed and holds[CONDITIONAL],
        confidence={name: round(p, 4) for name, p in confidence.items()},
        leanings={name: round(p, 4) for name, p in _leanings(row) if p >= LEANING},
    )


def _leanings(row: list[float]) -> Iterator[tuple[str, float]]:
    """The chance of each trouble, of each signal and of bad feeling."""
    yield from zip(IssueCategory, row[COLUMNS["issue"]][1:], strict=True)
    yield from zip(SignalKind, row[COLUMNS["signal"]][1:], strict=True)
    yield Sentiment.NEGATIVE, row[COLUMNS["sentiment"]][list(Sentiment).index(Sentiment.NEGATIVE)]


def _best(chances: list[float]) -> tuple[int, float]:
    most = max(chances)
    return chances.index(most), most


def _stronger(chance: dict[str, float], holds: dict[str, bool], labels: tuple[Label, ...]) -> Label | None:
    """The likeliest of the labels that hold, or None."""
    return max((label for label in labels if holds[label]), key=chance.__getitem__, default=None)
