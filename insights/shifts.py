"""When the level of a series changed: the mood, and how long each side takes to answer.

"No change" is what is believed unless the test speaks against it. The test is the CUSUM of residuals (Brown, Durbin &
Evans 1975; Ploberger & Krämer, Econometrica 60, 1992): were the level the same in all weeks, the running sum of the
weeks' deviations from it would stay near nothing, and how far it strays, in units of their root sum of squares, has
the distribution of the largest absolute value of a Brownian bridge. Weeks may differ in size and in noise.

It is asked at the end of every month over the weeks since the last change, so that a change is known from then on and
what was known on a day never depends on later mail. Looking again and again would raise false alarms: the bar is set by
simulation so that in five years of no change at most one series in twenty is ever said to have changed
(`python -m bench.attention`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt

import msgspec

from nlp.timex.calendar import DAY, WEEK, month_end
from nlp.timex.calendar import monday as monday_of

BAR = 1.85  # of the statistic; where weeks hang together (autocorrelation 0.5) 4 of 100 reach it in five years
_WEEKS = 10  # with something in them, below which nothing is said
_SIDE = 3  # weeks of the old and of the new level that there must be


class Week(msgspec.Struct, frozen=True):
    """What a week adds to a series: the sum of its values, and how many they are."""

    monday: date
    total: float
    size: float


class Shift(msgspec.Struct, frozen=True):
    """A change of level. `before` and `after` are means of a value."""

    since: date  # the Monday of the first week of the new level
    known: date  # the first day on which it could be told
    before: float
    after: float
    weeks: tuple[int, int]  # of the old and of the new level, on which it rests
    strength: float  # the statistic; BAR is the least


class Series:
    """A series as far as it is known; its values come in order of time."""

    def __init__(self) -> None:
        self._sums: dict[date, tuple[float, float]] = {}  # by Monday
        self._latest = date.min
        self._found: list[Shift] = []  # those that no later value can change
        self._looked, self._begin = date.min, 0  # how far that is settled, and where the level began that held then

    def add(self, day: date, total: float, size: float) -> None:
        """Take in the sum of a day's values, and how many they are."""
        monday = monday_of(day)
        before = self._sums.get(monday, (0.0, 0.0))
        self._sums[monday] = before[0] + total, before[1] + size
        self._latest = day

    def shifts(self) -> Iterator[Shift]:
        """The changes of level, in the order in which they could be told."""
        yield from self._found
        weeks = [Week(monday, *sums) for monday, sums in self._sums.items() if sums[1] > 0]
        begin = self._begin
        for known in (look for look in _looks(weeks) if look > self._looked):
            found = _look(weeks, begin, known)
            begin += found.weeks[0] if found else 0
            if known <= self._latest:
                self._looked, self._begin = known, begin
                self._found += [found] if found else []
            if found:
                yield found


def shifts(weeks: Sequence[Week]) -> Iterator[Shift]:
    """The changes of a series' level, in the order in which they could be told; `weeks` are in order, none is empty."""
    begin = 0
    for known in _looks(weeks):
        if (found := _look(weeks, begin, known)) is not None:
            yield found
            begin += found.weeks[0]


def _look(weeks: Sequence[Week], begin: int, known: date) -> Shift | None:
    """The change that can be told on a day, in the weeks from `begin` on."""
    so_far = [w for w in weeks[begin:] if w.monday + WEEK <= known]
    place, strength = strongest(so_far)
    if strength < BAR or not _SIDE <= place <= len(so_far) - _SIDE:
        return None
    before, after = so_far[:place], so_far[place:]
    return Shift(after[0].monday, known, _mean(before), _mean(after), (place, len(after)), strength)


def strongest(weeks: Sequence[Week]) -> tuple[int, float]:
    """The likeliest first week of a new level, and how strongly the weeks speak for one; (0, 0) where too few do."""
    if len(weeks) < _WEEKS:
        return 0, 0.0
    mean = _mean(weeks)
    residuals = [w.total - mean * w.size for w in weeks]
    scale = sqrt(sum(r * r for r in residuals))
    if scale <= 1e-9:
        return 0, 0.0
    place, best, run = 0, 0.0, 0.0
    for n, residual in enumerate(residuals[:-1], 1):
        run += residual
        if abs(run) > best:
            place, best = n, abs(run)
    return place, best / scale


def _looks(weeks: Sequence[Week]) -> list[date]:
    """The first days of months, after each week that was over by then."""
    return sorted({month_end(week.monday + WEEK - DAY) + DAY for week in weeks})


def _mean(weeks: Sequence[Week]) -> float:
    return sum(w.total for w in weeks) / sum(w.size for w in weeks)
