"""`suhde person export`: all that is kept about a person, for that person."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import Context
from cli.output import err, write_json
from pipeline import tracing
from pipeline.portrait import portrait

app = typer.Typer(no_args_is_help=True, help="What is kept about a person.")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="person")


@app.command("export")
def export(
    names: Annotated[list[str], typer.Argument(metavar="EMAIL|NAME…", help="Addresses or whole names of one person.")],
) -> None:
    """Write all that is kept about a person as JSON Lines (GDPR, articles 15 and 20).

    Documents hold what others wrote, too: look them through before you hand them out.

    Examples:

        suhde person export anna.virtanen@acme.fi > anna.jsonl
    """
    context = Context()
    with context.engine.connect() as connection:
        target = tracing.person(connection, names)
        lines = list(portrait(connection, context.raw, target))
    for line in lines:
        write_json(line, indent=False)
    err.print(f"{len(lines):,} lines.")
