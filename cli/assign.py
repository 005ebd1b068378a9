"""`suhde assign`: puts right to which relationship a paper belongs."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import Context
from cli.output import harmless, out
from pipeline.assigning import assign as run_assign


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("assign")(assign)


def assign(
    document: Annotated[str, typer.Argument(help="The paper's id, or the beginning of it.")],
    relationship: Annotated[
        str | None, typer.Argument(metavar="[RELATIONSHIP]", help="Its domain, name or id in the CRM.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="It belongs to no relationship.")] = False,
) -> None:
    """Say to which relationship a paper belongs. That counts from now on, whatever else is found.

    Examples:

        suhde documents --unplaced
        suhde assign 3fa9c1d2 acme.com
        suhde assign 3fa9c1d2 --none
    """
    if (relationship is None) is not none:
        raise typer.BadParameter("give a relationship, or --none.")
    context = Context()
    paper = run_assign(context.engine, context.settings, document, relationship)
    out.print(harmless(f"{paper.file or paper.title} belongs to {paper.relationship or 'no relationship'}."))
