"""The main job: archive in, documents, findings and insights in the store.

Reading, parsing, analysing and writing overlap; memory is bounded by a few batches. Each batch is one transaction,
so a run that is killed loses nothing and the next one goes on where it was.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from sqlalchemy import Engine

import store.read
import store.tombstones
import store.write
from corpus import archive
from corpus.archive import File, Found, Item, MailStore, Skipped, Where
from corpus.document import Sending
from errors import PaperError
from pipeline.connect import connect
from pipeline.crew import Crew
from pipeline.filing import Filed, file
from pipeline.local import ahead, batches
from pipeline.opening import mails
from pipeline.prepare import Prepared, identity
from pipeline.reading import dated, read_all
from pipeline.report import Report
from settings import Settings
from store.raw import RawStore
from store.tombstones import Thing
from store.write import Derived, Incoming, Reading

if TYPE_CHECKING:
    from nlp.analyze import Analyzer

_BATCH = 256  # messages in one transaction: large enough for COPY, small enough to lose little
_AHEAD = 2  # batches under way for each worker

Watch = Callable[[Report, int], None]
"""Told after each batch: the sums so far, and how many bytes were read."""


def ingest(
    engine: Engine,
    settings: Settings,
    paths: Sequence[Path],
    *,
    analyzer: Analyzer | None,
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Report:
    """Read archives into the store and derive what follows; what was read before costs a look-up.

    `analyzer` None leaves sentences unread. Raises NoSuchPath before anything is read. When the user interrupts,
    the report says `stopped`, and the same call later goes on where it was.
    """
    items = archive.read(paths, stdin)
    return take_in(engine, settings, items, tuple(map(archive.shown, paths)), analyzer=analyzer, watch=watch)


def take_in(
    engine: Engine,
    settings: Settings,
    items: Iterator[Item],
    named: tuple[str, ...],
    *,
    analyzer: Analyzer | None,
    watch: Watch | None = None,
) -> Report:
    """As `ingest`, of whatever gives messages and files; `named` says in the report where they came from."""
    started = time.perf_counter()
    report = Report(run=secrets.token_hex(8), paths=named, started=datetime.now(UTC))
    progress = _Progress(report, watch or _nobody)
    with engine.begin() as connection:
        store.write.begin_run(connection, report.run, report.started, msgspec.to_builtins(report))
    try:
        _read(engine, settings, items, analyzer, progress)
        if analyzer is not None:
            _catch_up(engine, analyzer, progress)
        connected = connect(engine, settings)
        report.relationships, report.own_domains, report.own_share = (
            connected.relationships,
            connected.own_domains,
            connected.own_share,
        )
        for stage, seconds in connected.stages.items():
            report.spend(stage, seconds)
    except KeyboardInterrupt:
        report.stopped = True
        # What was found but not written is not seen; the next run will see it.
        report.seen = report.stored + report.duplicate + report.quarantined + report.skipped
    report.seconds = round(time.perf_counter() - started, 3)
    with engine.begin() as connection:
        store.write.end_run(connection, report.run, datetime.now(UTC), msgspec.to_builtins(report))
    return report


def _nobody(report: Report, read: int) -> None:
    """Watches nothing."""


class _Progress:
    """The sums of a run while it goes on, and who wants to see them."""

    def __init__(self, report: Report, watch: Watch) -> None:
        self.report, self.watch, self.read = report, watch, 0

    def skipped(self, item: Skipped) -> None:
        self.report.seen += 1
        self.report.skipped += 1
        self.report.reasons[item.reason] += 1

    def found(self, seen: int, known: int, read: int) -> None:
        self.report.seen += seen
        self.report.duplicate += known
        self.read = read
        self.watch(self.report, read)

    def reread(self, batch: Sequence[Reading]) -> None:
        self.report.reread += len(batch)
        self.report.sentences += sum(r.sentences for r in batch)
        self.watch(self.report, self.read)

    def written(self, batch: Sequence[Incoming], filed: Filed) -> None:
        report, outcome = self.report, filed.outcome
        report.stored += outcome.stored
        report.duplicate += outcome.duplicate
        report.quarantined += outcome.quarantined
        report.skipped += outcome.skipped + filed.erased
        report.enclosed += outcome.enclosed
        report.unread += outcome.unread
        report.sentences += sum(d.sentences for i in batch for d in i.documents)
        report.reasons.update(i.reason for i in batch if i.reason)
        report.reasons.update([store.tombstones.REASON] * filed.erased)
        self.watch(report, self.read)


def _read(
    engine: Engine,
    settings: Settings,
    items: Iterator[Item],
    analyzer: Analyzer | None,
    progress: _Progress,
) -> None:
    with Crew(settings.raw, settings.workers) as crew, ThreadPoolExecutor(1) as writer:
        parsed = crew.prepare(_fresh(engine, _unpacked(items), progress), depth=_AHEAD * settings.workers)
        read = _analysed(analyzer, parsed, progress.report)
        with closing(
            ahead(writer, partial(_write, engine, RawStore(settings.raw), progress), read, depth=_AHEAD)
        ) as written:
            for _ in written:
                pass


def _catch_up(engine: Engine, analyzer: Analyzer, progress: _Progress) -> None:
    """Read what was filed without these models: by `--no-models`, or by a version before."""
    while True:
        started = time.perf_counter()
        with engine.begin() as connection:
            documents = store.read.unread(connection, analyzer.version, _BATCH)
            if not documents:
                return
            batch = [
                Reading(
                    document=document.id,
                    sentences=one.sentences,
                    findings=one.findings,
                    reader=analyzer.version,
                    reading=one.read,
                    at=one.at,
                )
                for document, one in zip(documents, read_all(analyzer, documents), strict=True)
            ]
            store.write.readings(connection, batch)
        progress.report.spend("analyse", time.perf_counter() - started)
        progress.reread(batch)


def _unpacked(items: Iterator[Item]) -> Iterator[Found | File | Skipped]:
    """The items, with the messages in Outlook's data files in their place."""
    for item in items:
        if not isinstance(item, MailStore):
            yield item
            continue
        try:
            for number, raw in enumerate(mails(item.path), 1):
                where = Where(archive=item.where.archive, index=number)
                yield Found(raw=raw, where=where, progress=item.progress)
        except PaperError as error:
            yield Skipped(where=item.where, reason=error.detail, progress=item.progress)


def _fresh(
    engine: Engine, items: Iterator[Found | File | Skipped], progress: _Progress
) -> Iterator[list[Found | File]]:
    """Batches of the messages and files that were not read before."""
    started = time.perf_counter()
    for batch in batches(items, _BATCH):
        skipped = [item for item in batch if isinstance(item, Skipped)]
        ids = {identity(item): item for item in batch if not isinstance(item, Skipped)}
        found = len(batch) - len(skipped)
        with engine.begin() as connection:
            known = store.write.known(connection, ids)
            gone = store.tombstones.erased(connection, {i: Thing(marks=frozenset({("document", i)})) for i in ids})
            skipped += [Skipped(where=i.where, reason=store.tombstones.REASON) for i in map(ids.pop, gone)]
            found -= len(gone)
            if skipped:
                store.write.note_skipped(connection, progress.report.run, [(str(s.where), s.reason) for s in skipped])
        fresh = [item for key, item in ids.items() if key not in known]
        for item in skipped:
            progress.skipped(item)
        progress.report.spend("read", time.perf_counter() - started)
        progress.found(found, found - len(fresh), batch[-1].progress)
        if fresh:
            yield fresh
        started = time.perf_counter()


def _analysed(
    analyzer: Analyzer | None, prepared: Iterator[Prepared], report: Report
) -> Iterator[tuple[Incoming, ...]]:
    """The batches with the findings of their sentences."""
    for batch in prepared:
        report.spend("parse", batch.seconds)
        if analyzer is None:
            yield batch.messages
            continue
        started = time.perf_counter()
        yield with_findings(analyzer, batch.messages)
        report.spend("analyse", time.perf_counter() - started)


def with_findings(analyzer: Analyzer, messages: Sequence[Incoming]) -> tuple[Incoming, ...]:
    """The messages with what the models say of their sentences; bulk and automatic mail is not read."""
    people = [d for m in messages for d in m.documents if d.document.sending in (Sending.PERSONAL, Sending.LIST)]
    read = {
        d.document.id: msgspec.structs.replace(
            d,
            document=dated(d.document, one.at),
            sentences=one.sentences,
            findings=one.findings,
            reader=analyzer.version,
            reading=one.read,
        )
        for d, one in zip(people, read_all(analyzer, [d.document for d in people]), strict=True)
    }

    def replace(derived: Derived) -> Derived:
        return read.get(derived.document.id, derived)

    return tuple(msgspec.structs.replace(m, documents=tuple(map(replace, m.documents))) for m in messages)


def _write(engine: Engine, raw: RawStore, progress: _Progress, batch: Sequence[Incoming]) -> None:
    """Write a batch and count it: here, so that what is written while the user stops the run is counted, too."""
    started = time.perf_counter()
    filed = file(engine, raw, batch)
    progress.report.spend("write", time.perf_counter() - started)
    progress.written(batch, filed)
