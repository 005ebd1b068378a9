"""Templates to pages. All text is escaped; no script, no style and no picture comes from elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

STATIC = Path(__file__).parent / "static"


def url(path: str, *ids: str, fragment: str = "", **query: object) -> str:
    """A link within the service; parts of the query that are None or empty are left out."""
    parts = (path, *(quote(i, safe="@") for i in ids))
    pairs = [(k, str(v)) for k, vs in query.items() for v in (vs if isinstance(vs, list | tuple) else (vs,)) if v]
    return "/".join(parts) + (f"?{urlencode(pairs)}" if pairs else "") + (f"#{fragment}" if fragment else "")


def page(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page. `as_of` in a template is the day that was asked for, None for today; links take it along."""
    asked = request.query_params.get("as_of") or None
    return HTMLResponse(
        _TEMPLATES.get_template(template).render(asked=asked, here=request.scope["path"], **values), status, headers
    )


def show_day(value: date | datetime | None) -> str:
    """A day for people, the same in every language that uses these letters."""
    return "undated" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def show_month(value: date | datetime | None) -> str:
    """A month for people."""
    return "Undated" if value is None else f"{_MONTHS[value.month - 1]} {value.year}"


def show_hours(value: float | None) -> str:
    """A stretch of time for people."""
    if value is None:
        return "–"
    return f"{value * 60:.0f} min" if value < 1 else f"{value:.0f} h" if value < 48 else f"{value / 24:.0f} days"


def show_count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _show_json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["url"] = url
_TEMPLATES.filters.update(day=show_day, month=show_month, hours=show_hours, json=_show_json)
_TEMPLATES.globals["count"] = show_count
