"""How often the two sides write, who begins, and how long each takes to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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


def read_rhythm(letters: Sequence[Letter], replies: Sequence[Reply], them: Party) -> Rhythm:
    """Volumes, who begins threads, and median hours to the first answer of the other side.

    `replies` are those of the letters. A reply counts in the month (UTC) in which it was written; undated letters
    count in the totals alone.
    """
    began = _beginnings(letters)
    first: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in began:
        if letter.at is not None:
            first[f"{letter.at:%Y-%m}"].append(letter)
    months: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.at is not None:
            months[f"{letter.at:%Y-%m}"].append(letter)
    first: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in began:
        if letter.at is not None:
            first[f"{letter.at:%Y-%m}"].append(letter)
    replied: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        replied[f"{reply.letter.at:%Y-%m}"].append(reply)
    ours, theirs = _of(replies, Side.US), _of(replies, Side.THEM)
    return Rhythm(
        sent=_count(letters, Side.US),
        received=_count(letters, Side.THEM),
        our_reply_hours=_middle(r.hours for r in ours),
        their_reply_hours=_middle(r.hours for r in theirs),
        our_working_hours=_middle(r.working for r in ours),
        their_working_hours=_middle(r.working for r in theirs),
        our_replies=len(ours),
        their_replies=len(theirs),
        begun_by_us=_count(began, Side.US),
        begun_by_them=_count(began, Side.THEM),
        months=tuple(_month(month, some, replied[month], first[month], them) for month, some in sorted(months.items())),
    )


def find_replies(letters: Sequence[Letter]) -> tuple[Reply, ...]:
    """The first answer of the other side to each letter that got one; later ones are no replies any more."""
    replies = Replies()
    for letter in letters:
        replies.read(letter)
    return tuple(replies.found)


class Replies:
    """The answers among letters, as far as they were read, in order of time."""

    def __init__(self) -> None:
        self.found: list[Reply] = []
        self._known: dict[str, Letter] = {}
        self._replied: set[str] = set()

    def read(self, letter: Letter) -> None:
        """Take in one more letter."""
        self._known[letter.id] = letter
        asked = self._known.get(letter.answers or "")
        if asked is None or asked.id in self._replied or asked.at is None or letter.at is None:
            return
        if asked.side is other(letter.side) and letter.at >= asked.at:
            self._replied.add(asked.id)
            hours = (letter.at - asked.at).total_seconds() / _HOUR
            working = working_hours(asked.at, letter.at, letter.language, letter.utc_offset)
            self.found.append(Reply(letter, asked.at, hours, working))


def _month(
    month: str, letters: Sequence[Letter], replies: Sequence[Reply], first: Sequence[Letter], them: Party
) -> MonthRhythm:
    ours, theirs = _of(replies, Side.US), _of(replies, Side.THEM)
    return MonthRhythm(
        id=identity("rhythm", them.id, month),
        month=month,
        sent=_count(letters, Side.US),
        received=_count(letters, Side.THEM),
        our_reply_hours=_middle(r.hours for r in ours),
        their_reply_hours=_middle(r.hours for r in theirs),
        our_working_hours=_middle(r.working for r in ours),
        their_working_hours=_middle(r.working for r in theirs),
        begun_by_us=_count(began, Side.US),
        begun_by_them=_count(began, Side.THEM),
    )


def _beginnings(letters: Sequence[Letter]) -> list[Letter]:
    """The first letter of each thread."""
    first: dict[str, Letter] = {}
    for letter in letters:
        first.setdefault(letter.thread, letter)
    return list(first.values())


def _count(letters: Iterable[Letter], side: Side) -> int:
    return sum(letter.side is side for letter in letters)


def _of(replies: Iterable[Reply], side: Side) -> list[Reply]:
    return [r for r in replies if r.letter.side is side]


def _middle(hours: Iterable[float]) -> float | None:
    known = list(hours)
    return round(median(known), 2) if known else None
