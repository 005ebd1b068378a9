"""Troubles as cases: opened by the first complaint, then acknowledged, escalated, resolved, perhaps reopened.

Letters are read in order of time and each step rests on what was known by then (see `insights.commitments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from insights.insight import Issue, IssueEvent, IssueStep, Party, Side
from insights.letters import Letter, identity
from insights.wording import Weights, says, stems
from nlp.findings import Act, Finding, Sentiment

_ALIKE = 0.3  # likeness from which a complaint in another thread, of the same category, is about the same trouble
_SPOKEN_OF = 0.15  # likeness from which a sentence in another thread that ends a trouble ends this one
_FAR = 0.35
_FORGOTTEN = timedelta(days=120)


@dataclass
class _Case:
    """A trouble that is still being written."""

    issue: Issue
    thread: str
    latest: datetime | None
    words: frozenset[str]
    steps: list[IssueStep] = field(default_factory=list)
    severity: int = 1
    resolved: bool = False


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

    def issues(self) -> Iterator[Issue]:
        """What was read, each trouble with its history."""
        return (msgspec.structs.replace(case.issue, history=tuple(case.steps)) for case in self._cases)

    def read(self, letter: Letter) -> None:
        """Take in one more letter: what it says of known troubles, then what it complains of."""
        self._weights.read(stems(letter.text))
        told: set[int] = set()  # numbers of cases that this letter opened or complained of already
        for finding in letter.findings:
            if _settles(finding, letter):
                self._resolve(letter, finding)
            elif finding.issue is not None:
                self._complain(letter, finding, told)
        self._acknowledge(letter)

    def _complain(self, letter: Letter, finding: Finding, told: set[int]) -> None:
        words = letter.matter(finding)
        number = self._about(letter, finding, words)
        if number is None:
            told.add(len(self._cases))
            self._cases.append(self._open(letter, finding, words))
            return
        case = self._cases[number]
        severity = finding.severity or 1
        if case.resolved:
            if letter.side is not case.issue.raised_by.side and severity < 2:
                return
            case.resolved = False
            case.steps.append(IssueStep(event=IssueEvent.REOPENED, source=letter.source(finding)))
        elif severity > case.severity or (number not in told and self._repeats(case, letter, finding)):
            raised = severity if severity > case.severity else None
            case.steps.append(IssueStep(event=IssueEvent.ESCALATED, source=letter.source(finding), severity=raised))
        case.severity = max(case.severity, severity)
        case.words |= words
        case.latest = letter.at
        told.add(number)

    def _repeats(self, case: _Case, letter: Letter, finding: Finding) -> bool:
        """Whether the one who raised it complains again, in anger or of more than a trifle."""
        angry = finding.sentiment is Sentiment.NEGATIVE or (finding.severity or 1) >= 2
        return angry and letter.side is case.issue.raised_by.side and letter.id != case.issue.opened.document

    def _about(self, letter: Letter, finding: Finding, words: frozenset[str]) -> int | None:
        """The known trouble that a complaint is about."""
        best, bar = None, 0.0
        for number in self._recent(letter):
            case = self._cases[number]
            if case.issue.category is not finding.issue:
                continue
            likeness = self._weights.likeness(words, case.words)
            near = case.thread == letter.thread
            if (near or likeness >= _ALIKE) and likeness + near > bar:
                best, bar = number, likeness + near
        return best

    def _open(self, letter: Letter, finding: Finding, words: frozenset[str]) -> _Case:
        assert finding.issue is not None  # noqa: S101
        severity = finding.severity or 1
        issue = Issue(
            id=identity("issue", letter.id, finding.start),
            category=finding.issue,
            severity=severity,
            opened=letter.source(finding),
            raised_by=letter.author or self._houses[letter.side],
            confidence=finding.confidence.get("issue", 0.5),
        )
        return _Case(issue, letter.thread, letter.at, words, severity=severity)

    def _resolve(self, letter: Letter, finding: Finding) -> None:
        words = letter.matter(finding) | stems(letter.subject)
        best: _Case | None = None
        bar = 0.0
        here: list[_Case] = []
        for number in self._recent(letter):
            case = self._cases[number]
            if case.resolved or case.issue.opened.document == letter.id:
                continue
            near = case.thread == letter.thread
            same = finding.issue is case.issue.category
            if near:
                here.append(case)
            likeness = self._weights.likeness(words, case.words)
            if likeness >= (_SPOKEN_OF if near or same else _FAR) and likeness + 0.2 * near + 0.2 * same > bar:
                best, bar = case, likeness + 0.2 * near + 0.2 * same
        case_closed = best or (here[0] if len(here) == 1 else None)
        if case_closed is not None:
            case_closed.resolved = True
            case_closed.steps.append(IssueStep(event=IssueEvent.RESOLVED, source=letter.source(finding)))

    def _acknowledge(self, letter: Letter) -> None:
        """The other side's first answer that admits, regrets or promises something."""
        sign = next((f for f in letter.findings if _admits(f, letter)), None)
        if sign is None:
            return
        for number in self._recent(letter):
            case = self._cases[number]
            known = any(s.event is IssueEvent.ACKNOWLEDGED for s in case.steps)
            ours = case.issue.raised_by.side is letter.side
            if case.thread == letter.thread and not (known or ours or case.resolved):
                case.steps.append(IssueStep(event=IssueEvent.ACKNOWLEDGED, source=letter.source(sign)))

    def _recent(self, letter: Letter) -> Iterator[int]:
        """Numbers of the cases that a letter may speak of, the latest first."""
        for number in range(len(self._cases) - 1, -1, -1):
            case = self._cases[number]
            gap = letter.at - case.latest if letter.at and case.latest else timedelta()
            if gap <= _FORGOTTEN:
                yield number


def _settles(finding: Finding, letter: Letter) -> bool:
    """Whether a sentence says that something is done, or a trouble over."""
    over = finding.issue is not None and finding.severity == 1 and says(letter.quote(finding), "settled")
    return Act.FULFIL in finding.acts or over


def _admits(finding: Finding, letter: Letter) -> bool:
    return bool({Act.ACCEPT, Act.COMMIT} & set(finding.acts)) or says(letter.quote(finding), "heard")
