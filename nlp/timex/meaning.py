"""From a form's name and the values of its words to what it means."""

from __future__ import annotations

from collections.abc import Callable

from nlp.timex import days, spans
from nlp.timex.sense import OPEN, Anchor, Sense, Values

_MEANINGS: dict[str, Callable[[Values, Anchor], Sense]] = {
    "date": days.written,
    "slashed": days.slashed,
    "monthday": days.of_month,
    "weekday": days.weekday,
    "weekdayof": spans.weekday_of,
    "relative": days.relative,
    "counted": days.counted,
    "clock": days.clock,
    "daypart": days.daypart,
    "holiday": days.holiday,
    "week": spans.week,
    "weekend": spans.weekend,
    "month": spans.month,
    "quarter": spans.quarter,
    "year": spans.year,
}


def sense(meaning: str, values: Values, anchor: Anchor) -> Sense | None:
    """What a form means, counted from the anchor.

    Open where no calendar resolves such forms ("soon"); None where the values make no date (31 February).
    """
    resolve = _MEANINGS.get(meaning)
    if resolve is None:
        return OPEN
    try:
        return resolve(values, anchor)
    except (ValueError, OverflowError):
        return None
