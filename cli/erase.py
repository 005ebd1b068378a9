"""`suhde erase`: people and relationships out of all that is kept, and the proof of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, err, harmless, out, write_rows
from pipeline import erasing, ledger, tracing
from pipeline.tracing import Seen, Target
from store.erasure import Proof, proofs

app = typer.Typer(no_args_is_help=True, help="Erase people and relationships from all that is kept; prove it.")
_COLUMNS = ("id", "at", "done", "by", "what", "how much")
_STANDS = {
    "part": "in which they take part",
    "address": "in which an address of theirs stands",
    "name": "in which their name stands",
    "bytes": "whose bytes name them: copies in blind, fields that are not shown",
}

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
KeepNamed = Annotated[
    bool, typer.Option("--keep-named", help="Leave documents in which they take no part but are only named.")
]


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="erase")


@app.command("person")
def person(
    names: Annotated[list[str], typer.Argument(metavar="EMAIL|NAME…", help="Addresses or whole names of one person.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    keep_named: KeepNamed = False,
) -> None:
    """Erase a person: every document that they wrote, received, or are named in, and all that was derived from it.

    All addresses that are known to be theirs count. The same mail does not come back when it is ingested again.

    Examples:

        suhde erase person anna.virtanen@acme.fi --dry-run
        suhde erase person "Anna Virtanen" anna@home.example --yes
    """
    context = Context()
    with context.engine.connect() as connection:
        target = tracing.person(connection, names)
    for name in target.shared:
        err.print(harmless(f"Others are called {name}, too: documents that only name them so are left."))
    _erase(context, target, dry=dry_run, yes=yes, named=not keep_named)


@app.command("relationship")
def relationship(
    name: Annotated[str, typer.Argument(help="Its domain, an address, its name or its id in the CRM.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    keep_named: KeepNamed = False,
) -> None:
    """Erase a relationship: every document that belongs to it or holds an address of its people or domains.

    Examples:

        suhde erase relationship acme.com --dry-run
    """
    context = Context()
    with context.engine.connect() as connection:
        target = tracing.relationship(connection, name)
    _erase(context, target, dry=dry_run, yes=yes, named=not keep_named)


@app.command("replay")
def replay(
    records: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE…]", help="Records or folders; else those of SUHDE_HOME.")
    ] = None,
) -> None:
    """Erase again what was erased before, after an older backup was restored. Safe to run at any time.

    Examples:

        suhde erase replay
        suhde erase replay /safe/erasures/
    """
    context = Context()
    paths = records or [context.settings.erasures]
    known = [record for path in paths for record in ledger.read(path)]
    _print_done(erasing.replay(context.engine, context.settings, known))


@app.command("list")
def list_(form: Form = Format.TABLE, json: Json = False) -> None:
    """List what was erased: when, by whom, how much. Who it was is not kept.

    Examples:

        suhde erase list
    """
    with Context().engine.connect() as connection:
        found = proofs(connection)
    write_rows(found, chosen(form, json), _COLUMNS, list(map(_cells, found)))


def _erase(context: Context, target: Target, *, dry: bool, yes: bool, named: bool) -> None:
    if dry or not yes:
        with context.engine.connect() as connection:
            seen = tracing.look(connection, context.raw, target, named=named)
        _print_seen(target, seen)
        if dry:
            return
        typer.confirm("Erase all this for good?", abort=True, err=True)
    _print_done(erasing.erase(context.engine, context.settings, target, named=named))


def _print_seen(target: Target, seen: Seen) -> None:
    who = (*sorted(target.subject.domains), *sorted(target.subject.addresses), *target.subject.names)
    out.print(harmless(f"{target.what.value}: {', '.join(who)}"), soft_wrap=True)
    out.print(f"{len(seen.documents):,} documents")
    for name, words in _STANDS.items():
        if count := seen.traces.get(name):
            out.print(f"  {count:,} {words}")
    if along := len(seen.documents) - sum(seen.traces.values()):
        out.print(f"  {along:,} that hold these or came with nothing else")
    out.print(f"{len(seen.raws):,} messages and files that could not be read or belong to nothing")
    if seen.left:
        out.print(f"{seen.left:,} documents that only name them are left")


def _print_done(proof: Proof) -> None:
    out.print(f"Erased: {_how_much(proof)}. Proof {proof.id}.")


def _how_much(proof: Proof) -> str:
    return ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in proof.counts.items()) or "nothing"


def _cells(proof: Proof) -> list[str]:
    done = f"{proof.finished:%Y-%m-%d %H:%M}" if proof.finished else "no: run it again"
    return [proof.id, f"{proof.at:%Y-%m-%d %H:%M}", done, proof.by, proof.what, _how_much(proof)]
