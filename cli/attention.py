"""`suhde attention`: why a relationship needs attention on a day, and which ones do."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
import typer
from rich.text import Text
from sqlalchemy import Connection

from cli.context import Context
from cli.options import AsOf, Form, Json, chosen
from cli.output import Format, write_rows
from cli.relationships import read_day
from insights.attention import ReasonKind, ReasonToAct, Rules
from insights.insight import RelationshipKind
from pipeline.attention import read_rules
from store import views
from store.portfolio import Wanted, every
from store.reasons import Held, reasons

_RED = (ReasonKind.OVERDUE_BY_US, ReasonKind.SEVERE_ISSUE, ReasonKind.THREAT)
_MANY = 200  # reasons of one relationship


class Told(ReasonToAct, frozen=True, kw_only=True):
    """A reason, with the relationship in which it holds."""

    relationship: str


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("attention")(attention)


def attention(
    organisation: Annotated[str | None, typer.Argument(help="Only this counterparty's.")] = None,
    reason: Annotated[ReasonKind | None, typer.Option(help="Only where there is such a reason.")] = None,
    kind: Annotated[RelationshipKind | None, typer.Option(help="Only relationships of this kind.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List reasons to act, the relationship that needs attention most first, each with its evidence.

    What weighs how much stands in attention.toml (docs/attention.md).

    Examples:

        suhde attention
        suhde attention acme.com --as-of 2024-10-15
        suhde attention --reason overdue_by_us --kind customer --json
    """
    day = read_day(as_of) or date.today()  # noqa: DTZ011 -- the user's own calendar day
    context = Context()
    rules = read_rules(context.settings)
    with context.engine.begin() as connection:
        found = _found(connection, day, rules, organisation, Wanted(kind=kind, reason=reason))
    if reason is not None:
        found = [one for one in found if one.kind is reason]
    columns = ("relationship", "reason", "whose turn", "since", "due", "what", "evidence")
    write_rows(found, chosen(form, json), columns, [_cells(one) for one in found], f"{len(found)} reasons, as of {day}")


def _found(connection: Connection, day: date, rules: Rules, organisation: str | None, wanted: Wanted) -> list[Told]:
    if organisation is not None:
        one = views.resolve(connection, organisation)
        return [_held(r, one) for r in reasons(connection, [one], day, rules, _MANY).get(one, Held()).reasons]
    return [_held(r, one.id) for one in every(connection, day, rules, wanted, _MANY) for r in one.reasons]


def _held(reason: ReasonToAct, relationship: str) -> Told:
    return Told(**msgspec.structs.asdict(reason), relationship=relationship)


def _cells(one: Told) -> list[str | Text]:
    return [
        one.relationship,
        Text(one.kind.value.replace("_", " "), style="bold red" if one.kind in _RED else "yellow"),
        one.side.value if one.side else "",
        str(one.since),
        str(one.due or ""),
        one.title,
        one.sources[0].document[:12] if one.sources else "",
    ]
