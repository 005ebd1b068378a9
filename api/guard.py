"""Stands before the routes: who may ask, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import HEADERS
from api.problems import refuse

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuses what a foreign web page could make a browser send here.

    A name that is not this machine's own, nor one of `hosts`, comes from DNS rebinding; a request that changes
    something and comes from another origin is a forgery. Browsers say which in Sec-Fetch-Site, older ones in Origin;
    programs send neither.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = ()) -> None:
        self.app, self._hosts = app, _LOOPBACK.union(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and add the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request = Request(scope)
        if _host(request.headers.get("host", "")) not in self._hosts:
            detail = "Suhde answers to this machine's own names, 127.0.0.1, localhost, [::1], and those in SUHDE_HOSTS."
            await refuse(request, HTTPStatus.MISDIRECTED_REQUEST, detail)(scope, receive, send)
        elif request.method not in _SAFE and _foreign(request):
            detail = "Another site's page may not change anything here."
            await refuse(request, HTTPStatus.FORBIDDEN, detail)(scope, receive, send)
        else:
            await self.app(scope, receive, send_with_headers)


def _host(value: str) -> str | None:
    try:
        return urlsplit(f"//{value}").hostname
    except ValueError:
        return None


def _foreign(request: Request) -> bool:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:  # a browser says so itself; our pages tell no origin, since they tell no referrer
        return site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")
