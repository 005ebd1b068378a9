"""`suhde backup` and `suhde restore`: all that is kept in one file, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import store.backup
from cli.context import Context
from cli.output import err, out
from errors import NoSuchPath
from pipeline import ledger
from pipeline.erasing import replay


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="The tar to write.")]) -> None:
    """Write all that is kept to one file, as of one moment; the service may run meanwhile. It is not encrypted.

    Examples:

        suhde backup /backups/suhde-2024-10-15.tar
    """
    if not file.absolute().parent.is_dir():
        raise NoSuchPath(f"there is no folder {file.absolute().parent}.")
    context = Context()
    made = store.backup.backup(context.engine, context.settings.raw, file.absolute(), datetime.now(UTC))
    out.print(f"{made.documents:,} documents and {made.raw:,} raw files in {file} ({file.stat().st_size:,} bytes).")


def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="What `suhde backup` wrote.")]) -> None:
    """Fill an empty data folder or database from a backup, also from one of an older version.

    What was erased since, by the records in `erasures/` of the data folder, is erased again.

    Examples:

        SUHDE_HOME=/srv/suhde suhde restore /backups/suhde-2024-10-15.tar
    """
    if not file.is_file():
        raise NoSuchPath(f"there is no file {file}.")
    context = Context()
    made = store.backup.restore(context.engine, context.settings.raw, file)
    if records := ledger.read(context.settings.erasures):
        again = replay(context.engine, context.settings, records).counts.get("documents", 0)
        err.print(f"{len(records):,} erasures that the data folder knows of were done again: {again:,} documents.")
    out.print(f"{made.documents:,} documents and {made.raw:,} raw files as of {made.made:%Y-%m-%d %H:%M} UTC.")
