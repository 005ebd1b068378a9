"""The worker's share: raw messages in, documents out; a pure function over a batch, but that it keeps the bytes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from corpus.archive import Found
from corpus.message import parse, raw_id
from corpus.threads import strand
from errors import MessageError
from store.raw import RawStore
from store.write import Derived, Incoming


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A batch with its messages parsed, and the seconds that it took."""

    messages: tuple[Incoming, ...]
    seconds: float


def prepare(folder: Path, batch: Sequence[Found]) -> Prepared:
    """Keep the bytes of each message under `folder` and parse it; what cannot be parsed carries its reason."""
    started = time.perf_counter()
    messages = tuple(_prepare(_raw(folder), found) for found in batch)
    return Prepared(messages=messages, seconds=time.perf_counter() - started)


@cache
def _raw(folder: Path) -> RawStore:
    return RawStore(folder)


def _prepare(raw: RawStore, found: Found) -> Incoming:
    identity, place = raw_id(found.raw), str(found.where)
    raw.put(identity, found.raw)
    try:
        parsed = parse(found.raw)
    except MessageError as error:
        return Incoming(raw_id=identity, place=place, code=error.code, reason=error.detail)
    for digest, content in parsed.blobs.items():
        raw.put(digest, content)
    derived = []
    for document in parsed.documents:
        prints = strand(document)
        derived.append(Derived(document=document, own_print=prints.own_print, quoted_print=prints.quoted_print))
    return Incoming(raw_id=identity, place=place, documents=tuple(derived))
