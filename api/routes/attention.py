"""What needs attention: all relationships in that order, the reasons of one, and how its people write."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api import examples
from api.params import AsOf, Cursor, Limit, Reading, Weighed
from api.wire import Json, listed, listing
from insights.attention import ReasonKind
from insights.insight import RelationshipKind
from store import portfolio, reasons, views
from store.pages import Page
from store.portfolio import Wanted
from store.reasons import Held

router = APIRouter(prefix="/v1", tags=["attention"])
Name = Annotated[str, Path(description="Its id, one of its domains, its name, or its id in the CRM.")]


@router.get("/attention", operation_id="list_attention", responses={200: listing("Brief", examples.BRIEF)})
def list_attention(
    request: Request,
    connection: Reading,
    rules: Weighed,
    day: AsOf,
    kind: Annotated[RelationshipKind | None, Query(description="Only relationships of this kind.")] = None,
    reason: Annotated[ReasonKind | None, Query(description="Only those with such a reason.")] = None,
    q: Annotated[str | None, Query(description="A part of a name or id.", max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List relationships with their reasons to act, those that need attention most first."""
    wanted = Wanted(kind=kind, reason=reason, name=q)
    found = portfolio.portfolio(connection, day, rules, wanted, cursor=cursor, limit=limit)
    return listed(request, found.page)


@router.get(
    "/relationships/{id:path}/attention",
    operation_id="get_attention",
    responses={200: listing("ReasonToAct", examples.REASON)},
)
def get_attention(request: Request, connection: Reading, rules: Weighed, id: Name, day: AsOf) -> Json:  # noqa: A002
    """List the reasons to act in one relationship, the latest of each kind first, each with its evidence."""
    one = views.resolve(connection, id)
    return listed(request, Page(items=reasons.reasons(connection, [one], day, rules).get(one, Held()).reasons))


@router.get(
    "/relationships/{id:path}/people", operation_id="get_people", responses={200: listing("Voice", examples.VOICE)}
)
def get_people(request: Request, connection: Reading, id: Name, day: AsOf) -> Json:  # noqa: A002
    """List how each person of a relationship writes, by name: letters, tone, time to answer, up to last month."""
    one = views.resolve(connection, id)
    return listed(request, Page(items=views.spoken(connection, one, day)))
