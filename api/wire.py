"""The wire: values as JSON, and the OpenAPI schemas of those values, read from their types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request
from starlette.responses import Response

from api.masking import hide_in_json
from api.problems import Problem
from insights.amendments import Amendment
from insights.attention import ReasonToAct
from insights.changes import LevelChange
from insights.contracts import Contract, Deadline
from insights.contradictions import Contradiction
from insights.corrections import Correction
from insights.insight import Commitment, Issue, MonthRhythm, OpenQuestion, Signal
from insights.mood import MonthMood
from insights.negotiations import Bargain, Negotiation
from insights.notes import NoteItem, Notes
from insights.practices.wording import Practices
from insights.silence import Arrival, Lull
from insights.voices import Voice
from pipeline.jobs import Job
from store.pages import Page
from store.papers import Placed
from store.portfolio import Brief
from store.read import Filed
from store.search import Hit
from store.views import Overview, Person, Shown


class Json(Response):
    """A value as JSON: snake_case, RFC 3339 times; numbers that the request may not see are hidden."""

    media_type = "application/json"

    def __init__(self, value: Any, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(msgspec.json.encode(hide_in_json(value)), status_code, headers)


class Relationship(Overview, frozen=True, kw_only=True):
    """A relationship and their people."""

    people: tuple[Person, ...]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `analyze` takes: fields with a `text`, or `raw`, a whole RFC 5322 message. Other keys are not read."""

    id: str | int | None = None
    raw: str | None = None
    text: str | None = None
    date: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    subject: str | None = None
    kind: str | None = None  # email, contract or notes


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one sentence; offsets are code points. `due_date` is null where no calendar resolves it."""

    start: int
    end: int
    zone: str
    sentiment: str
    acts: tuple[str, ...]
    issue: str | None
    severity: int | None
    signal: str | None
    debtor: str | None
    due: str | None
    due_date: str | None
    conditional: bool
    confidence: dict[str, float]


class Analysis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `analyze` answers. `text` is the decoded body, where the record was `raw`."""

    id: str | int | None
    sentiment: str
    sentences: tuple[Sentence, ...]
    text: str | None = None


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How the process is."""

    status: str


def _without_unions(name: str, kind: type[msgspec.Struct], *unions: str) -> type[msgspec.Struct]:
    """A type whose fields `unions` are anything: the schema generator refuses unions, `schemas` names their members."""
    fields = [
        (f.name, Any if f.name in unions else f.type, *(() if f.required else (f.default,)))
        for f in msgspec.structs.fields(kind)
    ]
    return msgspec.defstruct(name, fields, kw_only=True, namespace={"__doc__": kind.__doc__})


_DETAILS = (
    Commitment, Issue, Signal, OpenQuestion, Contract, Amendment, Deadline, Negotiation, Contradiction, NoteItem,
    MonthMood, MonthRhythm, LevelChange, Lull, Arrival,
)  # fmt: skip
_READINGS = (Contract, Notes)
_ENTRY, _FILED = _without_unions("Entry", Shown, "detail"), _without_unions("Filed", Filed, "reading")
_CORRECTION = _without_unions("Correction", Correction, "found", "target")
_VALUES = (
    _ENTRY,
    _FILED,
    _CORRECTION,
    *_DETAILS,
    Bargain,
    Notes,
    Relationship,
    Overview,
    Placed,
    Hit,
    Practices,
    Job,
    Record,
    Analysis,
    State,
    Problem,
    Brief,
    ReasonToAct,
    Voice,
)


def listed(request: Request, page: Page[Any]) -> Json:
    """A stretch of a list, with a link to the next one in the header, too."""
    if page.next is None:
        return Json(page)
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    link = f"{request.scope['path']}?{urlencode([*query, ('cursor', page.next)])}"
    return Json(page, headers={"Link": f'<{link}>; rel="next"'} if link.isascii() else None)


def answer(name: str, example: Any, description: str = "As asked.") -> dict[str, Any]:
    """How OpenAPI describes an answer that is one value of the named type."""
    return _content(ref(name), example, description)


def listing(name: str, example: Any) -> dict[str, Any]:
    """How OpenAPI describes an answer that is a stretch of a list of the named type."""
    schema = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": ref(name)},
            "next": {"type": ["string", "null"], "description": "Begins the next stretch, as `cursor`."},
        },
    }
    return _content(schema, {"items": [msgspec.to_builtins(example)], "next": None}, "A stretch of the list.")


def ref(name: str) -> dict[str, str]:
    """A reference to the schema of the named type."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> dict[str, Any]:
    """The schemas of all values on the wire, by name."""
    _, found = msgspec.json.schema_components(_VALUES, ref_template="#/components/schemas/{name}")
    details = [ref(kind.__name__) for kind in _DETAILS]
    found["Entry"]["properties"]["detail"] = {"anyOf": details}
    found["Correction"]["properties"]["found"] = {"anyOf": details}
    found["Correction"]["properties"]["target"] = {"anyOf": [*details, {"type": "null"}], "default": None}
    read: list[dict[str, str]] = [ref(kind.__name__) for kind in _READINGS]
    found["Filed"]["properties"]["reading"] = {"anyOf": [*read, {"type": "null"}], "default": None}
    return found


def _content(schema: dict[str, Any], example: Any, description: str) -> dict[str, Any]:
    shown = {"schema": schema, "example": msgspec.to_builtins(example)}
    return {"description": description, "content": {"application/json": shown}}
