"""`suhde accounts`: joins relationships with the accounts of a CRM."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

import store.read
import store.write
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, out, write_rows
from errors import BadAccounts
from insights.directory import Account
from pipeline.connect import connect

app = typer.Typer(no_args_is_help=True, help="The accounts of a CRM: import them, list them.")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="accounts")


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="CSV", help="external_id, name, domains, kind, owner.")],
) -> None:
    """Import accounts in place of those that were there; domains are separated by semicolons.

    kind is customer, supplier, partner, internal or public, or empty. All domains of an account are one relationship.

    Examples:

        suhde accounts import accounts.csv
    """
    found = tuple(_read(path))
    context = Context()
    with context.engine.begin() as connection:
        store.write.accounts(connection, found)
        store.write.mark_stale(connection)
    connected = connect(context.engine, context.settings)
    out.print(f"{len(found):,} accounts imported; {connected.relationships:,} relationships.")


@app.command("list")
def list_(form: Form = Format.TABLE, json: Json = False) -> None:
    """List the imported accounts.

    Examples:

        suhde accounts list
    """
    with Context().engine.begin() as connection:
        rows = store.read.accounts(connection)
    cells = [[a.external_id, a.name, ", ".join(a.domains), str(a.kind or ""), a.owner or ""] for a in rows]
    write_rows(rows, chosen(form, json), ("external id", "name", "domains", "kind", "owner"), cells)


def _read(path: Path) -> Iterator[Account]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadAccounts(f"cannot read {path}: {error}.") from error
    known: set[str | None] = set()
    for number, line in enumerate(lines, 2):
        domains = tuple(d.strip().lower() for d in (line.get("domains") or "").split(";") if d.strip())
        row = {**line, "domains": domains, "kind": line.get("kind") or None, "owner": line.get("owner") or None}
        if not domains:
            raise BadAccounts(f"{path}, line {number}: no domains.")
        if twice := known & {line.get("external_id"), *domains}:
            raise BadAccounts(f"{path}, line {number}: {', '.join(map(str, twice))} stands in a line above, too.")
        known |= {line.get("external_id"), *domains}
        try:
            yield msgspec.convert(row, Account)
        except msgspec.ValidationError as error:
            raise BadAccounts(f"{path}, line {number}: {error}.") from error
