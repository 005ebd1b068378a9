"""The portfolio as pages: relationships in order of need, and why each needs attention."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from api.params import AsOf, Blank, Cursor, Reading, Weighed
from api.web.portfolio import NAMES, rows
from api.web.render import page
from insights.attention import ReasonKind
from insights.insight import RelationshipKind
from store.portfolio import Wanted, portfolio

router = APIRouter(include_in_schema=False)
_ROWS, _IN_FULL = 100, 20  # relationships on a page, in a line and with their reasons
_FEW, _SOME = 1, 5  # reasons of each
Kind = Annotated[RelationshipKind | None, Blank]
Why = Annotated[ReasonKind | None, Blank]
Name = Annotated[str | None, Blank, Query(max_length=200)]


@router.get("/")
def show_relationships(
    request: Request,
    connection: Reading,
    rules: Weighed,
    day: AsOf,
    kind: Kind = None,
    reason: Why = None,
    q: Name = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """All relationships, those that need attention most first."""
    wanted = Wanted(kind=kind, reason=reason, name=q)
    found = portfolio(connection, day, rules, wanted, cursor=cursor, limit=_ROWS, few=_FEW)
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
    rules: Weighed,
    day: AsOf,
    kind: Kind = None,
    reason: Why = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The reasons to act with their evidence, the relationship that needs attention most first."""
    chosen = rules.only(reason) if reason else rules
    wanted = Wanted(kind=kind, needy=True)
    found = portfolio(connection, day, chosen, wanted, cursor=cursor, limit=_IN_FULL, few=_SOME)
    return page(
        request,
        "attention.html",
        day=day,
        rows=rows(found.page.items, day),
        next=found.page.next,
        total=found.total,
        filters={"kind": kind, "reason": reason},
        kinds=tuple(RelationshipKind),
        reasons=NAMES,
    )
