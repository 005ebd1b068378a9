"""Which documents belong to one conversation, and which one each answers.

References and In-Reply-To are followed as by JWZ (https://www.jwz.org/doc/threading.html, RFC 5256), also over
messages that are not in the archive. Mail that answers nothing known by its headers (archives lose them, some
programs never write them) is then matched by what is left: the quoted words, the subject, who wrote to whom, and
the time between (`corpus.kinship`), so that two matters called "hello" stay two.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Zone, ZoneKind, ZonePart
from corpus.kinship import UNDATED, Traits, find_parents, read_subject

_PRINTED = 80  # letters and digits that a print covers: enough to tell texts apart, few enough to survive cut quotes
_TOO_SHORT = 24  # fewer identify nothing
_READ = 600  # characters in which to find them …
_MOSTLY_ENOUGH = 160  # … though rarely more than these need be read
_NO_LETTERS = re.compile(r"\W+")
_REFERENCES = 64  # of a message's references at most, its newest ones


class Strand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What threading needs to know of a document. `participants` are e-mail addresses, the author's first.

    A print is a signed 64-bit hash of the first words of a text; 0 or None where there are too few to tell it by.
    """

    id: str
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first
    subject: str = ""
    at: datetime | None = None
    participants: tuple[str, ...] = ()
    own_print: int = 0
    quoted_print: int | None = None


class Link(msgspec.Struct, frozen=True, gc=False):
    """Where a document stands: `thread` is the id of the thread's earliest document, `answers` that of its parent."""

    thread: str
    answers: str | None = None


def strand(document: Document) -> Strand:
    """The strand of a document."""
    own = [z for z in document.zones if z.kind is ZoneKind.OWN]
    quoted = [z for z in document.zones if z.depth == 1 and z.part is not ZonePart.HEADER]
    author = (document.author,) if document.author else ()
    emails = (a.email for a in (*author, *document.to, *document.cc))
    return Strand(
        id=document.id,
        message_id=document.message_id,
        in_reply_to=document.in_reply_to,
        references=document.references,
        subject=document.subject,
        at=document.at,
        participants=tuple(dict.fromkeys(e for e in emails if e)),
        own_print=_print(document.text, own) or 0,
        quoted_print=_print(document.text, quoted),
    )


def thread(strands: Iterable[Strand]) -> dict[str, Link]:
    """Each document's link, by document id. The order of `strands` does not matter; a repeated id counts once.

    Time and memory grow linearly (but for one sort), about 200 bytes a document beside the strands and the result.
    """
    mails = _Mails(strands)
    return _link(mails, range(len(mails.ids)))


def thread_some(strands: Iterable[Strand], some: Collection[str]) -> dict[str, Link]:
    """Each document's link by the ties of `some` documents (ids) alone.

    `strands` hold these and every document to which they may be tied: what they refer to, what refers to the same
    messages, and the earlier mails of the same subject or text that `corpus.kinship` looks at.
    """
    mails = _Mails(strands)
    return _link(mails, [i for i, identity in enumerate(mails.ids) if identity in some])


def _link(mails: _Mails, some: Sequence[int]) -> dict[str, Link]:
    """Each document's link, by the ties of `some` of them (in order)."""
    groups = _Groups(len(mails.ids))
    parents = mails.follow_headers(groups, some)
    for child, parent in find_parents(mails.traits, [i for i in some if parents[i] < 0]):
        if mails.traits.quotes(child, parent) or not mails.traits.have_one_author(child, parent):
            parents[child] = parent  # else it follows up on what its author wrote
        groups.join(child, parent)
    _cut_cycles(parents)
    ids = mails.ids
    return {
        ids[i]: Link(ids[groups.first(i)], ids[parent] if parent >= 0 else None) for i, parent in enumerate(parents)
    }


def _print(text: str, zones: Sequence[Zone]) -> int | None:
    said = "".join([text[z.start : z.end] for z in zones])
    letters = _NO_LETTERS.sub("", said[:_MOSTLY_ENOUGH]).casefold()
    if len(letters) < _PRINTED and len(said) > _MOSTLY_ENOUGH:
        letters = _NO_LETTERS.sub("", said[:_READ]).casefold()
    letters = letters[:_PRINTED]
    if len(letters) < _TOO_SHORT:
        return None
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "big", signed=True)


class _Groups:
    """Disjoint sets of documents; each is known by its smallest member, which is the earliest document."""

    def __init__(self, size: int) -> None:
        self._up = array("q", range(size))

    def first(self, i: int) -> int:
        up = self._up
        while up[i] != i:
            up[i] = up[up[i]]
            i = up[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = self.first(a), self.first(b)
        self._up[max(a, b)] = min(a, b)


class _Mails:
    """Strands as columns, in order of time and id."""

    def __init__(self, strands: Iterable[Strand]) -> None:
        ids: dict[str, None] = {}
        names, referred, ends = array("q"), array("q"), array("q", [0])
        traits = Traits()
        for s in strands:
            if s.id in ids:
                continue
            ids[s.id] = None
            names.append(hash(s.message_id) if s.message_id else 0)
            referred.extend(map(hash, referred_by(s)))
            ends.append(len(referred))
            at = int(s.at.timestamp()) if s.at else UNDATED
            traits.add(at, read_subject(s.subject), s.participants, s.own_print, s.quoted_print)
        listed = list(ids)
        order = array("q", sorted(range(len(listed)), key=lambda i: (traits.at[i], listed[i])))
        self.ids = [listed[i] for i in order]
        self.traits = traits.sorted(order)
        self._names = _numbers(names)[_numbers(order)]
        self._referred = referred  # hashes of the message ids that all documents refer to, one after the other
        self._starts = array("q", (ends[i] for i in order))  # each one's stretch of it
        self._ends = array("q", (ends[i + 1] for i in order))

    def follow_headers(self, groups: _Groups, some: Iterable[int]) -> array[int]:
        """Join `some` to what refers to the same message; return the nearest known ancestor of each, or -1."""
        found = self._find(self._referred)
        absent: dict[int, int] = {}  # message that is not in the archive → a document that refers to it
        parents = array("q", [-1]) * len(self.ids)
        for i in some:
            for k in range(self._starts[i], self._ends[i]):
                known = found[k]
                if known < 0:
                    groups.join(i, absent.setdefault(self._referred[k], i))
                elif known != i:
                    groups.join(i, known)
                    if parents[i] < 0:
                        parents[i] = known
        return parents

    def _find(self, wanted: array[int]) -> array[int]:
        """The earliest document of each message id, or -1."""
        rank = np.argsort(self._names, kind="stable")
        names = self._names[rank]
        hashes = _numbers(wanted)
        at = np.searchsorted(names, hashes)
        at[at == len(names)] = 0
        if not len(names):
            return array("q")
        return array("q", np.where(names[at] == hashes, rank[at], -1).astype(np.int64).tobytes())


def _numbers(column: array[int]) -> NDArray[np.int64]:
    return np.frombuffer(column, dtype=np.int64) if column else np.empty(0, dtype=np.int64)


def referred_by(s: Strand) -> Sequence[str]:
    """The messages that one refers to: what it answers, then older and older ones."""
    return tuple(dict.fromkeys((*s.in_reply_to[:1], *reversed(s.references[-_REFERENCES:]), *s.in_reply_to[1:4])))


def _cut_cycles(parents: array[int]) -> None:
    """Where messages answer each other in a circle, let the earliest of them answer nothing."""
    done = bytearray(len(parents))
    for start in range(len(parents)):
        path = []
        i = start
        while i >= 0 and not done[i]:
            done[i] = 1  # on the path
            path.append(i)
            i = parents[i]
        if i >= 0 and done[i] == 1 and path:
            parents[min(path[path.index(i) :])] = -1
        for k in path:
            done[k] = 2
