"""What changed between two versions of a contract, clause by clause.

Clauses that say the same are paired first, then those of one number that still speak of the same, else by the words
they share; of paired ones the words that differ are told (longest common subsequence of words, difflib).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

from corpus.paper import Paper
from nlp.clauses import Clause, clauses

_SAME_NUMBER, _SAME_WORDS = 0.25, 0.5  # share of words in common from which two clauses are one
_LONGEST = 3000  # words of a clause that are compared one by one
_MOST = 160_000  # pairs of changed clauses that are weighed; of more, only those of one number
_WORD = re.compile(r"\S+")


class ChangeKind(StrEnum):
    """What became of a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """Words that were replaced: `before` empty where they were put in, `after` where they were taken out."""

    before: str
    after: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One clause that is not as it was. Offsets are code points into the paper that `kind` speaks of, the new one's
    where it was changed.
    """

    kind: ChangeKind
    number: str | None
    heading: str
    start: int
    end: int
    page: int
    edits: tuple[Edit, ...] = ()


def compare(old: Paper, new: Paper) -> tuple[Change, ...]:
    """The clauses added, removed or changed from `old` to `new`, in the order of the new, removed ones last."""
    before, after = clauses(old), clauses(new)
    said_before = [_WORD.findall(old.text[c.start : c.end]) for c in before]
    said_after = [_WORD.findall(new.text[c.start : c.end]) for c in after]
    pairs = _pairs(before, after, said_before, said_after)
    found = []
    for n, clause in enumerate(after):
        if n not in pairs:
            found.append(_change(ChangeKind.ADDED, clause))
        elif said_before[pairs[n]] != said_after[n]:
            edits = tuple(_edits(said_before[pairs[n]], said_after[n]))
            found.append(_change(ChangeKind.CHANGED, clause, edits))
    kept = set(pairs.values())
    found += [_change(ChangeKind.REMOVED, clause) for n, clause in enumerate(before) if n not in kept]
    return tuple(found)


def _pairs(
    before: Sequence[Clause], after: Sequence[Clause], said_before: Sequence[list[str]], said_after: Sequence[list[str]]
) -> dict[int, int]:
    """Which old clause each new one was, by their places."""
    pairs = _unchanged(said_before, said_after)
    kept = set(pairs.values())
    old = {m: set(words) for m, words in enumerate(said_before) if m not in kept}
    new = {n: set(words) for n, words in enumerate(said_after) if n not in pairs}
    numbers: defaultdict[str | None, list[int]] = defaultdict(list)
    for m in old:
        numbers[before[m].number].append(m)
    every = len(old) * len(new) <= _MOST
    ranked = []
    for n, words in new.items():
        number = after[n].number
        for m in old if every else numbers[number] if number else ():
            alike = _alike(old[m], words)
            numbered = number is not None and number == before[m].number
            if alike >= (_SAME_NUMBER if numbered else _SAME_WORDS):
                ranked.append((alike + 0.2 * numbered, -abs(n - m), n, m))
    for _, _, n, m in sorted(ranked, reverse=True):
        if n not in pairs and m not in kept:
            pairs[n] = m
            kept.add(m)
    return pairs


def _unchanged(said_before: Sequence[list[str]], said_after: Sequence[list[str]]) -> dict[int, int]:
    """The clauses that are word by word as they were; of several alike, each in its turn."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for m in reversed(range(len(said_before))):
        places[tuple(said_before[m])].append(m)
    return {n: same.pop() for n, words in enumerate(said_after) if (same := places.get(tuple(words)))}


def _alike(one: set[str], other: set[str]) -> float:
    """The share of words in common (Jaccard)."""
    small, large = sorted((len(one), len(other)))
    if not large or small < large * _SAME_NUMBER:
        return 0.0
    shared = len(one & other)
    return shared / (small + large - shared)


def _edits(before: list[str], after: list[str]) -> Iterator[Edit]:
    matcher = SequenceMatcher(None, before[:_LONGEST], after[:_LONGEST], autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(before=" ".join(before[first:last]), after=" ".join(after[begin:end]))


def _change(kind: ChangeKind, clause: Clause, edits: tuple[Edit, ...] = ()) -> Change:
    return Change(
        kind=kind, number=clause.number, heading=clause.heading, start=clause.start, end=clause.end, page=clause.page,
        edits=edits,
    )  # fmt: skip
