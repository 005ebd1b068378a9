"""What insights are made from: a document with what the models found in it, seen from one relationship."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from corpus.document import DocumentKind, Sending
from corpus.paper import Layout
from insights.contracts import Contract
from insights.insight import DueDay, Party, Side, Source
from insights.notes import Notes
from insights.wording import stems
from nlp.findings import Due, Finding
from nlp.sentences import split

_OF_BOTH = (DocumentKind.CONTRACT, DocumentKind.NOTES, DocumentKind.TRANSCRIPT)


class Direction(StrEnum):
    """Which way a document went."""

    IN = "in"  # from them to us
    OUT = "out"  # from us to them


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a relationship and its findings.

    `text` is the document's own `text`, since findings count code points in it; `own` are the stretches of it that its
    author wrote, all of it where none is given. `author` is None for a paper that nobody signed (a contract, notes).
    `recipients` are in order, To before Cc.
    """

    id: str  # of the document
    relationship: str = ""  # id of the one from which it is seen; a mail to two houses is a letter in both
    text: str
    own: tuple[tuple[int, int], ...] = ()
    at: datetime | None
    thread: str
    answers: str | None = None
    kind: DocumentKind = DocumentKind.EMAIL
    sending: Sending = Sending.PERSONAL
    direction: Direction
    subject: str = ""
    message_id: str | None = None
    file: str | None = None
    language: str | None = None
    author: Party | None = None
    recipients: tuple[Party, ...] = ()
    attachments: tuple[str, ...] = ()  # names of the files that came with it
    findings: tuple[Finding, ...] = ()  # at least those that say something
    sentences: int = 0  # how many were read, those that say nothing included
    utc_offset: int | None = None  # the writer's, in minutes
    layout: Layout | None = None  # of a paper
    read: Contract | Notes | None = None  # what a contract or minutes say as such

    @property
    def side(self) -> Side:
        """The side that wrote it: neither where both stand behind it, as behind a contract or minutes."""
        if self.author is not None:
            return self.author.side
        if self.kind in _OF_BOTH:
            return Side.OTHER
        return Side.US if self.direction is Direction.OUT else Side.THEM

    def quote(self, finding: Finding) -> str:
        """The words of a finding's sentence."""
        return self.text[finding.start : finding.end]

    def matter(self, finding: Finding) -> frozenset[str]:
        """The stems of what a finding's sentence is about, whenever it may be due."""
        return stems(self.quote(finding), without=finding.due.words if finding.due else "")

    def source(self, finding: Finding) -> Source:
        """A finding's sentence as evidence."""
        return self.slice(finding.start, finding.end)

    def slice(self, start: int, end: int) -> Source:
        """A stretch of the text as evidence."""
        return Source(
            document=self.id,
            message_id=self.message_id,
            file=self.file,
            at=self.at,
            quote=self.text[start:end],
            start=start,
            end=end,
        )

    def own_sentences(self) -> Iterator[tuple[int, int]]:
        """Where the sentences of the author's own words begin and end."""
        for start, end in self.own:
            yield from split(self.text, start, end, self.language)

    def opening(self) -> Source:
        """The first sentence of the author's own words as evidence that it was written; empty where there is none."""
        start, end = next(self.own_sentences(), (0, 0))
        return self.slice(start, end)


def due_day(due: Due | None) -> DueDay | None:
    """A finding's due words as an insight shows them."""
    return None if due is None else DueDay(words=due.words, first=due.first, last=due.last)


def other(side: Side) -> Side:
    """The side across the table."""
    return {Side.US: Side.THEM, Side.THEM: Side.US}.get(side, Side.OTHER)
