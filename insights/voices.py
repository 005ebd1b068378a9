"""How each person writes: how much, in what tone, and how soon they answer. Shown by name, never ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import median

import msgspec

from insights.insight import Party
from insights.letters import Letter
from insights.mood import Tone, tone
from insights.rhythm import Reply


class VoiceMonth(msgspec.Struct, frozen=True, kw_only=True):
    """What one person wrote in one month."""

    party: Party
    month: str  # YYYY-MM
    letters: int
    first: datetime
    last: datetime
    sentences: int
    good: float  # voices for and against: insights.mood
    bad: float
    working_hours: tuple[float, ...] = ()  # to each answer that this person gave


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How one person writes, over the months that were over on a day. Hours are a median, None without answers."""

    party: Party
    letters: int
    first: datetime
    last: datetime
    sentences: int
    score: float  # -1 … 1, with the bounds that hold with 90 %
    low: float
    high: float
    replies: int
    working_hours: float | None


def read_voices(letters: Sequence[Letter], replies: Sequence[Reply]) -> tuple[VoiceMonth, ...]:
    """What each person wrote in each month (UTC), by person and month. Undated letters count for nobody."""
    wrote: defaultdict[tuple[str, str], list[Letter]] = defaultdict(list)
    hours: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for letter in letters:
        if letter.at is not None and letter.author is not None and letter.author.email is not None:
            wrote[letter.author.id, f"{letter.at:%Y-%m}"].append(letter)
    for reply in replies:
        if reply.letter.author is not None:
            hours[reply.letter.author.id, f"{reply.letter.at:%Y-%m}"].append(round(reply.working, 2))
    return tuple(_month(month, some, hours[person, month]) for (person, month), some in sorted(wrote.items()))


def voices(months: Iterable[VoiceMonth], day: date) -> tuple[Voice, ...]:
    """How each person writes, from the months that were over on `day`; by name."""
    by_person: defaultdict[str, list[VoiceMonth]] = defaultdict(list)
    for month in months:
        if month.month < f"{day:%Y-%m}":
            by_person[month.party.id].append(month)
    return tuple(sorted(map(_voice, by_person.values()), key=lambda v: (v.party.name.casefold(), v.party.id)))


def _month(month: str, letters: Sequence[Letter], hours: Sequence[float]) -> VoiceMonth:
    heard = tone(f for letter in letters for f in letter.findings)
    times = [letter.at for letter in letters if letter.at is not None]
    author = letters[0].author
    assert author is not None  # noqa: S101 -- letters are gathered by their author
    return VoiceMonth(
        party=author,
        month=month,
        letters=len(letters),
        first=min(times),
        last=max(times),
        sentences=sum(max(letter.sentences, len(letter.findings)) for letter in letters),
        good=round(heard.good, 3),
        bad=round(heard.bad, 3),
        working_hours=tuple(hours),
    )


def _voice(months: Sequence[VoiceMonth]) -> Voice:
    heard = Tone(sum(m.good for m in months), sum(m.bad for m in months))
    low, high = heard.interval
    hours = [h for m in months for h in m.working_hours]
    return Voice(
        party=months[-1].party,
        letters=sum(m.letters for m in months),
        first=min(m.first for m in months),
        last=max(m.last for m in months),
        sentences=sum(m.sentences for m in months),
        score=round(heard.score, 4),
        low=round(low, 4),
        high=round(high, 4),
        replies=len(hours),
        working_hours=round(median(hours), 2) if hours else None,
    )
