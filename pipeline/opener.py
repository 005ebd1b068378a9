"""The guarded process: `python -m pipeline.opener` reads one file after the other from its standard input.

It gives up what it does not need before it looks at the first: memory beyond a limit, processor time beyond a limit
for each file, writing to any file. It never raises towards its parent: every outcome is a reply.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from corpus import papers
from corpus.paper import Paper
from corpus.papers import pst
from corpus.papers.pdf_words import Word
from errors import PaperError, TooManyPages, TooSlow
from pipeline import ocr

LENGTH = 8  # bytes before each frame that say how long it is
MAX_OCR_PAGES = 200  # at some four seconds each
_GROWN = 500 * 1024 * 1024  # bytes of memory that a process may keep between files
_STATM = Path("/proc/self/statm")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read: its bytes, or (a .pst) its path. `mails` asks for the messages in it, else for its text."""

    name: str
    raw: bytes = b""
    path: str = ""
    mails: bool = False
    seconds: int = 60
    ocr: bool = True


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. Several come of one request: pages being read by OCR, messages; the `last` ends it."""

    last: bool = False
    paper: Paper | None = None
    mail: bytes | None = None
    error: str = ""  # the error's class
    detail: str = ""
    grown: bool = False  # the process has become large and had better be replaced


def frame(value: Request | Reply) -> bytes:
    """A value as it goes through the pipe."""
    data = msgspec.msgpack.encode(value)
    return len(data).to_bytes(LENGTH, "big") + data


def main() -> None:
    """Serve until the input ends. Usage: python -m pipeline.opener BYTES_OF_MEMORY."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    _give_up(int(sys.argv[1]))
    decoder = msgspec.msgpack.Decoder(Request)
    while head := source.read(LENGTH):
        request = decoder.decode(source.read(int.from_bytes(head, "big")))
        _limit_time(request.seconds)
        for reply in _replies(request, sink):
            sink.write(frame(reply))
            sink.flush()
        del request


def _replies(request: Request, sink: BinaryIO) -> Iterator[Reply]:
    try:
        if request.mails:
            for mail in pst.read_pst(request.path) if request.path else papers.messages(request.raw):
                yield Reply(mail=mail)
            yield Reply(last=True, grown=_has_grown())
        else:
            recognise = _Recognition(sink, request.seconds) if request.ocr and ocr.installed() else None
            paper = papers.read(request.raw, request.name, recognise)
            yield Reply(last=True, paper=paper, grown=_has_grown())
    except PaperError as error:
        yield Reply(last=True, error=type(error).__name__, detail=error.detail, grown=_has_grown())
    except MemoryError:
        yield Reply(last=True, error=TooSlow.__name__, detail="more memory than it may take.", grown=True)
    except Exception as error:  # a bug of ours: told, not hidden
        yield Reply(last=True, error="Broken", detail=f"unreadable ({type(error).__name__}).", grown=True)


class _Recognition:
    """OCR that says before each page that it goes on, so that the parent waits, and gives it its time."""

    def __init__(self, sink: BinaryIO, seconds: int) -> None:
        self.sink, self.seconds, self.pages = sink, seconds, 0

    def __call__(self, pixels: bytes, width: int, height: int, dpi: int) -> list[Word]:
        self.pages += 1
        if self.pages > MAX_OCR_PAGES:
            raise TooManyPages(f"more than {MAX_OCR_PAGES} pages that are pictures.")
        self.sink.write(frame(Reply()))
        self.sink.flush()
        _limit_time(self.seconds)
        return ocr.recognise(pixels, width, height, dpi)


def _give_up(memory: int) -> None:
    sys.dont_write_bytecode = True
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # not on this system; the parent's clock still holds
            continue


def _limit_time(seconds: int) -> None:
    """Let the system end this process when a file takes too long, even if the parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _has_grown() -> bool:
    try:
        return int(_STATM.read_text().split()[1]) * resource.getpagesize() > _GROWN
    except (OSError, ValueError, IndexError):
        return False


if __name__ == "__main__":
    main()
