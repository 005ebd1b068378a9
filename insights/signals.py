"""Opportunities and threats, as they are told."""

from __future__ import annotations

from collections.abc import Sequence

from insights.identity import identity
from insights.insight import NOBODY, Party, Side, Signal
from insights.letters import Letter


def find_signals(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Signal, ...]:
    """The sentences that hint at what the relationship could gain or lose, in order."""
    houses = {Side.US: us, Side.THEM: them}
    return tuple(
        Signal(
            id=identity("signal", letter.relationship, letter.id, finding.start),
            kind=finding.signal,
            source=letter.source(finding),
            by=letter.author or houses.get(letter.side, NOBODY),
            confidence=finding.confidence.get("signal", 0.5),
        )
        for letter in letters
        for finding in letter.findings
        if finding.signal is not None
    )
