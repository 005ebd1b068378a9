"""Bytes as they lie, and as they read once packed parts are opened: to look for words in what nothing else can read.

A message that went to quarantine, an attachment of a form that is not read: neither became text, but both may name
somebody. Here nothing is understood; transfer encodings and zip archives are undone wherever they show.

Not known here: other archives, compressed streams (PDF), encryption, words that markup cuts apart.
"""

from __future__ import annotations

import binascii
import io
import re
import zipfile
from collections.abc import Iterator

from corpus.headers import decode_words

_ENCODED = re.compile(
    rb"(?:[A-Za-z0-9+/]{60,100}\r?\n){1,200000}[A-Za-z0-9+/]{0,100}={0,2}|[A-Za-z0-9+/]{20,100}={0,2}"
)
_SOFT = re.compile(rb"=\r?\n|=[0-9A-F]{2}")
_WORDS = re.compile(r"=\?[\w-]{1,40}\?[bq]\?[^?\s]{0,500}\?=", re.IGNORECASE)
_MANY = 200_000_000  # bytes looked at in one archive's members
_ZIP = b"PK\x03\x04"
_DEEP = 3  # a zip in a mail in a mail


def layers(raw: bytes, depth: int = 0) -> Iterator[str]:
    """The bytes as text, then what is packed in them as text."""
    yield from _texts(raw)
    if _SOFT.search(raw):
        yield from _texts(binascii.a2b_qp(raw))
    if depth >= _DEEP:
        return
    for packed in _packed(raw):
        yield from layers(packed, depth + 1)


def _texts(raw: bytes) -> Iterator[str]:
    """In the charsets that mail is written in; a wrong one gives nonsense, which does no harm."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    yield text
    if "=?" in text:
        yield _WORDS.sub(lambda word: decode_words(word[0]), text)
    if b"\0" in raw:
        for start in (0, 1):  # UTF-16 within other bytes, at an even or odd place
            yield raw[start : len(raw) - (len(raw) - start) % 2].decode("utf-16-le", "replace")


def _packed(raw: bytes) -> Iterator[bytes]:
    if raw.startswith(_ZIP):
        yield from _members(raw)
        return
    for found in _ENCODED.finditer(raw):
        lines = found[0].translate(None, b"\r\n=")
        try:
            yield binascii.a2b_base64(lines[: len(lines) // 4 * 4] + _rest(lines))
        except binascii.Error:
            continue


def _rest(lines: bytes) -> bytes:
    """The last letters of base64 with the signs that fill them up; one alone means nothing."""
    rest = lines[len(lines) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _members(raw: bytes) -> Iterator[bytes]:
    left = _MANY
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for entry in packed.infolist():
                yield entry.filename.encode()
                with packed.open(entry) as file:
                    content = file.read(left)
                left -= len(content)
                yield content
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError):
        return
