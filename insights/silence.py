"""Silence that is unusual: of the other side, and of one of its people while the others write on.

Measured against the party's own past: the working days between one day on which it wrote and the next. The longest
quarter of its last gaps is taken to fall off exponentially (peaks over a threshold: Pickands, Ann. Stat. 3, 1975), and
a gap is unusual once it is longer than one in a hundred would be, and clearly longer than the longest of them. Gaps are
judged by those before them alone. Made-up parties who never change are called silent in 1 to 2 of 100 gaps, whatever
the shape of their gaps (`python -m bench.attention`). Who wrote seldom so far is never called silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, islice
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


class Silences:
    """The other house and its people by the days on which they write, as far as mails were read, in order of time."""

    def __init__(self, them: Party) -> None:
        self._them = them
        self._theirs: list[Letter] = []
        self._people: dict[str, list[Letter]] = {}
        self._lulls: dict[str, list[Lull]] = {}  # of those who did not write since

    def read(self, mail: Letter) -> None:
        """Take in one more mail."""
        if mail.side is not Side.THEM or mail.at is None:
            return
        self._theirs.append(mail)
        if mail.author is not None and mail.author.email is not None:
            self._people.setdefault(mail.author.id, []).append(mail)
            self._lulls.pop(mail.author.id, None)

    def told(self) -> tuple[Lull, ...]:
        """The unusual silences, in order of time."""
        found = list(_silences(self._theirs, self._them, self._them))
        days = sorted({m.at.date() for m in self._theirs if m.at is not None})
        for person, own in self._people.items():
            if person not in self._lulls and (party := own[0].author) is not None:
                self._lulls[person] = list(_silences(own, party, self._them))
            found += filter(None, (_while_others_write(s, days) for s in self._lulls[person]))
        return tuple(sorted(found, key=lambda s: (s.at, s.id)))

    def arrivals(self) -> tuple[Arrival, ...]:
        """The people of theirs who came and stayed, in order of time."""
        days = [m.at.date() for m in self._theirs if m.at is not None]
        found = (self._arrival(own, days) for own in self._people.values())
        return tuple(sorted(filter(None, found), key=lambda a: (a.at, a.id)))

    def _arrival(self, own: Sequence[Letter], days: Sequence[date]) -> Arrival | None:
        """When somebody came: `days` are those of all letters, in order."""
        wrote = list(islice(_by_day(own), _NEW_LETTERS))
        if len(wrote) < _NEW_LETTERS or wrote[-1][0] - wrote[0][0] > _NEW_WITHIN:
            return None
        (day, first), party = wrote[0], own[0].author
        if party is None or day - days[0] < _OLD or len(set(days[: bisect_left(days, day)])) < _OLD_LETTERS:
            return None
        last = wrote[-1][1]
        return Arrival(
            id=identity("arrival", self._them.id, party.id),
            party=party,
            at=last.at or datetime.combine(wrote[-1][0], time(), UTC),
            first=first.opening(),
        )


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
    wrote = list(_by_day(letters))
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


def _by_day(letters: Sequence[Letter]) -> Iterator[tuple[date, Letter]]:
    """The days on which somebody wrote, in order, each with its last letter."""
    for day, some in groupby(letters, key=lambda letter: letter.at.date() if letter.at else date.max):
        yield day, list(some)[-1]
