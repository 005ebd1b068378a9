"""Sentences found on every gold set beside a plain regular expression and spaCy's sentencizer, where installed.

    python -m bench.segmentation

A gold sentence is found when the predicted one that overlaps it most covers half of the longer of the two, as in the
gold sets' score.py. "exact" counts gold sentences with the very same ends. All split the whole text as one zone. CPU
time. fi-train-b was flattened: chats and notes lost their line ends, and with them what ends most of their sentences.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from nlp.sentences import split

GOLD = Path(__file__).parents[2] / "shared" / "gold"
SETS = (
    "fi-dev", "fi-train-a", "fi-train-b", "en-dev", "en-list-dev", "en-biz-dev",
    "en-train-a", "en-train-b", "en-train-c", "en-train-d", "en-train-e",
)  # fmt: skip
Span = tuple[int, int]
Splitter = Callable[[str, str], Sequence[Span]]

_PLAIN = re.compile(r"\S[^\n]*?(?:[.!?]+(?=\s)|(?=\n)|\Z)")


class Score(NamedTuple):
    """Shares of gold sentences, and CPU time."""

    found: float
    exact: float
    micros: float  # a message


def ours(text: str, language: str) -> Sequence[Span]:
    """The project's splitter."""
    return split(text, 0, len(text), language)


def plain(text: str, _language: str) -> Sequence[Span]:
    """What one writes in a minute: after a stop and a space, and at line ends."""
    return [found.span() for found in _PLAIN.finditer(text)]


def sentencizer() -> Splitter | None:
    """SpaCy's blank pipelines with the sentencizer; None where spaCy is not installed."""
    try:
        spacy: Any = importlib.import_module("spacy")
    except ImportError:
        return None
    pipelines = {code: spacy.blank(code) for code in ("fi", "en")}
    for pipeline in pipelines.values():
        pipeline.add_pipe("sentencizer")
    return lambda text, language: [(s.start_char, s.end_char) for s in pipelines[language](text).sents]


def score(name: str, splitter: Splitter) -> Score:
    """One splitter on one gold set."""
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines if line.strip()]
    started = time.process_time()
    spans = [splitter(message["text"], name[:2]) for message in messages]
    micros = (time.process_time() - started) / len(messages) * 1e6
    gold = [[(s["start"], s["end"]) for s in message["sentences"]] for message in messages]
    total = sum(map(len, gold))
    found = sum(is_found(g, p) for golden, p in zip(gold, spans, strict=True) for g in golden)
    exact = sum(g in p for golden, p in zip(gold, map(set, spans), strict=True) for g in golden)
    return Score(found / total, exact / total, micros)


def is_found(gold: Span, predicted: Sequence[Span]) -> bool:
    """Whether the span that overlaps most covers half of the longer one."""
    best = max(predicted, key=lambda p: overlap(gold, p), default=(0, 0))
    longer = max(gold[1] - gold[0], best[1] - best[0])
    return 0 < longer <= 2 * overlap(gold, best)


def overlap(a: Span, b: Span) -> int:
    """How many code points two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def main() -> None:
    """Print the table."""
    if not GOLD.exists():
        sys.exit(f"bench.segmentation: the gold sets are not there ({GOLD}).")
    splitters: dict[str, Splitter] = {"ours": ours, "regex": plain}
    if (spacy := sentencizer()) is not None:
        splitters["spaCy"] = spacy
    table = Table(title="Sentences found (exact) and µs a message")
    table.add_column("set")
    for name in splitters:
        table.add_column(name, justify="right")
    for gold in SETS:
        scores = [score(gold, splitter) for splitter in splitters.values()]
        table.add_row(gold, *(f"{s.found:.3f} ({s.exact:.3f}) {s.micros:.0f}" for s in scores))
    Console().print(table)


if __name__ == "__main__":
    main()
