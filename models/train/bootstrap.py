"""How far a figure would move with other messages of the same kind: percentiles of resampling (Efron 1979)."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from models.train.evaluate import scoring

SHARE = (2.5, 97.5)  # per cent
SEED = 20

Given = tuple[str, list[dict[str, Any]]]  # a message's id and its sentences' places


def interval(gold: Path, stem: Path, lines: Sequence[str], resamples: int) -> dict[str, tuple[float, float]]:
    """The bounds of each of score.py's figures for what was said of a set, over that many samples of its messages."""
    if not resamples:
        return {}
    score = scoring(gold).score
    given = [(m["id"], m["sentences"]) for m in map(json.loads, _rows(stem, "jsonl"))]
    labels: dict[str, list[str]] = {}
    for row in _rows(stem, "tsv"):
        labels.setdefault(row.partition("\t")[0], []).append(row)
    said = {answer["id"]: msgspec.json.encode(answer["sentences"]) for answer in map(json.loads, lines)}
    random_ = random.Random(SEED)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        for _ in range(resamples):
            _write(sample, random_.choices(given, k=len(given)), labels, said)
            found.append(score(sample, Path(f"{sample}.out")))
    figures = [name for name, value in found[0].items() if isinstance(value, float)]
    values = {name: [row[name] for row in found if row[name] == row[name]] for name in figures}
    return {name: (low, high) for name, v in values.items() if v for low, high in [np.percentile(v, SHARE).tolist()]}


def _rows(stem: Path, kind: str) -> list[str]:
    return [row for row in Path(f"{stem}.{kind}").read_text(encoding="utf-8").split("\n") if row.strip()]


def _write(sample: Path, drawn: Sequence[Given], labels: dict[str, list[str]], said: dict[str, bytes]) -> None:
    """A set of the drawn messages; one that was drawn twice stands in it under two names."""
    messages, rows, answers = [], [], []
    for n, (own, places) in enumerate(drawn):
        sentences = [{**s, "id": f"{n}.{s['id']}"} for s in places]
        messages.append(msgspec.json.encode({"id": n, "sentences": sentences}))
        answers.append(b'{"id":%d,"sentences":%b}' % (n, said[own]))
        rows += [f"{n}.{row}".encode() for s in places for row in labels.get(s["id"], ())]
    for kind, written in (("jsonl", messages), ("tsv", rows), ("out", answers)):
        Path(f"{sample}.{kind}").write_bytes(b"\n".join(written))
