"""Every file that is no mail is opened here: in a process of its own that is warm, limited and easily replaced.

A bomb or a broken file ends in an error that says so, at worst with the process that read it, and hurts nobody else.
What crosses the pipe back is plain data (MessagePack, checked against its types), so a process that a file has taken
over can only lie about that file.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import Self

import msgspec

import errors
from corpus.paper import MAX_FILE, Paper
from errors import PaperError, ReaderDied, TooLargeUnpacked, TooSlow
from pipeline.opener import LENGTH, Reply, Request, frame

_PIECE = 1 << 16
_MAX_REPLY = 256 * 1024 * 1024  # bytes; a paper's text comes to 80 million at most
_MAX_FILES = 500  # after which a process is replaced, whatever it says
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one file may take. A page that OCR reads may take the same seconds again.

    The clock allows `patience` times the processor's seconds: a busy machine is no fault of the file.
    """

    seconds: int = 60  # of processor time
    patience: int = 10
    memory: int = 1536 * 1024 * 1024  # bytes of address space


class Opener:
    """One warm process that reads files, replaced when a file has ended it. For one thread; a context manager."""

    def __init__(self, limits: Limits | None = None, *, ocr: bool = True) -> None:
        self._limits = limits or Limits()
        self._ocr = ocr
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._decoder = msgspec.msgpack.Decoder(Reply)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, raw: bytes, name: str) -> Paper:
        """The paper in a file's bytes. Raises PaperError, always one that says what is wrong with this file."""
        if len(raw) > MAX_FILE:
            raise TooLargeUnpacked(f"more than {MAX_FILE:,} bytes.")
        shown = name.encode("utf-8", "replace").decode("utf-8")
        for reply in self._exchange(Request(name=shown, raw=raw, seconds=self._limits.seconds, ocr=self._ocr)):
            if reply.paper is not None:
                return reply.paper
        raise ReaderDied("it gave no answer.")

    def mails(self, source: bytes | Path) -> Iterator[bytes]:
        """The messages in a .msg (its bytes) or a .pst (its path), as they go over the wire. Raises PaperError."""
        path, raw = (str(source.absolute()), b"") if isinstance(source, Path) else ("", source)
        request = Request(name="", raw=raw, path=path, mails=True, seconds=self._limits.seconds)
        for reply in self._exchange(request):
            if reply.mail is not None:
                yield reply.mail

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it started: the OCR of a page
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _exchange(self, request: Request) -> Iterator[Reply]:
        """Send a request and give its replies; whatever goes wrong ends the process and is a PaperError."""
        finished = False
        try:
            self._send(frame(request))
            while True:
                reply = self._receive()
                finished = reply.last
                if reply.error:
                    raise _error(reply)
                yield reply  # who asked may stop here
                if reply.last:
                    return
        finally:
            self._files += 1
            if not finished or reply.grown or self._files >= _MAX_FILES:
                self.close()

    def _hired(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "pipeline.opener", str(self._limits.memory)]
            kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0"},
                start_new_session=True,  # Ctrl-C is the conductor's
            )
            self._files = 0
            os.set_blocking(self._pipe(self._process, 0), False)
        return self._process

    @staticmethod
    def _pipe(process: subprocess.Popen[bytes], number: int) -> int:
        pipe = process.stdin if number == 0 else process.stdout
        return pipe.fileno() if pipe else -1

    def _send(self, data: bytes) -> None:
        process = self._hired()
        pipe, deadline = self._pipe(process, 0), self._deadline()
        view = memoryview(data)
        while view:
            if not select.select([], [pipe], [], max(deadline - time.monotonic(), 0))[1]:
                raise TooSlow("the process that reads files does not answer.")
            try:
                view = view[os.write(pipe, view[:_PIECE]) :]
            except BrokenPipeError as error:
                raise ReaderDied("the process that reads files cannot be started.") from error

    def _deadline(self) -> float:
        return time.monotonic() + self._limits.seconds * self._limits.patience

    def _receive(self) -> Reply:
        deadline = self._deadline()
        length = int.from_bytes(self._read(LENGTH, deadline), "big")
        if length > _MAX_REPLY:
            raise ReaderDied("its answer has no end.")
        try:
            return self._decoder.decode(self._read(length, deadline))
        except msgspec.DecodeError as error:
            raise ReaderDied("its answer makes no sense.") from error

    def _read(self, count: int, deadline: float) -> bytes:
        process = self._hired() if self._process is None else self._process
        pipe, pieces, left = self._pipe(process, 1), [], count
        while left:
            if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise TooSlow(f"not read within {self._limits.seconds * self._limits.patience} seconds.")
            piece = os.read(pipe, min(left, _PIECE))
            if not piece:
                raise self._obituary(process)
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _obituary(self, process: subprocess.Popen[bytes]) -> PaperError:
        if process.wait() == -signal.SIGXCPU:
            return TooSlow(f"not read within {self._limits.seconds} seconds of processor time.")
        return ReaderDied("it ended the process that read it.")


def _error(reply: Reply) -> PaperError:
    """The error that a reply names; only the errors of files can be named."""
    kind = getattr(errors, reply.error, ReaderDied)
    wanted = isinstance(kind, type) and issubclass(kind, PaperError)
    return kind(reply.detail) if wanted else ReaderDied(reply.detail)


class Openers:
    """Several warm processes, for threads to share: who finds none free waits. A context manager."""

    def __init__(self, size: int, *, ocr: bool = True) -> None:
        self._all = [Opener(ocr=ocr) for _ in range(size)]
        self._free: LifoQueue[Opener] = LifoQueue()  # the last one used is warm; the others start when needed
        for opener in self._all:
            self._free.put(opener)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for opener in self._all:
            opener.close()

    def open(self, raw: bytes, name: str) -> Paper:
        """As `Opener.open`."""
        opener = self._free.get()
        try:
            return opener.open(raw, name)
        finally:
            self._free.put(opener)


@cache
def _shared() -> Openers:
    return Openers(os.cpu_count() or 1)


def opened(raw: bytes, name: str) -> Paper:
    """The paper in a file's bytes, read in a guarded process that stays warm. Raises PaperError. For any thread.

    `name` may lie; it only decides between kinds of text. OCR where Tesseract is installed.
    """
    return _shared().open(raw, name)


def mails(source: bytes | Path) -> Iterator[bytes]:
    """The messages in a .msg (bytes) or a .pst (path), one after the other. Raises PaperError."""
    with Opener() as opener:
        yield from opener.mails(source)


def opened_all(files: Iterable[tuple[bytes, str]], workers: int, *, ocr: bool = True) -> Iterator[Paper | PaperError]:
    """What becomes of each file (bytes and name), in order, by so many processes; a few files are held at a time."""
    with Openers(workers, ocr=ocr) as openers, ThreadPoolExecutor(workers, thread_name_prefix="opening") as pool:
        pending: deque[Future[Paper | PaperError]] = deque()
        for raw, name in files:
            pending.append(pool.submit(_outcome, openers, raw, name))
            if len(pending) > 2 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _outcome(openers: Openers, raw: bytes, name: str) -> Paper | PaperError:
    try:
        return openers.open(raw, name)
    except PaperError as error:
        return error
