"""Values in words for people: days, stretches of time, how grave, how sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from markupsafe import Markup, escape

from api.masking import hide
from insights.contracts import DeadlineKind
from insights.insight import DueDay
from nlp.contracts.facts import Length
from store.search import Hit

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 400  # characters of a quote on a page
_FACTS = {
    "effective_date": "in force from",
    "end_date": "ends on",
    "term_months": "term",
    "indefinite": "until further notice",
    "auto_renewal": "renews itself",
    "notice": "notice",
    "payment_days": "payment",
    "late_interest": "late interest",
    "price_change": "price changes",
    "penalty": "penalty",
    "sla": "service level",
    "liability_cap": "liability cap",
    "governing_law": "law",
    "dispute": "disputes",
    "confidentiality_years": "confidentiality",
}
_UNITS = {"term_months": "month", "payment_days": "day", "confidentiality_years": "year"}
_DEADLINES = {
    DeadlineKind.NOTICE: "Last day to give notice",
    DeadlineKind.RENEWAL: "Renews itself",
    DeadlineKind.END: "Ends",
    DeadlineKind.OBLIGATION: "Due",
}
_CODE = re.compile(r"`([^`]+)`")


def show_day(value: date | datetime | None) -> str:
    """A day."""
    return "undated" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def show_month(value: date | datetime | None) -> str:
    """The month of a day."""
    return "undated" if value is None else f"{_MONTHS[value.month - 1]} {value.year}"


def show_hours(value: float | None) -> str:
    """A number of hours in the unit that fits."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 60:.0f} min"
    return f"{value:.0f} h" if value < 48 else f"{value / 24:.0f} days"


def show_count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def show_due(due: DueDay) -> str:
    """When something must be done; the words themselves where no calendar resolves them."""
    if due.last is None:
        return f"“{due.words}”"
    if due.first is None or due.first == due.last:
        return show_day(due.last)
    return f"{show_day(due.first)} – {show_day(due.last)}"


def show_fact(name: str) -> str:
    """What a contract's fact is about."""
    return _FACTS[name]


def show_value(name: str, value: str | int | bool | Length) -> str:
    """What a contract says of a fact."""
    match value:
        case Length(length=length, unit=unit):
            return show_count(length, unit.replace("_", " "))
        case bool():
            return "yes" if value else "no"
        case int():
            return show_count(value, _UNITS[name]) if name in _UNITS else str(value)
        case _:
            return show_day(date.fromisoformat(value)) if name.endswith("_date") else value


def show_deadline(kind: DeadlineKind) -> str:
    """What happens on a day that follows from a contract."""
    return _DEADLINES[kind]


def show_severity(severity: int) -> str:
    """How grave an issue is, 1 … 3."""
    return ("slight", "serious", "grave")[min(max(severity, 1), 3) - 1]


def show_share(value: float) -> str:
    """A probability in per cent."""
    return f"{value * 100:.0f} %"


def show_short(text: str) -> str:
    """A quote on one line, cut where it is long; the document has the rest."""
    quote = " ".join(hide(text).split())
    return quote if len(quote) <= _LONGEST else quote[:_LONGEST].rstrip() + " …"


def show_found(hit: Hit) -> Iterator[tuple[str, bool]]:
    """A hit's quote in pieces, each with whether it is what was looked for."""
    at, quote = 0, hide(hit.quote)
    for start, end in hit.found:
        yield quote[at:start], False
        yield quote[start:end], True
        at = end
    yield quote[at:], False


def show_code(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 -- escaped before
