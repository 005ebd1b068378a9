from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.local import ahead, batches


def _double(batch: Sequence[int]) -> list[int]:
    time.sleep(0.001 * (batch[0] % 3))
    return [2 * n for n in batch]


def test_results_come_in_order_whatever_finishes_first() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = [r for _, result in ahead(pool, _double, batches(range(50), 3), depth=4) for r in result]
    assert results == [2 * n for n in range(50)]


def test_no_more_than_depth_batches_are_under_way() -> None:
    taken = 0

    def work() -> Iterator[list[int]]:
        nonlocal taken
        for n in range(100):
            taken += 1
            yield [n]

    with ThreadPoolExecutor(1) as pool:
        results = ahead(pool, _double, work(), depth=3)
        next(results)
        assert taken == 4
        results.close()


def test_what_the_function_raises_is_raised_to_the_consumer() -> None:
    def fail(batch: Sequence[int]) -> int:
        raise ValueError(batch[0])

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="7"):
        list(ahead(pool, fail, [[7]], depth=1))
