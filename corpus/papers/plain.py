"""Plain text: paragraphs out of lines, whether they were broken at a margin or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.charsets import clean, decode
from corpus.paper import Form, Paper
from corpus.papers.joining import joined, vocabulary
from corpus.papers.numbering import numbered
from corpus.papers.shape import Piece, write
from corpus.papers.transcript import turns
from corpus.papers.writing import Writer

_WIDEST = 110  # code points: lines that are longer were not broken at a margin
_NARROWEST = 45
_GAP = re.compile(r"\t+| {3,}")
_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def text_of(raw: bytes) -> str:
    """The characters of a text file, LF line ends: UTF-8, UTF-16 with its mark, or else Windows-1252."""
    for mark, charset in _UTF16:
        if raw.startswith(mark):
            return clean(raw[len(mark) :].decode(charset, "replace"))
    return clean(decode(raw))


def read_text(raw: bytes) -> Paper:
    """Read plain text; turns of speakers make it a transcript. Raises Broken where there is none."""
    text = text_of(raw)
    writer = Writer()
    if spoken := turns(text):
        for turn in spoken:
            turn.write(writer)
        people = [turn.speaker for turn in spoken if turn.speaker]
        return writer.paper(Form.TRANSCRIPT, people=people)
    pages = text.split("\f")
    paged = len(pages) > 1
    write([piece for number, page in enumerate(pages, int(paged)) for piece in pieces(page, number)], writer)
    return writer.paper(Form.TEXT, pages=len(pages) if paged else 0)


def pieces(text: str, page: int = 0) -> Iterator[Piece]:
    """The paragraphs, items and rows of plain text."""
    lines = text.split("\n")
    known, width = vocabulary([text]), _width(lines)
    for group in _groups(lines):
        for part in _parts(group, width):
            cells = [cell for cell in _GAP.split(part[0].strip()) if cell.strip()] if len(part) == 1 else []
            if len(cells) > 1 and not numbered(" ".join(cells)) and _is_row(cells):
                yield Piece("", page, cells=tuple(cells))
            else:
                yield Piece(joined(part, known), page)


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            group.append(line.rstrip())
        elif group:
            yield group
            group = []


def _width(lines: Sequence[str]) -> int:
    """The margin at which lines were broken, in code points from the line's start; 0 where they were not."""
    lengths = sorted(len(a.rstrip()) for a, b in pairwise(lines) if a.strip() and b.strip())
    if not lengths:
        return 0
    width = lengths[min(int(0.9 * len(lengths)), len(lengths) - 1)]
    return width if width >= _NARROWEST and lengths[-1] <= 1.5 * _WIDEST and width <= _WIDEST else 0


def _parts(group: Sequence[str], width: int) -> Iterator[list[str]]:
    """A group of lines without a blank one, cut where a line was not ended by the margin."""
    part: list[str] = [group[0]]
    for last, line in pairwise(group):
        first_word = line.split(None, 1)[0]
        full = bool(width) and len(last) + 1 + len(first_word) > min(width - 2, 0.92 * width)
        if full and not numbered(line.strip()) and not _GAP.search(line.strip()):
            part.append(line)
        else:
            yield part
            part = [line]
    yield part


def _is_row(cells: Sequence[str]) -> bool:
    return all(len(cell) <= 60 for cell in cells[:-1])
