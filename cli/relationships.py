"""`suhde relationships | timeline | commitments | issues`: what holds, as of a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import Connection

from cli.context import Context
from cli.options import AsOf, Form, Json, chosen
from cli.output import Format, write_rows
from errors import BadFilter
from insights.entries import EntryKind
from insights.insight import CommitmentStatus, IssueStatus, RelationshipKind, Side
from pipeline.attention import read_rules
from store import views
from store.portfolio import Brief, Wanted, every
from store.views import Filter, Shown

_SHORT = 8  # letters of an id that tell it from others
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day, inclusive.")]
_STYLES = {
    "overdue": "bold red",
    "open": "yellow",
    "fulfilled": "green",
    "fulfilled_late": "green",
    "resolved": "green",
    "answered": "green",
    "declined": "dim",
    "cancelled": "dim",
    "coming": "yellow",
    "past": "dim",
    "negative": "red",
    "positive": "green",
}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("relationships")(relationships)
    app.command("timeline")(timeline)
    app.command("commitments")(commitments)
    app.command("issues")(issues)


def relationships(
    kind: Annotated[RelationshipKind | None, typer.Option(help="Only of this kind.")] = None,
    name: Annotated[str | None, typer.Option(help="Only those with this in their name or id.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List relationships, those that need attention most first.

    Examples:

        suhde relationships
        suhde relationships --kind customer
        suhde relationships --as-of 2024-10-15 --json | jq '.[] | select(.overdue > 0) | .id'
    """
    day = read_day(as_of) or date.today()  # noqa: DTZ011 -- the user's own calendar day
    print_relationships(Context(), day, Wanted(kind=kind, name=name), chosen(form, json))


def print_relationships(
    context: Context,
    day: date,
    wanted: Wanted | None = None,
    form: Format = Format.TABLE,
) -> None:
    """Print relationships as of a day."""
    with context.engine.begin() as connection:
        found = every(connection, day, read_rules(context.settings), wanted or Wanted())
    columns = (
        "relationship", "name", "reasons", "overdue", "open promises", "open issues", "mood", "documents", "last",
    )  # fmt: skip
    cells = [_brief_cells(one) for one in found]
    write_rows(found, form, columns, cells, f"{len(found)} relationships, as of {day}")


def timeline(
    organisation: Annotated[str, typer.Argument(help="Domain, address or name of the counterparty.")],
    since: Since = None,
    until: Until = None,
    kind: Annotated[list[EntryKind] | None, typer.Option(help="Only these kinds; may be repeated.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """Show a relationship's timeline, newest first, each entry with its evidence.

    Examples:

        suhde timeline acme.com
        suhde timeline acme.com --since 2024-01-01 --kind commitment --kind issue
        suhde timeline acme.com --format csv > acme.csv
    """
    day = read_day(as_of) or date.today()  # noqa: DTZ011
    with Context().engine.begin() as connection:
        one = views.relationship(connection, organisation, day)
        wanted = Filter(relationship=one.id, kinds=tuple(kind or ()), since=read_day(since), until=read_day(until))
        found = _all_entries(connection, wanted, day)
    _write_entries(found, chosen(form, json), f"{one.name} ({one.id}), as of {day}")


def commitments(
    organisation: Annotated[str | None, typer.Argument(help="Only this counterparty's.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their day.")] = False,
    status: Annotated[list[CommitmentStatus] | None, typer.Option(help="Only these; may be repeated.")] = None,
    side: Annotated[Side | None, typer.Option(help="Whose promises: us or them.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List promises, ours and theirs, newest first.

    Examples:

        suhde commitments --overdue
        suhde commitments acme.com --side them --status open
        suhde commitments --as-of 2024-10-15 --format jsonl
    """
    wanted = [CommitmentStatus.OVERDUE] if overdue else status or []
    _list(EntryKind.COMMITMENT, organisation, tuple(s.value for s in wanted), side, as_of, chosen(form, json))


def issues(
    organisation: Annotated[str | None, typer.Argument(help="Only with this counterparty.")] = None,
    status: Annotated[list[IssueStatus] | None, typer.Option(help="Only these.")] = None,
    side: Annotated[Side | None, typer.Option(help="Raised by us or them.")] = None,
    as_of: AsOf = None,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List troubles, newest first.

    Examples:

        suhde issues --status open
        suhde issues acme.com --json
    """
    wanted = tuple(s.value for s in status or [])
    _list(EntryKind.ISSUE, organisation, wanted, side, as_of, chosen(form, json))


def read_day(value: str | None) -> date | None:
    """A day as the user wrote it. Raises BadFilter where it is none."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadFilter(f"{value!r} is no day.", advice="Write it as 2024-10-15.") from None


def _list(
    kind: EntryKind,
    organisation: str | None,
    status: tuple[str, ...],
    side: Side | None,
    as_of: str | None,
    form: Format,
) -> None:
    day = read_day(as_of) or date.today()  # noqa: DTZ011
    with Context().engine.begin() as connection:
        one = views.relationship(connection, organisation, day).id if organisation else None
        found = _all_entries(connection, Filter(relationship=one, kinds=(kind,), status=status, side=side), day)
    _write_entries(found, form, f"{len(found)}, as of {day}", with_relationship=one is None)


def _all_entries(connection: Connection, wanted: Filter, day: date) -> list[Shown]:
    return list(views.entries(connection, wanted, day, limit=1_000_000).items)


def _brief_cells(one: Brief) -> list[str | Text]:
    overdue = Text(str(one.overdue), style="bold red" if one.overdue else "dim")
    return [
        one.id,
        one.name,
        str(sum(one.held.values())),
        overdue,
        str(one.open_commitments),
        str(one.open_issues),
        Text(one.mood or "", style=_STYLES.get(one.mood or "", "")),
        f"{one.documents:,}",
        _day(one.last),
    ]


def _write_entries(found: list[Shown], form: Format, title: str, *, with_relationship: bool = False) -> None:
    columns = (
        "id",
        "day",
        *(("relationship",) if with_relationship else ()),
        "what",
        "who",
        "how it stands",
        "due",
        "evidence",
    )
    write_rows(found, form, columns, [_entry_cells(e, with_relationship) for e in found], title)


def _entry_cells(e: Shown, with_relationship: bool) -> list[str | Text]:
    due = "" if e.due is None else str(e.due.last or e.due.words)
    status = e.status or ""
    return [
        e.id[:_SHORT],
        _day(e.at),
        *([e.relationship] if with_relationship else []),
        e.kind.value,
        e.side.value if e.side else "",
        Text(status.replace("_", " "), style=_STYLES.get(status, "")),
        due,
        e.title,
    ]


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "undated"
