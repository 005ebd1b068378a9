"""Changes of mood and of how long each side takes to answer, with the mails that moved it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from math import expm1, log1p

import msgspec

from insights.identity import identity
from insights.insight import Party, Side, Source
from insights.letters import Letter
from insights.mood import loudest, tone
from insights.rhythm import Reply
from insights.shifts import Shift, by_week, shifts

_SHOWN = 3  # mails


class Level(StrEnum):
    """What changed its level."""

    MOOD = "mood"  # voices for less those against, per 100 sentences
    OUR_REPLIES = "our_replies"  # working hours that we take to answer
    THEIR_REPLIES = "their_replies"


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


Felt = tuple[date, float, float]
"""A letter's day, how its sentences feel together, and how many they are."""


def felt(letter: Letter) -> Felt | None:
    """How a letter feels; None where it is not known when it was written."""
    if letter.at is None:
        return None
    heard = tone(letter.findings)
    return letter.at.date(), heard.good - heard.bad, max(letter.sentences, len(letter.findings))


def find_changes(
    letters: Sequence[Letter], feelings: Sequence[Felt], replies: Sequence[Reply], them: Party
) -> tuple[LevelChange, ...]:
    """The changes of mood and of both sides' answering, in the order in which they could be told.

    `feelings` are those of the letters.
    """
    found = [*_of_mood(letters, feelings, them)]
    for level, side in ((Level.OUR_REPLIES, Side.US), (Level.THEIR_REPLIES, Side.THEM)):
        found += _of_replies(level, [r for r in replies if r.letter.side is side], them)
    return tuple(sorted(found, key=lambda c: (c.at, c.id)))


def _of_mood(letters: Sequence[Letter], feelings: Sequence[Felt], them: Party) -> Iterator[LevelChange]:
    for shift in shifts(by_week(feelings)):
        sign = 1 if shift.after > shift.before else -1
        heard_in = [(m, f) for m in letters if _is_within(m, shift) for f in m.findings]
        yield _change(
            Level.MOOD, shift, 100 * shift.before, 100 * shift.after,
            (m.source(f) for m, f in loudest(heard_in, sign)), them,
        )  # fmt: skip


def _of_replies(level: Level, replies: Sequence[Reply], them: Party) -> Iterator[LevelChange]:
    """Hours are compared by their logarithm, as a wait of a week after one of days is a change and one hour is none."""
    values = [(r.letter.at.date(), log1p(r.working), 1.0) for r in replies if r.letter.at is not None]
    for shift in shifts(by_week(values)):
        sign = 1 if shift.after > shift.before else -1
        new = [r for r in replies if _is_within(r.letter, shift)]
        telling = sorted(new, key=lambda r: (-sign * r.working, r.letter.id))[:_SHOWN]
        yield _change(
            level, shift, expm1(shift.before), expm1(shift.after),
            (r.letter.opening() for r in new if r in telling), them,
        )  # fmt: skip


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
