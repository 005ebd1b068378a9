"""Who asks, whether they may, and a note of it: before any route runs.

What a request needs is told by its method and path, and whatever is not named here needs the right to read texts, or to
write where it changes something: a new route is closed until somebody opens it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.masking import showing
from api.problems import refuse
from store import keys
from store.audit import Action, Audited, record
from store.keys import Key
from store.keys import Scope as Right

COOKIE = "suhde_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PUBLIC = re.compile(r"/(?:static/.*|healthz|readyz|login|logout|docs|openapi\.json|problems/.*)")
_METADATA = re.compile(r"/v1/(?:relationships(?:/[^/]+)?|jobs/.*)")
_STATELESS = re.compile(r"/v1/analyze")  # a POST that changes nothing and tells nothing of what is kept
_LOCAL = "local"


class Asking(NamedTuple):
    """Who asks. Without a key it is whoever may use this machine, which is asked only where no key is needed."""

    key: Key | None

    @property
    def name(self) -> str:
        """As the audit calls them."""
        return _LOCAL if self.key is None else f"{self.key.id} {self.key.name}"


def needed(method: str, path: str) -> Right | None:
    """The right that a request needs; None where anybody may ask."""
    if _PUBLIC.fullmatch(path):
        return None
    if _STATELESS.fullmatch(path):
        return Right.METADATA
    if method not in _SAFE:
        return Right.WRITE
    return Right.METADATA if _METADATA.fullmatch(path) else Right.TEXT


class Access:
    """Lets through who may, refuses the others, and writes down what is read and changed before it is answered.

    Where keys are not `required` everybody may all: then the service must be reachable from this machine alone.
    """

    def __init__(self, app: ASGIApp, engine: Engine, *, required: bool) -> None:
        self.app, self._engine, self._required = app, engine, required

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge a request and pass it on, or refuse it."""
        right = needed(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if right is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        asking = Asking(await run_in_threadpool(self._key, request)) if self._required else Asking(None)
        if self._required and (asking.key is None or not asking.key.allows(right)):
            await self._refuse(request, asking, right, send, receive)
            return

        async def send_and_note(message: Message) -> None:
            told = message["type"] == "http.response.start" and message["status"] < HTTPStatus.INTERNAL_SERVER_ERROR
            if told and right is not Right.METADATA:
                action = Action.READ if right is Right.TEXT else Action.CHANGE
                await run_in_threadpool(self._note, request, asking, action, message["status"])
            await send(message)

        with showing(asking.key is not None and asking.key.allows(Right.SENSITIVE)):
            await self.app({**scope, "asking": asking.key}, receive, send_and_note)

    def _key(self, request: HTTPConnection) -> Key | None:
        kind, _, words = request.headers.get("authorization", "").partition(" ")
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            if kind.lower() == "bearer":
                return keys.shown(connection, words.strip(), now)
            cookie = request.cookies.get(COOKIE)
            return keys.session(connection, cookie, now) if cookie else None

    def _note(self, request: Request, asking: Asking, action: Action, status: int) -> None:
        query = request.scope["query_string"].decode("latin-1")
        path = request.scope["path"] + (f"?{query}" if query else "")
        entry = Audited(
            at=datetime.now(UTC), caller=asking.name, action=action, method=request.method, path=path, status=status
        )
        with self._engine.begin() as connection:
            record(connection, entry)

    async def _refuse(self, request: Request, asking: Asking, right: Right, send: Send, receive: Receive) -> None:
        if asking.key is not None:
            await run_in_threadpool(self._note, request, asking, Action.REFUSE, HTTPStatus.FORBIDDEN)
            answer = refuse(request, HTTPStatus.FORBIDDEN, f"This key has no right to {right.value}.")
        elif request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            answer = RedirectResponse(f"/login?next={quote(request.scope['path'])}", HTTPStatus.SEE_OTHER)
        else:
            detail = "Bring a key: Authorization: Bearer suhde_…; 'suhde keys create' makes one."
            answer = refuse(request, HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
        await answer(request.scope, receive, send)
