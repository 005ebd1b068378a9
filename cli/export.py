"""`suhde export`: every relationship with its insights, for other programs."""

from __future__ import annotations

import sys
from datetime import date
from importlib.metadata import version
from typing import Annotated

import msgspec
import typer

from cli.context import Context
from cli.options import AsOf
from cli.relationships import read_day
from errors import BadFilter
from insights.practices.wording import tell
from pipeline.attention import read_rules
from pipeline.practices import practices
from store import views
from store.export import as_export


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("export")(export)


def export(
    form: Annotated[str, typer.Option("--format", help="json.")] = "json",
    as_of: AsOf = None,
) -> None:
    """Write all relationships with their insights and evidence as one JSON object (docs/export.md).

    Examples:

        suhde export --format json --as-of 2024-10-15 > export.json
    """
    if form != "json":
        raise BadFilter(f"no format {form!r}.", advice="The export is written as json.")
    day = read_day(as_of) or date.today()  # noqa: DTZ011
    out = sys.stdout.buffer
    context = Context()
    rules = read_rules(context.settings)
    with context.engine.begin() as connection:
        # One relationship at a time, so that memory does not grow with the archive.
        out.write(f'{{"suhde":"{version("suhde")}","as_of":"{day}","relationships":['.encode())
        for number, one in enumerate(views.export(connection, day)):
            out.write(b",\n" if number else b"\n")
            out.write(msgspec.json.encode(as_export(one, day, rules)))
    told = tell(practices(context.engine, context.settings, day), "en")
    out.write(b'\n],"practices":' + msgspec.json.encode(told) + b"}\n")
