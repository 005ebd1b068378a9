"""Notes from a file's bytes: opened in a guarded process, told what they are, read. Keeps nothing."""

from __future__ import annotations

from hashlib import blake2b

from corpus.genre import Genre, genre
from insights.notes import Notes, notes
from nlp.analyze import Analyzer
from nlp.minutes.reading import read as read_minutes
from pipeline.opening import opened


def read(raw: bytes, name: str, analyzer: Analyzer) -> tuple[Notes, Genre]:
    """What a file of minutes, notes or a transcript says, and what kind of paper it is.

    Raises InputError where the file cannot be read.
    """
    paper = opened(raw, name)
    found = genre(paper, name)
    minutes = read_minutes(paper, found, analyzer)
    return notes(minutes, paper.text, blake2b(raw, digest_size=16).hexdigest(), name), found
