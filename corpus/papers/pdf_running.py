"""What stands on page after page and belongs to none: running heads and feet, page numbers; and footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from corpus.papers.page_numbers import is_page_number
from corpus.papers.pdf_lines import Line

_EDGE = 4  # lines at the top and at the bottom of a page that may be running ones
_SHARE = 0.5  # of the pages on which a line stands at least, odd and even ones taken together
_NEAR = 20.0  # points that it may move up and down
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_NOTE = re.compile(r"(?:\d{1,3}|\*{1,3}|[†‡])\)?\s+\S")
_SMALL = 0.88  # of the text's height: footnotes are set smaller


class Body(NamedTuple):
    """A page's lines without what runs; `head` is the running head where it stands for the first time."""

    head: list[Line]
    lines: list[Line]
    notes: list[Line]


def bodies(pages: Sequence[Sequence[Line]]) -> list[Body]:
    """Each page's lines, parted into what is read and what runs."""
    running = _running(pages)
    usual = _usual_size(pages)
    out, seen = [], set[str]()
    for page in pages:
        edges = _edges(page)
        head, kept = [], []
        for line in page:
            at = edges.get(id(line))
            key = _key(line)
            if at is None or not _runs(line, at, key, running):
                kept.append(line)
            elif at == "top" and key not in seen and not is_page_number(line.text):
                head.append(line)
                seen.add(key)
        lines, notes = _notes(kept, usual)
        out.append(Body(head, lines, notes))
    return out


def _runs(line: Line, edge: str, key: str, running: dict[tuple[str, str], float]) -> bool:
    place = running.get((edge, key))
    return (place is not None and abs(place - line.top) < _NEAR) or is_page_number(line.text)


def _key(line: Line) -> str:
    return _DIGITS.sub("#", _SPACE.sub("", line.text.lower()))


def _edges(page: Sequence[Line]) -> dict[int, str]:
    """Which lines lie at the top or at the bottom of a page."""
    ordered = sorted(page, key=lambda line: line.top)
    if len(ordered) < 2:
        return {}
    count = min(_EDGE, len(ordered) // 2)
    top = {id(line): "top" for line in ordered[:count]}
    return top | {id(line): "bottom" for line in ordered[-count:]}


def _running(pages: Sequence[Sequence[Line]]) -> dict[tuple[str, str], float]:
    """The lines that run, by edge and words with digits made alike, and the height at which they usually stand."""
    heights: dict[tuple[str, str], list[float]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        edges = _edges(page)
        for key, top in {(edges[id(line)], _key(line)): line.top for line in page if id(line) in edges}.items():
            counts[key] += 1
            heights.setdefault(key, []).append(top)
    least = max(2, _SHARE * len(pages) if len(pages) < 20 else 0.3 * len(pages))
    return {key: median(heights[key]) for key, count in counts.items() if count >= least and len(key[1]) > 1}


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _notes(lines: list[Line], usual: float) -> tuple[list[Line], list[Line]]:
    """A page's text and its footnotes: the small lines at its end, from one that begins with a mark."""
    first = len(lines)
    for at in range(len(lines) - 1, 0, -1):
        if lines[at].size > _SMALL * usual or lines[at].top < lines[at - 1].top:
            break
        if _NOTE.match(lines[at].text):
            first = at
    return lines[:first], lines[first:]
