"""The lines of a mail's body, each with its quote depth and bare content: what zoning looks at."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from corpus.html import Hint, HintKind

_PREFIX = re.compile(r"[ \t]?(?:[A-Z]{0,3}>[ \t]?)(?:>[ \t]?)*")
_MARGIN = " \t\xa0\u200b\ufeff\u200e\u200f\r\f\v"
_MAX_DEPTH = 100
_FULL_WIDTH = 60  # a line this long may have been wrapped by the quoting program


class Lines(msgspec.Struct):
    """Parallel lists, one entry a line."""

    start: list[int]  # offset of the line's first character in the text
    content: list[str]  # without quote prefix and margins; empty for a blank line
    depth: list[int]  # how often the line is marked as quoted, by ">" or by the HTML around it
    header: set[int]  # lines that the HTML marks as a reply's header
    signature: set[int]  # lines that the HTML marks as a signature

    def __len__(self) -> int:
        return len(self.start)

    def after_blank(self, index: int, step: int = 1) -> int:
        """The nearest non-blank line from `index` on in the direction of `step`; -1 or len where there is none."""
        while 0 <= index < len(self.content) and not self.content[index]:
            index += step
        return index


def split(text: str, hints: Sequence[Hint]) -> Lines:
    """Cut a text at its line feeds and read off each line's depth."""
    raw = text.split("\n")
    contents = [line.strip(_MARGIN) for line in raw]
    lines = Lines(
        start=[0, *accumulate([len(line) + 1 for line in raw[:-1]])],
        content=contents,
        depth=[0] * len(raw),
        header=set(),
        signature=set(),
    )
    if ">" in text:
        for i, content in enumerate(contents):
            if ">" in content[:4]:
                contents[i], lines.depth[i] = _unquoted(raw[i], content)
        if any(lines.depth):
            _mend_wrapped(lines, raw)
    if hints:
        _apply(hints, lines)
    return lines


def _unquoted(line: str, content: str) -> tuple[str, int]:
    """The content and depth of a line that may begin with ">" or "AB>".

    An mbox's ">From " is no quote, nor is GroupWise's ">>> Anna Aho 02/15/01 05:20PM >>>", which introduces one.
    """
    prefix = _PREFIX.match(line.replace("\xa0", " ") if "\xa0" in line else line)
    if prefix is None or line.startswith(">From ") or (content[-1] == ">" and content.endswith(" >>>")):
        return content, 0
    return line[prefix.end() :].strip(_MARGIN), min(prefix.group().count(">"), _MAX_DEPTH)


def _mend_wrapped(lines: Lines, raw: list[str]) -> None:
    """Give the tail of a line that was wrapped without its ">", or got one too many, the depth of its beginning.

    Such a tail follows a full line that ends in mid-sentence, or in an address: "Anna Aho <a@b.fi\\n> wrote:".
    """
    for i in range(1, len(raw)):
        content, before = lines.content[i], lines.content[i - 1]
        if not content or not before:
            continue
        if lines.depth[i] < lines.depth[i - 1]:
            if len(raw[i - 1]) >= _FULL_WIDTH and _runs_on(lines, i):
                lines.depth[i] = lines.depth[i - 1]
        elif lines.depth[i] == lines.depth[i - 1] + 1 and content[-1] == ":" and before.rfind("<") > before.rfind(">"):
            lines.depth[i] = lines.depth[i - 1]


def _runs_on(lines: Lines, i: int) -> bool:
    """Whether line `i` goes on with the sentence of the line above: in lower case, or back in the quote at once."""
    content, before = lines.content[i], lines.content[i - 1]
    if content[0].islower():
        return True
    below = lines.depth[i + 1 : i + 2]
    return before[-1] not in ".!?:" and below == [lines.depth[i - 1]]


def _apply(hints: Sequence[Hint], lines: Lines) -> None:
    """Carry what the HTML says over to the lines it spans."""
    change = [0] * (len(lines) + 1)  # of depth, from each line to the next
    for hint in hints:
        first, end = bisect_left(lines.start, hint.start), bisect_left(lines.start, hint.end)
        if hint.kind is HintKind.QUOTE:
            change[first] += 1
            change[end] -= 1
        else:
            (lines.header if hint.kind is HintKind.HEADER else lines.signature).update(range(first, end))
    for i, deeper in enumerate(accumulate(change[:-1])):
        lines.depth[i] = min(lines.depth[i] + deeper, _MAX_DEPTH)
