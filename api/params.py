"""What requests are asked with, and what routes are given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, StringConstraints
from sqlalchemy import Connection

from api.service import Service
from errors import TooLarge
from insights.attention import Rules
from insights.contracts import DeadlineStatus
from insights.insight import CommitmentStatus, IssueStatus, QuestionStatus
from insights.negotiations import NegotiationState
from insights.silence import LullStatus
from nlp.analyze import Analyzer
from pipeline.attention import read_rules
from store.keys import Key


def _read_day(value: Any) -> date | None:
    if not value:
        return None  # a form sends the fields that were left empty, too
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no day; write it as 2024-10-15") from None


def _given(value: Any) -> Any:
    return value or None


def _all_given(values: Any) -> Any:
    return [value for value in values if value] if isinstance(values, list) else values


Blank = BeforeValidator(_given)
Blanks = BeforeValidator(_all_given)  # of a list
_Day = BeforeValidator(_read_day)


def _as_of(
    as_of: Annotated[
        date | None, _Day, Query(description="The day to judge by; today where left out.", examples=["2024-10-15"])
    ] = None,
) -> date:
    return as_of or date.today()  # noqa: DTZ011 -- the reader's own calendar day


def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


def _reading(service: Annotated[Service, Depends(_service)]) -> Iterator[Connection]:
    """One snapshot for all that a request reads, even while an ingest writes."""
    with service.engine.connect() as connection:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        yield connection.execution_options(**options)


def _writing(service: Annotated[Service, Depends(_service)]) -> Iterator[Connection]:
    with service.engine.begin() as connection:
        yield connection


def _analyzer(service: Annotated[Service, Depends(_service)]) -> Analyzer:
    return service.analyzer()


def _who(request: Request) -> str | None:
    key: Key | None = request.scope.get("asking")
    return None if key is None else key.name


def _rules(service: Annotated[Service, Depends(_service)]) -> Rules:
    return read_rules(service.settings)


AsOf = Annotated[date, Depends(_as_of)]
Since = Annotated[date | None, _Day, Query(description="From this day on.", examples=["2024-01-01"])]
Until = Annotated[date | None, _Day, Query(description="Up to this day, inclusive.", examples=["2024-06-30"])]
Cursor = Annotated[
    Annotated[str, StringConstraints(max_length=2000)] | None, Blank, Query(description="`next` of the answer before.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Status = CommitmentStatus | IssueStatus | QuestionStatus | DeadlineStatus | NegotiationState | LullStatus
House = Annotated[Service, Depends(_service)]
Reading = Annotated[Connection, Depends(_reading, scope="function")]
# Committed before the answer goes out, so that who gets it can rely on it.
Writing = Annotated[Connection, Depends(_writing, scope="function")]
Who = Annotated[str | None, Depends(_who)]  # the name of the key with which is asked; None where none is needed
Weighed = Annotated[Rules, Depends(_rules)]
Models = Annotated[Analyzer, Depends(_analyzer)]


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request. Raises TooLarge as soon as it is longer than `limit` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"the body is longer than {limit:,} bytes.", advice="Send less at once.")
    return bytes(body)
