"""The worker stops at once, whenever it is told to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipeline.jobs import work
from settings import Settings


@pytest.mark.parametrize("after", [0, 1])
def test_a_worker_told_to_stop_leaves_nothing_behind(database: Engine, tmp_path: Path, after: float) -> None:
    async def run() -> int:
        task = asyncio.create_task(work(database, Settings(home=tmp_path), None))
        await asyncio.sleep(after)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, timeout=60)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:  # what was cancelled last gets its turn
            await asyncio.wait(others, timeout=30)
        return len(asyncio.all_tasks()) - 1

    assert asyncio.run(run()) == 0
