"""What is bargained over, and what is said otherwise than the contract says."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api import examples
from api.params import AsOf, Cursor, Limit, Reading
from api.wire import Json, listed, listing
from insights.negotiations import NegotiationState
from store import bargains, views
from store.pages import Page

router = APIRouter(prefix="/v1/relationships", tags=["relationships"])
Name = Annotated[str, Path(description="Its id, one of its domains, its name, or its id in the CRM.")]
States = Annotated[list[NegotiationState] | None, Query(alias="status", description="Only these; may be repeated.")]


@router.get(
    "/{id:path}/negotiations", operation_id="list_negotiations", responses={200: listing("Bargain", examples.BARGAIN)}
)
def list_negotiations(
    request: Request,
    connection: Reading,
    id: Name,  # noqa: A002
    day: AsOf,
    status: States = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List what is bargained over in a relationship, each side's positions in order, those that began last first."""
    one = views.resolve(connection, id)
    found = bargains.bargains(connection, one, day, states=tuple(status or ()), cursor=cursor, limit=limit)
    return listed(request, Page(items=tuple(b.bargain for b in found.items), next=found.next))


@router.get(
    "/{id:path}/contradictions",
    operation_id="list_contradictions",
    responses={200: listing("Contradiction", examples.CONTRADICTION)},
)
def list_contradictions(
    request: Request,
    connection: Reading,
    id: Name,  # noqa: A002
    day: AsOf,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List what mails and notes say otherwise than the contract, newest first, with both quotes."""
    one = views.resolve(connection, id)
    return listed(request, bargains.contradictions(connection, one, day, cursor=cursor, limit=limit))
