"""The tone of each month, from what the authors' own sentences say of the other side and the shared work.

Each sentence that takes a side counts by its calibrated probability; a trouble told in plain words counts against, too,
though less than an angry word. How much, and from which score a month has a mood, was chosen on eight stories of our
own (28 months whose mood a reader is sure of).

The score is the share of voices for, on a scale from -1 to 1, at the middle of its 90 % interval after Wilson (J. Am.
Stat. Assoc. 22, 1927): few voices leave it near 0 and the interval wide. Sentences of one mail are not independent, so
a month of one long mail is less certain than its interval says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from math import sqrt

import msgspec

from corpus.document import ZoneKind
from insights.identity import identity
from insights.insight import Party, Source
from insights.letters import Letter
from nlp.findings import Finding, Sentiment
from nlp.timex.calendar import DAY, month_end

_SIGN = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}
_Z = 1.6449  # of the normal distribution, for 90 %
_PLAIN = {1: 0.2, 2: 0.6, 3: 0.6}  # voice of a trouble in plain words, by its severity, beside one that is angry
_MARGIN = 0.15  # of the score, within which a month is neutral
_ENOUGH = 3  # sentences, below which a month is neutral
_SHOWN = 3  # sentences shown for a month


class Mood(StrEnum):
    """The tone of a month."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


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


class DayTone(msgspec.Struct, frozen=True, kw_only=True):
    """What was said on one day."""

    day: date  # UTC
    good: float
    bad: float
    sentences: int


class MonthMood(msgspec.Struct, frozen=True, kw_only=True):
    """The tone of one month, with the sentences that weigh most. `low` and `high` bound the score with 90 %."""

    id: str
    month: str  # YYYY-MM
    mood: Mood
    score: float  # -1 … 1
    low: float
    high: float
    sentences: int  # how many were read, neutral ones included
    sources: tuple[Source, ...] = ()
    confidence: float
    days: tuple[DayTone, ...] = ()  # on which somebody wrote, so that a month can be told that is not over

    @property
    def begins(self) -> date:
        """The first day on which anything is known of it."""
        return self.days[0].day if self.days else month_end(date.fromisoformat(f"{self.month}-01")) + DAY

    def as_of(self, day: date) -> MonthMood:
        """The month as far as it was known at the end of `day`, on which or before somebody had written in it."""
        if not self.days or self.days[-1].day <= day:
            return self
        known = tell(self.id, self.month, tuple(d for d in self.days if d.day <= day))
        sources = tuple(s for s in self.sources if s.known_on(day)) if known.mood is self.mood else ()
        return msgspec.structs.replace(known, sources=sources)


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
        trouble = _PLAIN[finding.severity or 1] if finding.issue is not None else 0.0
        return -trouble * finding.confidence.get("issue", 1.0)
    return _SIGN[finding.sentiment] * sure


def read_mood(letters: Sequence[Letter], them: Party) -> tuple[MonthMood, ...]:
    """One mood for each month (UTC) in which somebody wrote. Undated letters have none."""
    said: defaultdict[date, list[tuple[Letter, Finding]]] = defaultdict(list)
    counts: Counter[date] = Counter()
    for letter in letters:
        if letter.at is not None:
            said[letter.at.date()].extend((letter, f) for f in letter.findings)
            counts[letter.at.date()] += max(letter.sentences, len(letter.findings))
    found = []
    for month, days in groupby(sorted(day for day, count in counts.items() if count), key=lambda day: f"{day:%Y-%m}"):
        tones = tuple(_day(day, said[day], counts[day]) for day in days)
        mood = tell(identity("mood", them.id, month), month, tones)
        sign = {Mood.POSITIVE: 1, Mood.NEGATIVE: -1}.get(mood.mood)
        heard = loudest([one for d in tones for one in said[d.day]], sign) if sign else []
        found.append(msgspec.structs.replace(mood, sources=tuple(letter.source(f) for letter, f in heard)))
    return tuple(found)


def tell(id: str, month: str, days: tuple[DayTone, ...]) -> MonthMood:  # noqa: A002
    """The mood of a month from its days, without its evidence."""
    heard = Tone(sum(d.good for d in days), sum(d.bad for d in days))
    count = sum(d.sentences for d in days)
    score, (low, high) = heard.score, heard.interval
    loud = abs(score) >= _MARGIN and count >= _ENOUGH
    return MonthMood(
        id=id,
        month=month,
        mood=Mood.NEUTRAL if not loud else Mood.POSITIVE if score > 0 else Mood.NEGATIVE,
        score=round(score, 4),
        low=round(low, 4),
        high=round(high, 4),
        sentences=count,
        confidence=round(min(1.0, 0.5 + abs(abs(score) - _MARGIN)), 4),
        days=days,
    )


def _day(day: date, said: Sequence[tuple[Letter, Finding]], sentences: int) -> DayTone:
    heard = tone(finding for _, finding in said)
    return DayTone(day=day, good=round(heard.good, 4), bad=round(heard.bad, 4), sentences=sentences)


def loudest(said: Sequence[tuple[Letter, Finding]], sign: int) -> list[tuple[Letter, Finding]]:
    """The few sentences that speak most for (`sign` 1) or against (-1), in the order in which they came."""
    by_weight = sorted(range(len(said)), key=lambda i: (-sign * weight(said[i][1]), i))[:_SHOWN]
    return [said[i] for i in sorted(by_weight) if sign * weight(said[i][1]) > 0]
