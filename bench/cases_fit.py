"""Sentences of stories as examples of the questions that insights ask, and weights learned from them.

A logistic regression for each question starts from weights that say what a feature is for (`PRIOR`), and examples move
them only so far. The bar is half of the best F1 of answers to unseen stories (F over 1 + beta squared where recall
counts more), which is where F is best for chances that hold (Lipton et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bench.notes_fit import regression
from bench.told import Item, Role, Told
from insights.cases import Case, Telling
from insights.hints import Heard, hints
from insights.insight import NOBODY, Issue, IssueEvent
from insights.letters import Letter
from insights.mentions import Earlier, mentions
from insights.verdicts import Question
from insights.wording import Weights, stems
from nlp.findings import Finding, IssueCategory, SignalKind

STRENGTH = 0.1  # variance of a weight around its prior: examples are few
_FREE = 4.0  # … of the bias, of which nothing is believed

# What is believed before any example is seen.
PRIOR: dict[Question, dict[str, float]] = {
    Question.OPENS: {
        "bias": -2.0, "issue": 0.6, "again": 0.3, "lacking": 0.5, "bad_news": 0.3, "just before": -1.0,
        "theirs before": -1.0, "own before": -0.3, "heard": -0.7, "act fulfil": -0.7, "act decline": 0.5,
        "severity 1": -0.3, "first": 0.4, "kind in letter": -0.7, "kind before": -1.0, "few words": -0.3,
        "settled": -0.7, "handed": -0.3,
    },
    Question.ENDS: {
        "bias": -6.0, "act fulfil": 1.0, "settled": 1.0, "received": 0.5, "near": 1.0, "answers": 0.5, "alike": 2.5,
        "alike by subject": 1.0, "same figures": 1.0, "alone": 0.5, "done alike": 2.0, "done near": 1.0,
        "done by raiser": 0.5, "lacking": -1.0, "act question": -1.0, "act request": -1.0, "again": -1.0,
        "negative": -1.0, "positive": 0.5, "kind": 0.5,
    },
    Question.OPPORTUNITY: {
        "bias": -1.5, "leaning": 0.9, "other kind": -1.0, "growth": 0.6, "by us": -0.7, "negative": -1.0, "issue": -1.0,
        "lacking": -0.5,
    },
    Question.THREAT: {"bias": -1.5, "leaning": 0.7, "rival": 1.0, "leaving": 0.7, "by us": -0.3, "positive": -0.5},
}  # fmt: skip


class Example(NamedTuple):
    """A sentence asked about, and the answer."""

    question: Question
    features: Mapping[str, float]
    label: bool

    def chance(self, weights: Mapping[str, float]) -> float:
        """How likely the answer is yes, by these weights."""
        total = sum(weights.get(name, 0.0) * value for name, value in self.features.items())
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def examples(story: Told) -> Iterator[Example]:
    """All that is asked about a story's sentences, with the true cases as those that are known."""
    weights = Weights()
    earlier, heard = Earlier(weights), Heard(weights)
    cases: list[tuple[Case, Item]] = []
    for letter in story.letters:
        weights.read(stems(letter.text))
        roles = {f.start: story.roles.get((letter.id, f.start), []) for f in letter.findings}
        here = mentions(letter)
        for mention in here:
            opened = any(role.name == "opened" for role in roles[mention.finding.start])
            yield Example(Question.OPENS, earlier.features(mention, here), opened)
        earlier.add(here)
        hinted = hints(letter)
        for hint in hinted:
            for kind in SignalKind:
                told = any(role.name == kind for role in roles[hint.finding.start])
                yield Example(Question(kind.value), heard.features(hint, kind), told)
        heard.add(hinted)
        cases = [(case, item) for case, item in cases if case.is_fresh(letter)]
        yield from _endings(letter, roles, cases, weights)
        cases = [(case, item) for case, item in cases if not case.resolved]
        cases += [
            (_case(letter, finding, role.item), role.item)
            for finding in letter.findings
            for role in roles[finding.start]
            if role.name == "opened"
        ]


def _endings(
    letter: Letter, roles: Mapping[int, Sequence[Role]], cases: Sequence[tuple[Case, Item]], weights: Weights
) -> Iterator[Example]:
    for case, item in cases:
        others = sum(1 for other, _ in cases if other.thread == case.thread)
        for finding in letter.findings:
            ends = any(r.name == IssueEvent.RESOLVED and r.item is item for r in roles[finding.start])
            telling = Telling(letter, finding)
            yield Example(Question.ENDS, telling.features | case.ending(telling, weights, others), ends)
    for case, item in cases:
        for finding in letter.findings:
            for role in roles[finding.start]:
                if role.item is item and role.name != "opened":
                    case.step(IssueEvent(role.name), letter, finding)


def _case(letter: Letter, finding: Finding, item: Item) -> Case:
    issue = Issue(
        id=item["id"],
        category=IssueCategory(item["category"]),
        severity=item["severity"],
        opened=letter.source(finding),
        raised_by=letter.author or NOBODY,
        confidence=1.0,
    )
    return Case(issue, letter.thread, letter.at, letter.matter(finding), issue.severity)


def fitted(question: Question, among: Sequence[Example]) -> dict[str, float]:
    """The weights that examples teach."""
    rows = [example for example in among if example.question is question]
    names = sorted({name for row in rows for name in row.features} | PRIOR[question].keys())
    matrix = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    target = np.array([row.label for row in rows], dtype=np.float64)
    prior = np.array([PRIOR[question].get(name, 0.0) for name in names])
    strength = np.array([_FREE if name == "bias" else STRENGTH for name in names])
    return dict(zip(names, regression(matrix, target, prior, strength).tolist(), strict=True))


def best(answers: Sequence[tuple[float, bool]], recall_counts: float) -> tuple[float, float, float]:
    """Precision, recall and F of chances with their true answers, at the bar where F is best.

    `recall_counts` is beta squared: 1 for F1.
    """
    total, hits, found = sum(true for _, true in answers), 0, (0.0, 0.0, 0.0)
    for n, (_, true) in enumerate(sorted(answers, key=lambda answer: -answer[0]), 1):
        hits += true
        f = (1 + recall_counts) * hits / (n + recall_counts * total) if total else 0.0
        if f > found[2]:
            found = (hits / n, hits / total, f)
    return found
