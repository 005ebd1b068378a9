"""Promises, troubles and questions of all relationships."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection

from api import examples
from api.params import AsOf, Cursor, Limit, Reading
from api.wire import Json, listed, listing
from insights.entries import EntryKind
from insights.insight import CommitmentStatus, IssueStatus, QuestionStatus, Side
from store import views
from store.views import Filter

router = APIRouter(prefix="/v1", tags=["entries"])
With = Annotated[
    str | None, Query(alias="relationship", description="Only with this counterparty.", examples=["acme.example"])
]
Only = Query(alias="status", description="Only these; may be repeated.")


@router.get("/commitments", operation_id="list_commitments", responses={200: listing("Entry", examples.COMMITMENT)})
def list_commitments(
    request: Request,
    connection: Reading,
    day: AsOf,
    relationship: With = None,
    status: Annotated[list[CommitmentStatus] | None, Only] = None,
    side: Annotated[Side | None, Query(description="Whose promises.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List promises, ours and theirs, newest first."""
    wanted = _wanted(connection, EntryKind.COMMITMENT, relationship, status, side)
    return listed(request, views.entries(connection, wanted, day, cursor=cursor, limit=limit))


@router.get("/issues", operation_id="list_issues", responses={200: listing("Entry", examples.ISSUE)})
def list_issues(
    request: Request,
    connection: Reading,
    day: AsOf,
    relationship: With = None,
    status: Annotated[list[IssueStatus] | None, Only] = None,
    side: Annotated[Side | None, Query(description="Raised by whom.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List troubles, newest first."""
    wanted = _wanted(connection, EntryKind.ISSUE, relationship, status, side)
    return listed(request, views.entries(connection, wanted, day, cursor=cursor, limit=limit))


@router.get("/questions", operation_id="list_questions", responses={200: listing("Entry", examples.QUESTION)})
def list_questions(
    request: Request,
    connection: Reading,
    day: AsOf,
    relationship: With = None,
    status: Annotated[list[QuestionStatus] | None, Only] = None,
    side: Annotated[Side | None, Query(description="Who asked.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List questions and requests to the other side, newest first."""
    wanted = _wanted(connection, EntryKind.QUESTION, relationship, status, side)
    return listed(request, views.entries(connection, wanted, day, cursor=cursor, limit=limit))


def _wanted(
    connection: Connection,
    kind: EntryKind,
    relationship: str | None,
    status: list[CommitmentStatus] | list[IssueStatus] | list[QuestionStatus] | None,
    side: Side | None,
) -> Filter:
    one = views.resolve(connection, relationship) if relationship else None
    return Filter(relationship=one, kinds=(kind,), status=tuple(s.value for s in status or ()), side=side)
