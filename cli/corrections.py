"""`suhde correct | corrections`: what a person says of insights, which counts before what any model says."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

import store.corrections
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, harmless, out, write_json, write_rows
from cli.relationships import read_day
from insights.corrections import Action, Correction, Place, Said, lesson
from insights.entries import entry
from pipeline import correcting
from store import views

app = typer.Typer(no_args_is_help=True, help="What people said of insights: list it, undo it, export it.")


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.command("correct")(correct)
    parent.add_typer(app, name="corrections")


def correct(
    insight: Annotated[str, typer.Argument(help="Its id, or the beginning of it; 'suhde timeline' shows it.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="It is so.")] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="It is nothing.")] = False,
    close: Annotated[
        str | None, typer.Option(metavar="STATUS", help="fulfilled, cancelled, declined; resolved; answered.")
    ] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="It is open.")] = False,
    day: Annotated[
        str | None, typer.Option(metavar="DATE", help="From when on it is closed or open; today where left out.")
    ] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="The day on which it is due.")] = None,
    made: Annotated[str | None, typer.Option(metavar="DATE", help="The day on which it was said.")] = None,
    merge: Annotated[str | None, typer.Option(metavar="ID", help="It is one with this one, which stays.")] = None,
    split: Annotated[
        str | None, typer.Option(metavar="DOCUMENT:START", help="From this sentence of it on it is another one.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; you, where left out.")] = None,
) -> None:
    """Say what an insight is. That counts from now on, whatever any model finds.

    Examples:

        suhde correct 3fa9c1d2 --confirm
        suhde correct 3fa9c1d2 --close fulfilled --day 2024-05-03
        suhde correct 3fa9c1d2 --due 2024-06-14
        suhde correct 3fa9c1d2 --merge 77d0e1aa
    """
    given = {
        Action.CONFIRM: confirm,
        Action.DISMISS: dismiss,
        Action.CLOSE: close is not None,
        Action.REOPEN: reopen,
        Action.REDATE: due is not None or made is not None,
        Action.MERGE: merge is not None,
        Action.SPLIT: split is not None,
    }
    actions = [action for action, wanted in given.items() if wanted]
    if len(actions) != 1:
        raise typer.BadParameter("say one thing of it.")
    said = Said(
        action=actions[0],
        status=close,
        day=(read_day(day) or date.today()) if close or reopen else None,  # noqa: DTZ011 -- the user's own calendar day
        due=read_day(due),
        made=read_day(made),
        into=merge,
        sentence=None if split is None else _place(split),
    )
    one = correcting.correct(Context().engine, insight, said, by)
    out.print(harmless(f"{one.number}: {_title(one)}: {_tell(one.said)}."))


@app.command("list")
def list_(
    organisation: Annotated[str | None, typer.Argument(help="Only with this counterparty.")] = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List what was said, the last first, with the numbers that `undo` takes.

    Examples:

        suhde corrections list
        suhde corrections list acme.com --json
    """
    found = _all(organisation)
    columns = ("number", "day", "by", "relationship", "what", "said", "insight")
    cells = [
        [str(c.number), f"{c.at:%Y-%m-%d}", c.by, c.relationship, c.kind.value, _tell(c.said), _title(c)] for c in found
    ]
    write_rows(found, chosen(form, json), columns, cells)


@app.command("undo")
def undo(number: Annotated[int, typer.Argument(help="Its number, from the list.")]) -> None:
    """Take back a correction, as if nobody had said so.

    Examples:

        suhde corrections undo 17
    """
    one = correcting.undo(Context().engine, number)
    out.print(harmless(f"Taken back: {_title(one)}: {_tell(one.said)}."))


@app.command("export")
def export(
    _jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON Lines, one object a line.")] = True,
) -> None:
    """Write what was said as training data: the sentence, what the models said, what the person said.

    Examples:

        suhde corrections export --jsonl > corrections.jsonl
    """
    for one in reversed(_all(None)):
        write_json(lesson(one), indent=False)
    sys.stdout.flush()


def _all(organisation: str | None) -> list[Correction]:
    with Context().engine.begin() as connection:
        one = views.resolve(connection, organisation) if organisation else None
        return list(store.corrections.listed(connection, relationship=one, limit=1_000_000).items)


def _place(value: str) -> Place:
    document, _, start = value.rpartition(":")
    if not document or not start.isdigit():
        raise typer.BadParameter("a sentence is named by its document's id and its start: 3fa9c1d2…:120.")
    return Place(document, int(start))


def _title(one: Correction) -> str:
    return entry(one.found).title


def _tell(said: Said) -> str:
    """What a person said, in a word or two."""
    match said.action:
        case Action.CLOSE | Action.REOPEN:
            return f"{(said.status or 'open').replace('_', ' ')} as of {said.day}"
        case Action.REDATE:
            return ", ".join(f"{name} {value}" for name, value in (("due", said.due), ("said", said.made)) if value)
        case Action.MERGE:
            return f"one with {said.into}"
        case Action.SPLIT:
            return f"another one from {said.sentence.document}:{said.sentence.start} on" if said.sentence else ""
        case Action.CONFIRM | Action.DISMISS:
            return f"{said.action.value}ed"
