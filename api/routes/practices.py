"""What holds over all relationships: for programs under /v1, for people as a page."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse

from api import examples
from api.params import AsOf, House
from api.web.practices import tables
from api.web.render import page
from api.wire import Json, answer
from insights.practices.wording import Practices, tell
from pipeline.practices import practices

router = APIRouter()


class Language(StrEnum):
    """In which language practices are told."""

    EN = "en"
    FI = "fi"


def _told(
    house: House,
    day: AsOf,
    language: Annotated[Language, Query(description="In which language practices are told.")] = Language.EN,
) -> Practices:
    return tell(practices(house.engine, house.settings, day), language.value)


Told = Annotated[Practices, Depends(_told)]


@router.get(
    "/v1/practices",
    operation_id="get_practices",
    tags=["practices"],
    responses={200: answer("Practices", examples.PRACTICES)},
)
def get_practices(told: Told) -> Json:
    """Tell what holds over all relationships, each pattern with its cases, size, interval and chance."""
    return Json(told)


@router.get("/practices", include_in_schema=False)
def show_practices(request: Request, told: Told) -> HTMLResponse:
    """How we work, from the correspondence with everybody."""
    return page(
        request,
        "practices.html",
        day=told.as_of,
        told=told,
        tables=tables(told.figures),
    )
