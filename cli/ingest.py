"""`suhde ingest`: archives in, a report out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

import settings
import store.read
from cli.context import Context
from cli.exit_codes import ExitCode
from cli.options import Form, Json, chosen
from cli.output import Format, err, harmless, out, write_json, write_rows
from corpus import archive
from pipeline.report import Report
from pipeline.run import ingest as run_ingest

if TYPE_CHECKING:
    from nlp.analyze import Analyzer


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("ingest")(ingest)
    app.command("runs")(runs)


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="mbox, Maildir, .eml, .pst, .pdf, .docx, .zip …, folders; - is stdin.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    models: Annotated[
        bool, typer.Option("--models/--no-models", help="Whether to read sentences, or only file mail and papers.")
    ] = True,
) -> None:
    """Read mail archives and papers: contracts, minutes, notes, letters, attached to mail or not.

    What was read before costs a look-up; a run that was stopped goes on where it was.
    Nothing is dropped in silence: seen = stored + duplicate + quarantined + skipped.

    Examples:

        suhde ingest mail.mbox                   # one archive
        suhde ingest ~/Maildir takeout.zip old/  # several, of any kind
        suhde ingest - < message.eml             # one message
        suhde ingest --json mail.mbox | jq .stored
    """
    context = Context()
    report = read(context, paths, models=models)
    if json:
        write_json(report)
    else:
        print_report(report)
    if report.stopped:
        raise typer.Exit(ExitCode.INTERRUPTED)


def runs(form: Form = Format.TABLE, json: Json = False) -> None:
    """List the reports of the last ingests, newest first; one without an end was killed or still goes on.

    Examples:

        suhde runs
        suhde runs --json | jq '.[0].reasons'
    """
    with Context().engine.begin() as connection:
        rows = store.read.reports(connection)
    sums = ("seen", "stored", "duplicate", "quarantined", "skipped")
    cells = [
        [r["started"][:16], (r["finished"] or "")[:16], *(f"{r[name]:,}" for name in sums), ", ".join(r["paths"])]
        for r in rows
    ]
    write_rows(rows, chosen(form, json), ("started", "finished", *sums, "paths"), cells)


def load_models() -> Analyzer:
    """The models that the settings name, imported only by the commands that read sentences."""
    from nlp.analyze import MODELS, Analyzer

    return Analyzer.load(MODELS / settings.load().reader)


def read(context: Context, paths: list[Path], *, models: bool = True) -> Report:
    """Ingest with progress on stderr: a bar on a terminal, a line every few seconds elsewhere."""
    analyzer = load_models() if models else None
    total = archive.size(paths)
    stdin = sys.stdin.buffer if Path("-") in paths else None
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("reading", total=total)
        return run_ingest(
            context.engine,
            context.settings,
            paths,
            analyzer=analyzer,
            stdin=stdin,
            watch=lambda report, done: _show(bar, task, report, done, total),
        )


def _show(bar: Progress, task: TaskID, report: Report, done: int, total: int) -> None:
    said = f"{report.seen:,} seen, {report.stored:,} stored"
    bar.update(task, completed=done, description=said)
    if bar.disable:
        err.print(f"{said}, {min(1.0, done / max(total, 1)):.0%} read")


def print_report(report: Report) -> None:
    """The sums, for people."""
    rate = report.seen / report.seconds if report.seconds else 0
    out.print(
        f"{report.seen:,} seen = {report.stored:,} stored + {report.duplicate:,} duplicate"
        f" + {report.quarantined:,} quarantined + {report.skipped:,} skipped"
        f"   ({report.seconds:.1f} s, {rate:,.0f}/s)"
    )
    if report.enclosed:
        out.print(f"{report.enclosed:,} more documents came with messages: enclosed mail and attached files.")
    if report.unread:
        out.print(f"{report.unread:,} attached files could not be read: see 'suhde quarantine list'.")
    for reason, count in report.reasons.most_common(8):
        out.print(harmless(f"  {count:>6,}  {reason}"))
    if report.reread:
        out.print(f"{report.reread:,} documents that were here already were read by the models.")
    if report.own_domains:
        how = "" if report.own_share is None else f" (inferred: they take part in {report.own_share:.0%} of the mail)"
        out.print(f"We are {', '.join(report.own_domains)}{how}. {report.relationships:,} relationships.")
    if report.stopped:
        out.print("Stopped. The same command goes on where it was.", style="yellow")
