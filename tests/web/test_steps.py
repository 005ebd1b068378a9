"""A negotiation as a chart: what is drawn, and what it says in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from api.web.steps import charts, say, show_number
from insights.insight import Side, Source
from insights.negotiations import Negotiation, Position, PositionKind, bargain


def _position(by: Side, kind: PositionKind, value: float, day: int, unit: str = "EUR") -> Position:
    at = datetime(2024, 3, day, tzinfo=UTC)
    source = Source(document="d", at=at, quote="…", start=0, end=1)
    return Position(by=by, kind=kind, value=value, unit=unit, source=source, confidence=0.9)


_TALK = Negotiation(
    id="n",
    topic="price",
    term="price",
    unit="EUR",
    positions=(
        _position(Side.THEM, PositionKind.OFFER, 8.4, 1),
        _position(Side.US, PositionKind.COUNTER, 7.6, 2),
        _position(Side.THEM, PositionKind.COUNTER, 8.0, 3),
    ),
    confidence=0.9,
)


def test_each_position_is_a_dot_that_says_itself_and_a_side_that_moves_has_a_line() -> None:
    (chart,) = charts([bargain(_TALK, date(2024, 4, 1))])
    assert [d.said for d in chart.dots] == [
        "they offered 8.40 EUR",
        "we answered with 7.60 EUR",
        "they answered with 8 EUR",
    ]
    assert [line.side for line in chart.lines] == ["them"]
    assert chart.dots[0].y < chart.dots[2].y < chart.dots[1].y
    assert all(0 <= d.x <= chart.width and 0 <= d.y <= chart.height for d in chart.dots)


def test_one_position_and_values_in_two_units_are_not_drawn() -> None:
    single = msgspec.structs.replace(_TALK, positions=_TALK.positions[:1])
    years = _position(Side.US, PositionKind.OFFER, 2, 1, "year")
    mixed = msgspec.structs.replace(
        _TALK, positions=(years, _position(Side.THEM, PositionKind.COUNTER, 18, 2, "month"))
    )
    for one in charts([bargain(single, date(2024, 4, 1)), bargain(mixed, date(2024, 4, 1))]):
        assert not one.dots
    assert mixed.apart(date(2024, 4, 1)) is None


def test_numbers_have_two_decimals_or_none() -> None:
    assert [show_number(v) for v in (1200.0, 7.5, 0.0)] == ["1,200", "7.50", "0"]
    assert say(_TALK.positions[0]) == "they offered 8.40 EUR"
