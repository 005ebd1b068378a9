"""What a file is, told by its first bytes; its name may say anything."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from corpus.headers import looks_like_header

# Bytes that are looked at. A mail's header may begin with many trace fields, but all of them are fields.
HEAD = 32_768

_MBOX = re.compile(rb"\s*From [^\n]{1,900}\n")
_BOM = b"\xef\xbb\xbf"
_TAR_MAGIC = slice(257, 262)
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),  # .msg, .doc, .xls
    (b"!BDN", "application/vnd.ms-outlook-pst"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"<?xml", "application/xml"),
    (b"<!DOCTYPE html", "text/html"),
    (b"<html", "text/html"),
)
_PACKED_OFFICE = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/")


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
    if (line := _MBOX.match(text)) and looks_like_header(text[line.end() :]):
        return Sniffed(Form.MBOX)
    if looks_like_header(text.lstrip()):
        return Sniffed(Form.MESSAGE)
    return Sniffed(Form.OTHER, "application/octet-stream" if b"\0" in head else "text/plain")


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
    """Office documents are zip files too; their first entry tells."""
    length = int.from_bytes(head[26:28], "little")
    name = head[30 : 30 + length]
    if name.startswith(_PACKED_OFFICE):
        return Sniffed(Form.OTHER, "application/vnd.openxmlformats-officedocument")
    if name == b"mimetype":
        stored = head[30 + length : 110 + length]
        found = re.match(rb"[\w.+-]+/[\w.+-]+?(?=PK|[^\w.+-])", stored)
        return Sniffed(Form.OTHER, found[0].decode("ascii") if found else "application/zip")
    return Sniffed(Form.OTHER, "application/java-archive") if name.startswith(b"META-INF/") else Sniffed(Form.ZIP)
