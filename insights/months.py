"""What mails tell by when they were written: what cannot change with later ones, such as a month that is over, is
told once.
"""

from __future__ import annotations

from itertools import chain

from insights.changes import Changes, LevelChange
from insights.insight import Party, Rhythm
from insights.letters import Letter
from insights.mood import MonthMood, read_mood
from insights.rhythm import Replies, Traffic
from insights.silence import Arrival, Lull, Silences
from insights.voices import VoiceMonth, read_voices


class Months:
    """The mails of a relationship as far as they were read, in order of time, undated ones last."""

    def __init__(self, them: Party) -> None:
        self._mails: list[Letter] = []
        self._them = them
        self._replies, self._traffic, self._silences = Replies(), Traffic(them), Silences(them)
        self._changes = Changes(them)
        self._month: str | None = None
        self._begins, self._answered = 0, 0  # where the month that runs begins among mails and replies
        self._moods: list[tuple[MonthMood, ...]] = []  # of months that are over
        self._voices: list[tuple[VoiceMonth, ...]] = []

    def read(self, mail: Letter) -> None:
        """Take in one more mail."""
        month = f"{mail.at:%Y-%m}" if mail.at is not None else None
        if month != self._month:
            self._moods.append(self._mood())
            self._voices.append(self._heard())
            self._month, self._begins, self._answered = month, len(self._mails), len(self._replies.found)
        self._mails.append(mail)
        reply = self._replies.read(mail)
        self._traffic.read(mail, reply)
        self._changes.read(mail, reply)
        self._silences.read(mail)

    def rhythm(self) -> Rhythm:
        """How often and how fast the sides write."""
        return self._traffic.told()

    def changes(self) -> tuple[LevelChange, ...]:
        """When the mood, or how fast a side answers, changed."""
        return self._changes.told()

    def silences(self) -> tuple[Lull, ...]:
        """The other side's unusual silences."""
        return self._silences.told()

    def arrivals(self) -> tuple[Arrival, ...]:
        """Who came and stayed."""
        return self._silences.arrivals()

    def mood(self) -> tuple[MonthMood, ...]:
        """The mood of each month, in order."""
        return (*chain.from_iterable(self._moods), *self._mood())

    def voices(self) -> tuple[VoiceMonth, ...]:
        """What each person wrote in each month, by person and month."""
        found = (*chain.from_iterable(self._voices), *self._heard())
        return tuple(sorted(found, key=lambda v: (v.party.id, v.month)))

    def _mood(self) -> tuple[MonthMood, ...]:
        return read_mood(self._mails[self._begins :], self._them)

    def _heard(self) -> tuple[VoiceMonth, ...]:
        return read_voices(self._mails[self._begins :], self._replies.found[self._answered :])
