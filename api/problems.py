"""Errors on the wire (RFC 9457): what is wrong, where, and what to do next, never what the house looks like inside."""

from __future__ import annotations

import inspect
import logging
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.headers import HEADERS
from api.web.render import page
from errors import (
    BadFilter,
    BadLine,
    DatabaseUnreachable,
    InputError,
    MessageError,
    ModelError,
    NotFound,
    StoreError,
    SuhdeError,
    TooLarge,
)

MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type, HTTPStatus] = {
    InputError: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    BadFilter: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadLine: HTTPStatus.UNPROCESSABLE_ENTITY,
    MessageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_MACHINES = ("/v1/", "/healthz", "/readyz", "/openapi.json")  # paths whose errors are never pages
_log = logging.getLogger(__name__)


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a request."""

    where: str  # query.limit, path.id, body
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong. `type` and `code` never change their meaning; docs/errors.md lists them."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str | None = None
    errors: tuple[Fault, ...] = ()


def register(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(SuhdeError, _suhde_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(DataError, _bad_value)
    app.add_exception_handler(Exception, _bug)


def refuse(request: Request, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem that has no code of its own: HTTP's status says it all."""
    path = request.scope["path"]
    found = Problem(type="about:blank", title=status.phrase, status=status, detail=detail, instance=path)
    return _answer(request, found, headers)


def title(kind: type[SuhdeError]) -> str:
    """What an error class means, in one sentence."""
    return (inspect.getdoc(kind) or kind.__name__).partition("\n")[0].rstrip(".")


def status_of(kind: type[SuhdeError]) -> HTTPStatus:
    """The HTTP status with which an error is answered."""
    return next((_STATUS[k] for k in kind.__mro__ if k in _STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _problem(request: Request, error: SuhdeError, errors: tuple[Fault, ...] = ()) -> Response:
    kind, status = type(error), status_of(type(error))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, ModelError):  # logged once, at the start
        _log.error("%s %s: %s", request.method, request.scope["path"], error)
    found = Problem(
        type=f"/problems/SUHDE-{kind.code}",
        title=title(kind),
        status=status,
        detail=" ".join(filter(None, (error.detail, error.hint))),
        instance=request.scope["path"],
        code=f"SUHDE-{kind.code}",
        errors=errors,
    )
    return _answer(request, found)


def _answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    headers = HEADERS | (headers or {})
    if not problem.instance.startswith(_MACHINES) and "text/html" in request.headers.get("accept", ""):
        return page(request, "problem.html", status=problem.status, headers=headers, problem=problem)
    return Response(msgspec.json.encode(problem), problem.status, headers, MEDIA_TYPE)


def _suhde_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SuhdeError)  # noqa: S101 -- for the type checker; Starlette chose by class
    return _problem(request, error)


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = tuple(map(_fault, error.errors()))
    said = "; ".join(f"{f.where}: {f.detail}" for f in faults)
    return _problem(request, BadFilter(f"the request cannot be understood: {said}."), faults)


def _fault(found: dict[str, Any]) -> Fault:
    return Fault(where=".".join(map(str, found["loc"])), detail=found["msg"].removeprefix("Value error, "))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {request.scope['path']}."
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.scope['path']} does not take {request.method}."
    else:
        detail = error.detail
    return refuse(request, status, detail, dict(error.headers or {}))


def _database_away(request: Request, error: Exception) -> Response:
    _log.error("no answer from the database: %s", type(error).__name__)
    return _problem(request, DatabaseUnreachable("the database does not answer."))


def _bad_value(request: Request, _: Exception) -> Response:
    return _problem(request, BadFilter("a value of the request is none that can be looked up."))


def _bug(request: Request, _: Exception) -> Response:
    """Starlette raises the error again after this, so the log gets it whole."""
    return _problem(request, SuhdeError("an unexpected fault; the log of the service says more."))
