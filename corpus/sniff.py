"""What a file is, told by its first bytes; its name may say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath
from typing import NamedTuple

from corpus.headers import looks_like_header

# Bytes that are looked at. A mail's header may begin with many trace fields, but all of them are fields.
HEAD = 32_768

_MBOX = re.compile(rb"\s*From [^\n]{1,900}\n")
_BOM = b"\xef\xbb\xbf"
OLE = "application/x-ole-storage"  # .msg, .doc, .xls
OUTLOOK_DATA = "application/vnd.ms-outlook-pst"
_TAR_MAGIC = slice(257, 262)
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0", OLE),
    (b"!BDN", OUTLOOK_DATA),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
# What says so in words; case and space before it do not matter.
_SAID = (
    (re.compile(rb"begin:v(?:calendar|event|todo)\b", re.I), "text/calendar"),
    (re.compile(rb"webvtt(?:\s|$)", re.I), "text/vtt"),
    (re.compile(rb"\d{1,6}\s*\n(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3}\s*-->"), "application/x-subrip"),
    (
        re.compile(rb"(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|title|meta)\b", re.I | re.S),
        "text/html",
    ),
    (re.compile(rb"<\?xml[^>]{0,200}>\s*(?:<!doctype\s+html[^>]{0,300}>\s*)?<html\b", re.I), "text/html"),
    (re.compile(rb"<\?xml"), "application/xml"),
)
_PDF_WITHIN = 1_024  # bytes of rubbish that may come before a PDF (ISO 32000-1, appendix H, note 13)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What `corpus.papers` may be able to read, or what (OLE) may hold a mail.
_ODT = "application/vnd.oasis.opendocument.text"
_READABLE = frozenset({
    "application/pdf", WORD, _ODT, f"{_ODT}-template", "application/rtf", "text/html", "text/calendar", "text/vtt",
    "application/x-subrip", "text/plain", OLE,
})  # fmt: skip
# Of plain text only what people write as such: no tables, programs, keys or business cards.
_PROSE = frozenset({"", ".txt", ".text", ".md", ".markdown", ".mdown", ".mkd"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PACKED_OFFICE = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"customXml/")


class Form(StrEnum):
    """What can be read; `other` cannot."""

    MBOX = "mbox"
    MESSAGE = "message"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    EMPTY = "empty"
    OTHER = "other"


class Sniffed(NamedTuple):
    """A file's form; for `other` its media type."""

    form: Form
    media_type: str = ""


def may_read(media_type: str, name: str) -> bool:
    """Whether a file of this media type and name may hold a text that `corpus.papers` reads, or (OLE) a mail."""
    if media_type == "text/plain":
        return PurePath(name).suffix.lower() in _PROSE
    return media_type in _READABLE


def sniff(head: bytes) -> Sniffed:
    """What a file is that begins with these bytes (the first `HEAD`, fewer where it is shorter)."""
    if not head.strip():
        return Sniffed(Form.EMPTY)
    if packed := _packed(head):
        return packed
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return Sniffed(Form.OTHER, media_type)
    text = head.removeprefix(_BOM).replace(b"\r\n", b"\n")
    begins = text.lstrip()
    for said, media_type in _SAID:
        if said.match(begins):
            return Sniffed(Form.OTHER, media_type)
    if (line := _MBOX.match(text)) and looks_like_header(text[line.end() :]):
        return Sniffed(Form.MBOX)
    if looks_like_header(begins):
        return Sniffed(Form.MESSAGE)
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Sniffed(Form.OTHER, "application/pdf")
    binary = b"\0" in head and not head.startswith(_UTF16)
    return Sniffed(Form.OTHER, "application/octet-stream" if binary else "text/plain")


def _packed(head: bytes) -> Sniffed | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(head)
    if head.startswith(b"\x1f\x8b"):
        return Sniffed(Form.GZIP)
    if head.startswith(b"BZh"):
        return Sniffed(Form.BZIP2)
    if head.startswith(b"\xfd7zXZ\0"):
        return Sniffed(Form.XZ)
    return Sniffed(Form.TAR) if head[_TAR_MAGIC] == b"ustar" else None


def _zipped(head: bytes) -> Sniffed:
    """Office documents are zip files too; their entries tell."""
    names = list(_entries(head))
    name = names[0] if names else b""
    if name == b"mimetype":
        length = len(name)
        stored = head[30 + length : 110 + length]
        found = re.match(rb"[\w.+-]+/[\w.+-]+?(?=PK|[^\w.+-])", stored)
        return Sniffed(Form.OTHER, found[0].decode("ascii") if found else "application/zip")
    if b"[Content_Types].xml" in names or name.startswith(_PACKED_OFFICE):
        other = any(n.startswith((b"xl/", b"ppt/")) for n in names)
        return Sniffed(Form.OTHER, "application/vnd.openxmlformats-officedocument" if other else WORD)
    return Sniffed(Form.OTHER, "application/java-archive") if name.startswith(b"META-INF/") else Sniffed(Form.ZIP)


def _entries(head: bytes) -> Iterator[bytes]:
    """The names of a zip's first entries, as far as the headers before them tell where the next begins."""
    at = 0
    while head.startswith(b"PK\x03\x04", at) and at + 30 <= len(head):
        flags, size = int.from_bytes(head[at + 6 : at + 8], "little"), int.from_bytes(head[at + 18 : at + 22], "little")
        name, extra = (
            int.from_bytes(head[at + 26 : at + 28], "little"),
            int.from_bytes(head[at + 28 : at + 30], "little"),
        )
        yield head[at + 30 : at + 30 + name]
        if flags & 8 and not size:  # its length follows it
            found = head.find(b"PK\x03\x04", at + 30 + name)
            if found < 0:
                return
            at = found
        else:
            at += 30 + name + extra + size
