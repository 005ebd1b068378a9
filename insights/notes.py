"""Minutes as they are shown and exported: each item with its evidence (docs/export.md)."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from insights.identity import identity
from insights.insight import Side, Source
from nlp.minutes.items import ItemType, Minutes

_UTC = ZoneInfo("UTC")


class NoteItem(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, task, position or open point that minutes put on record."""

    id: str
    type: ItemType
    who: tuple[str, ...]
    due: str | None  # the words
    due_date: str | None  # a day, week, month or quarter, ISO 8601; None where no calendar tells
    source: Source
    confidence: float
    side: Side | None = None  # on which those stand who say or do it, where that can be told


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """What minutes, notes or a transcript say of a meeting. Items are in the text's order."""

    participants: tuple[str, ...]
    day: date | None = msgspec.field(name="date", default=None)
    items: tuple[NoteItem, ...] = ()


def notes(minutes: Minutes, text: str, document: str, file: str | None = None) -> Notes:
    """Minutes with their evidence: slices of `text`, the paper of the document with that id and file name."""
    at = datetime.combine(minutes.day, time(tzinfo=_UTC)) if minutes.day else None
    return Notes(
        participants=minutes.participants,
        day=minutes.day,
        items=tuple(
            NoteItem(
                id=identity("note", document, item.type.value, item.start),
                type=item.type,
                who=item.who,
                due=item.due.words if item.due else None,
                due_date=item.due_date,
                source=Source(
                    document=document,
                    file=file,
                    at=at,
                    quote=text[item.start : item.end],
                    start=item.start,
                    end=item.end,
                ),
                confidence=item.confidence,
            )
            for item in minutes.items
        ),
    )
