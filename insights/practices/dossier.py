"""What a study sees of one relationship."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from insights.directory import Unit, belongs
from insights.insight import Party, RelationshipKind
from insights.timeline import Insights


class Outside(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The outside of a mail or paper; mass and automatic mail is left out."""

    id: str  # of the document
    day: date  # UTC
    to: tuple[str, ...] = ()  # addresses


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship with its insights as of the study's day, and the outsides of its documents in order of time."""

    relationship: str  # id
    kind: RelationshipKind | None = None
    insights: Insights = Insights()
    letters: tuple[Outside, ...] = ()


def unit_of(addresses: Sequence[str], units: Sequence[Unit]) -> tuple[str, str] | None:
    """The first of the addresses that belongs to a unit of ours, with that unit's name."""
    for email in addresses:
        for unit in units:
            if email in unit.addresses or belongs(email, unit.domains):
                return email, unit.name
    return None


def address(party: Party) -> str:
    """By what a person is told apart: the address, else the id."""
    return party.email or party.id
