"""When an opportunity was taken up by the house to which it was shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

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
    weights = Weights()
    waiting: list[tuple[int, Letter]] = []
    found = list(signals)
    shown: defaultdict[str, list[int]] = defaultdict(list)  # places of opportunities, by document
    for place, signal in enumerate(signals):
        if signal.kind is SignalKind.OPPORTUNITY:
            shown[signal.source.document].append(place)
    for letter in letters:
        weights.read(stems(letter.text))
        waiting = [(i, at) for i, at in waiting if _is_fresh(at, letter)]
        for i, origin in list(waiting):
            if letter.side is other(origin.side) and _speaks_to(found[i], origin, letter, weights):
                found[i] = msgspec.structs.replace(found[i], touched=letter.at)
                waiting.remove((i, origin))
        waiting += [(i, letter) for i in shown.get(letter.id, ())]
    return tuple(found)


def _is_fresh(origin: Letter, letter: Letter) -> bool:
    return origin.at is None or letter.at is None or letter.at - origin.at <= _FRESH


def _speaks_to(signal: Signal, origin: Letter, letter: Letter, weights: Weights) -> bool:
    words = stems(signal.source.quote)
    acting = [f for f in letter.findings if _TAKES_UP & set(f.acts)]
    if letter.thread == origin.thread:
        return bool(acting)
    return any(weights.likeness(words, letter.matter(f)) >= _ALIKE for f in acting)
