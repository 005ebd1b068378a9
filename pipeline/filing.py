"""The last step of reading: what was read goes into the store, but for what was erased once, which stays out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Engine

import store.erasure
import store.tombstones
import store.write
from store.raw import RawStore
from store.tombstones import Thing
from store.write import Incoming, Outcome


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch; `erased` counts its messages and files that were erased once."""

    outcome: Outcome
    erased: int


def file(engine: Engine, raw: RawStore, batch: Sequence[Incoming], *, again: bool = False) -> Filed:
    """Store a batch, in one transaction. Nothing stays of what was erased, its bytes included.

    `again` forgets first that the batch's messages went to quarantine.
    """
    with engine.begin() as connection:
        store.write.take_pen(connection)  # so that no erasure begins between looking and writing
        barred = _barred(connection, batch)
        for one in batch if again else ():
            store.write.forget_quarantined(connection, one.raw_id)
        kept = [one for one in batch if one.raw_id not in barred]
        outcome = store.write.store(connection, kept)
        gone = {digest for one in batch if one.raw_id in barred for digest in (one.raw_id, *_attached(one))}
        loose = store.erasure.unheld(connection, gone)
    for digest in loose:
        raw.remove(digest)
    return Filed(outcome=outcome, erased=sum(one.raw_id in barred and not one.enclosed for one in batch))


def _barred(connection: Connection, batch: Sequence[Incoming]) -> set[str]:
    """By raw id, what was erased, what brings something that was, and what came with nothing but such."""
    things = {one.raw_id: Thing(marks=frozenset({("document", one.raw_id)})) for one in batch}
    things |= {d.document.id: store.tombstones.thing(d.document) for one in batch for d in one.documents}
    erased = store.tombstones.erased(connection, things)
    barred = {one.raw_id for one in batch if not erased.isdisjoint((one.raw_id, *_documents(one)))}
    if not barred:
        return barred
    brought = {one.raw_id: _attached(one) for one in batch}
    while more := {one for one, files in brought.items() if one not in barred and not barred.isdisjoint(files)}:
        barred |= more
    held = {digest for one, files in brought.items() if one not in barred for digest in files}
    return barred | {one.raw_id for one in batch if one.enclosed and one.raw_id not in held}


def _documents(one: Incoming) -> list[str]:
    return [d.document.id for d in one.documents]


def _attached(one: Incoming) -> set[str]:
    return {a.digest for d in one.documents for a in d.document.attachments}
