"""Troubles as cases: opened by the first complaint, then acknowledged, escalated, resolved, perhaps reopened.

Letters are read in order of time and each step rests on what was known by then (see `insights.commitments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from insights.identity import identity
from insights.insight import NOBODY, Issue, IssueEvent, IssueStep, Party, Side
from insights.letters import Letter
from insights.wording import Weights, says, stems
from nlp.findings import Act, Finding, IssueCategory, Sentiment

_SURE = 0.5  # a sentence less likely to tell of a trouble than not opens no case; it may belong to one
_ALIKE = 0.3  # likeness from which a complaint in another thread, of the same category, is about the same trouble
_NEAR = 0.15  # likeness from which a sentence of the same thread or category ends a trouble
_FAR = 0.25  # … any other sentence
_CLOSER = 0.2  # what the same thread, and the same category, add in choosing the likest
_FORGOTTEN = timedelta(days=120)  # without a word, after which a trouble in another thread is another one


@dataclass(eq=False)
class _Case:
    """A trouble that is still being written."""

    issue: Issue
    thread: str
    latest: datetime | None  # complaint
    words: frozenset[str]  # of the first complaint
    severity: int
    steps: list[IssueStep] = field(default_factory=list)
    resolved: bool = False

    def step(self, event: IssueEvent, letter: Letter, finding: Finding, severity: int | None = None) -> None:
        """Write down what a sentence of a letter tells of it."""
        self.steps.append(IssueStep(event=event, source=letter.source(finding), severity=severity))

    def is_fresh(self, letter: Letter) -> bool:
        """Whether a letter may still be about it."""
        return letter.at is None or self.latest is None or letter.at - self.latest <= _FORGOTTEN

    def complain(self, letter: Letter, finding: Finding, *, again: bool) -> None:
        """Take in one more complaint; `again` where it is not the first sentence about it in its letter."""
        severity = finding.severity or 1
        graver = severity > self.severity
        felt = severity >= 2 or finding.sentiment is Sentiment.NEGATIVE
        if self.resolved:
            if not felt:
                return
            self.resolved = False
            self.step(IssueEvent.REOPENED, letter, finding, severity if graver else None)
        elif graver or (felt and not again and letter.side is self.issue.raised_by.side):
            self.step(IssueEvent.ESCALATED, letter, finding, severity if graver else None)
        self.severity = max(self.severity, severity)
        self.latest = letter.at

    def acknowledge(self, letter: Letter) -> None:
        """Take in a letter of the other side: the first sentence that admits, regrets or promises something."""
        known = any(s.event is IssueEvent.ACKNOWLEDGED for s in self.steps)
        if known or self.resolved or letter.side is self.issue.raised_by.side:
            return
        sign = next((f for f in letter.findings if _admits(f, letter, self.issue)), None)
        if sign is not None:
            self.step(IssueEvent.ACKNOWLEDGED, letter, sign)


def open_cases(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Issue, ...]:
    """The troubles of which these letters speak, in order of time; `letters` are in order of time."""
    cases = _Cases({Side.US: us, Side.THEM: them})
    for letter in letters:
        cases.read(letter)
    return tuple(cases.issues())


class _Cases:
    def __init__(self, houses: dict[Side, Party]) -> None:
        self._houses = houses
        self._weights = Weights()
        self._cases: list[_Case] = []
        self._recent: list[_Case] = []  # those that a letter may still be about

    def issues(self) -> Iterator[Issue]:
        """What was read, each trouble with its history."""
        return (msgspec.structs.replace(case.issue, history=tuple(case.steps)) for case in self._cases)

    def read(self, letter: Letter) -> None:
        """Take in one more letter: what it ends and what it complains of, then whether it admits anything."""
        self._weights.read(stems(letter.text))
        self._recent = [case for case in self._recent if case.is_fresh(letter)]
        told: set[str] = set()  # ids of the troubles of which this letter has complained
        for finding in letter.findings:
            if _settles(finding, letter):
                self._resolve(letter, finding)
            elif finding.issue is not None and not _mends(finding):
                told |= self._complain(letter, finding, finding.issue, told)
        for case in self._recent:
            if case.thread == letter.thread:
                case.acknowledge(letter)

    def _complain(self, letter: Letter, finding: Finding, category: IssueCategory, told: set[str]) -> set[str]:
        words = letter.matter(finding)
        case = self._about(letter, category, words)
        if case is not None:
            case.complain(letter, finding, again=case.issue.id in told or case.issue.opened.document == letter.id)
            return {case.issue.id}
        confidence = finding.confidence.get("issue", 1.0)
        if confidence < _SURE:
            return set()
        issue = Issue(
            id=identity("issue", letter.relationship, letter.id, finding.start),
            category=category,
            severity=finding.severity or 1,
            opened=letter.source(finding),
            raised_by=letter.author or self._houses.get(letter.side, NOBODY),
            confidence=confidence,
        )
        case = _Case(issue, letter.thread, letter.at, words, issue.severity)
        self._cases.append(case)
        self._recent.append(case)
        return {issue.id}

    def _about(self, letter: Letter, category: IssueCategory, words: frozenset[str]) -> _Case | None:
        """The known trouble that a complaint is about: of the same thread, else like enough."""
        best, best_score = None, 0.0
        for case in reversed(self._recent):
            if case.issue.category is category:
                near = case.thread == letter.thread
                likeness = self._weights.likeness(words, case.words)
                if (near or likeness >= _ALIKE) and likeness + near > best_score:
                    best, best_score = case, likeness + near
        return best

    def _resolve(self, letter: Letter, finding: Finding) -> None:
        """End the trouble of which a sentence speaks most, else, where it says that it is over, the only one there."""
        said = letter.matter(finding)
        topic = said | stems(letter.subject)
        handed = says(letter.quote(finding), "handed")
        best, best_score = None, 0.0
        here: list[_Case] = []
        for case in reversed(self._recent):
            complains = handed and case.issue.raised_by.side is letter.side  # and hands over something for that
            if case.resolved or complains or case.issue.opened.document == letter.id:
                continue
            near, same = case.thread == letter.thread, finding.issue is case.issue.category
            likeness = self._weights.likeness(said if near else topic, case.words)
            score = likeness + _CLOSER * (near + same)
            if near:
                here.append(case)
            if likeness >= (_NEAR if near or same else _FAR) and score > best_score:
                best, best_score = case, score
        ended = best or (here[0] if len(here) == 1 and _is_over(here[0].issue, letter, finding) else None)
        if ended is not None:
            ended.resolved = True
            ended.step(IssueEvent.RESOLVED, letter, finding)


def _settles(finding: Finding, letter: Letter) -> bool:
    """Whether a sentence says that something is done, or a trouble over."""
    over = finding.issue is not None and finding.severity == 1 and says(letter.quote(finding), "settled")
    return Act.FULFIL in finding.acts or over


def _is_over(issue: Issue, letter: Letter, finding: Finding) -> bool:
    """Whether a sentence that names no trouble tells that this one is over: by its words, or by who says it."""
    words = letter.quote(finding)
    return says(words, "settled") or (letter.side is issue.raised_by.side and Act.FULFIL in finding.acts)


def _mends(finding: Finding) -> bool:
    """Whether a sentence that touches a trouble offers a remedy for it, and so is no complaint."""
    return finding.severity == 1 and bool({Act.COMMIT, Act.ACCEPT} & set(finding.acts))


def _admits(finding: Finding, letter: Letter, issue: Issue) -> bool:
    answers = bool({Act.ACCEPT, Act.COMMIT} & set(finding.acts)) or finding.issue is issue.category
    return answers or says(letter.quote(finding), "heard")
