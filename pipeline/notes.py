"""Notes from a file's bytes: opened in a guarded process, told what they are, read. Keeps nothing."""

from __future__ import annotations

from corpus.document import Document
from corpus.filing import filed
from corpus.message import digest
from insights.notes import Notes
from nlp.analyze import Analyzer
from pipeline.opening import opened
from pipeline.papers import notes_of


def read(raw: bytes, name: str, analyzer: Analyzer) -> tuple[Notes, Document]:
    """What a file of minutes, notes or a transcript says, whatever it looks like, and the document that it is.

    Raises InputError where the file cannot be read.
    """
    document = filed(opened(raw, name), name, digest(raw))
    found, _ = notes_of(document, analyzer)
    return found, document
