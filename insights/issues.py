"""Troubles as cases: opened by the sentence that first tells of one, then acknowledged, escalated, resolved, reopened.

Letters are read in order of time and each step rests on what was known by then (see `insights.commitments`). Whether a
sentence opens a case or ends one is weighed (`insights.verdicts`) by its own words and by what stands around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from insights.cases import Case, Telling
from insights.identity import identity
from insights.insight import NOBODY, Issue, Party, Side
from insights.letters import Letter
from insights.mentions import Earlier, Mention, mentions
from insights.verdicts import Question, bar, by_weight, chance, weight
from insights.wording import Weights, stems
from nlp.findings import Act, Finding

_ALIKE = 0.3  # likeness from which a complaint of the same kind in another thread is about the same trouble
_SAID_AGAIN = 0.5  # … one of another kind in another thread
_NEAR = 0.15  # … one of another kind in the same thread
_APART = 0.6  # what is left of the likeness of two sentences that tell other figures
_ANOTHER = 0.5  # chance from which a mention opens a case beside one of its kind in the same thread
_FELT = 0.36  # chance from which a mention complains


def open_cases(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Issue, ...]:
    """The troubles of which these letters speak, in order of time; `letters` are in order of time."""
    cases = Cases(us, them)
    for letter in letters:
        cases.read(letter)
    return cases.told()


class Cases:
    """The troubles of a relationship, as far as its letters were read, in order of time."""

    def __init__(self, us: Party, them: Party) -> None:
        self._houses = {Side.US: us, Side.THEM: them}
        self._weights = Weights()
        self._earlier = Earlier(self._weights)
        self._cases: list[Case] = []
        self._recent: list[Case] = []  # those that a letter may still be about

    def told(self) -> tuple[Issue, ...]:
        """The troubles, each with its history so far."""
        return tuple(case.told() for case in self._cases)

    def read(self, letter: Letter) -> None:
        """Take in one more letter: what it ends, what it complains of, then whether it admits anything."""
        self._weights.read(stems(letter.text))
        self._recent = [case for case in self._recent if case.is_fresh(letter)]
        before = [case for case in self._recent if not case.resolved]
        ending = self._ending(letter, before)
        here = mentions(letter)
        for mention in here:
            if mention.finding.start not in ending:
                self._complain(mention, here)
        for case in before:
            if case.concerns(letter):
                case.acknowledge(letter)
        self._earlier.add(here)

    def _ending(self, letter: Letter, cases: Sequence[Case]) -> set[int]:
        """End cases; returns the starts of the sentences that end one."""
        ending = set()
        others = Counter(case.thread for case in cases)
        for finding in letter.findings if cases else ():
            telling = Telling(letter, finding)
            for case in [c for c in cases if c.is_touched(telling)] if telling.is_idle else cases:
                if self._ends(case, telling, others[case.thread]):
                    others[case.thread] -= 1
                    ending.add(finding.start)
        return ending

    def _ends(self, case: Case, telling: Telling, others: int) -> bool:
        """Whether a sentence ends a case; it is then over."""
        if case.resolved or case.issue.opened.document == telling.letter.id:
            return False
        total = telling.weight + weight(Question.ENDS, case.ending(telling, self._weights, others))
        if by_weight(total) < bar(Question.ENDS):
            return False
        case.resolve(telling.letter, telling.finding)
        return True

    def _complain(self, mention: Mention, here: Sequence[Mention]) -> None:
        sure = chance(Question.OPENS, self._earlier.features(mention, here))
        case = self._about(mention)
        if case is not None and (sure < bar(Question.OPENS) or self._is_same(case, mention, sure)):
            if mention.chance >= _FELT and not _mends(mention.finding):
                case.complain(mention)
        elif sure >= bar(Question.OPENS):
            self._open(mention, sure)

    def _open(self, mention: Mention, sure: float) -> None:
        letter, finding = mention.letter, mention.finding
        issue = Issue(
            id=identity("issue", letter.relationship, letter.id, finding.start),
            category=mention.category,
            severity=finding.severity or 2,
            opened=letter.source(finding),
            raised_by=letter.author or self._houses.get(letter.side, NOBODY),
            confidence=round(sure, 4),
        )
        case = Case(issue, letter.thread, letter.at, mention.words, issue.severity)
        self._cases.append(case)
        self._recent.append(case)

    def _is_same(self, case: Case, mention: Mention, sure: float) -> bool:
        """Whether a mention that could open a case rather tells of a known one: in its words, or in its place."""
        near, same = case.thread == mention.letter.thread, case.issue.category is mention.category
        alike = self._likeness(case, mention) >= (_ALIKE if near or same else _SAID_AGAIN)
        return alike or (near and same and sure < _ANOTHER)

    def _about(self, mention: Mention) -> Case | None:
        """The known trouble that a mention is most likely about."""
        best, best_score = None, 0.0
        for case in reversed(self._recent):
            near, same = case.thread == mention.letter.thread, case.issue.category is mention.category
            likeness = self._likeness(case, mention)
            fits = (near and (same or likeness >= _NEAR)) or likeness >= (_ALIKE if same else _SAID_AGAIN)
            if fits and likeness + near + same / 2 > best_score:
                best, best_score = case, likeness + near + same / 2
        return best

    def _likeness(self, case: Case, mention: Mention) -> float:
        """How much a mention has in common with the opening of a case: less where each tells other figures."""
        if case.words.isdisjoint(mention.words):
            return 0.0
        ours, theirs = ({w for w in words if w[0].isdigit()} for words in (case.words, mention.words))
        likeness = self._weights.likeness(case.words, mention.words)
        return likeness * _APART if ours and theirs and not ours & theirs else likeness


def _mends(finding: Finding) -> bool:
    """Whether a sentence that touches a trouble offers a remedy for it, and so is no complaint."""
    return finding.severity == 1 and bool({Act.COMMIT, Act.ACCEPT} & set(finding.acts))
