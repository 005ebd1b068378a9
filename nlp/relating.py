"""What a later sentence says of an earlier promise: kept, moved, refused, asked after, or nothing.

Notable: a sentence is read once. What the encoder makes of it is drawn together to `TRACE` small numbers, its trace,
which is kept with the finding; a pair of traces and a few plain features of the two letters go through one small layer.
So asking of any two sentences costs no pass of the encoder, whenever a relationship is derived again.

Not known here: letters, people, days; the features come from `insights.linking`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from errors import ModelError
from nlp import weights_file

MODELS = Path(__file__).parent.parent / "models"
TRACE = 64  # numbers of a trace
HINT = 0.08  # the chance of saying something of a promise from which a sentence is kept
_FULL = 127  # int8

Rows = NDArray[np.float32]
Traces = NDArray[np.int8]


class Relation(StrEnum):
    """What a sentence says of a promise that was made before."""

    OTHER = "other"  # nothing
    FULFILLED = "fulfilled"
    PARTLY = "partly"
    RESCHEDULED = "rescheduled"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ACCEPTED = "accepted"
    REMINDED = "reminded"
    REPEATED = "repeated"


RELATIONS = tuple(Relation)
FOREST = ("column", "bar", "left", "right", "value")  # of each node, trees × nodes; `left` is -1 at a leaf


class Relator:
    """The weights of traces and of what is read from them.

    `tensors`: `trace` (TRACE × width), `hint` (1 × TRACE + acts) and `pair` (hidden and answer), each with weight and
    bias; `links` and `opens`, forests of small trees (boosted; Friedman 2001).
    """

    def __init__(self, tensors: dict[str, NDArray[Any]], version: str = "") -> None:
        self.version = version
        self._tensors = tensors

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The weights in `folder` (default: the shipped ones). Raises ModelError where there are none."""
        file = (folder or MODELS / "linking") / "model.safetensors"
        try:
            tensors = weights_file.read(file)
        except OSError as error:
            raise ModelError(f"no model in {file.parent}: {error}.") from error
        return cls(tensors, weights_file.digest(np.concatenate([tensors[name].ravel() for name in sorted(tensors)])))

    def traces(self, states: Rows) -> Traces:
        """The traces of sentences, from what the encoder says of them (sentences × width)."""
        drawn: Traces = np.rint(np.tanh(self._linear("trace", states)) * _FULL).astype(np.int8)
        return drawn

    def hints(self, traces: Traces, acts: Rows) -> Rows:
        """The chance that each sentence says something of an earlier promise. `acts` are the chances of each act."""
        return _sure(self._linear("hint", np.concatenate((_full(traces), acts), axis=1))[:, 0])

    def opens(self, features: Rows) -> Rows:
        """The chance that each sentence is a promise of substance, one that somebody will want to see kept."""
        return _sure(self._trees("opens", features))

    def links(self, features: Rows) -> Rows:
        """The chance that each pair's sentence tells what became of the promise."""
        return _sure(self._trees("links", features))

    def relates(self, promised: Traces, asked: Traces, said: Traces, features: Rows) -> Rows:
        """The chances of each of RELATIONS, pairs × relations.

        `promised`, `asked` and `said` are traces of a promise, of the request that it answers (zeros where it answers
        none) and of a later sentence.
        """
        raised = self._layers("pair", paired(_full(promised), _full(asked), _full(said), features))
        raised = np.exp(raised - raised.max(axis=1, keepdims=True))
        chances: Rows = raised / raised.sum(axis=1, keepdims=True)
        return chances

    def _layers(self, name: str, rows: Rows) -> Rows:
        return self._linear(f"{name}.answer", np.maximum(self._linear(f"{name}.hidden", rows), 0))

    def _trees(self, name: str, rows: Rows) -> Rows:
        """The sum of what a forest's trees say of each row. At a node, left where a feature is at most its bar."""
        column, bar, left, right, value = (self._tensors[f"{name}.{part}"] for part in FOREST)
        below = {part: table.astype(np.intp) for part, table in (("column", column), ("left", left), ("right", right))}
        every, trees = np.arange(len(rows))[:, None], np.arange(len(column))
        node = np.zeros((len(rows), len(column)), dtype=np.intp)
        while np.any(inner := below["left"][trees, node] >= 0):
            goes = rows[every, below["column"][trees, node]] <= bar[trees, node]
            child = np.where(goes, below["left"][trees, node], below["right"][trees, node])
            node = np.where(inner, child, node)
        total: Rows = value[trees, node].sum(axis=1) + self._tensors[f"{name}.start"]
        return total

    def _linear(self, name: str, rows: Rows) -> Rows:
        answers: Rows = rows @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"]
        return answers


def paired(promised: Rows, asked: Rows, said: Rows, features: Rows) -> Rows:
    """What the layer reads of pairs: where the two agree, where they differ, what each is, and the features."""
    has = np.any(asked != 0, axis=1, keepdims=True)
    matter = np.where(has, (promised + asked) / 2, promised)
    return np.concatenate((promised * said, asked * said, np.abs(matter - said), matter, said, features), axis=1)


@cache
def relator() -> Relator:
    """The shipped weights, read once."""
    return Relator.load()


def packed(trace: Traces) -> bytes:
    """A trace as a finding keeps it."""
    return trace.tobytes()


def unpacked(traces: list[bytes]) -> Traces:
    """Traces as rows; zeros where a sentence has none."""
    empty = bytes(TRACE)
    return np.frombuffer(b"".join(t or empty for t in traces), dtype=np.int8).reshape(len(traces), -1)


def _full(traces: Traces) -> Rows:
    return traces.astype(np.float32) / np.float32(_FULL)


def _sure(rows: Rows) -> Rows:
    return (1 / (1 + np.exp(-np.clip(rows, -30, 30)))).astype(np.float32)
