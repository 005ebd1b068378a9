"""What minutes say, as values. Offsets are code points into the paper's text."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from nlp.findings import Due


class ItemType(StrEnum):
    """What a sentence of minutes puts on record."""

    DECISION = "decision"
    ACTION = "action"  # somebody is to do something
    AGREEMENT = "agreement"  # assents, what was agreed, when to meet next
    PROPOSAL = "proposal"  # also offers and positions that are put up for agreement
    REJECTION = "rejection"
    OPEN_QUESTION = "open_question"
    ISSUE = "issue"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on record: the sentence, row or list item [start, end) that says it."""

    type: ItemType
    start: int
    end: int
    who: tuple[str, ...] = ()  # who is to do it, or whose position it is, as participants are called where they are
    due: Due | None = None
    confidence: float

    @property
    def due_date(self) -> str | None:
        """The day, week, month or quarter that it is due, ISO 8601; None where no calendar tells."""
        return None if self.due is None or self.due.iso == "?" else self.due.iso.partition("T")[0]


class Minutes(msgspec.Struct, frozen=True, kw_only=True):
    """What one paper says of a meeting. `day` is None where nothing tells it; items are in the text's order."""

    participants: tuple[str, ...]
    day: date | None
    language: str | None
    items: tuple[Item, ...]
