"""How long documents are kept: rules by kind of document and of relationship."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated

import msgspec

from corpus.document import DocumentKind
from insights.insight import RelationshipKind


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept for so many months. No kinds means any."""

    months: Annotated[int, msgspec.Meta(ge=1, le=1200)]
    documents: tuple[DocumentKind, ...] = ()
    relationships: tuple[RelationshipKind, ...] = ()

    def covers(self, document: DocumentKind, relationship: RelationshipKind | None) -> bool:
        """Whether it speaks of such documents in such a relationship; None is one whose kind nobody told."""
        return (not self.documents or document in self.documents) and (
            not self.relationships or relationship in self.relationships
        )


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first rule that covers a document holds for it. What none covers is kept for good."""

    keep: tuple[Rule, ...] = ()


def is_over(
    rules: Rules, kind: DocumentKind, at: datetime | None, relationships: Sequence[RelationshipKind | None], day: date
) -> bool:
    """Whether a document need be kept no longer on a day: in none of its relationships. Undated ones are kept.

    `relationships` are the kinds of those it belongs to; of one that belongs to none, nothing is known of the kind.
    """
    if at is None:
        return False
    rule = [next((r for r in rules.keep if r.covers(kind, one)), None) for one in relationships or (None,)]
    return all(r is not None and at < _before(day, r.months) for r in rule)


def _before(day: date, months: int) -> datetime:
    """The beginning of the day that lies so many months back; of a shorter month the last one."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.combine(date(years, month + 1, min(day.day, last)), time(tzinfo=UTC))
        except ValueError:
            continue
    return datetime.min.replace(tzinfo=UTC)
