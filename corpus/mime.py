"""The parts of a message (RFC 2045, 2046) as a tree over its bytes, bounded in depth and number.

Nothing is decoded or copied until asked for: a part is a stretch of the message. Written for hostile input, which
is why it is not Python's `email` (recursive without bound, four times slower) nor a flat list of parts.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from corpus.headers import Headers, from_base64, parameters, read_headers
from errors import TooDeep, TooLarge, TooManyParts

# Providers refuse mail above 25 to 150 MB; nearly all of what is above this is attachments.
MAX_MESSAGE = 64 * 1024 * 1024  # bytes
# Real mail nests at most about ten deep (forwards of forwards); what is deeper is built to hurt.
MAX_DEPTH = 50
# Digests and mails with hundreds of photographs exist; thousands of parts do not.
MAX_PARTS = 1_000
# Long recipient lists and trace headers come to some 100 kB; a header this long is an attack or no header.
MAX_HEADER = 2_000_000

_TYPE = re.compile(r"[\w.+!#$&^-]{1,100}/[\w.+!#$&^-]{1,100}")
_UNDECLARED = re.compile(rb"\s*--([^\s]{1,70})[ \t]*\ncontent-[a-z-]+[ \t]*:", re.IGNORECASE)
_PATH = re.compile(r"[/\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_USUAL_LENGTH = 100  # code points of a Content-Type that is worth keeping: longer ones have boundaries of their own
_MAX_NAME = 255  # code points of a file's name that are kept; file systems allow no more


class Part(msgspec.Struct, frozen=True, eq=False):
    """A part: its header, the stretch [start, end) of `raw` that is its body still encoded, and what lies within."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    media_type: str  # lower case, mended
    type_parameters: Mapping[str, str]
    children: tuple[Part, ...] = ()
    depth: int = 0

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it is sound."""
        body = self.raw[self.start : self.end]
        encoding = self.headers.plain("content-transfer-encoding").strip(" \t\"';").lower()
        if encoding == "base64":
            return from_base64(body)
        return binascii.a2b_qp(body) if encoding == "quoted-printable" else body

    @property
    def charset(self) -> str | None:
        """The charset's label as given."""
        return self.type_parameters.get("charset")

    @property
    def disposition(self) -> str:
        """ "inline", "attachment" or ""."""
        return self.headers.plain("content-disposition").partition(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """The name the sender gave the file, without folders and control characters; "" where there is none."""
        named = parameters(self.headers.plain("content-disposition")) if self.disposition else {}
        name = named.get("filename") or self.type_parameters.get("name", "")
        return _CONTROL.sub("", _PATH.split(name)[-1]).strip()[:_MAX_NAME]

    def leaves(self) -> Iterator[Part]:
        """The parts that hold no further parts, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass
class Budget:
    """How many parts a message may still have, its enclosed messages counted in."""

    parts: int = MAX_PARTS

    def spend(self) -> None:
        """Count one part. Raises TooManyParts."""
        self.parts -= 1
        if self.parts < 0:
            raise TooManyParts(f"more than {MAX_PARTS} parts.")


@dataclass(frozen=True)
class _Reader:
    raw: bytes
    budget: Budget = field(default_factory=Budget)

    def part(self, start: int, end: int, depth: int, default: str) -> Part:
        if depth > MAX_DEPTH:
            raise TooDeep(f"nested deeper than {MAX_DEPTH} parts.")
        self.budget.spend()
        headers, body = read_headers(self.raw, start, end)
        if body - start > MAX_HEADER:
            raise TooLarge(f"a header of more than {MAX_HEADER:,} bytes.")
        return self.typed(headers, body, end, depth, default)

    def typed(self, headers: Headers, start: int, end: int, depth: int, default: str) -> Part:
        value = headers.plain("content-type")
        media_type, named = (_usual_type if len(value) <= _USUAL_LENGTH else _content_type)(value, default)
        children: tuple[Part, ...] = ()
        if media_type.startswith("multipart/"):
            below = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
            children = self.children(named.get("boundary", ""), start, end, depth, below)
            media_type = media_type if children else "text/plain"
        elif media_type.startswith("text/"):
            if boundary := _undeclared(self.raw, start, end):
                children = self.children(boundary, start, end, depth, "text/plain")
            media_type = "multipart/mixed" if children else media_type
        return Part(self.raw, headers, start, end, media_type, named, children, depth)

    def children(self, boundary: str, start: int, end: int, depth: int, default: str) -> tuple[Part, ...]:
        if not boundary:
            return ()
        spans = _spans(self.raw, b"--" + boundary.encode("utf-8", "replace"), start, end)
        return tuple(self.part(first, last, depth + 1, default) for first, last in spans)


def read_parts(raw: bytes, *, budget: Budget | None = None, depth: int = 0) -> Part:
    """The tree of parts of a message with LF line ends. Raises TooDeep, TooManyParts or TooLarge.

    `budget` and `depth` are those of the message that encloses this one, where one does.
    """
    return _Reader(raw, budget or Budget()).part(0, len(raw), depth, "text/plain")


def _spans(raw: bytes, delimiter: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between delimiter lines. A missing last delimiter is forgiven; what follows it is dropped."""
    first = -1
    at = raw.find(delimiter, start, end)
    while at >= 0:
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[at + len(delimiter) : min(line_end, at + len(delimiter) + 80)].strip()
        if (at == start or raw[at - 1] == 0x0A) and rest in (b"", b"--"):
            if first >= 0:
                yield first, max(first, at - 1)
            if rest:
                return
            first = min(line_end + 1, end)
        at = raw.find(delimiter, line_end, end)
    if first >= 0:
        yield first, end


def _content_type(value: str, default: str) -> tuple[str, Mapping[str, str]]:
    """The media type, mended, and the parameters of a Content-Type."""
    return _media_type(value, default), parameters(value) if ";" in value else {}


_usual_type = lru_cache(maxsize=1_000)(_content_type)  # most mail says "text/plain; charset=…"


def _media_type(value: str, default: str) -> str:
    given = value.partition(";")[0].strip().lower()
    if _TYPE.fullmatch(given):
        return given
    if not given:
        return default
    return "text/plain" if given == "text" else "application/octet-stream"


def _undeclared(raw: bytes, start: int, end: int) -> str:
    """The boundary of a multipart whose header was lost: its body begins with a delimiter and a Content- field."""
    found = _UNDECLARED.match(raw, start, min(end, start + 1000))
    return found[1].decode("latin-1") if found else ""
