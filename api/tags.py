"""Entity tags (RFC 9110, 8.8.3): a program that asks again for what has not changed is told so in one line."""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PREFIX = "/v1/"


class Tags:
    """Gives what the API answers a strong ETag, and answers 304 where `If-None-Match` names it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and look at its answer where it is one of the API's to a GET."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_PREFIX):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _has_tag(message):
                start = message
            elif not start:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await _answer(Headers(scope=scope), start, bytes(body), send)

        await self.app(scope, receive, hold)


def _has_tag(start: Message) -> bool:
    """Whether an answer is one value in JSON; what is streamed must not be held back."""
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == HTTPStatus.OK and kind.startswith("application/json")


async def _answer(asked: Headers, start: Message, body: bytes, send: Send) -> None:
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = MutableHeaders(raw=start["headers"])
    headers["ETag"] = tag
    if tag in [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")]:
        del headers["content-length"], headers["content-type"]
        start["status"], body = HTTPStatus.NOT_MODIFIED, b""
    await send(start)
    await send({"type": "http.response.body", "body": body})
