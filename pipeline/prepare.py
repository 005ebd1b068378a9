"""The worker's share: raw messages and files in, documents out.

A pure function over a batch, but that it keeps the bytes, and that files are opened in a guarded process of their own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

from corpus.archive import File, Found
from corpus.document import Document
from corpus.filing import filed
from corpus.message import Parsed, digest, parse, raw_id
from corpus.mime import MAX_DEPTH
from corpus.one_time import is_one_time_secret
from corpus.sniff import HEAD, OLE, may_read, sniff
from corpus.threads import strand
from errors import InputError, MessageError, PaperError
from pipeline.opening import mails, opened
from store.raw import RawStore
from store.write import Derived, Incoming

ONE_TIME = "one-time secret"  # why a mail is not kept


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A batch with its messages parsed and its files read, and the seconds that it took."""

    messages: tuple[Incoming, ...]
    seconds: float


def identity(item: Found | File) -> str:
    """The id under which a message's or file's bytes are kept."""
    return raw_id(item.raw) if isinstance(item, Found) else digest(item.raw)


def prepare(folder: Path, batch: Sequence[Found | File]) -> Prepared:
    """Keep the bytes of each item under `folder` and read it; what cannot be read carries its reason.

    A mail is followed by the files that came with it. Of one with a one-time secret nothing stays but the reason.
    """
    started = time.perf_counter()
    messages = tuple(incoming for item in batch for incoming in _prepare(_raw(folder), item))
    return Prepared(messages=messages, seconds=time.perf_counter() - started)


@cache
def _raw(folder: Path) -> RawStore:
    return RawStore(folder)


def _prepare(raw: RawStore, item: Found | File) -> Iterator[Incoming]:
    raw_id_, place = identity(item), str(item.where)
    raw.put(raw_id_, item.raw)
    try:
        if isinstance(item, Found):
            parsed = parse(item.raw)
            if is_one_time_secret(parsed.documents[0]):
                raw.remove(raw_id_)
                yield Incoming(raw_id=raw_id_, place=place, reason=ONE_TIME)
                return
            documents = list(_kept(raw, parsed))
        elif sniff(item.raw[:HEAD]).media_type == OLE:
            documents = [d for message in mails(item.raw) for d in _mail(raw, message)]
        else:
            documents = [filed(opened(item.raw, item.name), item.name, raw_id_)]
    except (MessageError, PaperError) as error:
        yield _lost(raw_id_, place, error)
        return
    yield Incoming(raw_id=raw_id_, place=place, documents=tuple(map(_derived, documents)))
    yield from _files(raw, documents, place, depth=1)


def _mail(raw: RawStore, message: bytes) -> tuple[Document, ...]:
    """The documents in a message, itself first; keeps what is attached."""
    return _kept(raw, parse(message))


def _kept(raw: RawStore, parsed: Parsed) -> tuple[Document, ...]:
    for key, content in parsed.blobs.items():
        raw.put(key, content)
    return parsed.documents


def _files(raw: RawStore, documents: Sequence[Document], place: str, depth: int) -> Iterator[Incoming]:
    """The files attached to mails, where they may be read; mail in Outlook's form is followed by its own files."""
    for mail in documents:
        for attachment in mail.attachments:
            content = raw.get(attachment.digest)
            media_type = sniff(content[:HEAD]).media_type
            if depth > MAX_DEPTH or not may_read(media_type, attachment.name):
                continue
            where = f"{place}, {attachment.name}"
            try:
                if media_type == OLE:
                    found = [d for message in mails(content) for d in _mail(raw, message)]
                else:
                    found = [filed(opened(content, attachment.name), attachment.name, attachment.digest, mail.at)]
            except (MessageError, PaperError) as error:
                yield _lost(attachment.digest, where, error, enclosed=True)
                continue
            derived = tuple(map(_derived, found))
            yield Incoming(raw_id=attachment.digest, place=where, documents=derived, enclosed=True)
            yield from _files(raw, found, where, depth + 1)


def _lost(raw_id_: str, place: str, error: InputError, *, enclosed: bool = False) -> Incoming:
    return Incoming(raw_id=raw_id_, place=place, code=error.code, reason=error.detail, enclosed=enclosed)


def _derived(document: Document) -> Derived:
    prints = strand(document)
    return Derived(document=document, own_print=prints.own_print, quoted_print=prints.quoted_print)
