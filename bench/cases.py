"""What verdicts of insights know of stories that they did not learn from: `python -m bench.cases STORIES [--fit]`.

For each question: how many sentences were asked about, and precision, recall and F of the answers when each story is
judged by what the others taught. `--fit` learns from all of them and writes insights/verdicts.toml. STORIES is a folder
of stories (../shared/stories/README.md) that are for learning from; those in ../shared/stories are for measuring alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.cases_fit import Example, best, examples, fitted
from bench.told import SHARED, told
from insights.verdicts import Question

WEIGHTS = Path(__file__).parents[1] / "insights" / "verdicts.toml"
# How much more recall counts than precision (beta squared), where not the same: an end that is missed leaves a trouble
# open for good, one that is seen too soon is undone by the next complaint.
_RECALL = {Question.ENDS: 2.0}
_SMALL = 0.02  # weights below are left out


def main() -> None:
    """Print the figures; with --fit, learn."""
    folder = Path(sys.argv[1])
    if "--fit" in sys.argv and folder.resolve() == SHARED.resolve():
        sys.exit("bench.cases: the shared stories are not to be learned from")
    stories = [list(examples(story)) for story in told(folder)]
    lines = ["# What stories taught; written by `python -m bench.cases STORIES --fit`."]
    for question in Question:
        blind = [
            (example, chance)
            for n, story in enumerate(stories)
            for example, chance in _judged(question, [s for m, s in enumerate(stories) if m != n], story)
        ]
        recall_counts = _RECALL.get(question, 1.0)
        precision, recall, f = best([(chance, example.label) for example, chance in blind], recall_counts)
        total = sum(example.label for example, _ in blind)
        print(f"{question:<12} {total:>4} of {len(blind):>5}  P {precision:.3f}  R {recall:.3f}  F {f:.3f}")
        learned = fitted(question, [example for story in stories for example in story])
        lines += ["", f"[{question}]", f"bar = {min(0.5, f / (1 + recall_counts)):.3f}", "", f"[{question}.weights]"]
        lines += [f'"{name}" = {weight:.2f}' for name, weight in sorted(learned.items()) if abs(weight) >= _SMALL]
    if "--fit" in sys.argv:
        WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _judged(question: Question, others: list[list[Example]], story: list[Example]) -> list[tuple[Example, float]]:
    weights = fitted(question, [example for other in others for example in other])
    return [(example, example.chance(weights)) for example in story if example.question is question]


if __name__ == "__main__":
    main()
