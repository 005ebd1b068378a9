"""Due dates on the two dev sets beside dateparser: `python -m bench.dates [--misses]`.

Figures are those of the gold sets' score_dates.py: exact (a time of day that one side leaves out counts as half),
interval, false alarms. dateparser's `search_dates` gets the anchor as its base and the future as its preference; its
first find is the due. It knows neither deadlines nor intervals, so its day stands for both ends. CPU time a sentence;
"no due" is ours on the sentences of fi-dev and en-biz-dev in which none is found.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import dateparser.search
from rich.console import Console
from rich.table import Table

from nlp.dates import answer, due

GOLD = Path(__file__).parents[2] / "shared" / "gold"
LANGUAGES = ("fi", "en")
Row = Mapping[str, Any]
Answer = Mapping[str, object]


def peer(row: Row) -> Answer:
    """The first date that dateparser finds in the sentence."""
    anchor = datetime.fromisoformat(row["anchor"]).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": anchor, "PREFER_DATES_FROM": "future"}
    found = dateparser.search.search_dates(row["sentence"], languages=[row["lang"]], settings=settings)
    if not found:
        return {"due": None}
    words, at = found[0]
    day = at.date().isoformat()
    iso = day if at.time() in (anchor.time(), datetime.min.time()) else f"{at:%Y-%m-%dT%H:%M}"
    return {"due": words, "iso": iso, "from": day, "to": day}


def exact(gold: str, got: object) -> float:
    """1 where the two agree, a half where only one says the time of day."""
    said = str(got or "")
    if gold == said:
        return 1.0
    return 0.5 if len(gold) >= 10 and gold[:10] == said[:10] and ("T" in gold) != ("T" in said) else 0.0


def score(rows: Sequence[Row], answers: Sequence[Answer], *, show: bool = False) -> dict[str, float]:
    """Each figure, and `exact` by kind; `show` writes the misses to stderr."""
    figures: dict[str, list[float]] = defaultdict(list)
    for row, got in zip(rows, answers, strict=True):
        found = bool(got.get("due"))
        if row["iso"] == ".":
            figures["false alarms"].append(found)
            continue
        right = exact(row["iso"], got.get("iso")) if found else 0.0
        figures["exact"].append(right)
        figures["interval"].append(found and (got.get("from"), got.get("to")) == (row["from"], row["to"]))
        figures[f"  {row['kind']} ({sum(r['kind'] == row['kind'] for r in rows)})"].append(right)
        if show and right < 1:
            sys.stderr.write(f"{row['id']} {row['sentence']} | {row['iso']}, got {got.get('iso')}\n")
    return {name: sum(values) / len(values) for name, values in figures.items()}


def timed(reader: Callable[[Row], Answer], rows: Sequence[Row]) -> tuple[list[Answer], float]:
    """The answers, and CPU microseconds a row (the grammar compiled before)."""
    reader(rows[0])
    started = time.process_time()
    answers = [reader(row) for row in rows]
    return answers, (time.process_time() - started) / len(rows) * 1e6


def without_due(language: str) -> float:
    """CPU microseconds of ours on a sentence without a due."""
    path = GOLD / {"fi": "fi-dev.jsonl", "en": "en-biz-dev.jsonl"}[language]
    messages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    anchor = datetime.fromisoformat("2024-03-06T10:00:00+00:00")
    texts = [m["text"][s["start"] : s["end"]] for m in messages for s in m["sentences"]]
    texts = [text for text in texts if due(text, language, anchor) is None]
    started = time.process_time()
    for text in texts:
        due(text, language, anchor)
    return (time.process_time() - started) / len(texts) * 1e6


def main() -> None:
    """Print a table for each language."""
    warnings.filterwarnings("ignore")
    for language in LANGUAGES:
        path = GOLD / f"dates-{language}-dev.jsonl"
        if not path.exists():
            sys.exit(f"bench.dates: the gold set is not there ({path}).")
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        (our_answers, our_time), (their_answers, their_time) = timed(answer, rows), timed(peer, rows)
        ours, theirs = score(rows, our_answers, show="--misses" in sys.argv), score(rows, their_answers)
        table = Table("figure", "ours", "dateparser", title=f"Due dates, {language} ({len(rows)} sentences)")
        for name in ("exact", "interval", "false alarms", *sorted(n for n in ours if n.startswith(" "))):
            table.add_row(name, f"{ours[name]:.3f}", f"{theirs[name]:.3f}")
        table.add_row("µs a sentence", f"{our_time:.0f}", f"{their_time:.0f}")
        table.add_row("µs, no due", f"{without_due(language):.0f}", "")
        Console().print(table)


if __name__ == "__main__":
    main()
