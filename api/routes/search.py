"""Search in the words of all documents: for programs under /v1, for people as a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import StringConstraints
from starlette.responses import HTMLResponse

from api import examples
from api.params import Blank, Blanks, Cursor, Limit, Reading, Since, Until
from api.web.render import page
from api.wire import Json, listed, listing
from corpus.document import DocumentKind
from errors import BadFilter
from store import views
from store.search import Question, search

router = APIRouter()
_SHOWN = 25
Words = Annotated[str, StringConstraints(max_length=500)]
_WORDS = Query(
    alias="q",
    description=(
        'What to look for, words in any of their forms: all of them, a "phrase", one `or` the other, `-without`.'
    ),
    examples=["price increase"],
)


def _question(
    connection: Reading,
    words: Annotated[Words, _WORDS] = "",
    relationship: Annotated[
        str | None, Blank, Query(description="Only with this counterparty.", examples=["acme.example"])
    ] = None,
    kind: Annotated[
        list[DocumentKind] | None, Blanks, Query(description="Only these kinds of document; may be repeated.")
    ] = None,
    since: Since = None,
    until: Until = None,
) -> Question:
    one = views.resolve(connection, relationship) if relationship else None
    return Question(words=words, relationship=one, kinds=tuple(kind or ()), since=since, until=until)


Asked = Annotated[Question, Depends(_question)]


@router.get(
    "/v1/search", operation_id="search_documents", tags=["documents"], responses={200: listing("Hit", examples.HIT)}
)
def search_documents(
    request: Request, connection: Reading, asked: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Json:
    """Search mails and papers, newest first, each with the words around the first place that answers."""
    return listed(request, search(connection, asked, cursor=cursor, limit=limit))


@router.get("/search", include_in_schema=False)
def show_search(request: Request, connection: Reading, asked: Asked, cursor: Cursor = None) -> HTMLResponse:
    """What a question finds; without one, how to ask."""
    found, fault = None, None
    if asked.words.strip():
        try:
            found = search(connection, asked, cursor=cursor, limit=_SHOWN)
        except BadFilter as error:
            fault = str(error)
    return page(request, "search.html", question=asked, kinds=DocumentKind, found=found, fault=fault)
