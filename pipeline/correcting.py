"""Where a person puts an insight right: kept, and at once in force wherever the insight is shown."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Engine

import store.corrections
import store.derived
import store.write
from insights.corrections import Correction, Said, all_of, apply, check
from insights.entries import About, entry
from store.corrections import Standing


def correct(engine: Engine, insight: str, said: Said, by: str | None = None) -> Correction:
    """Keep what a person says of an insight, named by its id or the beginning of it, and let it count.

    `by` is the account under which this runs where left out. Raises NotFound, and BadCorrection where it makes no
    sense.
    """
    with engine.begin() as connection:
        standing = store.corrections.find(connection, insight)
        goal = None if said.into is None else store.corrections.find(connection, said.into)
        if goal is not None:
            said = msgspec.structs.replace(said, into=goal.about.id)
        said = check(standing.about, said, None if goal is None else goal.about)
        store.corrections.lock(connection, standing.relationship)
        one = _correction(connection, standing, goal, said, by or getpass.getuser())
        kept = store.corrections.add(connection, one)
        _apply(connection, standing.relationship)
        return kept


def undo(engine: Engine, number: int) -> Correction:
    """Forget a correction, as if nobody had said so, and return it. Raises NotFound."""
    with engine.begin() as connection:
        one = store.corrections.get(connection, number)
        store.corrections.lock(connection, one.relationship)
        store.corrections.remove(connection, number)
        _apply(connection, one.relationship)
        return one


def _correction(connection: Connection, standing: Standing, goal: Standing | None, said: Said, by: str) -> Correction:
    derived = {about.id: about for about in all_of(store.corrections.derived(connection, standing.relationship))}
    return Correction(
        number=0,  # given when it is kept
        insight=standing.about.id,
        relationship=standing.relationship,
        kind=standing.kind,
        said=said,
        found=derived.get(standing.about.id, standing.about),
        target=None if goal is None else derived.get(goal.about.id, goal.about),
        beside=_beside(standing.about, derived.values()),
        seen=store.corrections.last_letter(connection, standing.relationship),
        by=by,
        at=datetime.now(UTC),
    )


def _beside(about: About, others: Iterable[About]) -> tuple[str, ...]:
    """Insights of the same kind that rest on some of the same documents."""
    documents = {source.document for source in entry(about).sources}
    return tuple(
        other.id
        for other in others
        if type(other) is type(about)
        and other.id != about.id
        and any(source.document in documents for source in entry(other).sources)
    )


def _apply(connection: Connection, relationship: str) -> None:
    derived = store.corrections.derived(connection, relationship)
    corrected = apply(derived, store.corrections.of(connection, relationship))
    store.derived.write_corrected(connection, relationship, derived, corrected)
