"""The tone of each month, from what the authors' own sentences say of the other side and the shared work.

Each sentence that takes a side counts by its calibrated probability; a grave complaint told in plain words counts
against, too. The score is the share of voices for, on a scale from -1 to 1, at the middle of its 90 % interval after
Wilson (J. Am. Stat. Assoc. 22, 1927): few voices leave it near 0 and the interval wide. Sentences of one mail are not
independent, so a month of one long mail is less certain than its interval says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import sqrt

import msgspec

from corpus.document import ZoneKind
from insights.identity import identity
from insights.insight import MonthMood, Mood, Party
from insights.letters import Letter
from nlp.findings import Act, Finding, Sentiment

_SIGN = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}
_Z = 1.6449  # of the normal distribution, for 90 %
_COMPLAINT = 0.4  # voice of a grave complaint in plain words, beside one that is angry
_GRAVE = 2  # severity
_MARGIN = 0.2  # of the score, within which a month is neutral
_ENOUGH = 5  # sentences, below which a month is neutral
_SHOWN = 3  # sentences shown for a month
_MENDS = {Act.FULFIL, Act.COMMIT, Act.ACCEPT}


class Tone(msgspec.Struct, frozen=True):
    """Voices for and against; each sentence counts by its probability."""

    good: float
    bad: float

    @property
    def score(self) -> float:
        """From -1 (all against) to 1, at the middle of the interval."""
        return (self.good - self.bad) / (self.good + self.bad + _Z * _Z)

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the score with 90 %."""
        voices = self.good + self.bad
        spread = self.good * self.bad / voices if voices else 0.0
        half = 2 * _Z * sqrt(spread + _Z * _Z / 4) / (voices + _Z * _Z)
        return max(-1.0, self.score - half), min(1.0, self.score + half)


def tone(findings: Iterable[Finding]) -> Tone:
    """The voices in these sentences."""
    weights = [weight(f) for f in findings]
    return Tone(sum(w for w in weights if w > 0), -sum(w for w in weights if w < 0))


def weight(finding: Finding) -> float:
    """How much a sentence of the author's own speaks for (above 0) or against."""
    if finding.zone is not ZoneKind.OWN:
        return 0.0
    sure = finding.confidence.get("sentiment", 1.0)
    if finding.sentiment is Sentiment.NEUTRAL:
        plain = finding.issue is not None and (finding.severity or 1) >= _GRAVE and not _MENDS & set(finding.acts)
        return -_COMPLAINT * finding.confidence.get("issue", 1.0) if plain else 0.0
    return _SIGN[finding.sentiment] * sure


def read_mood(letters: Sequence[Letter], them: Party) -> tuple[MonthMood, ...]:
    """One mood for each month (UTC) in which somebody wrote. Undated letters have none."""
    said: defaultdict[str, list[tuple[Letter, Finding]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for letter in letters:
        if letter.at is not None:
            month = f"{letter.at:%Y-%m}"
            said[month].extend((letter, f) for f in letter.findings)
            counts[month] += max(letter.sentences, len(letter.findings))
    return tuple(_mood(month, said[month], count, them) for month, count in sorted(counts.items()) if count)


def _mood(month: str, said: Sequence[tuple[Letter, Finding]], count: int, them: Party) -> MonthMood:
    heard = tone(finding for _, finding in said)
    score, (low, high) = heard.score, heard.interval
    loud = abs(score) >= _MARGIN and count >= _ENOUGH
    mood = Mood.NEUTRAL if not loud else Mood.POSITIVE if score > 0 else Mood.NEGATIVE
    sign = 1 if score > 0 else -1
    return MonthMood(
        id=identity("mood", them.id, month),
        month=month,
        mood=mood,
        score=round(score, 4),
        low=round(low, 4),
        high=round(high, 4),
        sentences=count,
        sources=tuple(letter.source(f) for letter, f in loudest(said, sign)) if loud else (),
        confidence=round(min(1.0, 0.5 + abs(abs(score) - _MARGIN)), 4),
    )


def loudest(said: Sequence[tuple[Letter, Finding]], sign: int) -> list[tuple[Letter, Finding]]:
    """The few sentences that speak most for (`sign` 1) or against (-1), in the order in which they came."""
    by_weight = sorted(range(len(said)), key=lambda i: (-sign * weight(said[i][1]), i))[:_SHOWN]
    return [said[i] for i in sorted(by_weight) if sign * weight(said[i][1]) > 0]
