"""Labelled messages whose text stays in the archive they came from: real mail is learned from, not passed on.

Such a record holds no `text` but `archive` (a file of the mail folder), `document` (the id of the document there, a
hash of its bytes) and `characters` (how long its text is, which shows a change in how mail is decoded).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus import archive
from corpus.document import Document
from corpus.message import parse, raw_id

Record = dict[str, Any]


def restored(records: Sequence[Record], mail: Path | None) -> list[Record]:
    """The records, those without text completed with text and subject from the archives in `mail`.

    Raises FileNotFoundError where an archive is missing, ValueError where a document in it is missing or has changed.
    """
    wanted: dict[str, set[str]] = {}
    for record in records:
        if "text" not in record:
            wanted.setdefault(record["archive"], set()).add(record["document"])
    if wanted and mail is None:
        raise FileNotFoundError("these labels are for archives that are not here")
    found = {d.id: d for name, ids in wanted.items() for d in _documents(Path(mail or "") / name, ids)}
    return [record if "text" in record else _completed(record, found) for record in records]


def _completed(record: Record, found: Mapping[str, Document]) -> Record:
    document = found.get(record["document"])
    if document is None or len(document.text) != record["characters"]:
        raise ValueError(f"{record['archive']} does not hold message {record['id']} as it was labelled")
    return {**record, "text": document.text, "subject": document.subject}


def _documents(path: Path, ids: set[str]) -> Iterator[Document]:
    if not path.is_file():
        raise FileNotFoundError(f"no archive {path}")
    for found in archive.read([path]):
        if isinstance(found, archive.Found) and raw_id(found.raw) in ids:
            yield parse(found.raw).documents[0]
