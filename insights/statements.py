"""The sentences of letters that hold numbers: what a term can be read from.

A letter's own text is cut into sentences as the models were given them, a paper's block by block; of a table's row each
cell stands by itself, under the heading of its column. Sentences without a number are left out, so that long letters
cost little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.document import DocumentKind
from corpus.paper import Block, BlockKind
from insights.letters import Letter
from languages import codes
from nlp.findings import Finding
from nlp.quantities import Quantity, days_as_quantities, free, quantities
from nlp.sentences import split

_SIGN = re.compile(r"\d|[%€$£]")
_LONGEST = 600  # code points of a sentence that is read; what is longer is a table or no sentence
_MOST = 400  # sentences of a letter that are read
_TITLE = 80  # code points of a line that may stand above others as their heading
_CELL = re.compile(r"\t|\s*\|\s*")


class Statement(NamedTuple):
    """A sentence with a number in it. Offsets of quantities count from its `start`."""

    letter: Letter
    start: int
    end: int
    text: str
    language: str
    quantities: tuple[Quantity, ...]
    finding: Finding | None
    heading: str = ""  # of the list, section or row it stands in
    row: bool = False  # of a list or table, not a sentence of prose
    column: str = ""  # what is above a table's cell
    place: tuple[int, int] = (0, 0)  # the sentence or row to quote
    before: str = ""  # the sentence before it


def statements(letter: Letter, *, days: bool = False) -> Iterator[Statement]:
    """The statements of a mail or paper, in the text's order; with `days`, what states a day counts, too."""
    language = letter.language if letter.language in codes() else codes()[0]
    told = {f.start: f for f in letter.findings}
    pieces = _of_paper(letter, language) if letter.layout else _of_mail(letter, language)
    before = ""
    for _, (start, end, heading, row, column, place) in zip(range(_MOST), pieces, strict=False):
        text = letter.text[start : min(end, start + _LONGEST)]
        found = quantities(text, language)
        if days and letter.at is not None:
            found = (*found, *days_as_quantities(text, language, letter.at))
        if not found and (nothing := free(text, language)):
            found = (nothing,)
        if found:
            finding = told.get(place[0])
            yield Statement(letter, start, end, text, language, found, finding, heading, row, column, place, before)
        before = text


_Piece = tuple[int, int, str, bool, str, tuple[int, int]]


def _of_mail(letter: Letter, language: str) -> Iterator[_Piece]:
    heading = ""
    for first, last in letter.own or ((0, len(letter.text)),):
        for start, end in split(letter.text, first, last, language):
            text = letter.text[start:end]
            before = letter.text[max(first, start - 4) : start]
            item = before.strip() not in ("", ".") or (
                len(text) < _TITLE and not text.rstrip().endswith((".", "!", "?"))
            )
            yield start, end, heading, item, "", (start, end)
            if text.rstrip().endswith(":") or (len(text) < _TITLE and not _SIGN.search(text)):
                heading = text


def _of_paper(letter: Letter, language: str) -> Iterator[_Piece]:
    blocks = letter.layout.blocks if letter.layout else ()
    heading = ""
    header: tuple[tuple[int, int], ...] = ()
    for n, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            heading = letter.text[block.start : block.end]
        if block.kind is BlockKind.ROW:
            header = _cells(letter.text, block) if n == 0 or blocks[n - 1].kind is not BlockKind.ROW else header
            yield from _of_row(letter.text, block, header, heading)
            continue
        for start, end in split(letter.text, block.start, block.end, language):
            yield start, end, heading, block.kind is BlockKind.ITEM, "", (start, end)


def _of_row(text: str, block: Block, header: Sequence[tuple[int, int]], heading: str) -> Iterator[_Piece]:
    cells = _cells(text, block)
    if not cells or [*cells] == [*header]:
        return
    named = text[cells[0][0] : cells[0][1]]
    for n, (start, end) in enumerate(cells[1:], 1):
        column = text[header[n][0] : header[n][1]] if n < len(header) else ""
        yield start, end, f"{named} {heading}", True, column, (block.start, block.end)


def _cells(text: str, block: Block) -> tuple[tuple[int, int], ...]:
    """Where the cells of a row are."""
    found, at = [], block.start
    for gap in _CELL.finditer(text, block.start, block.end):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, block.end))
    return tuple((start, end) for start, end in found if end > start)


def is_spoken_by_both(letter: Letter) -> bool:
    """Whether a letter records what both sides said."""
    return letter.kind in (DocumentKind.NOTES, DocumentKind.TRANSCRIPT)
