"""Templates to pages. All text is escaped; no script, no style and no picture comes from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.masking import hide_in_page
from api.web import steps, words
from api.web.practices import by_relationship

STATIC = Path(__file__).parent / "static"


def url(path: str, *ids: str, fragment: str = "", **query: object) -> str:
    """A link within the service; parts of the query that are None or empty are left out."""
    parts = (path, *(quote(i, safe="@") for i in ids))
    pairs = [(k, str(v)) for k, vs in query.items() for v in (vs if isinstance(vs, list | tuple) else (vs,)) if v]
    return "/".join(parts) + (f"?{urlencode(pairs)}" if pairs else "") + (f"#{fragment}" if fragment else "")


def page(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page. `as_of` in a template is the day that was asked for, None for today; links take it along.

    `back` is the page's own address, `known` the key with which it is asked for, where one is needed.
    """
    asked = request.query_params.get("as_of") or None
    here = request.scope["path"]
    query = request.scope["query_string"].decode("latin-1")
    back = quote(here, safe="/@") + (f"?{query}" if query else "")
    values |= {"asked": asked, "here": here, "back": back, "known": request.scope.get("asking")}
    return HTMLResponse(_TEMPLATES.get_template(template).render(**values), status, headers)


def _show_json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    finalize=hide_in_page,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(
    day=words.show_day,
    month=words.show_month,
    hours=words.show_hours,
    code=words.show_code,
    json=_show_json,
    share=words.show_share,
    short=words.show_short,
    by_relationship=by_relationship,
    number=steps.show_number,
    stand=steps.say,
    pieces=words.show_found,
)
_TEMPLATES.globals.update(url=url, count=words.show_count)
