"""Processes that read mail and files. What ends one, by a fault below Python or by eating all memory, is set aside."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.archive import File, Found
from errors import ParserDied
from pipeline.prepare import Prepared, identity, prepare
from store.write import Incoming


class Crew:
    """A pool of parsing processes that outlives the death of any of them. Use as a context manager."""

    def __init__(self, folder: Path, size: int) -> None:
        self._work = partial(prepare, folder)
        self._size = size
        self._pool = self._hire()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def prepare(self, work: Iterable[Sequence[Found | File]], depth: int) -> Generator[Prepared, None, None]:
        """Each batch parsed, in order, while up to `depth` further ones are under way. Memory is bounded by them."""
        pending: deque[tuple[Sequence[Found | File], Future[Prepared]]] = deque()
        for batch in work:
            pending.append((batch, self._submit(batch)))
            if len(pending) > depth:
                yield self._result(*pending.popleft())
        while pending:
            yield self._result(*pending.popleft())

    def _submit(self, batch: Sequence[Found | File]) -> Future[Prepared]:
        try:
            return self._pool.submit(self._work, batch)
        except BrokenProcessPool as error:
            failed: Future[Prepared] = Future()
            failed.set_exception(error)
            return failed

    def _result(self, batch: Sequence[Found | File], future: Future[Prepared]) -> Prepared:
        try:
            return future.result()
        except BrokenProcessPool:
            # All batches of a pool fail with it, the guilty one or not: each is done again, message by message.
            return self._one_by_one(batch)

    def _one_by_one(self, batch: Sequence[Found | File]) -> Prepared:
        done = [self._alone(found) for found in batch]
        messages = tuple(message for part in done for message in part.messages)
        return Prepared(messages=messages, seconds=sum(part.seconds for part in done))

    def _alone(self, found: Found | File) -> Prepared:
        for _ in range(2):  # the first time the pool may be one that another message broke
            try:
                return self._pool.submit(self._work, [found]).result()
            except BrokenProcessPool:
                self._pool.shutdown()
                self._pool = self._hire()
        error = ParserDied("it ended the process that parsed it.")
        lost = Incoming(raw_id=identity(found), place=str(found.where), code=error.code, reason=error.detail)
        return Prepared(messages=(lost,), seconds=0.0)

    def _hire(self) -> ProcessPoolExecutor:
        # Forking a process that holds threads is unsafe, so each starts afresh.
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._size, mp_context=spawn, initializer=_follow_parent)


def _follow_parent() -> None:
    """Leave Ctrl-C to the conductor, and end when it ends, even where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
