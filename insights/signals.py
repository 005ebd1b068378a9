"""Opportunities and threats, each told once however often it is mentioned.

Whether a sentence tells of one is weighed (`insights.verdicts`) by its own words and by what stands around it. A
mention that is too weak by itself counts where an earlier weak one told of the same; the signal is then known from the
later letter on, and its source is the first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from insights.commitments import shorten
from insights.hints import Heard, Hint, hints
from insights.identity import identity
from insights.insight import NOBODY, Party, Side, Signal, Source
from insights.letters import Letter
from insights.verdicts import Question, bar, chance
from insights.wording import Weights, stems
from nlp.findings import SignalKind

_TOPIC = 60  # characters
_BREAK = re.compile(r"[,;:()–—]\s|\s-\s")
_SAME = 0.5  # likeness from which two sentences tell of the same


@dataclass(eq=False)
class _Told:
    """A signal that is still being written."""

    signal: Signal
    words: frozenset[str]  # of the first mention
    mentions: list[Source] = field(default_factory=list)

    def signal_told(self) -> Signal:
        return msgspec.structs.replace(self.signal, mentions=tuple(self.mentions))


def find_signals(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Signal, ...]:
    """What the relationship could gain or lose, as these letters tell; `letters` are in order of time."""
    ear = Ear(us, them)
    for letter in letters:
        ear.read(letter)
    return ear.told()


class Ear:
    """The opportunities and threats of a relationship, as far as its letters were read."""

    def __init__(self, us: Party, them: Party) -> None:
        self._told: list[_Told] = []
        self._houses = {Side.US: us, Side.THEM: them}
        self._weights = Weights()
        self._heard = Heard(self._weights)

    def told(self) -> tuple[Signal, ...]:
        """The signals, each with its mentions so far."""
        return tuple(told.signal_told() for told in self._told)

    def shown_by(self, letter: Letter) -> tuple[Signal, ...]:
        """The signals that the last letter that was read tells first."""
        new = itertools.takewhile(lambda told: told.signal.source.document == letter.id, reversed(self._told))
        return tuple(told.signal for told in new)[::-1]

    def read(self, letter: Letter) -> None:
        """Take in one more letter."""
        self._weights.read(stems(letter.text))
        here = hints(letter)
        for hint in here:
            for kind in SignalKind:
                sure = chance(Question(kind.value), self._heard.features(hint, kind))
                if sure >= bar(Question(kind.value)):
                    self._tell(hint, kind, sure)
        self._heard.add(here)

    def _tell(self, hint: Hint, kind: SignalKind, sure: float) -> None:
        source = hint.letter.source(hint.finding)
        for told in self._told:
            if told.signal.kind is kind and self._weights.likeness(told.words, hint.words) >= _SAME:
                told.mentions.append(source)
                return
        signal = Signal(
            id=identity("signal", hint.letter.relationship, hint.letter.id, hint.finding.start, kind.value),
            kind=kind,
            about=self._topic(hint),
            source=source,
            by=hint.letter.author or self._houses.get(hint.letter.side, NOBODY),
            confidence=round(sure, 4),
        )
        self._told.append(_Told(signal, hint.words))

    def _topic(self, hint: Hint) -> str:
        """The clause of a hint that tells most."""
        clauses = _BREAK.split(hint.letter.quote(hint.finding))
        return shorten(max(clauses, key=lambda clause: self._weights.weight(stems(clause))), _TOPIC)
