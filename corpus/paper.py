"""What a file that is no mail holds: its text in reading order, and which stretch is what and stands where.

Values only. Offsets are code points into `Paper.text`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

# Of a file that is read whole. Contracts with pictures come to some 20 MB.
MAX_FILE = 64 * 1024 * 1024  # bytes


class BlockKind(StrEnum):
    """What a stretch of a paper is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    ROW = "row"  # of a table; its cells are parted by tabs
    CUE = "cue"  # what one speaker says in a transcript


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stretch [start, end) of a paper's text. Blocks are in order and disjoint; blank lines part them."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int = 0  # counted from 1; 0 where the form has no pages
    number: str | None = None  # as written before a clause, heading or item: "3.1", "§ 4", "(a)"
    level: int = 0  # depth of a heading or item, 0 the outermost
    speaker: str | None = None  # of a cue


class Form(StrEnum):
    """What sort of file a paper was read from."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    ICS = "ics"
    TRANSCRIPT = "transcript"  # VTT, SRT


class Layout(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a file's text is laid out. `at`, `title` and `people` are what the file says of itself, where it does."""

    form: Form
    blocks: tuple[Block, ...]
    pages: int = 0  # 0 where the form has none
    title: str = ""
    at: datetime | None = None  # aware
    people: tuple[str, ...] = ()  # authors, attendees, speakers as the file names them
    unread: tuple[int, ...] = ()  # pages that are pictures and were not read: no OCR was there


class Paper(Layout, frozen=True, kw_only=True, gc=False):
    """A file's text and its layout."""

    text: str

    @property
    def layout(self) -> Layout:
        """The layout alone."""
        return Layout(**{name: getattr(self, name) for name in Layout.__struct_fields__})
