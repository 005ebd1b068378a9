"""The days that a sentence states, whatever they are for: "16 February", "2.5.2024"."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from nlp.timex.grammar import find, grammar
from nlp.timex.join import join
from nlp.timex.sense import Anchor

_LONGEST = 600  # code points of a sentence that are read
_WRITTEN = ("date", "monthday")


class StatedDay(NamedTuple):
    """A day at [start, end) of a sentence."""

    start: int
    end: int
    day: date


def stated_days(sentence: str, language: str, anchor: datetime) -> tuple[StatedDay, ...]:
    """The days written with day and month, counted from `anchor` (aware) where the year is left out, in order."""
    rules = grammar(language)
    even = sentence[:_LONGEST].replace("\n", " ").replace("\t", " ")
    low = even.lower()
    if len(low) != len(even) or not rules.triggers.search(low):
        return ()
    found = join(find(low, even, rules), low, Anchor(anchor, language))
    return tuple(
        StatedDay(one.start, one.end, one.sense.first)
        for one in found
        if one.meaning in _WRITTEN
        and one.sense.precision == "day"
        and one.sense.first
        and one.sense.first == one.sense.last
    )
