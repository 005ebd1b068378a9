"""What the models and grammars say of documents, mail and papers alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from corpus.document import Document, TimeSource
from pipeline.papers import Reading, read_paper

if TYPE_CHECKING:
    from nlp.analyze import Analyzer


def read_all(analyzer: Analyzer, documents: Sequence[Document]) -> list[Reading]:
    """What each document says. Mails are read together, which fills the encoder's batches; papers one by one."""
    mails = [d for d in documents if d.layout is None]
    found = {
        mail.id: Reading(sentences=len(findings), findings=tuple(f for f in findings if f.kept))
        for mail, findings in zip(mails, analyzer.analyze(mails), strict=True)
    }
    return [found[d.id] if d.layout is None else read_paper(d, analyzer) for d in documents]


def dated(document: Document, at: datetime | None) -> Document:
    """The document with the day that was read in it, where one was."""
    return document if at is None else msgspec.structs.replace(document, at=at, time_source=TimeSource.TEXT)
