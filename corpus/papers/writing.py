"""A paper's text put together, block by block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from corpus.charsets import clean
from corpus.paper import Block, BlockKind, Form, Paper
from errors import Broken, TooLargeUnpacked

# A thousand dense pages come to five million; what is longer is no document that a person reads.
MAX_TEXT = 20_000_000  # code points
# Between two blocks: one blank line.
GAP = "\n\n"

# What programs write where an author's name belongs.
_NOBODY = frozenset({"(anonymous)", "anonymous", "python-docx", "unknown", "user", "author", "un-named"})
_SPACE = re.compile(r"[^\S\n\t]+")
_AROUND = re.compile(r" ?([\n\t]) ?")
_FEEDS = re.compile(r"\n{2,}")
# Controls, soft hyphens, zero-width and bidirectional marks: never seen by a reader, always in a matcher's way.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffc]"
)
_SIGNS = str.maketrans({
    "\u2028": "\n", "\u2029": "\n", "\v": "\n", "\f": "\n", "\u2011": "-", "\uf0b7": "•", "\uf0a7": "•",
})  # fmt: skip


def tidy(text: str) -> str:
    """Text as it is read: single spaces, no blank lines, no unseen characters. Tabs and line feeds stay."""
    text = clean(text)
    if not text.isascii() or not text.isprintable():
        text = _UNSEEN.sub("", text.translate(_SIGNS))
    return _FEEDS.sub("\n", _AROUND.sub(r"\1", _SPACE.sub(" ", text))).strip()


def cells(texts: Sequence[str]) -> str:
    """The cells of a table's row as one line, parted by tabs; "" where all are empty."""
    flat = [" ".join(text.split()) for text in texts]
    return "\t".join(flat).rstrip("\t") if any(flat) else ""


class Writer:
    """Collects blocks in reading order and notes, which come last."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._notes: list[tuple[str, int]] = []
        self._length = 0

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        page: int = 0,
        number: str | None = None,
        level: int = 0,
        speaker: str | None = None,
    ) -> None:
        """One block more; blank ones are dropped. Raises TooLargeUnpacked."""
        text = text.rstrip() if kind is BlockKind.ROW else tidy(text)
        if not text.strip():
            return
        start = self._length + (len(GAP) if self._parts else 0)
        end = start + len(text)
        if end > MAX_TEXT:
            raise TooLargeUnpacked(f"more than {MAX_TEXT:,} characters of text.")
        self._parts.append(text)
        self._length = end
        self._blocks.append(
            Block(start=start, end=end, kind=kind, page=page, number=number, level=level, speaker=speaker)
        )

    def row(self, texts: Sequence[str], *, page: int = 0) -> None:
        """One row of a table."""
        self.add(cells([tidy(text) for text in texts]), BlockKind.ROW, page=page)

    def note(self, text: str, *, page: int = 0) -> None:
        """A footnote or endnote: it stands after everything else."""
        self._notes.append((text, page))

    def paper(
        self,
        form: Form,
        *,
        pages: int = 0,
        title: str = "",
        at: datetime | None = None,
        people: Sequence[str] = (),
        unread: Sequence[int] = (),
    ) -> Paper:
        """The whole. Raises Broken where there is no text."""
        notes, self._notes = self._notes, []
        for text, page in notes:
            self.add(text, page=page)
        if not self._blocks:
            raise Broken("no text in it.")
        names = (" ".join(tidy(name).split()) for name in people if name.strip().lower() not in _NOBODY)
        return Paper(
            form=form,
            text=GAP.join(self._parts),
            blocks=tuple(self._blocks),
            pages=pages,
            title=" ".join(tidy(title).split()),
            at=at,
            people=tuple(dict.fromkeys(name for name in names if name)),
            unread=tuple(unread),
        )
