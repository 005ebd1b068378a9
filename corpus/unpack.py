"""What zip, tar and compressed files hold, streamed and bounded: no member is loaded whole, none is written by name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, Self, cast

from corpus.mbox import Readable
from corpus.sniff import HEAD, Form

# Text shrinks to a tenth, an archive of much the same mail to a hundredth; bombs to a thousandth and less.
MAX_RATIO = 250
# Below this no ratio is looked at: small files of one letter are no danger.
FREE = 64 * 1024 * 1024  # bytes
# The largest Maildirs hold a few million files.
MAX_ENTRIES = 5_000_000
# takeout.zip > mail.tar.gz (two layers) > list.mbox.gz; nobody packs deeper.
MAX_NESTING = 5

_PIECE = 1 << 16  # bytes read at once, and so the most that is lost before a fault
_MAX_EXTENSION = 1 << 20  # bytes of a tar entry's long name or other extension
_EXTENSIONS = {
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
}  # fmt: skip
_LOCAL_MAGIC = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5HIIIHH")  # a zip entry's own header (APPNOTE.TXT, 4.3.7)

# Everything that reading a broken archive is known to raise.
FAULTS = (
    OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, RuntimeError,
    NotImplementedError, ValueError, OverflowError, KeyError, IndexError, UnicodeError,
)  # fmt: skip


class Allowance:
    """How many bytes a file of `packed` bytes may unpack to, all its layers and members together."""

    def __init__(self, packed: int) -> None:
        self.left = MAX_RATIO * packed + FREE

    def spend(self, count: int) -> str | None:
        """Count bytes that were unpacked; says what is wrong once there are too many."""
        self.left -= count
        return f"unpacks to more than {MAX_RATIO} times its size" if self.left < 0 else None


class Stream:
    """Bytes that are read once. A fault ends them as the end of a file does, and `fault` then says what it was."""

    def __init__(self, source: Readable, allowance: Allowance | None = None) -> None:
        self._read: Callable[[int], bytes] = getattr(source, "read1", source.read)
        self._allowance = allowance
        self._ahead = b""
        self.fault: str | None = None

    @classmethod
    def failed(cls, fault: str) -> Stream:
        """A stream that could not even be opened."""
        stream = cls(io.BytesIO())
        stream.fault = fault
        return stream

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, as many as there are; b"" at the end or after a fault."""
        if size < 0:
            raise ValueError("a stream is never read whole")
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken + self._fresh(size - len(taken)) if len(taken) < size else taken
        return self._fresh(size)

    def peek(self) -> bytes:
        """The first bytes, as many as a look at what it is takes; they are read again."""
        if len(self._ahead) < HEAD:
            self._ahead += self._fresh(HEAD - len(self._ahead))
        return self._ahead

    def unread(self, data: bytes) -> None:
        """Put bytes back that were read too many."""
        self._ahead = data + self._ahead

    def _fresh(self, size: int) -> bytes:
        pieces, missing = [], size
        while missing > 0 and not self.fault and (piece := self._piece(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        """What one read of the source gives: a larger read would lose what comes before a fault."""
        try:
            data = self._read(min(size, _PIECE))
        except FAULTS as error:
            self.fault = reason(error)
            return b""
        if self._allowance:
            self.fault = self._allowance.spend(len(data))
        return b"" if self.fault else data


def reason(error: BaseException) -> str:
    """What is wrong with an archive, for people to read."""
    if isinstance(error, EOFError):
        return "truncated"
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "encrypted"
    return f"broken ({str(error) or type(error).__name__})"


def unpacked(form: Form, stream: Stream, allowance: Allowance) -> Stream:
    """The content of a compressed stream."""
    source = cast("BinaryIO", stream)
    match form:
        case Form.GZIP:
            return Stream(gzip.GzipFile(fileobj=source, mode="rb"), allowance)
        case Form.BZIP2:
            return Stream(bz2.BZ2File(source), allowance)
        case _:
            return Stream(lzma.LZMAFile(source), allowance)


def tar_members(stream: Stream) -> Iterator[tuple[str, Stream]]:
    """The files in a tar, in its order: name and content, which must be read before the next. Raises FAULTS."""
    with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|", tarinfo=_TarEntry) as tar:
        for number, member in enumerate(tar):
            if number >= MAX_ENTRIES:
                raise ValueError(f"more than {MAX_ENTRIES:,} entries")
            if member.issparse():  # its holes are as long as it says, and cost nothing to claim
                yield member.name, Stream.failed("a sparse file")
            elif member.isreg() and (content := tar.extractfile(member)):
                yield member.name, Stream(content)
            tar.members.clear()  # type: ignore[attr-defined]  # tarfile keeps every entry otherwise
    if stream.fault:
        raise OSError(stream.fault)


class _TarEntry(tarfile.TarInfo):
    """An entry's header; tarfile reads those that only extend the next one whole into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """As tarfile's. Raises ReadError for an extension that no name or time needs."""
        entry = super().frombuf(buf, encoding, errors)
        if entry.size > _MAX_EXTENSION and entry.type in _EXTENSIONS:
            raise tarfile.ReadError("an entry's name is too long")
        return entry


def zip_members(source: IO[bytes], allowance: Allowance) -> Iterator[tuple[str, Stream]]:
    """The files in a zip, in its order: name and content, which must be read before the next. Raises FAULTS."""
    try:
        packed = zipfile.ZipFile(source)
    except zipfile.BadZipFile:
        source.seek(0)
        yield from salvaged_members(Stream(source), allowance)
        return
    with packed:
        entries = packed.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ValueError(f"more than {MAX_ENTRIES:,} entries")
        for entry in entries:
            if not entry.is_dir():
                yield entry.filename, _entry(packed, entry, allowance)


def _entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance) -> Stream:
    try:
        return Stream(packed.open(entry), allowance)
    except FAULTS as error:
        return Stream.failed(reason(error))


def salvaged_members(stream: Stream, allowance: Allowance) -> Iterator[tuple[str, Stream]]:
    """The files in a zip whose end, and with it the directory, is lost: read from its start, entry by entry.

    Gives whole entries only as far as they go; a method other than stored and deflated ends it. Raises EOFError when
    the entries end.
    """
    while (head := stream.read(_LOCAL.size)).startswith(_LOCAL_MAGIC) and len(head) == _LOCAL.size:
        _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _LOCAL.unpack(head)
        name = stream.read(name_length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
        stream.read(extra_length)
        if flags & 1 or method not in (0, zipfile.ZIP_DEFLATED) or (method == 0 and flags & 8):
            break
        entry = _Entry(stream, packed) if method == 0 else _Deflated(stream)
        content = Stream(entry, allowance)
        yield name, content
        while content.read(_PIECE):
            pass
        if content.fault:
            return
        if flags & 8:
            _pass_descriptor(stream)
    raise EOFError


class _Entry:
    """A stored entry: so many bytes of the zip."""

    def __init__(self, stream: Stream, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        if not data and self._left:
            raise EOFError
        return data


class _Deflated:
    """A deflated entry: it says itself where it ends."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._inflater = stream, zlib.decompressobj(-zlib.MAX_WBITS)

    def read(self, size: int, /) -> bytes:
        inflater = self._inflater
        while not inflater.eof:
            packed = inflater.unconsumed_tail or self._stream.read(_PIECE)
            if not packed:
                raise EOFError
            data = inflater.decompress(packed, size)
            if inflater.eof:
                self._stream.unread(inflater.unused_data)
            if data:
                return data
        return b""


def _pass_descriptor(stream: Stream) -> None:
    """Sizes may follow an entry, with or without a mark, of 4 or 8 bytes each: the next entry tells."""
    after = stream.read(24)
    at = after.find(_LOCAL_MAGIC)
    stream.unread(after[at:] if at >= 0 else b"")


def enclosed_zip_members(stream: Stream, allowance: Allowance) -> Iterator[tuple[str, Stream]]:
    """The same of a zip within another archive: zips are read from their end, so it goes to a nameless file first."""
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(cast("IO[bytes]", stream), file, 1 << 20)
        file.seek(0)
        yield from zip_members(file, allowance)
