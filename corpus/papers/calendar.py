"""ICS (RFC 5545): what a meeting is about, when and where, and who is asked.

A rule by which it repeats is told, not followed: rules may have no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from corpus.charsets import clean, decode
from corpus.paper import BlockKind, Form, Paper
from corpus.papers.writing import Writer
from errors import Broken

_FOLD = re.compile(r"\n[ \t]")
_VALUE = r"(?:\"[^\"\n]*\"|[^\";:\n,]*)"
_LINE = re.compile(rf"([A-Za-z0-9-]{{1,60}})((?:;[A-Za-z0-9-]{{1,60}}={_VALUE}(?:,{_VALUE})*)*):(.*)")
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,60})=(?:\"([^\"]*)\"|([^;:]*))")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_SHOWN = ("VEVENT", "VTODO", "VJOURNAL")
_MAX_ENTRIES = 10_000


class _Property(NamedTuple):
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)

    @property
    def person(self) -> str:
        """A person's name, or the address where none is given."""
        return self.parameters.get("CN") or re.sub(r"^mailto:", "", self.value, flags=re.I)


def read_calendar(raw: bytes) -> Paper:
    """Read an ICS: each entry's summary is a heading, then time, place, people and description. Raises Broken."""
    text = _FOLD.sub("", clean(decode(raw)))
    writer = Writer()
    people: list[str] = []
    title, at = "", None
    for entry in _entries(text):
        found = {p.name: p for p in reversed(entry)}
        present = [p.person for p in entry if p.name in ("ORGANIZER", "ATTENDEE")]
        _write(found, present, writer)
        people += present
        if not title and not at:
            title = found["SUMMARY"].text if "SUMMARY" in found else ""
            at = _aware(_when(found["DTSTART"])) if "DTSTART" in found else None
    if not people and not title and at is None and "BEGIN:" not in text.upper():
        raise Broken("no calendar in it.")
    if not title:
        name = re.search(r"^X-WR-CALNAME[^:\n]*:(.*)$", text, re.M)
        writer.add(name[1] if name else "", BlockKind.HEADING)
    return writer.paper(Form.ICS, title=title, at=at, people=people)


def _entries(text: str) -> Iterator[list[_Property]]:
    """The properties of each entry, without those of its alarms."""
    entry: list[_Property] | None = None
    inner = count = 0
    for line in text.split("\n"):
        found = _LINE.match(line)
        if not found:
            continue
        name, value = found[1].upper(), found[3].strip()
        if name == "BEGIN" and entry is None and value.upper() in _SHOWN:
            entry = []
        elif name == "BEGIN" and entry is not None:
            inner += 1
        elif name == "END" and inner:
            inner -= 1
        elif name == "END" and entry is not None:
            yield entry
            entry = None
            count += 1
            if count >= _MAX_ENTRIES:
                return
        elif entry is not None and not inner:
            parameters = {key.upper(): quoted or plain for key, quoted, plain in _PARAMETER.findall(found[2])}
            entry.append(_Property(name, parameters, value))
    if entry:
        yield entry


def _write(found: dict[str, _Property], people: list[str], writer: Writer) -> None:
    if "SUMMARY" in found:
        writer.add(found["SUMMARY"].text, BlockKind.HEADING)
    times = [_shown(_when(found[name])) for name in ("DTSTART", "DTEND", "DUE") if name in found]
    writer.add(" – ".join(time for time in times if time))
    if "RRULE" in found:
        writer.add(f"RRULE {found['RRULE'].value}")
    if "LOCATION" in found:
        writer.add(found["LOCATION"].text)
    writer.add(", ".join(dict.fromkeys(people)))
    if "DESCRIPTION" in found:
        for paragraph in re.split(r"\n\s*\n", found["DESCRIPTION"].text):
            writer.add(paragraph)


def _when(found: _Property) -> datetime | date | None:
    """A date or time; one whose zone is not known, or that floats, is left naive."""
    value = found.value
    try:
        if len(value) == 8:
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
        naive = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (given below)
        if value.endswith("Z"):
            return naive.replace(tzinfo=UTC)
        name = found.parameters.get("TZID", "")
        return naive.replace(tzinfo=ZoneInfo(name)) if name else naive
    except (KeyError, OSError):  # ZoneInfo does not know the zone
        return naive
    except ValueError:
        return None


def _aware(when: datetime | date | None) -> datetime | None:
    if when is None:
        return None
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(when: datetime | date | None) -> str:
    if when is None:
        return ""
    return when.strftime("%Y-%m-%d %H:%M") if isinstance(when, datetime) else when.isoformat()
