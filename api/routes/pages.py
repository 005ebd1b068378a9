"""The pages, for people: server-rendered, every filter in the address, every number a way to its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

import store.read
from api import problems
from api.params import AsOf, Blank, Cursor, Reading, Since, Status, Until
from api.web.lines import Line, by_month, lines
from api.web.marks import blocks
from api.web.render import page
from api.web.strip import HALF, STEP, draw
from errors import NotFound, SuhdeError
from insights.insight import CommitmentStatus, IssueStatus, MonthMood, QuestionStatus, Side
from insights.timeline import EntryKind
from store import views
from store.views import Filter

router = APIRouter(include_in_schema=False)
_FEW, _MANY, _ALL = 5, 100, 200
_EVENTS = (EntryKind.COMMITMENT, EntryKind.ISSUE, EntryKind.OPPORTUNITY, EntryKind.THREAT, EntryKind.QUESTION)
_TABS = (
    ("All", ()),
    ("Promises", (EntryKind.COMMITMENT,)),
    ("Issues", (EntryKind.ISSUE,)),
    ("Opportunities and threats", (EntryKind.OPPORTUNITY, EntryKind.THREAT)),
    ("Questions", (EntryKind.QUESTION,)),
    ("Mood and traffic", (EntryKind.MOOD, EntryKind.VOLUME)),
)
_WAITING = {
    "Overdue promises": (EntryKind.COMMITMENT, "overdue"),
    "Open issues": (EntryKind.ISSUE, "open"),
    "Unanswered questions": (EntryKind.QUESTION, "open"),
}
_STATUSES = tuple(dict.fromkeys(s.value for s in chain(CommitmentStatus, IssueStatus, QuestionStatus)))
_APIS = {EntryKind.COMMITMENT: "/v1/commitments", EntryKind.ISSUE: "/v1/issues", EntryKind.QUESTION: "/v1/questions"}


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one kind that wait; `twin` is where the API lists the same."""

    name: str
    kind: EntryKind
    status: str
    twin: str
    lines: tuple[Line, ...]
    next: str | None


@router.get("/")
def show_relationships(request: Request, connection: Reading, day: AsOf, cursor: Cursor = None) -> HTMLResponse:
    """All relationships, those that need attention first."""
    found = views.relationships(connection, day, cursor=cursor, limit=_ALL)
    ordered = sorted(found.items, key=lambda o: (-o.overdue, -o.open_issues, -o.open_commitments, -o.documents, o.id))
    return page(
        request,
        "relationships.html",
        day=day,
        overviews=ordered,
        next=found.next,
        last=max((o.last for o in found.items if o.last), default=None),
        sections=_sections(connection, day, ("Overdue promises", "Open issues"), _FEW) if found.items else [],
    )


@router.get("/attention")
def show_attention(
    request: Request,
    connection: Reading,
    day: AsOf,
    kind: Annotated[EntryKind | None, Blank] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """What waits to be done, over all relationships."""
    names = [name for name, (of, _) in _WAITING.items() if kind in (None, of)]
    limit = _MANY if kind else 4 * _FEW
    return page(
        request, "attention.html", day=day, kind=kind, sections=_sections(connection, day, names, limit, cursor)
    )


@router.get("/relationships/{id:path}")
def show_relationship(
    request: Request,
    connection: Reading,
    id: str,  # noqa: A002
    day: AsOf,
    kind: Annotated[list[EntryKind] | None, Query()] = None,
    since: Since = None,
    until: Until = None,
    side: Annotated[Side | None, Blank, Query()] = None,
    status: Annotated[Status | None, Blank, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """One relationship: how it stands, and its timeline."""
    one = views.relationship(connection, id, day)
    kinds = tuple(kind or ())
    wanted = Filter(
        relationship=one.id,
        kinds=kinds or _EVENTS,
        since=since,
        until=until,
        side=side,
        status=(status.value,) if status else (),
    )
    found = views.entries(connection, wanted, day, cursor=cursor, limit=_MANY)
    return page(
        request,
        "relationship.html",
        day=day,
        one=one,
        people=views.people(connection, one.id),
        strip=draw(one.rhythm.months, _moods(connection, one.id, day)),
        step=STEP,
        half=HALF,
        tabs=_TABS,
        kinds=kinds,
        asked_for={"since": since, "until": until, "side": side, "status": status},
        statuses=_STATUSES,
        months=by_month(lines(found.items, day)),
        next=found.next,
    )


@router.get("/documents/{id:path}")
def show_document(request: Request, connection: Reading, id: str) -> HTMLResponse:  # noqa: A002
    """A document: whose words, and what was found in them."""
    filed = store.read.document(connection, id)
    return page(
        request, "document.html", filed=filed, document=filed.document, blocks=blocks(filed.document, filed.findings)
    )


@router.get("/docs")
def show_description(request: Request) -> HTMLResponse:
    """The API's reference, from its own description."""
    return page(request, "docs.html", api=request.app.openapi())


@router.get("/problems/{code}")
def show_problem(request: Request, code: str) -> HTMLResponse:
    """What an error's code means."""
    kind = next((k for k in _kinds(SuhdeError) if f"SUHDE-{k.code}" == code), None)
    if kind is None:
        raise NotFound(f"no error {code}.")
    return page(request, "code.html", code=code, title=problems.title(kind), advice=kind.advice)


def _sections(
    connection: Connection, day: date, names: Iterable[str], limit: int, cursor: str | None = None
) -> list[Section]:
    return [_section(connection, day, name, limit, cursor) for name in names]


def _section(connection: Connection, day: date, name: str, limit: int, cursor: str | None) -> Section:
    kind, status = _WAITING[name]
    found = views.entries(connection, Filter(kinds=(kind,), status=(status,)), day, cursor=cursor, limit=limit)
    return Section(
        name=name, kind=kind, status=status, twin=_APIS[kind], lines=tuple(lines(found.items, day)), next=found.next
    )


def _moods(connection: Connection, relationship: str, day: date) -> list[MonthMood]:
    wanted = Filter(relationship=relationship, kinds=(EntryKind.MOOD,))
    found = views.entries(connection, wanted, day, limit=12 * 100)
    return [e.detail for e in found.items if isinstance(e.detail, MonthMood)]


def _kinds(kind: type[SuhdeError]) -> Iterator[type[SuhdeError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
