"""Single documents: in by a job, out with what was found in them; and to which relationship papers belong."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

import store.papers
import store.read
from api import examples
from api.params import Cursor, House, Limit, Reading, Writing, read_body
from api.wire import Json, answer, listed, listing
from corpus.genre import PaperKind
from corpus.headers import parameters
from corpus.mime import MAX_MESSAGE
from errors import NotAMessage
from pipeline import jobs
from pipeline.assigning import assign
from store import views
from store.papers import Wanted

router = APIRouter(prefix="/v1", tags=["documents"])
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What a file holds tells what it is; these say only that somebody meant to send one.
_BYTES = (
    "message/rfc822", "application/octet-stream", "application/pdf", _OFFICE, "application/vnd.oasis.opendocument.text",
    "application/rtf", "text/rtf", "text/html", "text/markdown", "text/plain", "text/calendar", "text/vtt",
    "application/x-subrip", "application/vnd.ms-outlook",
)  # fmt: skip
_LONGEST_NAME = 255
_EXAMPLE = "From: tom@acme.example\r\nTo: anna@ours.example\r\nSubject: Drawings\r\n\r\nI will send them by Friday.\r\n"
_BODY = {
    "requestBody": {
        "required": True,
        "description": (
            f"One RFC 5322 message or one file (PDF, DOCX, ODT, RTF, HTML, Markdown, text, ICS, VTT, SRT, MSG) as it"
            f" is, at most {MAX_MESSAGE // 2**20} MiB."
        ),
        "content": {
            kind: {
                "schema": {"type": "string", "format": "binary"},
                **({"example": _EXAMPLE} if kind == "message/rfc822" else {}),
            }
            for kind in _BYTES
        },
    }
}

Id = Annotated[str, Path(description="Its id, the beginning of it, or its Message-ID.")]


class Assignment(BaseModel):
    """To which relationship a paper belongs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"relationship": "acme.example"}})

    relationship: str | None = Field(description="Its id, domain, name or id in the CRM; null for none.")


async def _bytes(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _BYTES:
        raise HTTPException(
            415, f"Send the file's bytes as its own type or as {_BYTES[1]}; known are {', '.join(_BYTES)}."
        )
    found = await read_body(request, MAX_MESSAGE)
    if not found.strip():
        raise NotAMessage("the body is empty.", advice="Send one message or file.")
    return found


def _name(
    request: Request,
    name: Annotated[
        str | None,
        Query(description="The file's name, where Content-Disposition does not say it.", max_length=_LONGEST_NAME),
    ] = None,
) -> str:
    """A file's own name, without folders of either system (RFC 6266, 4.3)."""
    said = parameters(request.headers.get("content-disposition", "")).get("filename", "")
    return "".join(c for c in PureWindowsPath(name or said).name if c.isprintable())[:_LONGEST_NAME]


@router.get("/documents", operation_id="list_documents", responses={200: listing("Placed", examples.PLACED)})
def list_documents(
    request: Request,
    connection: Reading,
    relationship: Annotated[
        str | None, Query(description="Only of this counterparty.", examples=["acme.example"])
    ] = None,
    kind: Annotated[list[PaperKind] | None, Query(description="Only these kinds; may be repeated.")] = None,
    placed: Annotated[
        bool | None,
        Query(description="false: only those of which it is not known whose; true: only the others."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """List papers (contracts, notes, letters), newest first: what each is, where it belongs, how sure and why."""
    one = views.resolve(connection, relationship) if relationship else None
    wanted = Wanted(relationship=one, kinds=tuple(kind or ()), placed=placed)
    return listed(request, store.papers.placed(connection, wanted, cursor=cursor, limit=limit))


@router.get("/documents/{id:path}", operation_id="get_document", responses={200: answer("Filed", examples.DOCUMENT)})
def get_document(connection: Reading, id: Id) -> Json:  # noqa: A002
    """Show a document with its zones and findings."""
    return Json(store.read.document(connection, id))


@router.patch(
    "/documents/{id:path}", operation_id="assign_document", responses={200: answer("Placed", examples.PLACED)}
)
def assign_document(house: House, assignment: Assignment, id: Id) -> Json:  # noqa: A002
    """Say to which relationship a paper belongs, null for none; the answer comes when all that follows is derived."""
    return Json(assign(house.engine, house.settings, id, assignment.relationship))


@router.post(
    "/documents",
    operation_id="add_document",
    status_code=202,
    openapi_extra=_BODY,
    responses={202: answer("Job", examples.WAITING, "Taken; the Location says where to ask how the job stands.")},
)
def add_document(
    raw: Annotated[bytes, Depends(_bytes)], name: Annotated[str, Depends(_name)], connection: Writing, house: House
) -> Json:
    """Take in one message or file; the answer is a job that reads it.

    What it is, is told by what it holds. A file's name comes from `Content-Disposition` or `?name=`; plain text is
    taken for a file only where it has one.
    """
    number = jobs.enqueue(connection, house.settings, raw, name)
    return Json(jobs.job(connection, number), 202, {"Location": f"/v1/jobs/{number}"})


@router.get("/jobs/{id}", operation_id="get_job", responses={200: answer("Job", examples.DONE)})
def get_job(connection: Reading, id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Its number.")]) -> Json:  # noqa: A002
    """Show how a job stands; `document` is there once the file or message is stored, or was before."""
    return Json(jobs.job(connection, id))
