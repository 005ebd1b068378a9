"""Options that many commands have, in one wording."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import Format

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day to judge by; today where left out.")]
Form = Annotated[Format, typer.Option("--format", help="How to print.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


def chosen(form: Format, json: bool) -> Format:
    """The format that the two options ask for."""
    return Format.JSON if json else form
