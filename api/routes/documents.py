"""Single documents: in by a job, out with what was found in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.exceptions import HTTPException

import store.read
from api import examples
from api.params import House, Reading, Writing, read_body
from api.wire import Json, answer
from corpus.mime import MAX_MESSAGE
from errors import NotAMessage
from pipeline import jobs

router = APIRouter(prefix="/v1", tags=["documents"])
_BYTES = ("message/rfc822", "application/octet-stream")
_EXAMPLE = "From: tom@acme.example\r\nTo: anna@ours.example\r\nSubject: Drawings\r\n\r\nI will send them by Friday.\r\n"
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"One RFC 5322 message as it came, at most {MAX_MESSAGE // 2**20} MiB.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}, "example": _EXAMPLE} for kind in _BYTES},
    }
}


async def _message(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _BYTES:
        raise HTTPException(415, f"Send the message's bytes as {' or '.join(_BYTES)}.")
    message = await read_body(request, MAX_MESSAGE)
    if not message.strip():
        raise NotAMessage("the body is empty.", advice="Send one RFC 5322 message.")
    return message


@router.get("/documents/{id:path}", operation_id="get_document", responses={200: answer("Filed", examples.DOCUMENT)})
def get_document(
    connection: Reading,
    id: Annotated[str, Path(description="Its id, the beginning of it, or its Message-ID.")],  # noqa: A002
) -> Json:
    """Show a document with its zones and findings."""
    return Json(store.read.document(connection, id))


@router.post(
    "/documents",
    operation_id="add_document",
    status_code=202,
    openapi_extra=_BODY,
    responses={202: answer("Job", examples.WAITING, "Taken; the Location says where to ask how the job stands.")},
)
def add_document(message: Annotated[bytes, Depends(_message)], connection: Writing, house: House) -> Json:
    """Take in one message; the answer is a job that reads it."""
    number = jobs.enqueue(connection, house.settings, message)
    return Json(jobs.job(connection, number), 202, {"Location": f"/v1/jobs/{number}"})


@router.get("/jobs/{id}", operation_id="get_job", responses={200: answer("Job", examples.DONE)})
def get_job(connection: Reading, id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Its number.")]) -> Json:  # noqa: A002
    """Show how a job stands; `document` is there once the message is stored, or was before."""
    return Json(jobs.job(connection, id))
