"""What precedes escalations: the 60 days before one beside other stretches of 60 days of the same relationship.

The case-crossover design (Maclure 1991, Am. J. Epidemiol. 133:144): a relationship is its own control, so what does
not change in it cannot explain the difference. Control stretches lie on both sides of the event, so that a trend in
time does not pass for a cause (Navidi 1998, Biometrics 54:596). They overlap neither with it nor with the time before
or after any escalation, and the time before an escalation holds no other one either. They hold between half and twice
as many letters, so that busy times are compared with busy times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from insights.insight import IssueEvent
from insights.practices.chance import reassigned
from insights.practices.contrasts import FEWEST_RELATIONSHIPS, Compared, Score, scored
from insights.practices.dossier import Dossier
from insights.practices.patterns import Comparison, Example, Lack, Silence
from insights.practices.policy import Answers
from insights.practices.stretches import MEASURES, WINDOW, Diary, scale_of

_FEWEST_EVENTS = 20
_REACH = 12  # stretches looked at on each side of an event
_BUSY = 2.0  # how many times as many letters a control may hold, or as few


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An escalation."""

    day: date
    issue: str  # id
    document: str
    start: int


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """How one thing was in the time before an event, and in its controls."""

    relationship: str
    event: Event
    before: float
    controls: tuple[float, ...]

    @property
    def usual(self) -> float:
        """The mean of the controls."""
        return sum(self.controls) / len(self.controls)


def precursors(dossier: Dossier, answers: Answers) -> Iterator[tuple[str, Matched]]:
    """For each escalation of a relationship and each thing that may precede one: (its name, how it was)."""
    events = list(_events(dossier))
    days, diary = [letter.day for letter in dossier.letters], Diary(dossier, answers)
    for event in events:
        if any(0 < (event.day - other.day).days <= WINDOW for other in events):
            continue  # what follows an escalation is no time before one; controls hold none either
        end = event.day - timedelta(days=1)
        controls = [c for c in _stretches(event.day, days) if _is_control(c, end, events, diary)]
        for name, measure in MEASURES.items():
            before = measure(diary, end, event.issue)
            others = tuple(x for c in controls if (x := measure(diary, c, event.issue)) is not None)
            if before is not None and others:
                yield name, Matched(relationship=dossier.relationship, event=event, before=before, controls=others)


def preceding(found: Mapping[str, Sequence[Matched]]) -> list[Compared]:
    """The time before escalations beside the controls, for each thing that may precede one."""
    return [_preceding(name, found.get(name, ())) for name in MEASURES]


def _preceding(name: str, matched: Sequence[Matched]) -> Compared:
    topic = f"escalation.{name}"
    by: defaultdict[str, list[Matched]] = defaultdict(list)
    for one in matched:
        by[one.relationship].append(one)
    if len(by) < FEWEST_RELATIONSHIPS:
        return Silence(topic=topic, lack=Lack.RELATIONSHIPS, found=len(by), needed=FEWEST_RELATIONSHIPS)
    if len(matched) < _FEWEST_EVENTS:
        return Silence(topic=topic, lack=Lack.CASES, found=len(matched), needed=_FEWEST_EVENTS)
    scores = [
        Score(sum=sum(m.before - m.usual for m in some), weight=len(some), value=sum(m.before for m in some))
        for some in by.values()
    ]
    latest = sorted(matched, key=lambda m: (-m.event.day.toordinal(), m.event.issue))
    return scored(
        topic, "", Comparison.MATCHED, scores, n=len(matched), scale=scale_of(name), examples=map(_example, latest),
        exact=reassigned([(m.before, m.controls) for m in matched]),
    )  # fmt: skip


def _example(matched: Matched) -> Example:
    event = matched.event
    return Example(
        relationship=matched.relationship, id=event.issue, document=event.document, start=event.start,
        value=matched.before,
    )  # fmt: skip


def _events(dossier: Dossier) -> Iterator[Event]:
    """The first escalation of each issue."""
    for issue in dossier.insights.issues:
        step = next((s for s in issue.history if s.event is IssueEvent.ESCALATED and s.source.at is not None), None)
        if step is not None and step.source.at is not None:
            source = step.source
            yield Event(day=step.source.at.date(), issue=issue.id, document=source.document, start=source.start)


def _stretches(day: date, days: Sequence[date]) -> Iterator[date]:
    """The last days of the stretches around an event for the whole of which there may have been letters."""
    if not days:
        return
    for k in (*range(-_REACH, 0), *range(2, _REACH + 2)):
        end = day + timedelta(days=k * WINDOW - 1)
        if days[0] <= end - timedelta(days=WINDOW) and end <= days[-1]:
            yield end


def _is_control(end: date, case: date, events: Sequence[Event], diary: Diary) -> bool:
    near = any(abs((event.day - end).days) <= WINDOW for event in events)
    here, there = diary.letters(end), diary.letters(case)
    return not near and here > 0 and there / _BUSY <= here <= there * _BUSY
