"""Who is meant by a debtor's name, and to whom something is owed."""

from __future__ import annotations

from collections.abc import Iterable

from insights.insight import Party, Side
from insights.letters import Letter, other
from nlp.findings import READER, WRITER

_ENDING = 4  # letters that a case ending may add to a name


class Cast:
    """The people of a relationship who have been seen so far, the latest last."""

    def __init__(self, us: Party, them: Party) -> None:
        self._houses = {Side.US: us, Side.THEM: them}
        self._people: dict[str, Party] = {}

    def read(self, letter: Letter) -> None:
        """Take in who takes part in one more letter."""
        for party in _people_of(letter):
            self._people.pop(party.id, None)
            self._people[party.id] = party

    def debtor(self, name: str | None, letter: Letter) -> Party:
        """Who owes what a sentence of this letter says its `name` (writer, reader, or a name) owes."""
        if name is None or name == WRITER:
            return letter.author or self._houses[letter.side]
        if name == READER:
            return self._first(letter.recipients, other(letter.side))
        everyone = (*self._houses.values(), *self._people.values(), *reversed(_people_of(letter)))
        known = [p for p in everyone if _is_called(p.name, name)]
        if known:
            return known[-1]
        side = Side.OTHER if letter.author is None else letter.side  # a colleague, most likely
        return Party(id=f"name:{name.casefold()}", name=name, side=side)

    def creditor(self, debtor: Party, letter: Letter) -> Party:
        """To whom the debtor of a sentence of this letter owes it: the main one on the other side."""
        author = (letter.author,) if letter.author else ()
        return self._first((*author, *letter.recipients), other(debtor.side))

    def _first(self, parties: Iterable[Party], side: Side) -> Party:
        return next((p for p in parties if p.side is side), self._houses.get(side, self._houses[Side.US]))


def _people_of(letter: Letter) -> tuple[Party, ...]:
    return (*((letter.author,) if letter.author else ()), *letter.recipients)


def _is_called(full: str, name: str) -> bool:
    """Whether a name, perhaps with a case ending, is one's own or a part of it."""
    words = full.casefold().split()
    wanted = name.casefold().split()
    return bool(wanted) and all(any(_is_form(w, own) for own in words) for w in wanted)


def _is_form(word: str, own: str) -> bool:
    return word == own or (len(own) >= 4 and word.startswith(own) and len(word) - len(own) <= _ENDING)
