"""How often the two sides write, and how long each takes to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import msgspec

from insights.identity import identity
from insights.insight import MonthRhythm, Party, Rhythm, Side
from insights.letters import Letter, other

_HOUR = 3600.0


class _Reply(msgspec.Struct, frozen=True):
    side: Side  # that replied
    hours: float


def read_rhythm(letters: Sequence[Letter], them: Party) -> Rhythm:
    """Volumes and median hours from a letter to the first one of the other side that answers it.

    Hours run through nights and weekends. A reply counts in the month (UTC) in which it was written; undated letters
    count in the totals alone.
    """
    replies = _replies(letters)
    months: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.at is not None:
            months[f"{letter.at:%Y-%m}"].append(letter)
    everything = [r for letter in letters if (r := replies.get(letter.id))]
    ours, theirs = _of(everything, Side.US), _of(everything, Side.THEM)
    return Rhythm(
        sent=_count(letters, Side.US),
        received=_count(letters, Side.THEM),
        our_reply_hours=_middle(ours),
        their_reply_hours=_middle(theirs),
        our_replies=len(ours),
        their_replies=len(theirs),
        months=tuple(_month(month, some, replies, them) for month, some in sorted(months.items())),
    )


def _month(month: str, letters: Sequence[Letter], replies: dict[str, _Reply], them: Party) -> MonthRhythm:
    some = [r for letter in letters if (r := replies.get(letter.id))]
    return MonthRhythm(
        id=identity("rhythm", them.id, month),
        month=month,
        sent=_count(letters, Side.US),
        received=_count(letters, Side.THEM),
        our_reply_hours=_middle(_of(some, Side.US)),
        their_reply_hours=_middle(_of(some, Side.THEM)),
    )


def _replies(letters: Sequence[Letter]) -> dict[str, _Reply]:
    """By document: the first answer of the other side to a letter; later ones are not replies any more."""
    known = {letter.id: letter for letter in letters}
    replied: set[str] = set()
    replies: dict[str, _Reply] = {}
    for letter in letters:
        asked = known.get(letter.answers or "")
        if asked is None or asked.id in replied or asked.at is None or letter.at is None:
            continue
        if asked.side is other(letter.side) and letter.at >= asked.at:
            replied.add(asked.id)
            replies[letter.id] = _Reply(letter.side, (letter.at - asked.at).total_seconds() / _HOUR)
    return replies


def _count(letters: Sequence[Letter], side: Side) -> int:
    return sum(letter.side is side for letter in letters)


def _of(replies: Sequence[_Reply], side: Side) -> list[float]:
    return [r.hours for r in replies if r.side is side]


def _middle(hours: Sequence[float]) -> float | None:
    return round(median(hours), 2) if hours else None
