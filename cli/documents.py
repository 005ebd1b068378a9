"""`suhde documents`: the papers, what each is, and to which relationship it belongs."""

from __future__ import annotations

from typing import Annotated

import typer

import store.papers
from cli.context import Context
from cli.options import Form, Json, chosen
from cli.output import Format, write_rows
from corpus.genre import PaperKind
from store import views
from store.papers import Placed, Wanted

_COLUMNS = ("id", "day", "what", "sure", "language", "relationship", "sure", "why", "file")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("documents")(documents)


def documents(
    organisation: Annotated[str | None, typer.Argument(help="Only of this counterparty.")] = None,
    unplaced: Annotated[bool, typer.Option("--unplaced", help="Only those of which it is not known whose.")] = False,
    kind: Annotated[list[PaperKind] | None, typer.Option(help="Only these kinds; may be repeated.")] = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List papers (contracts, notes, letters), newest first: what each is, how sure, where it belongs and why.

    Examples:

        suhde documents acme.com --kind contract
        suhde documents --unplaced               # put right with `suhde assign`
        suhde documents --format csv > papers.csv
    """
    with Context().engine.begin() as connection:
        one = views.resolve(connection, organisation) if organisation else None
        wanted = Wanted(relationship=one, kinds=tuple(kind or ()), placed=False if unplaced else None)
        found = store.papers.placed(connection, wanted).items
    write_rows(found, chosen(form, json), _COLUMNS, list(map(_cells, found)), f"{len(found)} papers")


def _cells(paper: Placed) -> list[str]:
    sure = "" if paper.confidence is None else f"{paper.confidence:.0%}"
    passed_over = f"not {paper.passed_over}: no relationship" if paper.passed_over else ""
    return [
        paper.id[:12],
        f"{paper.day}" if paper.day else "undated",
        paper.kind.value,
        f"{paper.kind_confidence:.0%}",
        paper.language or "",
        paper.relationship or "",
        sure,
        "; ".join(filter(None, (paper.reason and paper.reason.value, passed_over))),
        paper.file or paper.title,
    ]
