"""The pages, for people: server-rendered, every filter in the address, every number a way to its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

import store.read
from api import problems
from api.params import AsOf, Blank, Cursor, Reading, Since, Status, Until, Weighed
from api.web.chart import draw_mood, draw_replies
from api.web.lines import Line, by_month, lines
from api.web.marks import blocks
from api.web.papers import cards
from api.web.portfolio import NAMES, rows, tell
from api.web.render import page
from api.web.steps import charts
from api.web.strip import draw
from errors import NotFound, SuhdeError
from insights.attention import ReasonKind
from insights.changes import LevelChange
from insights.contracts import DeadlineStatus
from insights.entries import About, EntryKind
from insights.insight import CommitmentStatus, IssueStatus, QuestionStatus, RelationshipKind, Side
from insights.mood import MonthMood
from insights.negotiations import NegotiationState
from insights.silence import LullStatus
from store import views
from store.bargains import bargains, contradictions
from store.portfolio import Wanted, portfolio
from store.reasons import reasons
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


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one kind that wait for somebody; `twin` is where the API lists the same."""

    name: str
    kind: EntryKind
    status: str
    twin: str
    lines: tuple[Line, ...] = ()
    next: str | None = None


_OVERDUE = Waiting(name="Overdue promises", kind=EntryKind.COMMITMENT, status="overdue", twin="/v1/commitments")
_OPEN = Waiting(name="Open issues", kind=EntryKind.ISSUE, status="open", twin="/v1/issues")
_UNANSWERED = Waiting(name="Unanswered questions", kind=EntryKind.QUESTION, status="open", twin="/v1/questions")


@router.get("/")
def show_relationships(
    request: Request,
    connection: Reading,
    rules: Weighed,
    day: AsOf,
    kind: Annotated[RelationshipKind | None, Blank] = None,
    reason: Annotated[ReasonKind | None, Blank] = None,
    q: Annotated[str | None, Blank, Query(max_length=200)] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """All relationships, those that need attention most first."""
    wanted = Wanted(kind=kind, reason=reason, name=q)
    found = portfolio(connection, day, rules, wanted, cursor=cursor, limit=_MANY, few=_FEW)
    return page(
        request,
        "relationships.html",
        day=day,
        rows=rows(found.page.items, day),
        next=found.page.next,
        total=found.total,
        last=max((o.last for o in found.page.items if o.last), default=None),
        filters={"kind": kind, "reason": reason, "q": q},
        kinds=tuple(RelationshipKind),
        reasons=NAMES,
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
    wanted = [section for section in (_OVERDUE, _OPEN, _UNANSWERED) if kind in (None, section.kind)]
    sections = [_fill(connection, section, day, _MANY if kind else _SOME, cursor) for section in wanted]
    return page(request, "attention.html", day=day, kind=kind, sections=sections)


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
        told=tell(reasons(connection, [one.id], day, rules).get(one.id, ()), day),
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
    return page(
        request,
        "document.html",
        filed=filed,
        document=filed.document,
        places=views.places(connection, filed.document.id),
        blocks=blocks(filed.document, filed.findings, filed.reading),
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


def _fill(connection: Connection, section: Waiting, day: date, limit: int, cursor: str | None = None) -> Waiting:
    wanted = Filter(kinds=(section.kind,), status=(section.status,))
    found = views.entries(connection, wanted, day, cursor=cursor, limit=limit)
    return msgspec.structs.replace(section, lines=tuple(lines(found.items, day)), next=found.next)


def _known(connection: Connection, relationship: str, kind: EntryKind, day: date) -> list[About]:
    """All of one kind in a relationship, oldest first."""
    found = views.entries(connection, Filter(relationship=relationship, kinds=(kind,)), day, limit=_MONTHS)
    return [e.detail for e in reversed(found.items)]


def _kinds(kind: type[SuhdeError]) -> Iterator[type[SuhdeError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
