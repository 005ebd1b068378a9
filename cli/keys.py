"""`suhde keys`: who may ask the service; `suhde audit`: who did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

import store.keys
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, err, out, write_rows
from cli.relationships import read_day
from store.audit import Audited, entries
from store.keys import Key, Scope

app = typer.Typer(no_args_is_help=True, help="The keys of the service: make, list and revoke them.")
_COLUMNS = ("id", "created", "last used", "revoked", "may", "name")
_AUDIT = ("at", "who", "what", "status", "path")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="keys")
    parent.command("audit")(audit)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose it is: a person or a program.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may; may be repeated.")],
) -> None:
    """Make a key. It is shown this once and kept only as a hash.

    Examples:

        suhde keys create "CRM, nightly" --scope read:metadata --scope write
        suhde keys create anna@example.fi --scope read:text --scope write
    """
    with Context().engine.begin() as connection:
        key, words = store.keys.create(connection, name, tuple(scope), datetime.now(UTC))
    err.print(f"Key {key.id} for {name}. It is shown only now:")
    out.print(words)


@app.command("list")
def list_(form: Form = Format.TABLE, json: Json = False) -> None:
    """List the keys, revoked ones too.

    Examples:

        suhde keys list
    """
    with Context().engine.begin() as connection:
        found = store.keys.listed(connection)
    write_rows(found, chosen(form, json), _COLUMNS, list(map(_cells, found)))


@app.command("revoke")
def revoke(key: Annotated[str, typer.Argument(help="Its id.")]) -> None:
    """End a key and its sessions, at once.

    Examples:

        suhde keys revoke 9f3ab2c1
    """
    with Context().engine.begin() as connection:
        ended = store.keys.revoke(connection, key, datetime.now(UTC))
    out.print(f"Revoked {ended.id}, {ended.name}.")


def audit(
    containing: Annotated[str | None, typer.Argument(help="Only entries with these words in caller or path.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List who read or changed what through the service, newest first.

    Examples:

        suhde audit acme.com --since 2024-10-01
        suhde audit --format csv --limit 100000 > audit.csv
    """
    with Context().engine.begin() as connection:
        found = entries(
            connection, since=read_day(since), until=read_day(until), containing=containing, limit=limit
        ).items
    write_rows(found, chosen(form, json), _AUDIT, list(map(_audited, found)), f"{len(found)} entries")


def _cells(key: Key) -> list[str]:
    days = [f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (key.created, key.last_used, key.revoked)]
    return [key.id, *days, ", ".join(s.value for s in key.scopes), key.name]


def _audited(entry: Audited) -> list[str]:
    return [f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.caller, entry.action.value, f"{entry.status}", entry.path]
