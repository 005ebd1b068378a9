"""Practices on their page: figures put together by what they are of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import msgspec

from insights.practices.patterns import Example
from insights.practices.wording import ToldFigure


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of one measure: `rows` are all, then by group."""

    title: str
    rows: tuple[ToldFigure, ...]


def tables(figures: Iterable[ToldFigure]) -> list[Table]:
    """Figures as tables, one a measure, in their order."""
    ordered: dict[str, list[ToldFigure]] = {}
    for figure in figures:
        ordered.setdefault(figure.measure, []).append(figure)
    return [Table(title=rows[0].title, rows=tuple(rows)) for rows in ordered.values()]


def by_relationship(examples: Iterable[Example]) -> list[tuple[str, list[Example]]]:
    """Cases by the relationship that they are of, by its id."""
    ordered = sorted(examples, key=lambda e: e.relationship)
    return [(name, list(group)) for name, group in groupby(ordered, lambda e: e.relationship)]
