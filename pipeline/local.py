"""Runs a pure function over batches ahead of its consumer, on this machine's processes or threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def ahead(
    executor: Executor, function: Callable[[Sequence[Item]], Result], work: Iterable[Sequence[Item]], depth: int
) -> Generator[tuple[Sequence[Item], Result], None, None]:
    """Each batch of `work` with `function` of it, in order, while up to `depth` further ones are under way.

    Memory is bounded by `depth` batches. What `function` raises is raised here. When the consumer stops early,
    what has not begun is cancelled.
    """
    pending: deque[tuple[Sequence[Item], Future[Result]]] = deque()
    try:
        for batch in work:
            pending.append((batch, executor.submit(function, batch)))
            if len(pending) > depth:
                first, future = pending.popleft()
                yield first, future.result()
        while pending:
            first, future = pending.popleft()
            yield first, future.result()
    finally:
        for _, future in pending:
            future.cancel()
