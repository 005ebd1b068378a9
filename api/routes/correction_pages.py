"""Pages on which people put insights right: plain forms, which work without JavaScript.

A form is taken from our own pages only (`api.guard`), and leads back to the page on which it stood.
"""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

import store.corrections
from api.forms import Form, back
from api.params import AsOf, Cursor, House, Reading, Who
from api.web.lines import lines
from api.web.render import page, url
from api.web.sayings import read_form, sayings
from insights.corrections import can_merge, ways_to_close
from insights.insight import Commitment, Issue
from pipeline import correcting
from store import views
from store.views import Filter

router = APIRouter(include_in_schema=False)
_OTHERS = 200  # insights among which one may choose


@router.get("/corrections")
def show_corrections(request: Request, connection: Reading, cursor: Cursor = None) -> HTMLResponse:
    """What people said, the last first."""
    found = store.corrections.listed(connection, cursor=cursor)
    return page(request, "corrections.html", said=sayings(found.items), next=found.next)


@router.get("/insights/{id}")
def show_insight(request: Request, connection: Reading, id: str, day: AsOf) -> HTMLResponse:  # noqa: A002
    """One insight, and all that may be said of it."""
    one = views.insight(connection, id, day)
    (line,) = lines([one], day)
    kin = views.entries(connection, Filter(relationship=one.relationship, kinds=(one.kind,)), day, limit=_OTHERS)
    history = one.detail.history if isinstance(one.detail, Commitment | Issue) else ()
    said = store.corrections.listed(connection, insight=one.id, limit=_OTHERS)
    return page(
        request,
        "insight.html",
        day=day,
        line=line,
        ways=ways_to_close(one.detail),
        others=[other for other in kin.items if other.id != one.id and can_merge(one.detail)],
        later=[step.source for step in history],
        said=sayings(said.items),
        home=url("/relationships", one.relationship, as_of=request.query_params.get("as_of")),
    )


@router.post("/insights/{id}/corrections")
def correct_insight(house: House, form: Form, who: Who, id: str) -> RedirectResponse:  # noqa: A002
    """Keep what a form says of an insight."""
    correcting.correct(house.engine, id, read_form(form, date.today()), who)  # noqa: DTZ011
    return back(form)


@router.post("/corrections/{number}/undo")
def undo_correction(house: House, form: Form, number: int) -> RedirectResponse:
    """Take a correction back."""
    correcting.undo(house.engine, number)
    return back(form)
