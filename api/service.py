"""What lives as long as the process: the database, the models, the worker that takes jobs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future

from sqlalchemy import Engine, text

from errors import ModelError
from nlp.analyze import Analyzer
from pipeline.jobs import work
from settings import Settings

_WAIT = 60.0  # seconds that a request waits for models that are still being read
_log = logging.getLogger(__name__)


class Service:
    """The database and settings given, and the models, read in the background so that the process is up at once."""

    def __init__(self, engine: Engine, settings: Settings, load: Callable[[], Analyzer]) -> None:
        self.engine, self.settings = engine, settings
        self._load = load
        self._loaded: Future[Analyzer] = Future()

    def analyzer(self) -> Analyzer:
        """The models, once they are read. Raises ModelError where they cannot be or take too long."""
        try:
            return self._loaded.result(_WAIT)
        except TimeoutError:
            raise ModelError("the models are still being read.", advice="Try again in a minute.") from None

    def check(self) -> None:
        """Return where requests can be answered. Raises ModelError, or SQLAlchemy's OperationalError."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        if not self._loaded.done():
            raise ModelError("the models are still being read.", advice="Try again in a minute.")
        self._loaded.result()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read the models, then take jobs until the context ends; a job at hand is finished first."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        try:
            analyzer = await asyncio.to_thread(self._load)
        except Exception as error:  # the pages need no models; /readyz and /v1/analyze say why there are none
            _log.exception("cannot read the models")
            self._loaded.set_exception(
                error if isinstance(error, ModelError) else ModelError(f"cannot read the models: {error}.")
            )
            return
        self._loaded.set_result(analyzer)
        await work(self.engine, self.settings, analyzer)
