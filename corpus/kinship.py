"""Whether a mail answers another one, judged without its reference headers.

Four things speak for it: it quotes the other one's words, it bears its subject, it goes between the same people, and
little time lies between. Each has a weight; a mail is kin to the best earlier one that reaches the bar, which no
single thing does. The weights were chosen on a mailing list whose headers were taken away (bench/threads.py).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b

import msgspec

import languages

UNDATED = 1 << 62  # sorts last

_BAR = 4.0
_QUOTED = 4.0
_MARKED = 2.0  # the subject says that it is a reply, or a forward of somebody else's mail
_TELLING = 1.5  # the subject is not one that everybody uses
_GAPS = ((2, 1.0), (14, 0.5), (60, 0.0), (180, -1.0))  # days since, weight
_LONG_GAP = -2.5
_BOTH_WAYS = 2.0  # each is among the other's people
_ONE_WAY = 1.0
_SHARED = 0.5  # only others are shared, such as a list's address
_STRANGERS = -3.0
LOOKED_AT = 16
"""How many earlier mails of one subject, and of one text, may be a mail's parent."""
_DAY = 86_400
_MARKS = ("reply", "forward")


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What a subject tells: `key` is equal where subjects are, whatever stands before them."""

    key: int
    reply: bool  # "Re:", "VS:" … come first
    forward: bool  # "Fwd:", "VL:" … come first
    telling: bool  # False for "hello", "Kysymys" and the empty subject


def read_subject(subject: str) -> Subject:
    """Read a subject: prefixes of replies and forwards and names of lists in brackets are not part of it."""
    marks, generic = _words()
    rest = subject[:300].casefold()
    reply = forward = False
    while match := marks.match(rest):
        reply = reply or (match["reply"] is not None and not forward)
        forward = forward or (match["forward"] is not None and not reply)
        rest = rest[match.end() :]
    words = re.findall(r"\w+", rest.removesuffix("(fwd)"))
    base = " ".join(words)
    telling = base not in generic and sum(len(w) > 2 for w in words) >= 2
    return Subject(_hash(base), reply, forward, telling)


class Traits:
    """What is known of many mails, in columns: a number or two for each."""

    def __init__(self) -> None:
        self.at = array("q")  # seconds since 1970, UTC; or UNDATED
        self.key, self.own, self.quoted = array("q"), array("q"), array("q")
        self.flags = bytearray()
        self._people, self._ends = array("q"), array("q", [0])  # all mails' people, one after the other

    def add(self, at: int, subject: Subject, people: Sequence[str], own: int, quoted: int | None) -> None:
        """Add one mail; its author comes first among `people`."""
        self.at.append(at)
        self.key.append(subject.key)
        self.own.append(own)
        self.quoted.append(quoted or 0)
        self.flags.append(subject.reply | subject.telling << 1 | subject.forward << 2)
        self._people.extend(map(hash, people))
        self._ends.append(len(self._people))

    def people(self, i: int) -> array[int]:
        """Who takes part in mail i, as numbers, its author first."""
        return self._people[self._ends[i] : self._ends[i + 1]]

    def sorted(self, order: Sequence[int]) -> Traits:
        """The same mails in another order."""
        other = Traits()
        for name in ("at", "key", "own", "quoted"):
            column = getattr(self, name)
            setattr(other, name, array("q", (column[i] for i in order)))
        other.flags = bytearray(self.flags[i] for i in order)
        for i in order:
            other._people.extend(self.people(i))
            other._ends.append(len(other._people))
        return other

    def is_reply(self, i: int) -> bool:
        """Whether the subject of mail i begins as that of a reply."""
        return bool(self.flags[i] & 1)

    def passes_on(self, i: int) -> bool:
        """Whether the subject of mail i begins as that of a forward."""
        return bool(self.flags[i] & 4)

    def have_one_author(self, i: int, j: int) -> bool:
        """Whether two mails were written by the same one."""
        return self.people(i)[:1] == self.people(j)[:1]

    def quotes(self, i: int, j: int) -> bool:
        """Whether mail i repeats the words of mail j."""
        return self.quoted[i] != 0 and self.quoted[i] == self.own[j]

    def telling(self, i: int) -> bool:
        """Whether the subject of mail i is one of its own."""
        return bool(self.flags[i] & 2)


def find_parents(traits: Traits, orphans: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (child, parent) for those of the mails given, in order of time, whose parent can be told."""
    by_text = _bucket(traits.own, {traits.quoted[i] for i in orphans} - {0})
    by_subject = _bucket(traits.key, {traits.key[i] for i in orphans})
    for child in orphans:
        quoted = _before(by_text.get(traits.quoted[child]), child)
        alike = _before(by_subject.get(traits.key[child]), child)
        best, bar = -1, _BAR
        for parent in sorted({*quoted, *alike}):
            score = _score(traits, child, parent)
            if score >= bar:
                best, bar = parent, score
        if best >= 0:
            yield child, best


def _bucket(column: array[int], wanted: set[int]) -> dict[int, array[int]]:
    buckets: dict[int, array[int]] = {}
    for i, value in enumerate(column):
        if value in wanted:
            buckets.setdefault(value, array("q")).append(i)
    return buckets


def _before(bucket: array[int] | None, i: int) -> Sequence[int]:
    if bucket is None:
        return ()
    end = bisect_left(bucket, i)
    return bucket[max(0, end - LOOKED_AT) : end]


def _score(traits: Traits, child: int, parent: int) -> float:
    same = traits.key[child] == traits.key[parent]
    fit = _fit(traits.people(child), traits.people(parent))
    if not same and fit < _BOTH_WAYS:
        return 0.0  # old words passed on to somebody else begin another matter
    passed = traits.passes_on(child) and not traits.have_one_author(child, parent)
    return (
        _QUOTED * traits.quotes(child, parent)
        + _MARKED * (same and (passed or traits.is_reply(child)))
        + _TELLING * (same and traits.telling(child))
        + fit
        + _nearness(traits.at[child], traits.at[parent])
    )


def _fit(child: array[int], parent: array[int]) -> float:
    if not child or not parent:
        return _STRANGERS
    forth = parent[0] in child[1:]
    back = child[0] in parent
    if forth and back:
        return _BOTH_WAYS
    if forth or back:
        return _ONE_WAY
    return _SHARED if set(child[1:]) & set(parent) else _STRANGERS


def _nearness(child: int, parent: int) -> float:
    if child == UNDATED or parent == UNDATED:
        return _LONG_GAP
    days = (child - parent) / _DAY
    return next((weight for limit, weight in _GAPS if days <= limit), _LONG_GAP)


@cache
def _words() -> tuple[re.Pattern[str], frozenset[str]]:
    packs = [languages.data(code, "threads") for code in languages.codes()]
    replies, forwards = ("|".join(sorted({re.escape(m.casefold()) for p in packs for m in p[k]})) for k in _MARKS)
    mark = rf"(?:(?P<reply>{replies})|(?P<forward>{forwards}))(?:[\[(^]\d{{1,3}}[\])]?)?\s?[:：]"
    tag = r"\[[^\]\d]{1,60}\]"  # a list's name; with a digit it is a ticket's number
    return re.compile(rf"\s{{0,9}}(?:{mark}|{tag})"), frozenset(g.casefold() for p in packs for g in p["generic"])


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big", signed=True)
