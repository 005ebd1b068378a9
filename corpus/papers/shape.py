"""What a stretch of plain text is: heading, item, row or paragraph; for forms that do not say it themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.paper import BlockKind
from corpus.papers.numbering import Outline, numbered
from corpus.papers.page_numbers import counted
from corpus.papers.writing import Writer, tidy

_MAX_HEADING = 110  # code points
_MAX_WORDS = 14
_RULE = re.compile(r"^[-=*~]{5,}\s+(?=\S)")
_SIGN = re.compile(r"[^\W_]|_{3}")  # a letter, a digit, or a line to sign on
_LETTERS = re.compile(r"[^\W\d_]")
_LEADERS = re.compile(r"(?:\.[ ]?){4,}|…{2,}|_{3,}(?=\s*\d+$)")


class Piece(NamedTuple):
    """A stretch of text and what its looks say. `strong` is bold or larger than the rest; `cells` are a row's."""

    text: str
    page: int = 0
    strong: bool = False
    cells: tuple[str, ...] = ()


class _Shaped(NamedTuple):
    piece: Piece
    kind: BlockKind
    number: str | None
    level: int
    weak: bool  # a heading by its number and shortness alone


def write(pieces: Sequence[Piece], writer: Writer) -> None:
    """Add pieces to a paper, each as what it is. Rules, and page numbers that count up, are left out."""
    old_numbers = counted([piece.text for piece in pieces])
    shaped = _shaped([p for at, p in enumerate(pieces) if at not in old_numbers and (p.cells or _SIGN.search(p.text))])
    for one in _settled(shaped):
        if one.kind is BlockKind.ROW:
            writer.row(one.piece.cells, page=one.piece.page)
        else:
            writer.add(one.piece.text, one.kind, page=one.piece.page, number=one.number, level=one.level)


def _shaped(pieces: Sequence[Piece]) -> list[_Shaped]:
    outline, found = Outline(), []
    for piece in pieces:
        text = _RULE.sub("", tidy(piece.text))
        if not piece.cells and _LEADERS.search(text):
            piece = piece._replace(cells=tuple(_LEADERS.sub("\t", text).split("\t")))
        if piece.cells:
            found.append(_Shaped(piece, BlockKind.ROW, None, 0, False))
            continue
        number = numbered(text)
        level = outline.level(number.number) if number else 0
        title = text[number.rest :] if number else text
        firm = is_heading(title, strong=piece.strong)
        weak = not firm and number is not None and _counts(number.number) and _is_title(title) and _is_short(title)
        plain = BlockKind.ITEM if number else BlockKind.PARAGRAPH
        kind = BlockKind.HEADING if firm or weak else plain
        found.append(_Shaped(piece._replace(text=text), kind, number.number if number else None, level, weak))
    return found


def _settled(shaped: Sequence[_Shaped]) -> list[_Shaped]:
    """Short numbered lines right after one another are a list; with text between them they are headings."""
    listed = set()
    for at, (one, other) in enumerate(pairwise(shaped)):
        if one.weak and other.weak and one.level == other.level:
            listed |= {at, at + 1}
    return [one._replace(kind=BlockKind.ITEM) if at in listed else one for at, one in enumerate(shaped)]


def _counts(number: str | None) -> bool:
    """Whether a number is one that headings have."""
    return number is not None and not number.endswith(")")


def may_be_heading(text: str) -> bool:
    """Whether a text styled as a heading is short enough for one: some set whole papers so."""
    return len(text) <= 2 * _MAX_HEADING and not (
        len(text.split()) > _MAX_WORDS and text.endswith((".", ";", ":", ","))
    )


def is_heading(title: str, *, strong: bool) -> bool:
    """Whether a text (its number taken off) is a heading by its looks."""
    capitals = title.isupper()
    return (strong or capitals) and _is_title(title.rstrip(".:") if capitals else title)


def _is_title(text: str) -> bool:
    return (
        0 < len(text) <= _MAX_HEADING
        and not any(sign in text for sign in "\n;")
        and not text.endswith((".", ";", ",", "?", "!", ":"))
        and len(text.split()) <= _MAX_WORDS
        and 2 * len(_LETTERS.findall(text)) > len(text) > 2
        and not text[0].islower()
    )


def _is_short(text: str) -> bool:
    return len(text) <= 70 and len(text.split()) <= 8
