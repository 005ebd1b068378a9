"""The lines of a page in reading order: columns one after the other, what lies across them between.

Words close to one another make runs; a strip of white with prose on both sides parts columns (after the recursive
cuts of Nagy and Seth, 1984, but for one cut at a time and judged by what stands on both sides).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from corpus.papers.pdf_words import Word

_TIGHT = 0.9  # of a line's height: more white than this parts cells and columns, less parts words
_MIN_LINES = 4  # on both sides of a gutter
_STEP = 3.0  # points between the places where a gutter is looked for
_MAX_SEGMENTS = 1_500  # of a page that is looked at for columns


class Segment(NamedTuple):
    """Words of one line without a wide gap between them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: bool
    size: float


class Line(NamedTuple):
    """A line of a column: its segments from left to right, its box, and the column's sides."""

    segments: tuple[Segment, ...]
    left: float
    top: float
    right: float
    bottom: float
    column_left: float
    column_right: float

    @property
    def text(self) -> str:
        """Its segments, parted by spaces."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def size(self) -> float:
        """The height of most of its letters."""
        return max(self.segments, key=lambda segment: len(segment.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(segment.bold for segment in self.segments)


def lines(words: Sequence[Word]) -> list[Line]:
    """The lines of a page, in the order in which they are read."""
    return list(_ordered(segments(words)))


def segments(words: Sequence[Word]) -> list[Segment]:
    """Words of one line that stand close to one another, joined; in the order of the page's content."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and _continues(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [_segment(run) for run in runs]


def _continues(last: Word, word: Word) -> bool:
    height = max(last.size, word.size, 1.0)
    middle = (word.top + word.bottom) / 2
    return last.top <= middle <= last.bottom and -0.3 * height < word.left - last.right < _TIGHT * height


def _segment(run: Sequence[Word]) -> Segment:
    return Segment(
        " ".join(word.text for word in run),
        min(word.left for word in run),
        min(word.top for word in run),
        max(word.right for word in run),
        max(word.bottom for word in run),
        sum(len(word.text) for word in run if word.bold) * 2 > sum(len(word.text) for word in run),
        median(word.size for word in run),
    )


def _ordered(found: Sequence[Segment], depth: int = 0) -> Iterator[Line]:
    if not found:
        return
    rows = _rows(found)
    beside = sum(len(row) > 1 for row in rows)
    gutter = None
    if beside >= _MIN_LINES and depth < 3 and len(found) <= _MAX_SEGMENTS:
        gutter = _gutter(rows)
    if gutter is None:
        yield from _lines(rows)
        return
    for band in _bands(rows, gutter):
        left = [s for s in band if s.right <= gutter + 2]
        right = [s for s in band if s.left >= gutter - 2 and s.right > gutter + 2]
        if len(left) + len(right) < len(band) or not _are_columns(left, right, gutter):
            yield from _lines(_rows(band))
        else:
            yield from _ordered(left, depth + 1)
            yield from _ordered(right, depth + 1)


def _rows(found: Sequence[Segment]) -> list[list[Segment]]:
    """Segments at one height, from left to right; from above."""
    rows: list[list[Segment]] = []
    top = bottom = 0.0
    for segment in sorted(found, key=lambda s: s.top + s.bottom):
        shared = min(bottom, segment.bottom) - max(top, segment.top)
        if rows and shared > 0.5 * min(bottom - top, segment.bottom - segment.top):
            rows[-1].append(segment)
        else:
            rows.append([segment])
            top, bottom = segment.top, segment.bottom
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _lines(rows: Sequence[list[Segment]]) -> Iterator[Line]:
    if not rows:
        return
    column_left = min(row[0].left for row in rows)
    column_right = max(segment.right for row in rows for segment in row)
    for row in rows:
        merged = _merged(row)
        yield Line(
            tuple(merged),
            merged[0].left,
            min(s.top for s in merged),
            max(s.right for s in merged),
            max(s.bottom for s in merged),
            column_left,
            column_right,
        )


def _merged(row: Sequence[Segment]) -> list[Segment]:
    """Segments that the page's content parts though they stand close."""
    out = [row[0]]
    for segment in row[1:]:
        last = out[-1]
        gap, height = segment.left - last.right, max(last.size, segment.size)
        if gap >= _TIGHT * height:
            out.append(segment)
            continue
        glue = "" if gap < 0.12 * height else " "
        longer = last if len(last.text) >= len(segment.text) else segment
        out[-1] = Segment(
            last.text + glue + segment.text,
            last.left,
            min(last.top, segment.top),
            max(last.right, segment.right),
            max(last.bottom, segment.bottom),
            longer.bold,
            longer.size,
        )
    return out


def _gutter(rows: Sequence[Sequence[Segment]]) -> float | None:
    """Where the white strip between two columns lies, or None."""
    left, right = min(row[0].left for row in rows), max(s.right for row in rows for s in row)
    width = right - left
    best, best_score = None, 0
    for step in range(int(0.2 * width / _STEP), int(0.8 * width / _STEP)):
        at = left + step * _STEP
        score = 0
        for band in _bands(rows, at):
            one = [s for s in band if s.right <= at + 2]
            other = [s for s in band if s.left >= at - 2 and s.right > at + 2]
            if len(one) + len(other) == len(band) and _are_columns(one, other, at):
                score += min(len(one), len(other))
        if score > best_score:
            best, best_score = at, score
    return best


def _bands(rows: Sequence[Sequence[Segment]], at: float) -> Iterator[list[Segment]]:
    """From above: what lies across a gutter, and what lies beside it, in turns."""
    band: list[Segment] = []
    across = False
    for row in rows:
        crosses = any(s.left < at - 2 and s.right > at + 2 for s in row)
        if band and crosses is not across:
            yield band
            band = []
        across = crosses
        band.extend(row)
    if band:
        yield band


def _are_columns(left: Sequence[Segment], right: Sequence[Segment], at: float) -> bool:
    """Whether prose stands on both sides: enough lines, long ones, side by side, and not row by row as in a table."""
    if min(len(left), len(right)) < _MIN_LINES:
        return False
    top = max(left[0].top, right[0].top)
    bottom = min(max(s.bottom for s in left), max(s.bottom for s in right))
    if bottom - top < _MIN_LINES * left[0].size:
        return False
    if not (_is_prose(left, at - min(s.left for s in left)) and _is_prose(right, max(s.right for s in right) - at)):
        return False
    return not _in_rows(left, right)


def _is_prose(side: Sequence[Segment], width: float) -> bool:
    return median(s.right - s.left for s in side) > 0.5 * width and sum(len(s.text) for s in side) > 16 * len(side)


def _in_rows(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Whether the two sides start anew at the same heights though one ended earlier, as the cells of a table do."""
    starts, others = _starts(left), _starts(right)
    together = uneven = 0
    for top, white in starts.items():
        near = [gap for other, gap in others.items() if abs(top - other) < 3]
        together += bool(near)
        uneven += any(abs(white - gap) > 0.6 * left[0].size for gap in near)
    return together >= max(2, 0.6 * min(len(starts), len(others))) and uneven >= 0.4 * together


def _starts(side: Sequence[Segment]) -> dict[float, float]:
    """The heights at which a side starts anew, and the white above each."""
    tops = sorted(segment.top for segment in side)
    pitch = min(median([b - a for a, b in pairwise(tops)] or [0.0]), 1.5 * side[0].size)
    return {b: b - a for a, b in pairwise(tops) if b - a > max(1.35 * pitch, 1.0)}
