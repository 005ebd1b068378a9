"""The tone of each month, from what the authors' own sentences say of the other side and the shared work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from corpus.document import ZoneKind
from insights.identity import identity
from insights.insight import MonthMood, Mood, Party
from insights.letters import Letter
from nlp.findings import Finding, Sentiment

_SIGN = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}
_PRIOR = 2.0  # neutral voices that every month starts with, so that one loud sentence does not make a mood
_MARGIN = 0.25  # of the score, within which a month is neutral
_ENOUGH = 5  # sentences, below which a month is neutral
_SHOWN = 3  # sentences shown for a month


def read_mood(letters: Sequence[Letter], them: Party) -> tuple[MonthMood, ...]:
    """One mood for each month (UTC) in which somebody wrote. Undated letters have none."""
    said: defaultdict[str, list[tuple[Letter, Finding]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for letter in letters:
        if letter.at is not None:
            month = f"{letter.at:%Y-%m}"
            said[month].extend((letter, f) for f in letter.findings if f.zone is ZoneKind.OWN)
            counts[month] += max(letter.sentences, len(letter.findings))
    return tuple(_mood(month, said[month], count, them) for month, count in sorted(counts.items()) if count)


def _mood(month: str, said: Sequence[tuple[Letter, Finding]], count: int, them: Party) -> MonthMood:
    weights = [_weight(finding) for _, finding in said]
    felt = sum(map(abs, weights))
    score = sum(weights) / (felt + _PRIOR)
    loud = abs(score) >= _MARGIN and count >= _ENOUGH
    mood = Mood.NEUTRAL if not loud else Mood.POSITIVE if score > 0 else Mood.NEGATIVE
    sign = 1 if score > 0 else -1
    telling = sorted(range(len(said)), key=lambda i: (-sign * weights[i], i))[:_SHOWN] if loud else []
    return MonthMood(
        id=identity("mood", them.id, month),
        month=month,
        mood=mood,
        score=round(score, 4),
        sentences=count,
        sources=tuple(said[i][0].source(said[i][1]) for i in sorted(telling) if sign * weights[i] > 0),
        confidence=round(min(1.0, 0.5 + abs(abs(score) - _MARGIN)), 4),
    )


def _weight(finding: Finding) -> float:
    return _SIGN[finding.sentiment] * finding.confidence.get("sentiment", 1.0)
