"""A negotiation as a chart of steps: one line for each side, from position to position, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from insights.insight import Side
from insights.negotiations import Bargain, Position, PositionKind

_STEP = 56  # width from one position to the next
_HEIGHT = 84  # of the chart between its least and greatest value
_EDGE = 14  # around it
_LABEL = 60  # for the last value
_WORDS = {
    PositionKind.OFFER: "offered",
    PositionKind.COUNTER: "answered with",
    PositionKind.AGREED: "agreed on",
    PositionKind.REJECTED: "turned down",
}


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """One position in the drawing. `said` is it in words."""

    x: int
    y: float
    side: str
    kind: str
    said: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One side's steps, as an SVG path."""

    side: str
    path: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A negotiation with its drawing; `dots` is empty where there is but one position and nothing to draw."""

    bargain: Bargain
    width: int
    height: int
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    summary: str  # the drawing in words


def charts(found: Iterable[Bargain]) -> list[Chart]:
    """Negotiations with their drawings."""
    return [_chart(one) for one in found]


def say(position: Position) -> str:
    """A position in words: "they offered 8.35 EUR/m²"."""
    who = {Side.US: "we", Side.THEM: "they"}.get(position.by, "somebody")
    gave = "came down or up to" if position.concession else _WORDS[position.kind]
    return f"{who} {gave} {show_number(position.value)} {position.unit}".rstrip()


def show_number(value: float) -> str:
    """A value as people write it: no more decimals than it has, two where it has any."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _chart(one: Bargain) -> Chart:
    values = [p.value for p in one.positions]
    low, high = min(values), max(values)

    def place(n: int, p: Position) -> tuple[int, float]:
        share = (p.value - low) / (high - low) if high > low else 0.5
        return _EDGE + n * _STEP, round(_EDGE + (1 - share) * _HEIGHT, 1)

    spots = [(p, *place(n, p)) for n, p in enumerate(one.positions)]
    units = {p.unit.partition("/")[0] for p in one.positions if p.unit}
    drawn = spots if len(spots) > 1 and len(units) < 2 else []  # years and months have no common scale
    return Chart(
        bargain=one,
        width=2 * _EDGE + max(0, len(spots) - 1) * _STEP + _LABEL,
        height=2 * _EDGE + _HEIGHT,
        dots=tuple(Dot(x=x, y=y, side=p.by.value, kind=p.kind.value, said=say(p)) for p, x, y in drawn),
        lines=tuple(_lines(drawn)),
        summary="; ".join(map(say, one.positions)),
    )


def _lines(spots: list[tuple[Position, int, float]]) -> Iterator[Line]:
    """Each side's path: level until the side moves, then straight to its new value."""
    for side in (Side.US, Side.THEM):
        own = [(x, y) for p, x, y in spots if p.by is side]
        if len(own) > 1:
            (x, y), *rest = own
            yield Line(side=side.value, path=f"M{x} {y}" + "".join(f"H{a}V{b}" for a, b in rest))
