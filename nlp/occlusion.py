"""Which words of a sentence carried a label: how much less likely it is without each (occlusion, Zeiler & Fergus 2014).

Every word is masked in turn and the sentence read again in its place, so this costs a pass for each word: for people
who ask why, not for archives.

Not known here: the network, how words are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, ZoneKind
from nlp.analyze import Analyzer, own_text, sentences
from nlp.findings import Finding, Sentiment
from nlp.heads import ISSUE, decisions

SHOWN = 0.35  # of the strongest word's weight: what weighs less did not carry the label
MOST = 4  # words
SURE = 1e-4  # probabilities are taken no nearer to 0 and 1


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the document's text, [start, end) in code points, and its weight beside the strongest, 0 … 1."""

    start: int
    end: int
    weight: float


def carriers(analyzer: Analyzer, document: Document, findings: Sequence[Finding]) -> list[dict[str, list[Carrier]]]:
    """For each finding, the words that carried each of its labels, strongest first.

    Empty where a finding says nothing, or is of a sentence that is split otherwise today.
    """
    spans = sentences(document)
    text = own_text(document, spans)
    starts = [span.start for span in spans if span.zone is ZoneKind.OWN]
    place = {start: n for n, start in enumerate(starts)}
    return [_of_sentence(analyzer, text, place[f.start], f) if f.speaks and f.start in place else {} for f in findings]


def _of_sentence(analyzer: Analyzer, text: tuple[str, ...], n: int, finding: Finding) -> dict[str, list[Carrier]]:
    words, rows = analyzer.occluded(text, n)
    if not words:
        return {}
    odds = {name: _log_odds(chances) for name, chances in decisions(rows).items()}
    found = {}
    for label, decision in _labels(finding).items():
        lost = odds[decision][0] - odds[decision][1:]
        strongest = max(float(lost.max()), SURE)
        ranked = sorted(zip(lost.tolist(), words, strict=True), reverse=True)[:MOST]
        found[label] = [
            _carrier(text[n + 1], finding.start, word, drop / strongest)
            for drop, word in ranked
            if drop >= SHOWN * strongest
        ]
    return found


def _carrier(sentence: str, start: int, word: tuple[int, int], weight: float) -> Carrier:
    """A word without the space and the stop that the tokenizer leaves on it."""
    first, last = word
    piece = sentence[first:last]
    first += len(piece) - len(piece.lstrip())
    last -= len(piece) - len(piece.rstrip(" .,;:!?"))
    return Carrier(start=start + first, end=start + max(first, last), weight=round(weight, 2))


def _labels(finding: Finding) -> dict[str, str]:
    """What a finding says, as it is shown, and which decision said it."""
    found = {str(act): str(act) for act in finding.acts}
    if finding.issue:
        found[f"issue: {finding.issue}"] = ISSUE
    if finding.signal:
        found[str(finding.signal)] = str(finding.signal)
    if finding.sentiment is not Sentiment.NEUTRAL:
        found[str(finding.sentiment)] = str(finding.sentiment)
    return found


def _log_odds(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    sure = np.clip(chances, SURE, 1 - SURE)
    return np.log(sure) - np.log1p(-sure)
