"""Mood and time to answer by month as drawings, with the changes of level marked; the page has the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log1p

import msgspec

from api.web.lines import show_change
from api.web.strip import span
from insights.changes import Level, LevelChange
from insights.insight import MonthRhythm
from insights.mood import MonthMood

_WIDTH, _HEIGHT, _LEFT, _TOP = 900, 96, 52, 8
_STEPS = (8.0, 40.0)  # least and greatest width of a month
_HOURS = ((1, "1 h"), (8, "1 day"), (40, "1 week"), (160, "1 month"))  # of work


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A month's value; `top` and `bottom` bound it where it has an interval."""

    x: float
    y: float
    top: float
    bottom: float
    tone: str
    label: str


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One line: its stretches without a gap, and its months."""

    name: str
    style: str
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A change of level."""

    x: float
    label: str
    worse: bool


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A line across, or the beginning of a year."""

    at: float
    label: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing, and the same as rows of a table under `columns`."""

    name: str
    width: float
    height: int
    left: int
    series: tuple[Series, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    years: tuple[Tick, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def draw_mood(moods: Sequence[MonthMood], changes: Iterable[LevelChange]) -> Chart | None:
    """The mood of the months with its 90 % interval; None where there are fewer than two months."""
    by_month = {m.month: m for m in moods}
    if len(by_month) < 2:
        return None
    grid = _Grid(span(sorted(by_month)))

    def y(score: float) -> float:
        return round(_TOP + (_HEIGHT - _TOP) * (1 - score) / 2, 1)

    dots = {
        m.month: Dot(
            x=grid.x(m.month), y=y(m.score), top=y(m.high), bottom=y(m.low), tone=m.mood.value,
            label=f"{m.month}: {m.mood.value}, {m.score:+.2f} ({m.low:+.2f} … {m.high:+.2f}), {m.sentences} sentences",
        )
        for m in moods
    }  # fmt: skip
    rows = tuple(
        (m.month, m.mood.value, f"{m.score:+.2f}", f"{m.low:+.2f} … {m.high:+.2f}", str(m.sentences)) for m in moods
    )
    return grid.chart(
        "Mood", (grid.series("mood", "mood", dots),), [c for c in changes if c.level is Level.MOOD],
        (Tick(at=y(1), label="positive"), Tick(at=y(0), label="neutral"), Tick(at=y(-1), label="negative")),
        ("Month", "Mood", "Score", "90 % interval", "Sentences"), rows,
    )  # fmt: skip


def draw_replies(months: Sequence[MonthRhythm], changes: Iterable[LevelChange]) -> Chart | None:
    """The working hours that each side took to answer, on a logarithmic scale; None where there are too few months."""
    told = [m for m in months if m.our_working_hours is not None or m.their_working_hours is not None]
    if len(told) < 2:
        return None
    grid = _Grid(span([m.month for m in told]))
    hours = [h for m in told for h in (m.our_working_hours, m.their_working_hours) if h is not None]
    most = log1p(max(8.0, *hours))

    def y(value: float) -> float:
        return round(_HEIGHT - (_HEIGHT - _TOP) * log1p(value) / most, 1)

    def dots(of: Callable[[MonthRhythm], float | None], who: str) -> dict[str, Dot]:
        return {
            m.month: Dot(
                x=grid.x(m.month), y=y(value), top=y(value), bottom=y(value), tone="",
                label=f"{m.month}: {who} in {value:.1f} working hours",
            )
            for m in told if (value := of(m)) is not None
        }  # fmt: skip

    ours = grid.series("we answer", "us", dots(lambda m: m.our_working_hours, "we answer"))
    theirs = grid.series("they answer", "them", dots(lambda m: m.their_working_hours, "they answer"))
    rows = tuple((m.month, _hours(m.our_working_hours), _hours(m.their_working_hours)) for m in told)
    return grid.chart(
        "Time to answer", (ours, theirs), [c for c in changes if c.level is not Level.MOOD],
        tuple(Tick(at=y(h), label=label) for h, label in _HOURS if log1p(h) <= most),
        ("Month", "We answer in, working hours", "They answer in, working hours"), rows,
    )  # fmt: skip


class _Grid:
    """Where months stand."""

    def __init__(self, months: Sequence[str]) -> None:
        self._places = {month: n for n, month in enumerate(months)}
        self._step = min(max((_WIDTH - _LEFT) / len(months), _STEPS[0]), _STEPS[1])

    def x(self, month: str, share: float = 0.5) -> float:
        """The place of a moment of a month; `share` of it is over."""
        return round(_LEFT + self._step * (self._places[month] + share), 1)

    def series(self, name: str, style: str, dots: Mapping[str, Dot]) -> Series:
        """A line that is broken where a month has no value."""
        stretches: list[list[str]] = [[]]
        for month in self._places:
            if (dot := dots.get(month)) is not None:
                stretches[-1].append(f"{dot.x},{dot.y}")
            elif stretches[-1]:
                stretches.append([])
        lines = tuple(" ".join(stretch) for stretch in stretches if len(stretch) > 1)
        return Series(name=name, style=style, lines=lines, dots=tuple(dots.values()))

    def chart(
        self,
        name: str,
        series: tuple[Series, ...],
        changes: Sequence[LevelChange],
        ticks: tuple[Tick, ...],
        columns: tuple[str, ...],
        rows: tuple[tuple[str, ...], ...],
    ) -> Chart:
        """The drawing, its changes marked at the week from which they hold."""
        marks = tuple(
            Mark(x=self.x(month, (c.since.day - 1) / 31), label=show_change(c), worse=c.worse)
            for c in changes
            if (month := f"{c.since:%Y-%m}") in self._places
        )
        years = tuple(Tick(at=self.x(m, 0), label=m[:4]) for n, m in enumerate(self._places) if not n or m[5:] == "01")
        if len(years) > 1 and years[1].at - years[0].at < _LEFT / 2:
            years = years[1:]  # its name would run into the next
        width = _LEFT + self._step * len(self._places)
        return Chart(
            name=name, width=round(max(width, 4 * _LEFT), 1), height=_HEIGHT, left=_LEFT, series=series, marks=marks,
            ticks=ticks, years=years, columns=columns, rows=rows,
        )  # fmt: skip


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
