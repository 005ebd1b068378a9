"""`suhde notes`: what the minutes of a meeting, notes or a transcript put on record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli.ingest import load_models
from cli.options import Json
from cli.output import Format, err, harmless, out, write_json, write_rows
from errors import NoSuchPath
from insights.notes import NoteItem

_COLUMNS = ("type", "who", "due", "words")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("notes")(notes)


def notes(
    file: Annotated[Path, typer.Argument(help="Minutes, notes or a transcript, in any form that can be read.")],
    json: Json = False,
) -> None:
    """Say who was there, what was decided, who does what by when, and what was proposed or stays open. Keeps nothing.

    Examples:

        suhde notes minutes.docx
        suhde notes standup.vtt --json
    """
    from pipeline.notes import read

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise NoSuchPath(f"cannot read {file}: {error.strerror}.") from error
    found, document = read(raw, file.name, load_models())
    if json:
        write_json(found)
        return
    day = f"{found.day.isoformat()}" if found.day else "no day given"
    err.print(harmless(f"{file.name}: {document.kind.value} ({document.kind_confidence:.0%} sure), {day}"))
    if found.participants:
        out.print(Text(harmless("Participants: " + ", ".join(found.participants))))
    write_rows(found.items, Format.TABLE, _COLUMNS, [_cells(item) for item in found.items])


def _cells(item: NoteItem) -> tuple[str, str, str, str]:
    words = " ".join(item.source.quote.split())
    return item.type.value.replace("_", " "), ", ".join(item.who), item.due_date or item.due or "", words
