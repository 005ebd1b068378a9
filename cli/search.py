"""`suhde search`: mails and papers in which words stand."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

import store.search
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, harmless, write_rows
from cli.relationships import read_day
from corpus.document import DocumentKind
from store import views
from store.search import Hit, Question

_COLUMNS = ("id", "day", "from", "relationship", "words")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("search")(search)


def search(
    words: Annotated[list[str], typer.Argument(help='All of them, "a phrase", one or another, -without.')],
    relationship: Annotated[str | None, typer.Option(help="Only with this counterparty.")] = None,
    kind: Annotated[list[DocumentKind] | None, typer.Option(help="Only these kinds; may be repeated.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """Search mails and papers, newest first. Words are found in any of their Finnish and English forms.

    Examples:

        suhde search price increase --relationship acme.com
        suhde search '"notice period"' --kind contract
        suhde search invoice or lasku --since 2024-01-01 -- -paid
    """
    with Context().engine.begin() as connection:
        question = Question(
            words=" ".join(words),
            relationship=views.resolve(connection, relationship) if relationship else None,
            kinds=tuple(kind or ()),
            since=read_day(since),
            until=read_day(until),
        )
        found = store.search.search(connection, question, limit=limit)
    title = f"{len(found.items)} found" + ("; there are more" if found.next else "")
    write_rows(found.items, chosen(form, json), _COLUMNS, list(map(_cells, found.items)), title)


def _cells(hit: Hit) -> list[str | Text]:
    words = Text(harmless(hit.quote.replace("\n", " ")))
    for start, end in hit.found:
        words.stylize("bold", start, end)
    when = f"{hit.at:%Y-%m-%d}" if hit.at else "undated"
    return [hit.document[:12], when, hit.author or hit.kind.value, ", ".join(hit.relationships), words]
