"""The pages, for people: server-rendered, every filter in the address, every number a way to its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

import store.read
from api import problems
from api.masking import hide_in_document
from api.params import AsOf, Blank, Cursor, Reading, Since, Status, Until, Weighed
from api.web.chart import draw_mood, draw_replies
from api.web.lines import by_month, lines
from api.web.marks import blocks
from api.web.papers import cards
from api.web.portfolio import tell
from api.web.render import page
from api.web.steps import charts
from api.web.strip import draw
from errors import NotFound, SuhdeError
from insights.changes import LevelChange
from insights.contracts import DeadlineStatus
from insights.entries import About, EntryKind
from insights.insight import CommitmentStatus, IssueStatus, QuestionStatus, Side
from insights.mood import MonthMood
from insights.negotiations import NegotiationState
from insights.silence import LullStatus
from store import views
from store.bargains import bargains, contradictions
from store.reasons import Held, reasons
from store.views import Filter

router = APIRouter(include_in_schema=False)
_FEW, _SOME, _MANY = 3, 20, 100  # reasons in a row; entries of each kind, of one kind
_MONTHS = 12 * 100
_PAPERS = (EntryKind.CONTRACT, EntryKind.AMENDMENT, EntryKind.DEADLINE, EntryKind.CONTRADICTION)
_MEETINGS = (EntryKind.NEGOTIATION, EntryKind.DECISION, EntryKind.POSITION)
_TURNS = (EntryKind.CHANGE, EntryKind.SILENCE, EntryKind.ARRIVAL)
_EVENTS = (
    EntryKind.COMMITMENT, EntryKind.ISSUE, EntryKind.OPPORTUNITY, EntryKind.THREAT, EntryKind.QUESTION, *_PAPERS,
    *_MEETINGS, *_TURNS,
)  # fmt: skip
_TABS = (
    ("All", ()),
    ("Promises", (EntryKind.COMMITMENT,)),
    ("Issues", (EntryKind.ISSUE,)),
    ("Opportunities and threats", (EntryKind.OPPORTUNITY, EntryKind.THREAT)),
    ("Questions", (EntryKind.QUESTION,)),
    ("Contracts and their days", _PAPERS),
    ("Negotiations and decisions", _MEETINGS),
    ("Mood and traffic", (EntryKind.MOOD, EntryKind.VOLUME, *_TURNS)),
)
_PENDING = ("open", "overdue")
_STATUSES = (
    "pending",
    *dict.fromkeys(
        s.value
        for s in chain(CommitmentStatus, IssueStatus, QuestionStatus, DeadlineStatus, NegotiationState, LullStatus)
    ),
)


@router.get("/relationships/{id:path}")
def show_relationship(
    request: Request,
    connection: Reading,
    id: str,  # noqa: A002
    rules: Weighed,
    day: AsOf,
    kind: Annotated[list[EntryKind] | None, Query()] = None,
    since: Since = None,
    until: Until = None,
    side: Annotated[Side | None, Blank] = None,
    status: Annotated[Status | Literal["pending"] | None, Blank] = None,
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
        status=_PENDING if status == "pending" else (status.value,) if status else (),
    )
    found = views.entries(connection, wanted, day, cursor=cursor, limit=_MANY)
    moods = [a for a in _known(connection, one.id, EntryKind.MOOD, day) if isinstance(a, MonthMood)]
    changes = [a for a in _known(connection, one.id, EntryKind.CHANGE, day) if isinstance(a, LevelChange)]
    filters = {"since": since, "until": until, "side": side}
    return page(
        request,
        "relationship.html",
        day=day,
        one=one,
        told=tell(reasons(connection, [one.id], day, rules).get(one.id, Held()).reasons, day),
        people=views.people(connection, one.id),
        contracts=cards(views.contracts(connection, one.id, day), day),
        charts=charts(b.bargain for b in bargains(connection, one.id, day).items),
        contradictions=contradictions(connection, one.id, day).items,
        strip=draw(one.rhythm.months, moods),
        pulse=[c for c in (draw_mood(moods, changes), draw_replies(one.rhythm.months, changes)) if c is not None],
        voices=views.spoken(connection, one.id, day),
        tabs=_TABS,
        statuses=_STATUSES,
        kinds=kinds,
        filters=filters | {"status": status},
        twin_filters=filters | {"kind": wanted.kinds, "status": wanted.status},
        months=by_month(lines(found.items, day)),
        next=found.next,
    )


@router.get("/documents/{id:path}")
def show_document(request: Request, connection: Reading, id: str) -> HTMLResponse:  # noqa: A002
    """A document: whose words, and what was found in them."""
    filed = store.read.document(connection, id)
    shown = hide_in_document(filed.document)
    return page(
        request,
        "document.html",
        filed=filed,
        document=shown,
        places=views.places(connection, filed.document.id),
        blocks=blocks(shown, filed.findings, filed.reading),
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


def _known(connection: Connection, relationship: str, kind: EntryKind, day: date) -> list[About]:
    """All of one kind in a relationship, oldest first."""
    found = views.entries(connection, Filter(relationship=relationship, kinds=(kind,)), day, limit=_MONTHS)
    return [e.detail for e in reversed(found.items)]


def _kinds(kind: type[SuhdeError]) -> Iterator[type[SuhdeError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
