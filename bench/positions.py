"""What judges of positions and contradictions know of stories that they did not learn from.

    python -m bench.positions STORIES… [--fit]

For each judge: how many numbers or claims were judged, and precision, recall and F1 when each story is judged by what
the others taught. `--fit` learns from all of them and writes insights/stances.toml and insights/contradictions.toml.
STORIES are folders of stories (../shared/stories/README.md) that are for learning from, bench/data/stories where left
out; those in ../shared/stories are for measuring alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.positions_fit import Example, Examples, contradictions, fitted, of_mail, positions
from bench.told import SHARED, scorer, told

OWN = Path(__file__).parent / "data" / "stories"
INSIGHTS = Path(__file__).parents[1] / "insights"
BARS = {"stances": 0.4, "contradictions": 0.4}
_SMALL = 0.02  # weights below are left out


def main() -> None:
    """Print the figures; with --fit, learn."""
    folders = [Path(a) for a in sys.argv[1:] if a != "--fit"] or [OWN]
    if "--fit" in sys.argv and SHARED.resolve() in [f.resolve() for f in folders]:
        sys.exit("bench.positions: the shared stories are not to be learned from")
    score = scorer()
    stories = [story for folder in folders for story in told(folder)]
    for name, read in (("stances", positions), ("contradictions", contradictions)):
        found = [read(story, score) for story in stories]
        print(f"{name:<16}{_figures(name, found)}")
        if "--fit" in sys.argv:
            _write(name, found)


def _figures(name: str, found: list[Examples]) -> str:
    """Of each story by what the others taught."""
    right = told_ = 0
    for n, story in enumerate(found):
        others = [e for m, each in enumerate(found) if m != n for e in each.examples]
        judge = fitted(name, [*others, *_more(name)], BARS[name])
        yes = [e.label for e in story.examples if judge.chance(e.features) >= judge.bar]
        right, told_ = right + sum(yes), told_ + len(yes)
    true = sum(e.label for each in found for e in each.examples) + sum(each.unseen for each in found)
    judged = sum(len(each.examples) for each in found)
    precision, recall = right / max(told_, 1), right / max(true, 1)
    f1 = 2 * right / max(told_ + true, 1)
    return f"{true:>4} among {judged:>5}  P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"


def _write(name: str, found: list[Examples]) -> None:
    learned = fitted(name, [*(e for each in found for e in each.examples), *_more(name)], BARS[name])
    lines = [
        "# What labelled stories taught; written by `python -m bench.positions --fit`.",
        "",
        f"bar = {learned.bar}",
    ]
    lines += ["", "[weights]"]
    lines += [f'"{n}" = {w:.2f}' for n, w in sorted(learned.weights.items()) if abs(w) >= _SMALL]
    (INSIGHTS / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _more(name: str) -> list[Example]:
    return of_mail() if name == "stances" else []


if __name__ == "__main__":
    main()
