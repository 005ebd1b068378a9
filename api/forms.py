"""Forms of our own pages, which work without JavaScript, and where they lead back to."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from api.params import read_body

_LONGEST = 64 * 1024  # bytes of a form
_FIELDS = 20
_TYPE = "application/x-www-form-urlencoded"


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(415, f"Send the form as {_TYPE}.")
    body = await read_body(request, _LONGEST)
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_FIELDS))


Form = Annotated[dict[str, str], Depends(_form)]


def within(path: str | None) -> str:
    """A path of ours to go to; the first page where it leads to another site, or nowhere."""
    ours = path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if path is not None and ours else "/"


def back(form: dict[str, str]) -> RedirectResponse:
    """To the page with the form."""
    return RedirectResponse(within(form.get("back")), 303)
