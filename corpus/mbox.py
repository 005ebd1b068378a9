"""Messages of an mbox, in bounded memory (RFC 4155; mboxrd and mboxo quoting)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from corpus.headers import KNOWN_FIELD

# One read: large enough that little is copied twice, small enough not to count.
_CHUNK = 1 << 20
# A "From " line and the field name after it are within this; needed whole to tell whether it begins a message.
_WINDOW = 2_048

_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?=From )")
_LINE = re.compile(rb"From [^\n]{0,900}\n(?=([!-9;-~]{1,100}[ \t]*:)|>?From )")
_DATED = re.compile(rb"From [^\n]{0,600}?\d\d:\d\d[^\n]{0,60}(?:19|20)\d\d")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        ...


def split(stream: Readable, limit: int) -> Iterator[tuple[bytes, int]]:
    """The messages of an mbox with the byte offset at which each begins (its "From " line), in order.

    The "From " line is left out and `>From ` undone. A message longer than `limit` bytes is cut to `limit` + 1 bytes,
    the rest of it is passed over. Neither the blank line between messages nor LF line ends are relied on: a "From "
    line begins a message where a field follows it and it holds a time and a year, or where a blank line precedes it and
    the field is one that mail has.
    """
    buffer, base, at_end = b"", 0, False
    start = search = 0  # within the buffer: where the message begins, where to look for the next
    passing = True  # over what belongs to no message: before the first, and the rest of one too long
    while True:
        found, search = _next(buffer, search, at_end, first=base + search == 0)
        if found >= 0 or at_end:
            if not passing:
                yield _message(buffer[start : found if found >= 0 else len(buffer)], limit), base + start
            if found < 0:
                return
            start, passing = found + (buffer[found] == 0x0A), False
            search = start + 1
            continue
        if not passing and len(buffer) - start > limit + _WINDOW:
            yield _message(buffer[start:], limit), base + start
            passing = True
        if passing:
            start = max(start, search - 1)
        more = stream.read(max(_CHUNK, len(buffer) - start))
        at_end = not more
        buffer, base, search, start = buffer[start:] + more, base + start, search - start, 0


def _next(buffer: bytes, search: int, at_end: bool, *, first: bool) -> tuple[int, int]:
    """Where the line feed before the next separator is (or -1), and from where to look when there is more."""
    if first and (start := _FIRST.match(buffer)):
        return start.end(), start.end()
    while (found := buffer.find(b"\nFrom ", search)) >= 0:
        if not at_end and len(buffer) - found < _WINDOW:
            return -1, found
        if _begins_message(buffer, found + 1):
            return found, found
        search = found + 1
    return -1, max(search, len(buffer) - len(b"\nFrom") - 1)


def _begins_message(buffer: bytes, at: int) -> bool:
    line = _LINE.match(buffer, at)
    if line is None:
        return False
    if _DATED.match(buffer, at):
        return True
    return _after_blank(buffer, at - 1) and line[1] is not None and KNOWN_FIELD.match(line[1]) is not None


def _after_blank(buffer: bytes, at: int) -> bool:
    """Whether the line that the line feed at `at` ends is blank."""
    return at == 0 or buffer[at - 1] == 0x0A or buffer[max(0, at - 2) : at] == b"\n\r"


def _message(piece: bytes, limit: int) -> bytes:
    raw = piece[piece.find(b"\n") + 1 :].removesuffix(b"\r") if b"\n" in piece else b""
    if len(raw) > limit:
        return raw[: limit + 1]
    return _QUOTED.sub(rb"\1", raw) if b"\n>" in raw or raw.startswith(b">") else raw
