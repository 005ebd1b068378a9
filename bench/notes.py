"""What is found in minutes beside what was read by eye: `python -m bench.notes [--fit]`.

Figures are those of the gold set's score.py on minutes-dev.jsonl, which is for choosing and never learned from.
"keywords" takes each sentence with cues of two points or more, for the type that has most. `--fit` learns from
`data/minutes-more.jsonl` and writes nlp/minutes/weights.toml.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.notes_fit import GOLD, MORE, Labelled, as_toml, fitted, labelled, lines, scorer
from nlp.analyze import Analyzer
from nlp.minutes.judging import Judge
from nlp.minutes.reading import minutes

WEIGHTS = Path(__file__).parents[1] / "nlp" / "minutes" / "weights.toml"
_LOUD = 0.5  # two points


def keywords() -> Judge:
    """A judge that counts cues of words alone."""
    kinds = ("decision", "action", "agreement", "proposal", "open_question", "issue", "rejection")
    cues = {kind: {f"opens {kind}": 10.0, f"holds {kind}": 10.0, "bias": -10.0 * _LOUD} for kind in kinds}
    both = {f"{place} {kind}": 10.0 for place in ("opens", "holds") for kind in kinds[:3]}
    bars = dict.fromkeys(("act", *kinds[3:]), 0.5)
    return Judge(cues | {"act": both | {"bias": -10.0 * _LOUD}}, {"written": bars, "spoken": bars})


def said(paper: Labelled, judge: Judge) -> dict[str, Any]:
    """What `suhde notes --json` would print of a paper, as far as score.py reads it."""
    found = minutes(paper.reader, paper.scored, judge)
    text = paper.reader.paper.text
    return {
        "file": paper.row["file"],
        "items": [
            {
                "type": item.type.value,
                "who": item.who,
                "due_date": item.due_date,
                "source": {"quote": text[item.start : item.end], "start": item.start, "end": item.end},
            }
            for item in found.items
        ],
    }


def scored(papers: Sequence[Labelled], judge: Judge) -> str:
    """score.py's figures of these papers."""
    score = scorer()
    with tempfile.TemporaryDirectory() as folder:
        gold, out = Path(folder) / "gold.jsonl", Path(folder) / "out.jsonl"
        gold.write_text("\n".join(json.dumps(paper.row) for paper in papers), encoding="utf-8")
        out.write_text("\n".join(json.dumps(said(paper, judge)) for paper in papers), encoding="utf-8")
        printed = io.StringIO()
        with patch.object(sys, "argv", ["score.py", str(gold), str(out)]), contextlib.redirect_stdout(printed):
            score.main()
    return "\n".join(line for line in printed.getvalue().splitlines() if not line.startswith("The obligations"))


def main() -> None:
    """Print the figures, and write the weights where asked to."""
    if not (GOLD / "minutes-dev.jsonl").exists():
        sys.exit(f"bench.notes: the gold set is not there ({GOLD}).")
    analyzer = Analyzer.load(cores=1)
    gold = [labelled(row, analyzer) for row in lines(GOLD / "minutes-dev.jsonl")]
    ours = fitted([labelled(row, analyzer) for row in lines(MORE)])
    written = [paper for paper in gold if not paper.reader.outline.spoken]
    for title, papers, judge in (
        ("keywords, all", gold, keywords()),
        ("ours, all", gold, ours),
        ("ours, Finnish", [p for p in gold if p.row["language"] == "fi"], ours),
        ("ours, English minutes", [p for p in written if p.row["language"] == "en"], ours),
        ("ours, conversations", [p for p in gold if p.reader.outline.spoken], ours),
    ):
        print(f"\n{title} ({len(papers)} papers)\n{scored(papers, judge)}")
    if "--fit" in sys.argv:
        WEIGHTS.write_text(as_toml(ours), encoding="utf-8")


if __name__ == "__main__":
    main()
