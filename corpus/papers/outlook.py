"""Outlook's .msg ([MS-OXMSG]): a message in an OLE file, made one as it goes over the wire.

Read with olefile (BSD), which knows OLE's sectors; the properties are read here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import olefile

from corpus.papers.mapi import File, Mail, Person, unpacked_rtf
from errors import Broken, Encrypted, TooLargeUnpacked, Unsupported

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT, _RECIPIENT = "__attach_version1.0_#", "__recip_version1.0_#"
_EMBEDDED = "__substg1.0_3701000D"
_TEXT, _NARROW, _BINARY = "001F", "001E", "0102"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)  # [MS-DTYP], 2.3.3
_MAX_DEPTH = 10
_MAX_FILES = 1_000
_MAX_BYTES = 64 * 1024 * 1024
_TO, _CC = 1, 2


def read_msg(raw: bytes) -> bytes:
    """The message in a .msg, with its attachments; enclosed messages are message/rfc822 parts.

    Raises Broken, TooLargeUnpacked, Encrypted (a document behind a password) or Unsupported (no message at all).
    """
    try:
        ole = olefile.OleFileIO(io.BytesIO(raw))
        names = ole.listdir(streams=True, storages=True)
    except Exception as error:  # olefile raises whatever the bytes lead it to
        raise Broken("the OLE file is damaged or cut short.") from error
    with ole:
        top = {name[0] for name in names}
        if "EncryptedPackage" in top:
            raise Encrypted("the document opens with a password only.")
        if _PROPERTIES not in top:
            raise Unsupported("an old Office file (.doc, .xls, .ppt).")
        try:
            return _Reader(ole, names).mail((), 0).as_bytes()
        except (OSError, ValueError, KeyError, IndexError, OverflowError, UnicodeError) as error:
            raise Broken("the .msg is damaged.") from error


class _Reader:
    def __init__(self, ole: olefile.OleFileIO, names: Sequence[Sequence[str]]) -> None:
        self.ole = ole
        self.within: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            self.within.setdefault(tuple(name[:-1]), []).append(name[-1])
        self.left = _MAX_BYTES

    def mail(self, at: tuple[str, ...], depth: int) -> Mail:
        if depth > _MAX_DEPTH:
            raise Broken(f"messages nested deeper than {_MAX_DEPTH}.")
        fixed = self.fixed(at, 32 if not at else 24)
        page = fixed.get(0x3FFD, 0) & 0xFFFF_FFFF
        self.charset = f"cp{page}" if 0 < page < 65_000 else "utf-8" if page == 65_001 else "cp1252"
        people = [self.person(at, name) for name in self.within.get(at, ()) if name.startswith(_RECIPIENT)]
        files = [
            self.file((*at, name), depth)
            for name in self.within.get(at, ())[: 4 * _MAX_FILES]
            if name.startswith(_ATTACHMENT)
        ]
        when = fixed.get(0x0039) or fixed.get(0x0E06)
        return Mail(
            headers=self.text(at, 0x007D),
            subject=self.text(at, 0x0037),
            author=Person(self.text(at, 0x0C1A), self.text(at, 0x5D01) or self.text(at, 0x0C1F)),
            to=tuple(person for kind, person in people if kind == _TO),
            cc=tuple(person for kind, person in people if kind == _CC),
            at=_EPOCH + timedelta(microseconds=when // 10) if when and when < 1 << 60 else None,
            message_id=self.text(at, 0x1035),
            in_reply_to=self.text(at, 0x1042),
            references=self.text(at, 0x1039),
            text=self.text(at, 0x1000),
            html=self.binary(at, 0x1013) or self.text(at, 0x1013).encode("utf-8"),
            rtf=unpacked_rtf(packed) if (packed := self.binary(at, 0x1009)) else b"",
            files=tuple(file for file in files[:_MAX_FILES] if file),
        )

    def person(self, at: tuple[str, ...], name: str) -> tuple[int, Person]:
        inside = (*at, name)
        kind = self.fixed(inside, 8).get(0x0C15, _TO) & 0xFF
        return kind, Person(self.text(inside, 0x3001), self.text(inside, 0x39FE) or self.text(inside, 0x3003))

    def file(self, at: tuple[str, ...], depth: int) -> File | None:
        if _EMBEDDED in self.within.get(at, ()):
            charset = self.charset
            enclosed = self.mail((*at, _EMBEDDED), depth + 1)
            self.charset = charset
            return File("", "message/rfc822", enclosed.as_bytes())
        name = self.text(at, 0x3707) or self.text(at, 0x3704) or self.text(at, 0x3001)
        content = self.binary(at, 0x3701)
        return File(name, self.text(at, 0x370E), content) if content or name else None

    def text(self, at: tuple[str, ...], ident: int) -> str:
        wide = self.stream(at, f"__substg1.0_{ident:04X}{_TEXT}")
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.stream(at, f"__substg1.0_{ident:04X}{_NARROW}")
        try:
            return (narrow or b"").decode(self.charset, "replace").rstrip("\0")
        except LookupError:
            return (narrow or b"").decode("cp1252", "replace").rstrip("\0")

    def binary(self, at: tuple[str, ...], ident: int) -> bytes:
        return self.stream(at, f"__substg1.0_{ident:04X}{_BINARY}") or b""

    def stream(self, at: tuple[str, ...], name: str) -> bytes | None:
        if name not in self.within.get(at, ()):
            return None
        path = [*at, name]
        self.left -= self.ole.get_size(path)
        if self.left < 0:
            raise TooLargeUnpacked(f"more than {_MAX_BYTES:,} bytes of attachments.")
        return bytes(self.ole.openstream(path).read())

    def fixed(self, at: tuple[str, ...], head: int) -> dict[int, int]:
        """Properties of fixed length by id: their eight bytes as a number ([MS-OXMSG], 2.4)."""
        data = self.stream(at, _PROPERTIES) or b""
        return {
            int.from_bytes(data[i + 2 : i + 4], "little"): int.from_bytes(data[i + 8 : i + 16], "little")
            for i in range(head, len(data) - 15, 16)
        }
