"""Which words of a sentence bear a mark, from what the model says of its tokens.

Not known here: what the marks mean, the model, the tokenizer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

FAINT = 0.05  # a token less likely than this is not kept
_WORD = re.compile(r"\S+")


class Marked(msgspec.Struct, frozen=True, gc=False):
    """One mark over a sentence: stretches [start, end) of it, in order, and how likely each bears the mark."""

    pieces: tuple[tuple[int, int, float], ...] = ()

    def weight(self, start: int, end: int) -> float:
        """How likely the stretch [start, end) bears the mark: the mean over its code points."""
        shared = sum(chance * max(0, min(end, e) - max(start, s)) for s, e, chance in self.pieces)
        return shared / max(1, end - start)

    def stretches(self, sentence: str, least: float) -> list[tuple[int, int]]:
        """Runs of neighbouring words each of which bears the mark at least so likely, the likeliest run first."""
        runs: list[tuple[int, int]] = []
        previous = -1
        for n, word in enumerate(_WORD.finditer(sentence)):
            start, end = word.start(), word.start() + len(word.group().rstrip(".,;:!?"))
            if end <= start or self.weight(start, end) < least:
                continue
            if runs and previous == n - 1:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((start, end))
            previous = n
        return sorted(runs, key=lambda run: -self.weight(*run))


NOTHING = Marked()


def marked(offsets: Sequence[tuple[int, int]], chances: Sequence[float]) -> Marked:
    """The mark over tokens at these offsets."""
    kept = ((start, end, round(p, 3)) for (start, end), p in zip(offsets, chances, strict=True) if p >= FAINT)
    return Marked(tuple(kept))
