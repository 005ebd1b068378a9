"""Changes of mood and of how long each side takes to answer, with the mails that moved it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from math import expm1, log1p

import msgspec

from insights.identity import identity
from insights.insight import Party, Side, Source
from insights.letters import Letter
from insights.mood import loudest, tone
from insights.rhythm import Reply
from insights.shifts import Series, Shift

_SHOWN = 3  # mails


class Level(StrEnum):
    """What changed its level."""

    MOOD = "mood"  # voices for less those against, per 100 sentences
    OUR_REPLIES = "our_replies"  # working hours that we take to answer
    THEIR_REPLIES = "their_replies"


_ANSWERING = {Side.US: Level.OUR_REPLIES, Side.THEM: Level.THEIR_REPLIES}


class LevelChange(msgspec.Struct, frozen=True, kw_only=True):
    """A lasting change of level. `before` and `after` are in the unit of what changed (see `Level`)."""

    id: str
    level: Level
    since: date  # the Monday of the first week of the new level
    at: datetime  # when it could be told: the end of a month
    before: float
    after: float
    weeks_before: int  # on which it rests
    weeks_after: int
    strength: float  # of the test (insights.shifts)
    sources: tuple[Source, ...] = ()
    confidence: float = 0.95  # at most one series in twenty that never changed is said to have changed

    @property
    def worse(self) -> bool:
        """Whether it changed for the worse: a lower mood, a longer wait."""
        return (self.after < self.before) is (self.level is Level.MOOD)


class Changes:
    """The levels of a relationship, as far as its mails were read, in order of time."""

    def __init__(self, them: Party) -> None:
        self._them = them
        self._mails: list[Letter] = []
        self._replies: list[Reply] = []
        self._levels = {level: Series() for level in Level}
        self._told: dict[tuple[Level, Shift], LevelChange] = {}  # a shift's mails were all there when it was known

    def read(self, mail: Letter, reply: Reply | None) -> None:
        """Take in one more mail, and the answer that it is.

        Hours are compared by their logarithm, as a wait of a week after one of days is a change and one hour is none.
        """
        if mail.at is None:
            return
        heard, day = tone(mail.findings), mail.at.date()
        self._mails.append(mail)
        self._levels[Level.MOOD].add(day, heard.good - heard.bad, max(mail.sentences, len(mail.findings)))
        if reply is not None and (level := _ANSWERING.get(mail.side)) is not None:
            self._replies.append(reply)
            self._levels[level].add(day, log1p(reply.working), 1.0)

    def told(self) -> tuple[LevelChange, ...]:
        """The changes of mood and of both sides' answering, in the order in which they could be told."""
        shifts = [(level, shift) for level, series in self._levels.items() for shift in series.shifts()]
        self._told = {one: self._told.get(one) or self._tell(*one) for one in shifts}
        return tuple(sorted(self._told.values(), key=lambda c: (c.at, c.id)))

    def _tell(self, level: Level, shift: Shift) -> LevelChange:
        sign = 1 if shift.after > shift.before else -1
        if level is Level.MOOD:
            heard_in = [(m, f) for m in self._mails if _is_within(m, shift) for f in m.findings]
            sources = (m.source(f) for m, f in loudest(heard_in, sign))
            return _change(level, shift, 100 * shift.before, 100 * shift.after, sources, self._them)
        new = [r for r in self._replies if _ANSWERING[r.letter.side] is level and _is_within(r.letter, shift)]
        telling = sorted(new, key=lambda r: (-sign * r.working, r.letter.id))[:_SHOWN]
        sources = (r.letter.opening() for r in new if r in telling)
        return _change(level, shift, expm1(shift.before), expm1(shift.after), sources, self._them)


def _change(
    level: Level, shift: Shift, before: float, after: float, sources: Iterable[Source], them: Party
) -> LevelChange:
    return LevelChange(
        id=identity("change", them.id, level, shift.since),
        level=level,
        since=shift.since,
        at=datetime.combine(shift.known, time(), UTC),
        before=round(before, 2),
        after=round(after, 2),
        weeks_before=shift.weeks[0],
        weeks_after=shift.weeks[1],
        strength=round(shift.strength, 3),
        sources=tuple(sources),
    )


def _is_within(letter: Letter, shift: Shift) -> bool:
    """Whether a letter belongs to the new level, as far as it was known."""
    return letter.at is not None and shift.since <= letter.at.date() < shift.known
