"""The application: the API under /v1 and the pages, over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles

from api import problems
from api.access import Access
from api.guard import Guard
from api.problems import Fault, Problem
from api.routes import (
    analyze,
    attention,
    bargains,
    correction_pages,
    corrections,
    documents,
    entries,
    health,
    login,
    pages,
    portfolio_pages,
    practices,
    relationships,
    search,
)
from api.service import Service
from api.tags import Tags
from api.web.render import STATIC
from api.wire import ref, schemas
from nlp.analyze import Analyzer
from settings import Settings

_DESCRIPTION = """What is known of our business relationships, each statement with its evidence.

Times are RFC 3339, offsets count code points. A list is `{"items": […], "next": cursor or null}`; `?cursor=` takes
`next`, and a `Link` header says the same. An answer has an `ETag`; asked again with
`If-None-Match`, what has not changed is `304`. Whatever has a status has it as of a day (`?as_of=`, today where left
out). Errors are `application/problem+json` (RFC 9457).
"""
_KEYS = "A key made with `suhde keys create`; needed where the service runs with `SUHDE_ACCESS=keys`."
_PROBLEM = {
    "description": "What is wrong, where, and what to do.",
    "content": {
        problems.MEDIA_TYPE: {
            "schema": ref("Problem"),
            "example": msgspec.to_builtins(
                Problem(
                    type="/problems/SUHDE-104",
                    title="A filter, date or cursor cannot be understood",
                    status=422,
                    detail="the request cannot be understood: query.as_of: '3.4.' is no day; write it as 2024-10-15.",
                    instance="/v1/issues",
                    code="SUHDE-104",
                    errors=(Fault(where="query.as_of", detail="'3.4.' is no day; write it as 2024-10-15"),),
                )
            ),
        }
    },
}


def create_app(engine: Engine, settings: Settings, load: Callable[[], Analyzer] = Analyzer.load) -> FastAPI:
    """The application over an open database. `load` reads the models, once, in the background."""
    service = Service(engine, settings, load)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="Suhde",
        version=_version(),
        summary="Relationship timelines with evidence",
        description=_DESCRIPTION,
        docs_url=None,  # it loads scripts from elsewhere; api/routes/pages.py has one that does not
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=lifespan,
        responses={"4XX": _PROBLEM, "5XX": _PROBLEM},
    )
    app.state.service = service
    app.add_middleware(Tags)
    app.add_middleware(Access, engine=engine, required=settings.access == "keys")
    app.add_middleware(Guard, hosts=settings.hosts)  # the outer one
    problems.register(app)
    for routes in (
        bargains,
        attention,
        relationships,
        entries,
        corrections,
        documents,
        search,
        practices,
        analyze,
        health,
        login,
        correction_pages,
        portfolio_pages,
        pages,
    ):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.openapi = cache(lambda: _openapi(app))  # type: ignore[method-assign]
    return app


def _version() -> str:
    try:
        return version("suhde")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description of the routes, with the schemas of our own values."""
    found = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
    )
    for operation in (o for methods in found["paths"].values() for o in methods.values()):
        # One-line docstrings are summaries; what follows them is the description.
        operation["summary"], _, rest = operation.pop("description").partition("\n")
        if rest.strip():
            operation["description"] = rest.strip()
    parts = found.setdefault("components", {})
    parts.setdefault("schemas", {}).update(schemas())
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": _KEYS}}
    found["security"] = [{"key": []}, {}]
    return found
