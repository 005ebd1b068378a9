"""What went on in a stretch of 60 days of a relationship, as it was known at its end: what may precede something."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from operator import itemgetter
from typing import Generic, TypeVar

from insights.insight import Commitment, Side
from insights.practices.cases import in_time, kept
from insights.practices.dossier import Dossier
from insights.practices.patterns import Scale
from insights.practices.policy import Answers
from nlp.findings import SignalKind

WINDOW = 60  # days
Value = TypeVar("Value")


class _Dated(Generic[Value]):
    """Things by their day."""

    def __init__(self, things: Iterable[tuple[date, Value]]) -> None:
        ordered = sorted(things, key=itemgetter(0))
        self._days, self._things = [day for day, _ in ordered], [thing for _, thing in ordered]

    def until(self, end: date) -> list[Value]:
        """Those of the stretch that ends with `end`."""
        return self._things[bisect_right(self._days, end - timedelta(days=WINDOW)) : bisect_right(self._days, end)]


class Diary:
    """A relationship by days. Each measure takes the last day of a stretch, and the issue that is not to count."""

    def __init__(self, dossier: Dossier, answers: Answers) -> None:
        known, self._answers = dossier.insights, answers
        self._questions = _Dated((q.asked.at.date(), q) for q in known.questions if q.asked.at)
        self._promises = {side: _due(known.commitments, side) for side in (Side.US, Side.THEM)}
        self._issues = _Dated((i.opened.at.date(), i.id) for i in known.issues if i.opened.at)
        threats = (s for s in known.signals if s.kind is SignalKind.THREAT)
        self._threats = _Dated((s.source.at.date(), s.id) for s in threats if s.source.at)
        self._moods = _Dated((date.fromisoformat(f"{m.month}-15"), m) for m in known.mood)
        self._letters = _Dated((letter.day, letter.id) for letter in dossier.letters)

    def letters(self, end: date) -> int:
        """How many there were."""
        return len(self._letters.until(end))

    def late_answers(self, end: date, _: str) -> float | None:
        """The share that was not answered in time of what was asked of us."""
        return _share_not(in_time(q, end, self._answers) for q in self._questions.until(end))

    def our_promises(self, end: date, _: str) -> float | None:
        """The share of our promises due in the stretch that were not seen kept."""
        return self._broken(Side.US, end)

    def their_promises(self, end: date, _: str) -> float | None:
        """The share of theirs."""
        return self._broken(Side.THEM, end)

    def troubles(self, end: date, issue: str) -> float | None:
        """Whether another trouble was named."""
        return float(any(other != issue for other in self._issues.until(end)))

    def mood(self, end: date, _: str) -> float | None:
        """The mean tone of the months that lie in the stretch with their middles, by sentences."""
        months = self._moods.until(end)
        read = sum(m.sentences for m in months)
        return sum(m.score * m.sentences for m in months) / read if read else None

    def threats(self, end: date, _: str) -> float | None:
        """Whether a threat was seen."""
        return float(bool(self._threats.until(end)))

    def _broken(self, side: Side, end: date) -> float | None:
        return _share_not(kept(c, end) for c in self._promises[side].until(end) if c.made.known_on(end))


MEASURES: dict[str, Callable[[Diary, date, str], float | None]] = {
    "late_answers": Diary.late_answers,
    "our_promises": Diary.our_promises,
    "their_promises": Diary.their_promises,
    "troubles": Diary.troubles,
    "mood": Diary.mood,
    "threats": Diary.threats,
}


def measured(diary: Diary, end: date) -> dict[str, float]:
    """Everything that can be told of the stretch that ends with `end`, by name."""
    found = {name: measure(diary, end, "") for name, measure in MEASURES.items()}
    return {name: value for name, value in found.items() if value is not None}


def scale_of(name: str) -> Scale:
    """What the values of a measure are."""
    return Scale.TONE if name == "mood" else Scale.SHARE


def _due(promises: Iterable[Commitment], side: Side) -> _Dated[Commitment]:
    return _Dated((c.due.last, c) for c in promises if c.debtor.side is side and c.due and c.due.last)


def _share_not(outcomes: Iterable[bool | None]) -> float | None:
    known = [outcome for outcome in outcomes if outcome is not None]
    return known.count(False) / len(known) if known else None
