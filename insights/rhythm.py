"""How often the two sides write, who begins, and how long each takes to answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median

import msgspec

from insights.hours import working_hours
from insights.identity import identity
from insights.insight import MonthRhythm, Party, Rhythm, Side
from insights.letters import Letter, other

_HOUR = 3600.0


class Reply(msgspec.Struct, frozen=True):
    """An answer of the other side to a letter, and how long it took."""

    letter: Letter
    asked: datetime
    hours: float  # through nights and weekends
    working: float  # working hours (insights.hours)


class _Count:
    """Letters and answers that were counted, of a month or of all."""

    def __init__(self) -> None:
        self.sent: Counter[Side] = Counter()
        self.begun: Counter[Side] = Counter()
        self.hours: defaultdict[Side, list[float]] = defaultdict(list)
        self.working: defaultdict[Side, list[float]] = defaultdict(list)

    def count(self, letter: Letter, reply: Reply | None, *, begins: bool) -> None:
        side = letter.side
        self.sent[side] += 1
        self.begun[side] += begins
        if reply is not None:
            self.hours[side].append(reply.hours)
            self.working[side].append(reply.working)


class Traffic:
    """How often and how fast the sides write, as far as letters were read.

    A reply counts in the month (UTC) in which it was written; undated letters count in the totals alone.
    """

    def __init__(self, them: Party) -> None:
        self._them = them
        self._all = _Count()
        self._months: defaultdict[str, _Count] = defaultdict(_Count)
        self._told: dict[str, MonthRhythm] = {}  # of months to which nothing came since
        self._threads: set[str] = set()

    def read(self, letter: Letter, reply: Reply | None) -> None:
        """Take in one more letter, and the answer that it is."""
        begins = letter.thread not in self._threads
        self._threads.add(letter.thread)
        self._all.count(letter, reply, begins=begins)
        if letter.at is not None:
            month = f"{letter.at:%Y-%m}"
            self._months[month].count(letter, reply, begins=begins)
            self._told.pop(month, None)

    def told(self) -> Rhythm:
        """Volumes, who begins threads, and median hours to the first answer of the other side."""
        for month in self._months.keys() - self._told.keys():
            self._told[month] = self._month(month, self._months[month])
        whole = self._all
        return Rhythm(
            sent=whole.sent[Side.US],
            received=whole.sent[Side.THEM],
            our_reply_hours=_middle(whole.hours[Side.US]),
            their_reply_hours=_middle(whole.hours[Side.THEM]),
            our_working_hours=_middle(whole.working[Side.US]),
            their_working_hours=_middle(whole.working[Side.THEM]),
            our_replies=len(whole.hours[Side.US]),
            their_replies=len(whole.hours[Side.THEM]),
            begun_by_us=whole.begun[Side.US],
            begun_by_them=whole.begun[Side.THEM],
            months=tuple(self._told[month] for month in sorted(self._told)),
        )

    def _month(self, month: str, one: _Count) -> MonthRhythm:
        return MonthRhythm(
            id=identity("rhythm", self._them.id, month),
            month=month,
            sent=one.sent[Side.US],
            received=one.sent[Side.THEM],
            our_reply_hours=_middle(one.hours[Side.US]),
            their_reply_hours=_middle(one.hours[Side.THEM]),
            our_working_hours=_middle(one.working[Side.US]),
            their_working_hours=_middle(one.working[Side.THEM]),
            begun_by_us=one.begun[Side.US],
            begun_by_them=one.begun[Side.THEM],
        )


class Replies:
    """The answers among letters, as far as they were read, in order of time."""

    def __init__(self) -> None:
        self.found: list[Reply] = []
        self._known: dict[str, Letter] = {}
        self._replied: set[str] = set()

    def read(self, letter: Letter) -> Reply | None:
        """Take in one more letter: the answer that it is, where it is the first one to a letter."""
        self._known[letter.id] = letter
        asked = self._known.get(letter.answers or "")
        if asked is None or asked.id in self._replied or asked.at is None or letter.at is None:
            return None
        if asked.side is other(letter.side) and letter.at >= asked.at:
            self._replied.add(asked.id)
            hours = (letter.at - asked.at).total_seconds() / _HOUR
            working = working_hours(asked.at, letter.at, letter.language, letter.utc_offset)
            self.found.append(Reply(letter, asked.at, hours, working))
            return self.found[-1]
        return None


def _middle(hours: Iterable[float]) -> float | None:
    known = list(hours)
    return round(median(known), 2) if known else None
