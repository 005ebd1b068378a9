"""What this process remembers of relationships that it read: so that one more letter costs little more than itself.

It is no truth: what is remembered counts only where the store still rests on exactly that (its digest says so) and what
is new comes after all that was read. Else all letters are read again, and the outcome is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock

import msgspec

from insights.insight import Party, Rhythm
from insights.letters import Letter
from insights.timeline import Insights, Reader, place
from store.read import Member, Summary

_LETTERS = 20_000  # at most, over all relationships: some ten kilobytes each
_known: OrderedDict[tuple[str, str], Known] = OrderedDict()
_lock = Lock()


class Known:
    """A relationship as far as it was read."""

    def __init__(self, version: str, us: Party, them: Party) -> None:
        self.reader = Reader(us, them)
        self.insights: Insights | None = None  # as they are written
        self.summary = Summary(documents=0, quiet=0, first=None, last=None)
        self._rests_on: tuple[str, Party, str | None] = (version, them, None)
        self._ids: set[str] = set()
        self._last: Letter | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def goes_on(self, version: str, digest: str | None, them: Party, touched: Collection[str]) -> bool:
        """Whether what is written rests on what was read, and none of what was touched is among that."""
        return self._rests_on == (version, them, digest) and self._ids.isdisjoint(touched)

    def follow(self, members: Sequence[Member], letters: Sequence[Letter]) -> bool:
        """Read more letters, those of `members`; False where they do not all come after those that were read."""
        letters = sorted(letters, key=place)
        if letters and self._last is not None and place(letters[0]) <= place(self._last):
            return False
        for letter in letters:
            self.reader.read(letter)
        self._last = letters[-1] if letters else self._last
        self._ids.update(member.filed.document.id for member in members)
        self.summary = _sum(self.summary, summary(members))
        return True

    def keep(self, digest: str, insights: Insights) -> None:
        """Remember on what the insights rest that are written now."""
        version, them, _ = self._rests_on
        self._rests_on, self.insights = (version, them, digest), insights
        self.summary = msgspec.structs.replace(self.summary, rhythm=insights.rhythm)


def take(database: str, relationship: str) -> Known | None:
    """What is remembered of a relationship, no longer remembered then: if writing fails, it is not true."""
    with _lock:
        return _known.pop((database, relationship), None)


def keep(database: str, relationship: str, known: Known) -> None:
    """Remember a relationship, and forget those that were not asked for longest."""
    with _lock:
        _known[database, relationship] = known
        while len(_known) > 1 and sum(map(len, _known.values())) > _LETTERS:
            _known.popitem(last=False)


def summary(members: Sequence[Member], rhythm: Rhythm | None = None) -> Summary:
    """Sums over a relationship's documents."""
    times = [m.filed.document.at for m in members if m.filed.document.at and not m.quiet]
    return Summary(
        documents=sum(not m.quiet for m in members),
        quiet=sum(m.quiet for m in members),
        first=min(times, default=None),
        last=max(times, default=None),
        rhythm=rhythm,
    )


def _sum(one: Summary, more: Summary) -> Summary:
    return Summary(
        documents=one.documents + more.documents,
        quiet=one.quiet + more.quiet,
        first=min(filter(None, (one.first, more.first)), default=None),
        last=max(filter(None, (one.last, more.last)), default=None),
    )
