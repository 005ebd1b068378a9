"""Drafts and versions of one contract: which of them counts, and what changed from one to the next.

Two papers are versions of one contract where at least `ALIKE` of their runs of three words are shared
(`nlp.contracts.likeness`) and neither names a party that the other does not know. What comes after a signed paper and
begins on another day is another deal, however alike: last year's contract is no version of this year's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from corpus.paper import Layout, Paper
from insights.contracts import Contract, Edition
from insights.letters import Letter
from nlp.contracts.compare import compare
from nlp.contracts.likeness import Sketch, likeness, sketch
from nlp.contracts.standing import Standing, edition, standing

ALIKE = 0.5


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as it counts, and the papers of it, in order: the last is the one that counts."""

    contract: Contract
    editions: tuple[Edition, ...]

    @property
    def counting(self) -> Edition:
        """The paper from which the contract was read."""
        return self.editions[-1]

    @property
    def older(self) -> tuple[Edition, ...]:
        """The other papers, the one that counts least first."""
        return self.editions[:-1]


class _Copy(NamedTuple):
    """A contract's paper with what tells it from others."""

    letter: Letter
    contract: Contract
    standing: Standing
    number: tuple[int, ...]
    sides: frozenset[str]
    sketch: Sketch

    @property
    def begins(self) -> object:
        """The first day of what it agrees on, None where it is not sure."""
        first = self.contract.effective_date
        return first.value if first else None


def current(contracts: Sequence[tuple[Letter, Contract]]) -> tuple[Version, ...]:
    """The contracts of a relationship, each once, whatever the order in which its versions are given.

    A signed one counts before one that nobody is seen to have signed, and that before a draft; of equals the one of
    the later day, then of the higher version number in its name. Contracts are in order of their first papers.
    """
    deals: list[list[_Copy]] = []
    for copy in sorted((_copy(*each) for each in contracts), key=_by_day):
        likest = max(((_nearness(copy, deal), -n) for n, deal in enumerate(deals)), default=(0.0, 0))
        if likest[0] >= ALIKE:
            deals[-likest[1]].append(copy)
        else:
            deals.append([copy])
    return tuple(_version(deal) for deal in deals)


def paper_of(letter: Letter) -> Paper:
    """A letter that is a file, as it was read; a mail as a paper without blocks."""
    layout = letter.layout
    if layout is None:
        raise ValueError(f"{letter.id} is no paper")
    return Paper(text=letter.text, **{name: getattr(layout, name) for name in Layout.__struct_fields__})


def _copy(letter: Letter, contract: Contract) -> _Copy:
    names = (letter.file or "", letter.subject)
    named = (p.name for p in contract.parties if p.role is None or p.name.casefold() != p.role.casefold())
    return _Copy(
        letter=letter,
        contract=contract,
        standing=standing(letter.text, contract.language, *names),
        number=edition(*names),
        sides=frozenset(" ".join(name.casefold().split()) for name in named),
        sketch=sketch(letter.text),
    )


def _by_day(copy: _Copy) -> tuple[bool, str, tuple[int, ...], Standing, str]:
    """By day, those without one first."""
    at = copy.letter.at
    return at is not None, at.isoformat() if at else "", copy.number, copy.standing, copy.letter.id


def _nearness(copy: _Copy, deal: Sequence[_Copy]) -> float:
    """How alike a paper and the likest of a deal are; 0 where it cannot be a version of it."""
    if any(_is_other_deal(each, copy) for each in deal):
        return 0.0
    return max(likeness(each.sketch, copy.sketch) for each in deal)


def _is_other_deal(earlier: _Copy, later: _Copy) -> bool:
    one, other = earlier.sides, later.sides
    if not (one <= other or other <= one):
        return True
    begins = earlier.begins is not None and later.begins is not None and earlier.begins != later.begins
    return earlier.standing is Standing.SIGNED and begins


def _version(deal: Sequence[_Copy]) -> Version:
    ordered = sorted(deal, key=lambda copy: (copy.standing, _by_day(copy)))
    papers = [paper_of(copy.letter) for copy in ordered]
    changes = [(), *(compare(older, newer) for older, newer in pairwise(papers))]
    return Version(
        contract=ordered[-1].contract,
        editions=tuple(
            Edition(
                document=copy.letter.id,
                name=copy.letter.file or copy.letter.subject,
                day=copy.letter.at.date() if copy.letter.at else None,
                standing=copy.standing,
                changes=changed,
            )
            for copy, changed in zip(ordered, changes, strict=True)
        ),
    )
