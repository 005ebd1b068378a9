"""Cases: promises, answers, troubles and months of one relationship, each with how it came out.

Only what has come to its end by the day is a case: a promise whose day is not over yet is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from insights.directory import Unit
from insights.insight import (
    Commitment,
    CommitmentStatus,
    Issue,
    IssueEvent,
    OpenQuestion,
    Side,
    Source,
)
from insights.practices.dossier import Dossier, address, unit_of
from insights.practices.patterns import Example
from insights.practices.policy import Answers
from nlp.timex.calendar import plus_working_days
from nlp.timex.holidays import free_days
from nlp.timex.sense import Anchor

RESOLVED_DAYS = 30  # within which a trouble is to be over
_SHORT, _MIDDLE = 3, 14  # days that a promise has
_BROKEN = (CommitmentStatus.OVERDUE, CommitmentStatus.FULFILLED_LATE)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that came out in one way or the other."""

    measure: str  # promise, their_promise, answer, resolution, trouble
    relationship: str
    id: str  # of the insight
    source: Source
    value: float  # 1: kept, answered or resolved in time; of a month: there was trouble
    factors: Mapping[str, str] = {}
    person: str = ""  # who acted, to count heads with; never shown
    hours: float | None = None  # until it was answered

    @property
    def example(self) -> Example:
        """The case as a pattern shows it."""
        return Example(
            relationship=self.relationship,
            id=self.id,
            document=self.source.document,
            start=self.source.start,
            value=self.value,
        )


def cases(dossier: Dossier, day: date, answers: Answers, units: Sequence[Unit] = ()) -> Iterator[Case]:
    """All cases of a relationship that have come to their end by `day`."""
    kind = {"kind": dossier.kind.value} if dossier.kind else {}
    for promise in dossier.insights.commitments:
        yield from _promise(promise, dossier, day, kind, units)
    yield from _answers(dossier, day, answers, kind, units)
    for issue in dossier.insights.issues:
        yield from _resolution(issue, dossier, day, kind)
    yield from _months(dossier, kind)


def kept(promise: Commitment, day: date) -> bool | None:
    """Whether a promise is seen kept by its day; None where that is open, or it was declined or cancelled."""
    if promise.due is None or promise.due.last is None or promise.conditional:
        return None
    status = promise.status(day)
    if status is CommitmentStatus.FULFILLED:
        return True
    return False if status in _BROKEN else None


def answer_by(asked: datetime, answers: Answers) -> date:
    """The last day on which an answer is in time."""
    free: frozenset[date] = frozenset()
    if answers.holidays:
        free = free_days(Anchor(at=asked, language=answers.holidays), asked.date())
    return plus_working_days(asked.date(), answers.working_days, free)


def in_time(question: OpenQuestion, day: date, answers: Answers) -> bool | None:
    """Whether what was asked of us was answered in time; None while that is open."""
    if question.asked.at is None or question.by.side is not Side.THEM:
        return None
    last = answer_by(question.asked.at, answers)
    if question.answered is not None and question.answered.date() <= min(day, last):
        return True
    return False if last < day else None


def _promise(
    promise: Commitment, dossier: Dossier, day: date, kind: Mapping[str, str], units: Sequence[Unit]
) -> Iterator[Case]:
    outcome, at = kept(promise, day), promise.made.at
    if outcome is None or at is None or promise.due is None or promise.due.last is None:
        return
    if promise.debtor.side is Side.OTHER:
        return
    factors = dict(kind)
    ours = promise.debtor.side is Side.US
    if ours:
        time_given = (promise.due.last - at.date()).days
        factors["horizon"] = "short" if time_given <= _SHORT else "middle" if time_given <= _MIDDLE else "long"
        factors["origin"] = "mail" if promise.made.file is None else "paper"
        if (who := unit_of([address(promise.debtor)], units)) is not None:
            factors["unit"] = who[1]
    yield Case(
        measure="promise" if ours else "their_promise",
        relationship=dossier.relationship,
        id=promise.id,
        source=promise.made,
        value=float(outcome),
        factors=factors,
        person=address(promise.debtor),
    )


def _answers(
    dossier: Dossier, day: date, answers: Answers, kind: Mapping[str, str], units: Sequence[Unit]
) -> Iterator[Case]:
    """One case for each mail that asks us something, however much it asks."""
    to = {letter.id: letter.to for letter in dossier.letters}
    seen = set[str]()
    for question in dossier.insights.questions:
        outcome, asked = in_time(question, day, answers), question.asked
        if outcome is None or asked.at is None or asked.document in seen:
            continue
        seen.add(asked.document)
        addressed = to.get(asked.document, ())
        who = unit_of(addressed, units) or (next(iter(addressed), ""), "")
        hours = None if question.answered is None else (question.answered - asked.at).total_seconds() / 3600
        yield Case(
            measure="answer",
            relationship=dossier.relationship,
            id=question.id,
            source=asked,
            value=float(outcome),
            factors={**kind, "act": question.act.value, **({"unit": who[1]} if who[1] else {})},
            person=who[0],
            hours=hours,
        )


def _resolution(issue: Issue, dossier: Dossier, day: date, kind: Mapping[str, str]) -> Iterator[Case]:
    at = issue.opened.at
    if at is None or at.date() + timedelta(days=RESOLVED_DAYS) > day:
        return
    over = [s.source.at for s in issue.history if s.event is IssueEvent.RESOLVED and s.source.at is not None]
    soon = any(t - at <= timedelta(days=RESOLVED_DAYS) for t in over)
    yield Case(
        measure="resolution",
        relationship=dossier.relationship,
        id=issue.id,
        source=issue.opened,
        value=float(soon),
        factors={**kind, "category": issue.category.value},
    )


def _months(dossier: Dossier, kind: Mapping[str, str]) -> Iterator[Case]:
    """Each month with mail, and whether a trouble was named in it."""
    first: dict[str, Issue] = {}
    for issue in dossier.insights.issues:
        if issue.opened.at is not None:
            first.setdefault(f"{issue.opened.at:%Y-%m}", issue)
    for month in sorted({f"{letter.day:%Y-%m}" for letter in dossier.letters}):
        issue_of = first.get(month)
        yield Case(
            measure="trouble",
            relationship=dossier.relationship,
            id=issue_of.id if issue_of else "",
            source=issue_of.opened if issue_of else _nowhere(month),
            value=float(issue_of is not None),
            factors=kind,
        )


def _nowhere(month: str) -> Source:
    at = datetime.combine(date.fromisoformat(f"{month}-01"), time(), UTC)
    return Source(document="", at=at, quote="", start=0, end=0)
