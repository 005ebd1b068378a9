"""`suhde quarantine`: messages that could not be read, kept with their reasons."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import store.read
from cli.context import Context
from cli.ingest import load_models, print_report
from cli.options import Form, Json, chosen
from cli.output import Format, err, harmless, out, write_rows
from pipeline.jobs import retry as run_retry

app = typer.Typer(no_args_is_help=True, help="Messages that could not be read: list them, look at one, try again.")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="quarantine")


@app.command("list")
def list_(form: Form = Format.TABLE, json: Json = False) -> None:
    """List the messages in quarantine.

    Examples:

        suhde quarantine list
        suhde quarantine list --format jsonl
    """
    with Context().engine.begin() as connection:
        rows = store.read.quarantined(connection)
    cells = [[r.id[:12], f"SUHDE-{r.code}", r.place, r.reason] for r in rows]
    write_rows(rows, chosen(form, json), ("id", "code", "where", "reason"), cells)


@app.command("show")
def show(identity: Annotated[str, typer.Argument(metavar="ID", help="Beginning of an id, from the list.")]) -> None:
    """Print the reason on stderr and the message's bytes, as they were, on stdout.

    Examples:

        suhde quarantine show 3fa9c1 > broken.eml
    """
    context = Context()
    with context.engine.begin() as connection:
        (row,) = store.read.quarantined(connection, identity)
    err.print(harmless(f"SUHDE-{row.code}: {row.place}: {row.reason}"), soft_wrap=True)
    sys.stdout.buffer.write(context.raw.get(row.id))


@app.command("retry")
def retry(
    identity: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Beginning of an id; all where left out.")
    ] = None,
) -> None:
    """Read quarantined messages again, say after an update.

    Examples:

        suhde quarantine retry
        suhde quarantine retry 3fa9c1
    """
    context = Context()
    report = run_retry(context.engine, context.settings, identity, load_models())
    if report.seen:
        print_report(report)
    else:
        out.print("Nothing is in quarantine.")
