"""Work that a caller does not wait for, on a queue in the database (Procrastinate): any number of processes take it.

A message or file that comes through the API is kept by hash first, then a job names it; so a job that is done twice,
or by a process that is killed, does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import msgspec
import procrastinate
from sqlalchemy import Connection, Engine, text

import store.read
import store.write
from corpus.archive import File, Found, Where
from corpus.sniff import HEAD, Form, sniff
from errors import NotFound, PaperError
from pipeline.connect import connect
from pipeline.crew import Crew
from pipeline.filing import file
from pipeline.prepare import identity as identify
from pipeline.report import Report
from pipeline.run import with_findings
from settings import Settings
from store.raw import RawStore

if TYPE_CHECKING:
    from nlp.analyze import Analyzer

QUEUE = "documents"
TASK = "suhde.ingest_message"
_LIFE_SIGN = 30.0  # seconds without a sign of life after which a worker counts as dead
_PAUSE = 5.0  # seconds before the queue is asked again when it did not answer
_QUEUE = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())  # puts jobs there, on others' connections
_log = logging.getLogger(__name__)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """How a job stands. `document` is there once the message is stored, or was before."""

    id: int
    status: str  # todo | doing | succeeded | failed | cancelled | aborted
    document: str | None = None
    outcome: str | None = None  # stored | duplicate | quarantined | skipped
    reason: str | None = None


def file_message(engine: Engine, settings: Settings, analyzer: Analyzer | None, message: str, name: str = "") -> None:
    """Read one message or file whose bytes are kept as `message` into the store, and derive what follows.

    `name` is a file's.
    """
    _file(engine, settings, analyzer, _item(RawStore(settings.raw).get(message), name, "api"))
    connect(engine, settings)


def _item(raw: bytes, name: str, place: str) -> Found | File:
    """Bytes as what they are: a message, or a file of this name. What is neither is told so when it is parsed."""
    form, media_type = sniff(raw[:HEAD])
    is_file = form is Form.OTHER and (name or media_type != "text/plain")
    where = Where(archive=place)
    return File(raw=raw, name=name, where=where) if is_file else Found(raw=raw, where=where)


def retry(engine: Engine, settings: Settings, identity: str | None, analyzer: Analyzer | None) -> Report:
    """Read what is in quarantine again: all, or the one whose id begins with `identity`. Raises NotFound."""
    raw = RawStore(settings.raw)
    started = datetime.now(UTC)
    report = Report(run="retry", paths=(), started=started)
    with engine.begin() as connection:
        rows = store.read.quarantined(connection, identity)
    for row in rows:
        # The place of a file ends with its name, that of a message with its number.
        was_file = row.code // 10 == PaperError.code // 10
        name = PurePath(row.place.rpartition(", ")[2]).name if was_file else ""
        item = _item(raw.get(row.id), name, row.place)
        outcome = _file(engine, settings, analyzer, item)
        report.seen += 1
        report.stored += outcome.stored
        report.duplicate += outcome.duplicate
        report.quarantined += outcome.quarantined
        report.skipped += outcome.skipped
    if report.stored:
        report.relationships = connect(engine, settings).relationships
    report.seconds = (datetime.now(UTC) - started).total_seconds()
    return report


def _file(engine: Engine, settings: Settings, analyzer: Analyzer | None, found: Found | File) -> store.write.Outcome:
    """Read one message or file, whatever became of it before, in one transaction."""
    with Crew(settings.raw, 1) as crew:  # a process of its own: what ends it must not end the service
        (prepared,) = crew.prepare([[found]], depth=0)
    messages = prepared.messages
    if analyzer is not None:
        messages = with_findings(analyzer, messages)
    return file(engine, RawStore(settings.raw), messages, again=True).outcome


def enqueue(connection: Connection, settings: Settings, raw: bytes, name: str = "") -> int:
    """Keep a message or a file of this name and put it on the queue, in the caller's transaction.

    Returns the job's number.
    """
    message = identify(_item(raw, name, "api"))
    RawStore(settings.raw).put(message, raw)
    driver = connection.connection.driver_connection
    return _QUEUE.configure_task(TASK, queue=QUEUE, connection=driver).defer(message=message, name=name)


def job(connection: Connection, number: int) -> Job:
    """How a job stands. Raises NotFound."""
    row = connection.execute(
        text(
            "SELECT j.id, j.status::text AS status, s.document_id AS document, s.outcome, s.reason"
            " FROM procrastinate_jobs j LEFT JOIN source s ON s.raw_id = j.args ->> 'message' WHERE j.id = :id"
        ),
        {"id": number},
    ).one_or_none()
    if row is None:
        raise NotFound(f"no job {number}.")
    return Job(**row._mapping)


async def work(engine: Engine, settings: Settings, analyzer: Analyzer | None) -> None:
    """Take jobs from the queue until cancelled, then finish the one at hand.

    What a killed process left half done is taken up again, and so is the work itself when the database was away.
    """
    app = _worker(engine, settings, analyzer)
    while True:
        try:
            async with _opened(app):
                reviver = asyncio.create_task(_revive(app))
                try:
                    await app.run_worker_async(queues=[QUEUE], install_signal_handlers=False)
                finally:
                    reviver.cancel()
        except procrastinate.exceptions.ConnectorException:
            _log.exception("the queue does not answer; trying again")
        await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def _opened(app: procrastinate.App) -> AsyncIterator[None]:
    """The queue's connections. A stop that comes while they open waits for that: half open, they would never close."""
    opening = asyncio.ensure_future(app.open_async())
    try:
        await asyncio.shield(opening)
        yield
    finally:
        await asyncio.wait([opening])
        await app.close_async()


def _worker(engine: Engine, settings: Settings, analyzer: Analyzer | None) -> procrastinate.App:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4))

    @app.task(name=TASK, queue=QUEUE)
    def ingest_message(message: str, name: str = "", **_: Any) -> None:
        file_message(engine, settings, analyzer, message, name)

    return app


async def _revive(app: procrastinate.App) -> None:
    """Put back on the queue, again and again, what workers had begun that no longer live."""
    while True:
        for stalled in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_LIFE_SIGN):
            await app.job_manager.retry_job(stalled)
        await asyncio.sleep(_LIFE_SIGN)
