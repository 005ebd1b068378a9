"""What Outlook keeps of a message, made a message as it goes over the wire (RFC 5322, 2045), always the same bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import quote

from corpus.papers.rtf import parse_rtf
from errors import Broken

# Microsoft's compressed RTF begins with this dictionary ([MS-OXRTFCP], 2.1.2.1).
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_MAX_RTF = 16 * 1024 * 1024  # bytes unpacked
# Fields that describe the parts, which are made anew.
_OF_PARTS = re.compile(rb"(?:content-[a-z-]+|mime-version)$", re.I)
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}", re.A)
_MESSAGE = "message/rfc822"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\]")


class File(NamedTuple):
    """An attachment; a message that was enclosed has the type message/rfc822."""

    name: str
    media_type: str
    content: bytes


class Person(NamedTuple):
    """Whom a message is from or to."""

    name: str
    email: str


class Mail(NamedTuple):
    """A message by its properties. `headers` are those it came with, "" where it was never sent over the wire."""

    headers: str = ""
    subject: str = ""
    author: Person = Person("", "")
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    at: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    text: str = ""
    html: bytes = b""
    rtf: bytes = b""
    files: tuple[File, ...] = ()

    def as_bytes(self) -> bytes:
        """The message with its attachments, LF line ends."""
        head = b"\n".join(self._header()) + b"\nMIME-Version: 1.0\n"
        body = _part(*self._body())
        if not self.files:
            return head + body
        parts = [body, *map(_attached, self.files)]
        boundary = b"suhde-" + blake2b(b"".join(parts), digest_size=16).hexdigest().encode("ascii")
        whole = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
        kind = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n'
        return head + kind + whole + b"--" + boundary + b"--\n"

    def _body(self) -> tuple[str, bytes]:
        if self.text.strip():
            return "text/plain; charset=utf-8", self.text.encode("utf-8", "replace")
        if self.html.strip():
            return "text/html", self.html
        if self.rtf:
            found = parse_rtf(self.rtf)
            words = "\n".join(piece.text or "\t".join(piece.cells) for piece in found.pieces)
            return "text/plain; charset=utf-8", words.encode("utf-8", "replace")
        return "text/plain; charset=utf-8", b""

    def _header(self) -> Iterator[bytes]:
        if kept := list(_kept(self.headers)):
            yield from kept
            return
        yield b"From: " + _people([self.author])
        for name, people in ((b"To: ", self.to), (b"Cc: ", self.cc)):
            if people:
                yield name + _people(people)
        yield b"Subject: " + _encoded(self.subject)
        if self.at:
            yield b"Date: " + format_datetime(self.at.astimezone(UTC)).encode("ascii")
        for name, value in (
            (b"Message-ID: ", self.message_id),
            (b"In-Reply-To: ", self.in_reply_to),
            (b"References: ", self.references),
        ):
            if value.strip():
                yield name + " ".join(value.split()).encode("ascii", "replace")


def _kept(headers: str) -> Iterator[bytes]:
    """The fields a message came with, without those of its parts."""
    keep = False
    for line in headers.replace("\r\n", "\n").encode("utf-8", "replace").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if keep and line.strip():
                yield line
            continue
        field = _FIELD.match(line)
        keep = field is not None and not _OF_PARTS.match(field[1])
        if keep:
            yield line


def _people(people: Sequence[Person]) -> bytes:
    return b",\n ".join(map(_person, people))


def _person(person: Person) -> bytes:
    name = _UNSAFE.sub("", person.name).strip()
    email = re.sub(r"[\s<>,;]", "", person.email).encode("utf-8", "replace")
    if not name:
        return email
    return (b'"' + name.encode("ascii") + b'"' if name.isascii() else _encoded(name)) + b" <" + email + b">"


def _encoded(text: str) -> bytes:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(" ".join(text.split()), charset).encode().encode("ascii", "replace")


def _part(kind: str, content: bytes, more: bytes = b"") -> bytes:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n".encode("ascii")
    return head + more + b"\n" + base64.encodebytes(content)


def _attached(file: File) -> bytes:
    if file.media_type == _MESSAGE:  # RFC 2046, 5.2.1: never encoded
        return b"Content-Type: message/rfc822\n\n" + file.content
    kind = file.media_type if _TYPE.fullmatch(file.media_type) else "application/octet-stream"
    name = quote(_UNSAFE.sub("", file.name).strip()[:255] or "file", safe="", errors="replace")
    return _part(kind, file.content, f"Content-Disposition: attachment; filename*=utf-8''{name}\n".encode("ascii"))


def unpacked_rtf(data: bytes) -> bytes:
    """RTF out of Outlook's own compression ([MS-OXRTFCP]). Raises Broken."""
    if len(data) < 16:
        raise Broken("its RTF is cut short.")
    size, kind = int.from_bytes(data[4:8], "little"), data[8:12]
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _COMPRESSED or size > _MAX_RTF:
        raise Broken("its RTF is packed in an unknown way.")
    return _inflated(data, 16, size)


def _inflated(data: bytes, at: int, size: int) -> bytes:
    """Literal bytes and references into the last 4,096 bytes, eight of them after each control byte."""
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, out = len(_DICTIONARY), bytearray()

    def put(byte: int) -> None:
        nonlocal write
        out.append(byte)
        window[write % _WINDOW] = byte
        write += 1

    while at < len(data) and len(out) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                put(data[at])
                at += 1
                continue
            reference, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            start = reference >> 4
            if start == write % _WINDOW:  # the sign of the end
                return bytes(out[:size])
            for step in range((reference & 15) + 2):
                put(window[(start + step) % _WINDOW])
    return bytes(out[:size])
