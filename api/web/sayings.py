"""Corrections in words, as the pages show them, and as their forms send them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from api.web.lines import NAMES
from api.web.words import show_day
from errors import BadFilter
from insights.corrections import Action, Correction, Place, Said
from insights.entries import entry
from insights.insight import Source


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """A correction in words."""

    one: Correction
    name: str  # of what
    words: str
    title: str
    source: Source | None


def sayings(corrections: Iterable[Correction]) -> list[Saying]:
    """Corrections in words."""
    return [_saying(one) for one in corrections]


def read_form(form: Mapping[str, str], today: date) -> Said:
    """What a form says of an insight: "close:fulfilled" in one button or choice, and days. Raises BadFilter."""
    action, _, status = form.get("action", "").partition(":")
    try:
        meant = Action(action)
        document, _, start = form.get("sentence", "").rpartition(":")
        on_state = meant in (Action.CLOSE, Action.REOPEN)
        return Said(
            action=meant,
            status=status or None,
            day=(_day(form.get("day")) or today) if on_state else None,
            due=_day(form.get("due")),
            made=_day(form.get("made")),
            into=form.get("into"),
            sentence=Place(document, int(start)) if document else None,
        )
    except ValueError as error:
        raise BadFilter(f"the form cannot be understood: {error}.") from None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _saying(one: Correction) -> Saying:
    found = entry(one.found)
    return Saying(
        one=one,
        name=NAMES[one.kind],
        words=_words(one.said),
        title=found.title,
        source=next(iter(found.sources), None),
    )


def _words(said: Said) -> str:
    match said.action:
        case Action.CONFIRM:
            return "is so"
        case Action.DISMISS:
            return "is nothing"
        case Action.CLOSE | Action.REOPEN:
            return f"is {(said.status or 'open').replace('_', ' ')} as of {show_day(said.day)}"
        case Action.REDATE:
            days = (("is due", said.due), ("was said", said.made))
            return ", ".join(f"{name} on {show_day(value)}" for name, value in days if value)
        case Action.MERGE:
            return "is one with another"
        case Action.SPLIT:
            return "is two"
