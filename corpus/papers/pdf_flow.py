"""Lines of pages to paragraphs and rows: where one ends and the next begins, over columns and pages too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.papers.joining import goes_on_after, joined, vocabulary
from corpus.papers.numbering import bare, numbered
from corpus.papers.pdf_lines import Line, Segment
from corpus.papers.pdf_running import Body
from corpus.papers.shape import Piece

_ENDED = re.compile(r"[.:;!?][\"”’')\]]*$")
_LISTED = re.compile(r"[,:;.!?–-][\"”’')\]]*$")
_OPEN = 1.4  # of the usual distance between lines: more parts paragraphs
_LARGER = 1.12  # of the usual height: a heading
_LONG = 40  # code points: a line that is no title
_NEAR = 3.0  # points
_FAR = 2.5  # of a line's height: white that parts cells even in a line on its own


class _Placed(NamedTuple):
    """A line on its page, its cells settled: one, or those of a row."""

    line: Line
    page: int
    cells: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


def pieces(pages: Sequence[Body]) -> tuple[list[Piece], list[Piece]]:
    """The paragraphs, headings and rows of all pages, in order, and the footnotes. Pages count from 1."""
    known = vocabulary(line.text for page in pages for line in page.lines)
    placed = [one for number, page in enumerate(pages, 1) for one in _placed(page, number)]
    looks = _Looks.of(placed)
    found = [_piece(group, looks, known) for group in _groups(placed, looks)]
    notes = [
        _piece(group, looks, known)._replace(strong=False)
        for number, page in enumerate(pages, 1)
        for group in _note_groups(_settled(page.notes, number))
    ]
    return found, notes


class _Looks(NamedTuple):
    """How most of a paper looks: the height of its lines and the distance from one to the next, in points."""

    size: float
    pitch: float
    bold: bool

    @classmethod
    def of(cls, placed: Sequence[_Placed]) -> _Looks:
        sizes, pitches = Counter[float](), Counter[float]()
        bold = 0
        for one in placed:
            sizes[round(one.line.size, 1)] += len(one.text)
            bold += len(one.text) if one.line.bold else 0
        for one, other in pairwise(placed):
            step = round(other.line.top - one.line.top, 1)
            if one.page == other.page and 0 < step < 3 * one.line.size:
                pitches[step] += 1
        size = sizes.most_common(1)[0][0] if sizes else 0.0
        # The smallest of the common distances: with blank lines between all paragraphs the most common may be theirs.
        most = pitches.most_common(1)[0][1] if pitches else 0
        pitch = min((step for step, count in pitches.items() if count > 0.4 * most), default=1.2 * size)
        return cls(size, pitch, 2 * bold > sizes.total())


def _placed(page: Body, number: int) -> Iterator[_Placed]:
    yield from _settled(page.head, number)
    yield from _settled(page.lines, number)


def _settled(lines: Sequence[Line], number: int) -> Iterator[_Placed]:
    """Lines with their cells: a number's tab parts none, nor does white in prose, which stands under no other white."""
    merged = [_without_tabs(line) for line in lines]
    for at, (line, cells) in enumerate(zip(lines, merged, strict=True)):
        if len(cells) > 1:
            widest = max(b.left - a.right for a, b in pairwise(cells))
            beside = [other for other in merged[max(0, at - 1) : at + 2] if other is not cells]
            if widest < _FAR * line.size and not any(_aligned(cells, other) for other in beside):
                cells = (_one(cells),)
        yield _Placed(line, number, cells)


def _aligned(cells: Sequence[Segment], other: Sequence[Segment]) -> bool:
    """Whether a cell of one line begins or ends where one of the next line does, the first ones left aside."""
    return any(
        abs(cell.left - below.left) < _NEAR or abs(cell.right - below.right) < _NEAR
        for cell in cells[1:]
        for below in other[1:]
    )


def _without_tabs(line: Line) -> tuple[Segment, ...]:
    cells = line.segments
    while len(cells) > 1 and bare(cells[0].text):
        cells = (_one(cells[:2]), *cells[2:])
    return cells


def _one(cells: Sequence[Segment]) -> Segment:
    first = max(cells, key=lambda cell: len(cell.text))
    return first._replace(text=" ".join(cell.text for cell in cells), left=cells[0].left, right=cells[-1].right)


def _groups(placed: Sequence[_Placed], looks: _Looks) -> Iterator[list[_Placed]]:
    group: list[_Placed] = []
    for one in placed:
        if group and not _belongs(group, one, looks):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _belongs(group: Sequence[_Placed], one: _Placed, looks: _Looks) -> bool:
    """Whether a line goes on with the paragraph, or the row, before it."""
    last = group[-1]
    if len(group[0].cells) > 1 or len(one.cells) > 1:
        return len(group[0].cells) > 1 and _wraps(group, one, looks)
    if abs(one.line.size - last.line.size) > 0.15 * looks.size or one.line.bold is not last.line.bold:
        return not last.line.bold and not one.line.bold and _runs_over(last, one)
    if one.page != last.page or one.line.top < last.line.top:  # the next page or column
        return _runs_over(last, one) and not numbered(one.text)
    if one.line.top - last.line.top > _OPEN * max(looks.pitch, 0.9 * one.line.size):
        return (
            len(last.text) > _LONG and one.text[0].islower() and not _ENDED.search(last.text) and not numbered(one.text)
        )
    if numbered(one.text) and (_LISTED.search(last.text) or goes_on_after(last.text) or _is_short(last, one)):
        return False
    if _is_short(last, one) and (_ENDED.search(last.text) or not one.text[0].islower() or _is_stub(last)):
        return False
    indented = one.line.left - last.line.left > 0.8 * looks.size
    return not (indented and _ENDED.search(last.text) and len(group) > 1)


def _wraps(group: Sequence[_Placed], one: _Placed, looks: _Looks) -> bool:
    """Whether a line holds the rest of cells of the row before it: close below, none in the first column, or prose."""
    last = group[-1]
    if one.page != last.page or not 0 < one.line.top - last.line.top < _OPEN * looks.pitch:
        return False
    first = group[0].cells
    if any(_column(first, cell) is None for cell in one.cells):
        return False
    goes_on = one.text[0].islower() and any(len(cell.text) > _LONG for cell in first)
    return goes_on or one.cells[0].left > first[0].right


def _column(cells: Sequence[Segment], cell: Segment) -> int | None:
    """Which of a row's cells lies over this one."""
    shared = [min(c.right, cell.right) - max(c.left, cell.left) for c in cells]
    best = max(range(len(cells)), key=shared.__getitem__)
    return best if shared[best] > 0 else None


def _is_short(last: _Placed, one: _Placed) -> bool:
    """Whether the next line's first word would have fitted behind a line: then it was ended on purpose."""
    letter = (one.line.right - one.line.left) / max(len(one.text), 1)
    room = last.line.column_right - last.line.right
    return room > letter * (len(one.text.split()[0]) + 1) + 0.05 * (last.line.column_right - last.line.column_left)


def _is_stub(one: _Placed) -> bool:
    """Whether a line ends so early that no line in running text would."""
    return one.line.right < one.line.column_left + 0.25 * (one.line.column_right - one.line.column_left)


def _runs_over(last: _Placed, one: _Placed) -> bool:
    """Whether a sentence goes on in the next column or on the next page."""
    if _ENDED.search(last.text):
        return False
    return (
        one.text[0].islower() or last.text.endswith(("-", ",")) or (len(last.text) > _LONG and not _is_short(last, one))
    )


def _note_groups(placed: Iterable[_Placed]) -> Iterator[list[_Placed]]:
    group: list[_Placed] = []
    for one in placed:
        if group and re.match(r"(?:\d{1,3}|\*+|[†‡])\)?\s", one.text):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _piece(group: Sequence[_Placed], looks: _Looks, known: frozenset[str]) -> Piece:
    first = group[0]
    larger = first.line.size > _LARGER * looks.size
    strong = larger or (all(one.line.bold for one in group) and not looks.bold)
    if len(first.cells) == 1:
        return Piece(joined([one.text for one in group], known), first.page, strong)
    columns: list[list[str]] = [[cell.text] for cell in first.cells]
    for one in group[1:]:
        for cell in one.cells:
            columns[_column(first.cells, cell) or 0].append(cell.text)
    return Piece("", first.page, strong, tuple(joined(column, known) for column in columns))
