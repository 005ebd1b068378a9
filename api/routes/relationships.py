"""Who we deal with, and what passed between us."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request

from api import examples
from api.params import AsOf, Cursor, Limit, Reading, Since, Status, Until
from api.wire import Json, Relationship, answer, listed, listing
from insights.entries import EntryKind
from insights.insight import Side
from store import views
from store.views import Filter

router = APIRouter(prefix="/v1/relationships", tags=["relationships"])
Name = Annotated[str, Path(description="Its id, one of its domains, its name, or its id in the CRM.")]
Kinds = Annotated[list[EntryKind] | None, Query(alias="kind", description="Only these kinds; may be repeated.")]
Sides = Annotated[Side | None, Query(description="Who owes, raised, said or asked it.")]
Statuses = Annotated[list[Status] | None, Query(alias="status", description="Only these; may be repeated.")]


@router.get("", operation_id="list_relationships", responses={200: listing("Overview", examples.OVERVIEW)})
def list_relationships(
    request: Request, connection: Reading, day: AsOf, cursor: Cursor = None, limit: Limit = 50
) -> Json:
    """List relationships, those with most documents first."""
    return listed(request, views.relationships(connection, day, cursor=cursor, limit=limit))


# Ids are domains, addresses or names, and those may hold a slash; so the longer path comes first.
@router.get("/{id:path}/timeline", operation_id="get_timeline", responses={200: listing("Entry", examples.COMMITMENT)})
def get_timeline(
    request: Request,
    connection: Reading,
    id: Name,  # noqa: A002
    day: AsOf,
    kinds: Kinds = None,
    since: Since = None,
    until: Until = None,
    side: Sides = None,
    status: Statuses = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List a relationship's entries as they were known at the end of a day, newest first, each with its evidence."""
    wanted = Filter(
        relationship=views.resolve(connection, id),
        kinds=tuple(kinds or ()),
        since=since,
        until=until,
        side=side,
        status=tuple(status or ()),
    )
    return listed(request, views.entries(connection, wanted, day, cursor=cursor, limit=limit))


@router.get(
    "/{id:path}", operation_id="get_relationship", responses={200: answer("Relationship", examples.RELATIONSHIP)}
)
def get_relationship(connection: Reading, id: Name, day: AsOf) -> Json:  # noqa: A002
    """Show a relationship and their people."""
    one = views.relationship(connection, id, day)
    return Json(Relationship(**msgspec.structs.asdict(one), people=views.people(connection, one.id)))
