"""`suhde negotiations | contradictions`: what is bargained over, and what is said otherwise than the contract says."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.text import Text

from cli.context import Context
from cli.options import AsOf, Form, Json, chosen
from cli.output import Format, write_rows
from cli.relationships import read_day
from insights.contradictions import Contradiction
from insights.negotiations import Bargain, NegotiationState
from store import views
from store.bargains import Bargained, bargains, contradictions

_STYLES = {NegotiationState.OPEN: "yellow", NegotiationState.AGREED: "green", NegotiationState.FAILED: "red"}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("negotiations")(list_negotiations)
    app.command("contradictions")(list_contradictions)


def list_negotiations(
    organisation: Annotated[str | None, typer.Argument(help="Only with this counterparty.")] = None,
    status: Annotated[list[NegotiationState] | None, typer.Option(help="Only these; may be repeated.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List what is bargained over: both sides' positions in turn, what is agreed, and the gap that is left.

    Examples:

        suhde negotiations acme.com
        suhde negotiations --status open --json | jq '.[] | select(.bargain.deadlock)'
    """
    day = read_day(as_of) or date.today()  # noqa: DTZ011 -- the user's own calendar day
    with Context().engine.begin() as connection:
        one = views.resolve(connection, organisation) if organisation else None
        found = bargains(connection, one, day, states=tuple(status or ())).items
    columns = ("began", "relationship", "topic", "unit", "positions", "how it stands", "gap")
    write_rows(found, chosen(form, json), columns, [_cells(b) for b in found], f"{len(found)}, as of {day}")


def list_contradictions(
    organisation: Annotated[str, typer.Argument(help="Domain, address or name of the counterparty.")],
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List what mails and notes say otherwise than the contract, newest first, both quotes side by side.

    Example:

        suhde contradictions acme.com --as-of 2024-10-15
    """
    day = read_day(as_of) or date.today()  # noqa: DTZ011
    with Context().engine.begin() as connection:
        found = contradictions(connection, views.resolve(connection, organisation), day).items
    columns = ("day", "about", "was said", "the contract says", "sure")
    write_rows(found, chosen(form, json), columns, [_quotes(c) for c in found], f"{len(found)}, as of {day}")


def _cells(one: Bargained) -> list[str | Text]:
    b = one.bargain
    state = "deadlock" if b.deadlock else b.state.value
    return [
        _day(b),
        one.relationship,
        b.topic,
        b.unit,
        "  ".join(f"{p.by.value} {p.value:,g}" for p in b.positions),
        Text(state, style=_STYLES[b.state]),
        f"{b.gap.left:,g}" if b.gap else "",
    ]


def _day(b: Bargain) -> str:
    at = b.positions[0].source.at
    return f"{at:%Y-%m-%d}" if at else "undated"


def _quotes(c: Contradiction) -> list[str | Text]:
    said, clause = (" ".join(source.quote.split()) for source in (c.said, c.clause))
    at = f"{c.said.at:%Y-%m-%d}" if c.said.at else "undated"
    return [at, c.about.replace("_", " "), said, clause, f"{c.confidence:.0%}"]
