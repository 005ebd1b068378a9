"""`suhde practices`: what the correspondence with all counterparties tells of how we work."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from cli.context import Context
from cli.options import AsOf, Json
from cli.output import Format, harmless, out, write_json, write_rows
from cli.relationships import read_day
from insights.practices.wording import Practices, tell
from pipeline.practices import practices as study

_FIGURES = ("what", "by", "group", "value", "95 % interval", "cases", "relationships")


class Language(StrEnum):
    """In which language practices are told."""

    EN = "en"
    FI = "fi"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("practices")(practices)


def practices(
    as_of: AsOf = None,
    language: Annotated[Language, typer.Option(help="In which language practices are told.")] = Language.EN,
    json: Json = False,
) -> None:
    """Tell what holds over all relationships: patterns that chance does not explain, figures, departures from terms.

    Examples:

        suhde practices
        suhde practices --as-of 2024-10-15 --language fi
        suhde practices --json | jq '.patterns[].sentence'
    """
    context = Context()
    day = read_day(as_of) or date.today()  # noqa: DTZ011 -- the user's own calendar day
    told = tell(study(context.engine, context.settings, day), language.value)
    if json:
        write_json(told)
    else:
        _show(told)


def _show(told: Practices) -> None:
    out.print(f"Relationships: {told.counted.relationships}, as of {told.as_of}: {', '.join(told.basis)}.")
    out.print()
    _section("What stands out from chance", [f"{one.sentence}\n    {one.basis}" for one in told.patterns])
    if not told.patterns:
        out.print(f"  None of {told.tests} comparisons stands out from chance.\n")
    _section("Beside contracts and policy", [one.sentence for one in told.departures])
    cells = [(f.title, f.by, f.label, f.shown, f.interval, f"{f.n:,}", f"{f.relationships:,}") for f in told.figures]
    if cells:
        write_rows([], Format.TABLE, _FIGURES, cells, "Figures")
        out.print()
    _section("Too thin to say anything", [one.sentence for one in told.silences])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        out.print(title)
        for line in lines:
            out.print(f"  {harmless(line)}", soft_wrap=True)
        out.print()
