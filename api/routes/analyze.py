"""Analysis without a store."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request

from api import examples
from api.params import Models, read_body
from api.wire import Json, answer, ref
from errors import BadLine
from pipeline.stateless import analyze, analyze_each

router = APIRouter(prefix="/v1", tags=["analyze"])
_MOST = 64  # records at once
_LIMIT = 8 * 2**20  # bytes
_ONE = {"summary": "One record", "value": msgspec.to_builtins(examples.RECORD)}
_LIST = {"summary": "A list", "value": msgspec.to_builtins([examples.RECORD, examples.RAW])}
_ITEMS = {"type": "array", "items": ref("Record"), "maxItems": _MOST}
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"One record, or a list of up to {_MOST}.",
        "content": {
            "application/json": {
                "schema": {"oneOf": [ref("Record"), _ITEMS]},
                "examples": {"one": _ONE, "list": _LIST},
            }
        },
    }
}

Record = dict[str, Any]


async def _records(request: Request) -> Record | list[Record]:
    try:
        found = msgspec.json.decode(await read_body(request, _LIMIT))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLine(f"the body is not JSON: {error}.", advice="") from None
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, dict) for record in records):
        raise BadLine("the body is neither a record nor a list of records.", advice="")
    if len(records) > _MOST:
        raise BadLine(f"{len(records)} records are too many.", advice=f"Send up to {_MOST} at once.")
    return found  # type: ignore[no-any-return]


@router.post(
    "/analyze",
    operation_id="analyze",
    openapi_extra=_BODY,
    responses={200: answer("Analysis", examples.ANALYSIS, "What was found; a list, where a list was sent.")},
)
def analyze_records(records: Annotated[Record | list[Record], Depends(_records)], analyzer: Models) -> Json:
    """Say of each sentence what its writer does with it; nothing is kept.

    In a list, a record that cannot be used has an object with its `error` in its place.
    """
    if isinstance(records, list):
        return Json(analyze_each(analyzer, records))
    return Json(analyze(analyzer, [records])[0])
