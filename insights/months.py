"""Mails by the month (UTC) in which they were written: what a month tells is told once, when it is over."""

from __future__ import annotations

from itertools import chain

from insights.insight import Party
from insights.letters import Letter
from insights.mood import MonthMood, read_mood
from insights.rhythm import Replies, Reply
from insights.voices import VoiceMonth, read_voices


class Months:
    """The mails of a relationship as far as they were read, in order of time, undated ones last."""

    def __init__(self, them: Party) -> None:
        self.mails: list[Letter] = []
        self._them = them
        self._replies = Replies()
        self._month: str | None = None
        self._begins, self._answered = 0, 0  # where the month that runs begins among mails and replies
        self._moods: list[tuple[MonthMood, ...]] = []  # of months that are over
        self._voices: list[tuple[VoiceMonth, ...]] = []

    @property
    def replies(self) -> list[Reply]:
        """The answers among the mails."""
        return self._replies.found

    def read(self, mail: Letter) -> None:
        """Take in one more mail."""
        month = f"{mail.at:%Y-%m}" if mail.at is not None else None
        if month != self._month:
            self._moods.append(self._mood())
            self._voices.append(self._heard())
            self._month, self._begins, self._answered = month, len(self.mails), len(self.replies)
        self.mails.append(mail)
        self._replies.read(mail)

    def mood(self) -> tuple[MonthMood, ...]:
        """The mood of each month, in order."""
        return (*chain.from_iterable(self._moods), *self._mood())

    def voices(self) -> tuple[VoiceMonth, ...]:
        """What each person wrote in each month, by person and month."""
        found = (*chain.from_iterable(self._voices), *self._heard())
        return tuple(sorted(found, key=lambda v: (v.party.id, v.month)))

    def _mood(self) -> tuple[MonthMood, ...]:
        return read_mood(self.mails[self._begins :], self._them)

    def _heard(self) -> tuple[VoiceMonth, ...]:
        return read_voices(self.mails[self._begins :], self.replies[self._answered :])
