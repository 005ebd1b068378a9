"""`suhde retention`: erases what is older than the rules keep."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from cli.context import Context
from cli.options import AsOf
from cli.output import out
from cli.relationships import read_day
from errors import SettingsError
from pipeline.erasing import retain

app = typer.Typer(no_args_is_help=True, help="How long documents are kept (SUHDE_RETENTION).")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="retention")


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much would go.")] = False,
    as_of: AsOf = None,
) -> None:
    """Erase the documents that the rules keep no longer, with all that was derived from them. Run it every night.

    Examples:

        suhde retention run --dry-run
        suhde retention run --dry-run --as-of 2030-01-01
    """
    context = Context()
    if context.settings.retention is None:
        raise SettingsError("there are no rules: everything is kept.", advice="Name their file in SUHDE_RETENTION.")
    day = read_day(as_of) or date.today()  # noqa: DTZ011 -- the user's own calendar day
    proof = retain(context.engine, context.settings, day, dry=dry_run)
    gone, held = proof.counts.get("documents", 0), proof.counts.get("held", 0)
    out.print(f"{gone:,} documents {'would go' if dry_run else 'erased'}; {held:,} kept by a hold.")
