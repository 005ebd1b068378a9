"""What people say of insights: it counts before what any model says, from then on."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

import store.corrections
from api import examples
from api.params import AsOf, Cursor, House, Limit, Reading, Who
from api.wire import Json, answer, listed, listing
from insights.corrections import Action, Place, Said
from pipeline import correcting
from store import views

router = APIRouter(prefix="/v1", tags=["corrections"])
Id = Annotated[str, Path(description="Its id, or the beginning of it.")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Its number.")]


class Sentence(BaseModel):
    """A sentence among an insight's evidence."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(description="Id of the document.")
    start: int = Field(ge=0, description="Where it starts, in code points.")


class Wording(BaseModel):
    """What a person says of an insight."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"action": "close", "status": "fulfilled", "day": "2024-03-14"}}
    )

    action: Action
    status: str | None = Field(None, description="close: fulfilled, cancelled, declined; resolved; answered.")
    day: date | None = Field(None, description="close, reopen: from which day on; today where left out.")
    due: date | None = Field(None, description="redate: the day on which it is due.")
    made: date | None = Field(None, description="redate: the day on which it was said.")
    into: str | None = Field(None, description="merge: id of the insight that stays.")
    sentence: Sentence | None = Field(None, description="split: with which the other one begins.")
    by: str | None = Field(None, max_length=200, description="Who says so; the key's name where left out.")

    def said(self, today: date) -> Said:
        """The same as a value."""
        on_state = self.action in (Action.CLOSE, Action.REOPEN)
        return Said(
            action=self.action,
            status=self.status,
            day=self.day or today if on_state else None,
            due=self.due,
            made=self.made,
            into=self.into,
            sentence=None if self.sentence is None else Place(self.sentence.document, self.sentence.start),
        )


@router.get("/insights/{id}", operation_id="get_insight", responses={200: answer("Entry", examples.COMMITMENT)})
def get_insight(connection: Reading, id: Id, day: AsOf) -> Json:  # noqa: A002
    """Show an insight as it was known at the end of a day."""
    return Json(views.insight(connection, store.corrections.find(connection, id).about.id, day))


@router.post(
    "/insights/{id}/corrections",
    operation_id="correct_insight",
    status_code=201,
    responses={201: answer("Correction", examples.CORRECTION, "Kept, and in force.")},
)
def correct_insight(house: House, wording: Wording, who: Who, id: Id) -> Json:  # noqa: A002
    """Confirm, dismiss, close, reopen, redate, merge or split an insight; no model overrules it."""
    one = correcting.correct(house.engine, id, wording.said(date.today()), wording.by or who)  # noqa: DTZ011
    return Json(one, 201, {"Location": f"/v1/corrections/{one.number}"})


@router.get(
    "/corrections", operation_id="list_corrections", responses={200: listing("Correction", examples.CORRECTION)}
)
def list_corrections(
    request: Request,
    connection: Reading,
    relationship: Annotated[
        str | None, Query(description="Only of this counterparty.", examples=["acme.example"])
    ] = None,
    insight: Annotated[str | None, Query(description="Only those that hold for this insight.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List what people said, the last first: what the models had found, and what is so."""
    one = views.resolve(connection, relationship) if relationship else None
    found = store.corrections.listed(connection, relationship=one, insight=insight, cursor=cursor, limit=limit)
    return listed(request, found)


@router.get(
    "/corrections/{number}", operation_id="get_correction", responses={200: answer("Correction", examples.CORRECTION)}
)
def get_correction(connection: Reading, number: Number) -> Json:
    """Show one correction."""
    return Json(store.corrections.get(connection, number))


@router.delete(
    "/corrections/{number}",
    operation_id="undo_correction",
    responses={200: answer("Correction", examples.CORRECTION, "Taken back; this was it.")},
)
def undo_correction(house: House, number: Number) -> Json:
    """Take a correction back, as if nobody had said so."""
    return Json(correcting.undo(house.engine, number))
