"""When an opportunity was taken up by the house to which it was shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from insights.insight import Signal
from insights.letters import Letter, other
from insights.wording import Weights, stems
from nlp.findings import Act, SignalKind

_TAKES_UP = {Act.PROPOSE, Act.COMMIT, Act.ACCEPT, Act.DECLINE, Act.REQUEST, Act.QUESTION}
_ALIKE = 0.25  # likeness from which a sentence in another thread takes it up
_FRESH = timedelta(days=120)


def take_up(signals: Sequence[Signal], letters: Sequence[Letter]) -> tuple[Signal, ...]:
    """The signals, each opportunity with the time at which the other side first took it up; `letters` are in order.

    It is taken up by a letter in its thread, or a sentence about it anywhere, that proposes, promises, accepts,
    refuses, asks or requests something.
    """
    taken = Taken()
    shown: defaultdict[str, list[Signal]] = defaultdict(list)  # by document
    for signal in signals:
        shown[signal.source.document].append(signal)
    for letter in letters:
        taken.read(letter, shown.get(letter.id, ()))
    return taken.told(signals)


class Taken:
    """Where opportunities are shown and taken up, as far as letters were read."""

    def __init__(self) -> None:
        self._weights = Weights()
        self._waiting: list[tuple[Signal, Letter]] = []
        self._touched: dict[str, datetime | None] = {}  # by signal

    def read(self, letter: Letter, shows: Sequence[Signal]) -> None:
        """Take in one more letter, and the signals whose first sentence stands in it."""
        self._weights.read(stems(letter.text))
        waiting = []
        for signal, origin in self._waiting:
            if not _is_fresh(origin, letter):
                continue
            if letter.side is other(origin.side) and _speaks_to(signal, origin, letter, self._weights):
                self._touched[signal.id] = letter.at
            else:
                waiting.append((signal, origin))
        self._waiting = waiting + [(s, letter) for s in shows if s.kind is SignalKind.OPPORTUNITY]

    def told(self, signals: Sequence[Signal]) -> tuple[Signal, ...]:
        """The signals with when each was taken up."""
        touched = self._touched
        return tuple(msgspec.structs.replace(s, touched=touched[s.id]) if s.id in touched else s for s in signals)


def _is_fresh(origin: Letter, letter: Letter) -> bool:
    return origin.at is None or letter.at is None or letter.at - origin.at <= _FRESH


def _speaks_to(signal: Signal, origin: Letter, letter: Letter, weights: Weights) -> bool:
    words = stems(signal.source.quote)
    acting = [f for f in letter.findings if _TAKES_UP & set(f.acts)]
    if letter.thread == origin.thread:
        return bool(acting)
    return any(weights.likeness(words, letter.matter(f)) >= _ALIKE for f in acting)
