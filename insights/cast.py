"""Who is meant by a debtor's name, and to whom something is owed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from insights.contracts import Contract
from insights.insight import NOBODY, Party, Side
from insights.letters import Letter, other
from insights.naming import Name, read_name
from nlp.findings import READER, WRITER

_ENDING = 4  # letters that a case ending may add to a name
_INITIALS = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_]\.?)?")  # "P.", "M-L"
_NAME = re.compile(r"\b[^\W\d_a-zåäö][^\W\d_]{2,}")  # a word with a capital
_LEAST = 4  # letters of a name that may be the beginning of another


class Cast:
    """The people of a relationship who have been seen so far, the latest last."""

    def __init__(self, us: Party, them: Party) -> None:
        self._houses = {Side.US: us, Side.THEM: them}
        self._people: dict[str, Party] = {}
        self._contracts: list[Contract] = []

    def read(self, letter: Letter) -> None:
        """Take in who takes part in one more letter."""
        if isinstance(letter.read, Contract):
            self._contracts.append(letter.read)
        for party in _people_of(letter):
            self._people.pop(party.id, None)
            self._people[party.id] = party

    def debtor(self, name: str | None, letter: Letter) -> Party:
        """Who owes what a sentence of this letter says its `name` (writer, reader, or a name) owes."""
        if name is None or name == WRITER:
            return letter.author or self._houses.get(letter.side, NOBODY)
        if name == READER:
            return self._first(letter.recipients, other(letter.side))
        if isinstance(letter.read, Contract) and (house := self._house(letter.read, name)):
            return house
        everyone = (*self._houses.values(), *self._people.values(), *reversed(_people_of(letter)))
        known = [p for p in everyone if _is_called(p.name, name)]
        if known:
            return known[-1]
        if house := next(filter(None, (self._house(contract, name) for contract in reversed(self._contracts))), None):
            return house
        side = Side.OTHER if letter.author is None else letter.side  # a colleague, most likely
        return Party(id=f"name:{name.casefold()}", name=name, side=side)

    def named(self, text: str) -> Side | None:
        """The side of whom a text names last; None where it names nobody who is known."""
        for word in reversed(_NAME.findall(text)):
            people = [*self._people.values(), *self._houses.values()]
            if found := next(
                (p.side for p in reversed(people) if _is_called(p.name, word) or _is_house(p, word)), None
            ):
                return found
            if house := next(filter(None, (self._house(contract, word) for contract in self._contracts)), None):
                return house.side
        return None

    def creditor(self, debtor: Party, letter: Letter) -> Party:
        """To whom the debtor of a sentence of this letter owes it: the main one on the other side."""
        if letter.author is None and debtor.side is Side.OTHER:
            return NOBODY
        author = (letter.author,) if letter.author else ()
        return self._first((*author, *letter.recipients), other(debtor.side))

    def _house(self, contract: Contract, name: str) -> Party | None:
        """Whom a contract calls by this name or role."""
        said = name.casefold()
        called = (p.side for p in contract.parties if said in (p.name.casefold(), (p.role or "").casefold()))
        return self._houses.get(next(called, None) or Side.OTHER)

    def _first(self, parties: Iterable[Party], side: Side) -> Party:
        return next((p for p in parties if p.side is side), self._houses.get(side, self._houses[Side.US]))


def _people_of(letter: Letter) -> tuple[Party, ...]:
    return (*((letter.author,) if letter.author else ()), *letter.recipients)


def _is_called(full: str, name: str) -> bool:
    """Whether a name, perhaps with initials or a case ending, is one's own or a part of it."""
    words = full.casefold().split()
    wanted = name.casefold().split()
    told = not all(map(_INITIALS.fullmatch, wanted))
    return told and all(any(_is_form(w, own) or _is_initial(w, own) for own in words) for w in wanted)


def _is_house(party: Party, word: str) -> bool:
    """Whether a word is the beginning of a house's domain."""
    said = word.casefold()
    return "@" not in party.id and len(said) > _LEAST and party.id.replace("-", "").startswith(said)


def _is_initial(word: str, own: str) -> bool:
    """Whether a word is the initials of a first name, double ones too."""
    letters = re.findall(r"[^\W\d_]", word)
    return _INITIALS.fullmatch(word) is not None and letters == [part[0] for part in own.split("-") if part]


def _is_form(word: str, own: str) -> bool:
    return word == own or (len(own) >= 4 and word.startswith(own) and len(word) - len(own) <= _ENDING)


def stand(contract: Contract, us: Party, them: Party) -> dict[str, Side]:
    """On which side the parties of a contract stand, by name; those of whom it cannot be told are left out.

    A party is one of the houses where its name is the house's or its domain's, or one begins as the other. Of two
    parties, the second is the other house where the first is one.
    """
    names = [party.name for party in contract.parties]
    found = {name: side for name in names if (side := _house(name, contract.language, us, them))}
    if len(names) == 2 and len(found) == 1:
        (known, side) = next(iter(found.items()))
        found[names[names[0] == known]] = other(side)
    return found


def _house(name: str, language: str, us: Party, them: Party) -> Side | None:
    sides = [house.side for house in (us, them) if _is_named(name, language, house)]
    return sides[0] if len(sides) == 1 else None


def _is_named(name: str, language: str, house: Party) -> bool:
    label = house.id.partition(".")[0].replace("-", "")
    known = (house.name, label)
    said = read_name(name.partition(",")[0], language, known)
    return any(_is_one(said, read_name(own)) for own in known if "@" not in own)


def _is_one(a: Name, b: Name) -> bool:
    short, long = sorted((a.key, b.key), key=len)
    return a.may_be(b) and (short == long or (len(short) >= _LEAST and long.startswith(short)))
