"""What is bargained over, and what is said otherwise than the contract says: by relationship, as of a day."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Connection

from insights.contradictions import Contradiction
from insights.entries import EntryKind
from insights.negotiations import Bargain, Negotiation, NegotiationState, bargain
from store import views
from store.pages import Page
from store.views import Filter

ALL = 10_000


class Bargained(msgspec.Struct, frozen=True, kw_only=True):
    """A negotiation with the relationship that it is in."""

    relationship: str
    bargain: Bargain


def bargains(
    connection: Connection,
    relationship: str | None,
    day: date,
    *,
    states: tuple[NegotiationState, ...] = (),
    cursor: str | None = None,
    limit: int = ALL,
) -> Page[Bargained]:
    """The negotiations of one relationship or of all, those that began last first."""
    wanted = Filter(
        relationship=relationship, kinds=(EntryKind.NEGOTIATION,), status=tuple(state.value for state in states)
    )
    found = views.entries(connection, wanted, day, cursor=cursor, limit=limit)
    return Page(
        items=tuple(
            Bargained(relationship=one.relationship, bargain=bargain(one.detail, day))
            for one in found.items
            if isinstance(one.detail, Negotiation)
        ),
        next=found.next,
    )


def contradictions(
    connection: Connection, relationship: str, day: date, *, cursor: str | None = None, limit: int = ALL
) -> Page[Contradiction]:
    """What was said otherwise than a contract of the relationship says, newest first."""
    wanted = Filter(relationship=relationship, kinds=(EntryKind.CONTRADICTION,))
    found = views.entries(connection, wanted, day, cursor=cursor, limit=limit)
    return Page(items=tuple(e.detail for e in found.items if isinstance(e.detail, Contradiction)), next=found.next)
