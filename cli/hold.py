"""`suhde hold`: whose correspondence must stay for now."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

import store.holds
import store.read
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, out, write_rows
from errors import BadFilter
from store import views
from store.holds import Hold, HoldKind

app = typer.Typer(no_args_is_help=True, help="Holds: what neither erasure nor retention may take for now.")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="hold")


@app.command("add")
def add(
    reason: Annotated[str, typer.Option(help="Why, for whoever meets the hold.")],
    person: Annotated[str | None, typer.Option(metavar="EMAIL", help="A person, by an address.")] = None,
    relationship: Annotated[str | None, typer.Option(help="A relationship, named as elsewhere.")] = None,
) -> None:
    """Keep what a person wrote or received, or all of a relationship, until the hold is removed.

    Examples:

        suhde hold add --relationship acme.com --reason "Court case 24/117"
        suhde hold add --person anna@acme.com --reason "Court case 24/117"
    """
    if (person is None) == (relationship is None):
        raise BadFilter("a hold is of one person or of one relationship.", advice="Give --person or --relationship.")
    with Context().engine.begin() as connection:
        if relationship is not None:
            kind, name = HoldKind.RELATIONSHIP, views.resolve(connection, relationship)
        else:
            kind, name = HoldKind.PERSON, (person or "").strip().lower()
        hold = store.holds.add(connection, kind, name, reason, getpass.getuser(), datetime.now(UTC))
    out.print(f"Hold {hold.number} on {hold.name}.")


@app.command("list")
def list_(form: Form = Format.TABLE, json: Json = False) -> None:
    """List the holds.

    Examples:

        suhde hold list
    """
    with Context().engine.connect() as connection:
        found = store.holds.listed(connection)
    write_rows(found, chosen(form, json), ("number", "since", "by", "of", "name", "reason"), list(map(_cells, found)))


@app.command("remove")
def remove(number: Annotated[int, typer.Argument(help="From the list.")]) -> None:
    """End a hold.

    Examples:

        suhde hold remove 3
    """
    with Context().engine.begin() as connection:
        hold = store.holds.remove(connection, number)
    out.print(f"{hold.name} is under hold {hold.number} no more.")


def _cells(hold: Hold) -> list[str]:
    return [str(hold.number), f"{hold.at:%Y-%m-%d}", hold.by, hold.kind.value, hold.name, hold.reason]
