"""Work that a caller does not wait for, on a queue in the database (Procrastinate): any number of processes take it.

A message that comes through the API is kept by hash first, then a job names it; so a job that is done twice, or by a
process that is killed, does no harm.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import procrastinate
from nlp.analyze import Analyzer
from sqlalchemy import Connection, Engine, text

import store.read
import store.write
from corpus.archive import Found, Where
from corpus.message import raw_id
from errors import NotFound
from pipeline.connect import connect
from pipeline.prepare import prepare
from pipeline.report import Report
from pipeline.run import with_findings
from settings import Settings
from store.raw import RawStore

QUEUE = "documents"
TASK = "suhde.ingest_message"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """How a job stands. `document` is there once the message is stored, or was before."""

    id: int
    status: str  # todo | doing | succeeded | failed | cancelled | aborted
    document: str | None = None
    outcome: str | None = None  # stored | duplicate | quarantined
    reason: str | None = None


def file_message(engine: Engine, settings: Settings, analyzer: Analyzer | None, message: str) -> None:
    """Read one message whose bytes are kept as `message` into the store, and derive what follows."""
    raw = RawStore(settings.raw).get(message)
    _file(engine, settings, analyzer, [Found(raw=raw, where=Where(archive="api"))])
    connect(engine, settings)


def retry(engine: Engine, settings: Settings, identity: str | None, analyzer: Analyzer | None) -> Report:
    """Read quarantined messages again: all, or the one whose id begins with `identity`. Raises NotFound."""
    raw = RawStore(settings.raw)
    started = datetime.now(UTC)
    report = Report(run="retry", paths=(), started=started)
    with engine.begin() as connection:
        rows = store.read.quarantined(connection, identity)
    for row in rows:
        content = raw.get(row.id)
        with engine.begin() as connection:
            store.write.forget_source(connection, row.id)
        outcome = _file(engine, settings, analyzer, [Found(raw=content, where=Where(archive=row.place))])
        report.seen += 1
        report.stored += outcome.stored
        report.duplicate += outcome.duplicate
        report.quarantined += outcome.quarantined
    if report.stored:
        report.relationships = connect(engine, settings).relationships
    report.seconds = (datetime.now(UTC) - started).total_seconds()
    return report


def _file(engine: Engine, settings: Settings, analyzer: Analyzer | None, found: list[Found]) -> store.write.Outcome:
    messages = prepare(settings.raw, found).messages
    with engine.begin() as connection:
        return store.write.store(connection, with_findings(analyzer, messages) if analyzer else messages)


def enqueue(connection: Connection, settings: Settings, raw: bytes) -> int:
    """Keep a message and put it on the queue, in the caller's transaction. Returns the job's number."""
    message = raw_id(raw)
    RawStore(settings.raw).put(message, raw)
    (number,) = connection.execute(
        text(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, NULL, NULL,"
            " CAST(:args AS jsonb), now())::procrastinate_job_to_defer_v1])"
        ),
        {"queue": QUEUE, "task": TASK, "args": msgspec.json.encode({"message": message}).decode()},
    ).scalar_one()
    return int(number)


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


def worker(address: str, engine: Engine, settings: Settings, analyzer: Analyzer | None) -> procrastinate.App:
    """An application whose `run_worker_async` takes jobs from the queue until it is cancelled."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @app.task(name=TASK, queue=QUEUE)
    def ingest_message(message: str, **_: Any) -> None:
        file_message(engine, settings, analyzer, message)

    return app
