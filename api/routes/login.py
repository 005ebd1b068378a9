"""How people come in where keys are needed: a key opens a session, kept in a cookie that no script can read."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import COOKIE
from api.forms import Form, within
from api.params import Writing
from api.web.render import page
from store import keys

router = APIRouter(include_in_schema=False)


@router.get("/login")
def show_login(request: Request) -> HTMLResponse:
    """Where a key is asked for."""
    return page(request, "login.html", next=within(request.query_params.get("next")), fault=False)


@router.post("/login")
def log_in(request: Request, connection: Writing, form: Form) -> Response:
    """Open a session with a key, and go on to what was asked for."""
    now, target = datetime.now(UTC), within(form.get("next"))
    key = keys.shown(connection, form.get("key", "").strip(), now)
    if key is None:
        return page(request, "login.html", status=HTTPStatus.FORBIDDEN, next=target, fault=True)
    answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        keys.open_session(connection, key, now),
        max_age=int(keys.SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
def log_out(request: Request, connection: Writing) -> Response:
    """End the session."""
    if words := request.cookies.get(COOKIE):
        keys.close_session(connection, words)
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE)
    return answer
