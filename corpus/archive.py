"""Raw messages and files out of whatever a user points at: mbox, Maildir, .eml, zip, tar, folders, standard input.

Files that are no mail are handed on whole where `corpus.papers` may be able to read them, Outlook's data files by
their path.
"""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import IO, BinaryIO

import msgspec

from corpus import mbox, unpack
from corpus.mime import MAX_MESSAGE
from corpus.paper import MAX_FILE
from corpus.sniff import OUTLOOK_DATA, Form, may_read, sniff
from corpus.unpack import Allowance, Stream
from errors import NoSuchPath

STANDARD_INPUT = "-"
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MAX_SHOWN = 300  # code points of a member's name: it is only shown
_MAILDIR = {"cur", "new"}


def shown(path: Path) -> str:
    """A path as people may read it and a database may keep it: file names can be any bytes."""
    return _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", str(path))


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message stands. `member` is a name within a zip or tar and is only shown, never used as a path."""

    archive: str  # the file, as reached from the path that was named; "-" for standard input
    member: str | None = None
    index: int = 0  # counted from 1 within an mbox; 0 where the file is one message
    offset: int = 0  # bytes into the file, or into the unpacked member

    def __str__(self) -> str:
        name = "standard input" if self.archive == STANDARD_INPUT else self.archive
        file = f"{name}, {self.member}" if self.member else name
        return f"{file}, message {self.index:,} (byte {self.offset:,})" if self.index else file


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A message's bytes. One longer than `mime.MAX_MESSAGE` is cut one byte after that, so that `parse` refuses it."""

    raw: bytes
    where: Where
    progress: int = 0  # bytes read so far of all that `size` counts


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is no mail and may be read. One longer than `paper.MAX_FILE` is cut one byte after that."""

    raw: bytes
    name: str
    where: Where
    progress: int = 0


class MailStore(msgspec.Struct, frozen=True, kw_only=True):
    """An Outlook data file (.pst), which must be read where it lies."""

    path: Path
    where: Where
    progress: int = 0


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or the rest of one, that gave nothing, and why."""

    where: Where
    reason: str
    progress: int = 0


Item = Found | File | MailStore | Skipped


def read(paths: Sequence[Path], stdin: BinaryIO | None = None) -> Iterator[Item]:
    """What files and folders hold, in a fixed order, streamed; what cannot be read or is broken is named, not hidden.

    Files are recognised by their content. The path "-" is one message on `stdin` (default: the process's own).
    Raises NoSuchPath at once, before anything is read.
    """
    for path in paths:
        _check(path)
    return _Reader(stdin or sys.stdin.buffer).run(paths)


def size(paths: Sequence[Path]) -> int:
    """Bytes of the files in paths, which `progress` counts up to; standard input counts nothing. Raises NoSuchPath."""
    for path in paths:
        _check(path)
    files = (f for path in paths if str(path) != STANDARD_INPUT for f in _files(path, set()))
    return sum(_length(file) for file in files)


def _check(path: Path) -> None:
    try:
        if str(path) != STANDARD_INPUT:
            path.stat()
    except OSError as error:
        raise NoSuchPath(f"{path}: {error.strerror or error}.") from error


class _Reader:
    def __init__(self, stdin: BinaryIO) -> None:
        self.stdin = stdin
        self.done = 0  # bytes of the files before this one
        self.file: IO[bytes] | None = None

    def run(self, paths: Sequence[Path]) -> Iterator[Item]:
        for path in paths:
            if str(path) == STANDARD_INPUT:
                yield from self.message(Stream(self.stdin), Where(archive=STANDARD_INPUT))
                continue
            for file in _files(path, set()):
                yield from self.one(file)

    @property
    def progress(self) -> int:
        return self.done + (self.file.tell() if self.file and not self.file.closed else 0)

    def one(self, path: Path) -> Iterator[Item]:
        where = Where(archive=shown(path))
        length = _length(path)
        if why := _unreadable(path):
            yield self.skipped(where, why)
        else:
            try:
                self.file = path.open("rb")
            except OSError as error:
                yield self.skipped(where, error.strerror or str(error))
                return
            with self.file as file:
                stream = Stream(file)
                if sniff(stream.peek()).media_type == OUTLOOK_DATA:
                    yield MailStore(path=path, where=where, progress=self.progress)
                else:
                    yield from self.content(stream, where, Allowance(length), 0, file)
        self.done += length
        self.file = None

    def content(
        self, stream: Stream, where: Where, allowance: Allowance, layer: int, file: IO[bytes] | None = None
    ) -> Iterator[Item]:
        """What a stream holds; `file` is the same bytes where they can be sought in."""
        form, media_type = sniff(stream.peek())
        if layer > unpack.MAX_NESTING:
            yield self.skipped(where, f"packed more than {unpack.MAX_NESTING} layers deep")
            return
        match form:
            case Form.MBOX:
                yield from self.messages(stream, where)
            case Form.MESSAGE:
                yield from self.message(stream, where)
            case Form.ZIP | Form.TAR:
                yield from self.members(form, stream, where, allowance, layer, file)
            case Form.GZIP | Form.BZIP2 | Form.XZ:
                yield from self.content(unpack.unpacked(form, stream, allowance), where, allowance, layer + 1)
            case Form.EMPTY:
                if not stream.fault:
                    yield self.skipped(where, "empty")
            case _ if may_read(media_type, name := PurePath(where.member or where.archive).name):
                yield from self.whole(stream, name, where)
            case _:
                yield self.skipped(where, f"not read: {media_type}")
        if stream.fault:
            yield self.skipped(where, stream.fault)

    def messages(self, stream: Stream, where: Where) -> Iterator[Found]:
        last: Found | None = None
        for index, (raw, offset) in enumerate(mbox.split(stream, MAX_MESSAGE), 1):
            if last:
                yield last
            place = Where(archive=where.archive, member=where.member, index=index, offset=offset)
            last = Found(raw=raw, where=place, progress=self.progress)
        if last and not stream.fault:  # a fault has cut it, and half a message would pass for the whole
            yield last

    def message(self, stream: Stream, where: Where) -> Iterator[Found]:
        raw = stream.read(MAX_MESSAGE + 1)
        if not stream.fault:
            yield Found(raw=raw, where=where, progress=self.progress)

    def whole(self, stream: Stream, name: str, where: Where) -> Iterator[File]:
        raw = stream.read(MAX_FILE + 1)
        if not stream.fault:
            yield File(raw=raw, name=name, where=where, progress=self.progress)

    def members(
        self, form: Form, stream: Stream, where: Where, allowance: Allowance, layer: int, file: IO[bytes] | None
    ) -> Iterator[Item]:
        try:
            if form is Form.TAR:
                found = unpack.tar_members(stream)
            elif file:
                found = unpack.zip_members(file, allowance)
            else:
                found = unpack.enclosed_zip_members(stream, allowance)
            for name, content in found:
                shown = _NOT_SHOWN.sub("", name)[:_MAX_SHOWN]
                member = f"{where.member}, {shown}" if where.member else shown
                for item in self.content(content, Where(archive=where.archive, member=member), allowance, layer + 1):
                    if not (stream.fault and isinstance(item, Skipped)):  # the fault is told once, of the whole
                        yield item
        except unpack.FAULTS as error:
            if not stream.fault:
                yield self.skipped(where, unpack.reason(error))

    def skipped(self, where: Where, reason: str) -> Skipped:
        return Skipped(where=where, reason=reason, progress=self.progress)


def _files(path: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """The files in a path, folders in the order of their names; a folder that links lead to twice is read once."""
    try:
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            yield path
            return
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        entries = sorted(path.iterdir())
    except OSError:
        yield path  # reading it will say what is wrong
        return
    for entry in entries:
        yield from _files(entry, seen)


def _unreadable(path: Path) -> str | None:
    """Why a path cannot be read as a file, or None."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return error.strerror or str(error)
    if stat.S_ISDIR(mode):
        return "the folder cannot be read"
    if not stat.S_ISREG(mode):
        return "not a regular file"
    above = path.parent
    if above.name == "tmp" and all((above.parent / name).is_dir() for name in _MAILDIR):
        return "not delivered yet (tmp of a Maildir)"
    return None


def _length(path: Path) -> int:
    try:
        status = path.stat()
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
