"""Silence that is unusual: of the other side, and of one of its people while the others write on.

Measured against the party's own past: the working days between one day on which it wrote and the next. The longest
quarter of its last gaps is taken to fall off exponentially (peaks over a threshold: Pickands, Ann. Stat. 3, 1975), and
a gap is unusual once it is longer than one in a hundred would be, and clearly longer than the longest of them. Gaps are
judged by those before them alone. Made-up parties who never change are called silent in 1 to 2 of 100 gaps, whatever
the shape of their gaps (`python -m bench.attention`). Who wrote seldom so far is never called silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil, log
from statistics import median

import msgspec

from insights.hours import after_working_days, working_days
from insights.identity import identity
from insights.insight import Party, Side, Source
from insights.letters import Letter

_KNOWN = 12  # gaps there must be
_LAST = 60  # gaps that are looked at
_RARE = 0.01  # how likely a longer gap may be
_TAIL = 0.25  # share of the gaps that are long ones
_LONGER = 1.25  # than the longest known gap, so many times
_LEAST = 5.0  # working days that are never unusual
_OTHERS = 3  # days on which colleagues write, from which somebody has fallen silent
_NEW_WITHIN = timedelta(days=60)  # from the first letter
_NEW_LETTERS = 3  # days on which somebody new writes within that time, and so has come to stay …
_OLD = timedelta(days=90)  # … in a relationship that is so old …
_OLD_LETTERS = 10  # … and in which they wrote on so many days


class LullStatus(StrEnum):
    """Whether word came as of a day."""

    OPEN = "open"
    ENDED = "ended"


class Lull(msgspec.Struct, frozen=True, kw_only=True):
    """A wait for word that is longer than this party's gaps. Days are working days of the party's country."""

    id: str
    party: Party  # the other house, or one of its people
    since: date  # when it last wrote
    at: datetime  # from when the silence is unusual
    until: date | None = None  # when it wrote again
    usual: float  # days: the median gap
    longest: float  # days: the longest gap known
    gaps: int  # on which that rests
    last: Source  # how the last letter begins
    confidence: float = 1 - _RARE

    def as_of(self, day: date) -> Lull:
        """The silence as it was known at the end of `day`."""
        return msgspec.structs.replace(self, until=None) if self.until and self.until > day else self

    def status(self, day: date) -> LullStatus:
        """Ended where word had come by the end of `day`."""
        return LullStatus.OPEN if self.as_of(day).until is None else LullStatus.ENDED


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of theirs who was not heard of before and now writes again and again."""

    id: str
    party: Party
    at: datetime  # of the letter by which that could be told
    first: Source  # how the first letter begins
    confidence: float = 1.0


def find_silences(letters: Sequence[Letter], them: Party) -> tuple[Lull, ...]:
    """The unusual silences of the other house and of its people, in order of time; `letters` are mails, in order."""
    theirs = [m for m in letters if m.side is Side.THEM and m.at is not None]
    house = list(_silences(theirs, them, them))
    found = list(house)
    days = sorted({m.at.date() for m in theirs if m.at is not None})
    for party, own in _by_person(theirs).items():
        found += filter(None, (_while_others_write(s, days) for s in _silences(own, party, them)))
    return tuple(sorted(found, key=lambda s: (s.at, s.id)))


def find_arrivals(letters: Sequence[Letter], them: Party) -> tuple[Arrival, ...]:
    """The people of theirs who came and stayed, in order of time; `letters` are mails, in order."""
    theirs = [m for m in letters if m.side is Side.THEM and m.at is not None]
    days = [m.at.date() for m in theirs if m.at is not None]
    found = []
    for party, own in _by_person(theirs).items():
        wrote = _days(own)
        if len(wrote) < _NEW_LETTERS or wrote[_NEW_LETTERS - 1][0] - wrote[0][0] > _NEW_WITHIN:
            continue
        first, last = wrote[0], wrote[_NEW_LETTERS - 1]
        before = {d for d in days if d < first[0]}
        if len(before) >= _OLD_LETTERS and first[0] - min(before) >= _OLD:
            found.append(
                Arrival(
                    id=identity("arrival", them.id, party.id),
                    party=party,
                    at=last[1].at or datetime.combine(last[0], time(), UTC),
                    first=first[1].opening(),
                )
            )
    return tuple(sorted(found, key=lambda a: (a.at, a.id)))


def unusual_from(gaps: Sequence[float]) -> float | None:
    """From how many working days on a gap is unusual after these; None where they are too few."""
    known = sorted(gaps[-_LAST:])
    if len(known) < _KNOWN:
        return None
    edge = known[ceil(len(known) * (1 - _TAIL)) - 1]
    beyond = [gap - edge for gap in known if gap > edge]
    mean = sum(beyond) / len(beyond) if beyond else 1.0
    return max(_LEAST, _LONGER * known[-1], edge + mean * log(_TAIL / _RARE))


def _silences(letters: Sequence[Letter], party: Party, them: Party) -> Iterator[Lull]:
    wrote = _days(letters)
    gaps: list[float] = []
    for place, (day, letter) in enumerate(wrote):
        following = wrote[place + 1][0] if place + 1 < len(wrote) else None
        gap = None if following is None else float(working_days(day, following, letter.language))
        limit = unusual_from(gaps) if gap is None or gap > _LEAST else None
        if limit is not None and (gap is None or gap > limit):
            known = gaps[-_LAST:]
            yield Lull(
                id=identity("silence", them.id, party.id, day),
                party=party,
                since=day,
                at=datetime.combine(after_working_days(day, int(limit) + 1, letter.language), time(), UTC),
                until=following,
                usual=median(known),
                longest=max(known),
                gaps=len(known),
                last=letter.opening(),
            )
        if gap is not None:
            gaps.append(gap)


def _while_others_write(silence: Lull, days: Sequence[date]) -> Lull | None:
    """A person's silence from when colleagues, too, have written on some days since; None where they have not."""
    since = [d for d in days if silence.since < d and (silence.until is None or d < silence.until)]
    if len(since) < _OTHERS:
        return None
    return msgspec.structs.replace(silence, at=max(silence.at, datetime.combine(since[_OTHERS - 1], time(), UTC)))


def _days(letters: Sequence[Letter]) -> list[tuple[date, Letter]]:
    """The days on which somebody wrote, each with its last letter."""
    return sorted({m.at.date(): m for m in letters if m.at is not None}.items(), key=lambda found: found[0])


def _by_person(letters: Sequence[Letter]) -> dict[Party, list[Letter]]:
    found: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.author is not None and letter.author.email is not None:
            found[letter.author.id].append(letter)
    return {own[0].author: own for own in found.values() if own[0].author is not None}
