"""A file that was read, filed as a document: what kind it is, in which language, of which day."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import PurePath

from corpus.document import Document, DocumentKind, TimeSource, Zone, ZoneKind
from corpus.genre import genre
from corpus.paper import BlockKind, Paper

_LONGEST = 200  # code points of a title
_BESIDE = 3  # blocks of a paper's beginning among which its title stands


def filed(paper: Paper, name: str, digest: str, came: datetime | None = None) -> Document:
    """The document that a paper is.

    `name` is its file's, `digest` that of its bytes, `came` the time of the mail that brought it, which counts where
    the paper tells no day of its own.
    """
    found = genre(paper, name, came.date() if came else None)
    own = datetime.combine(found.day, time(tzinfo=UTC)) if found.day else None
    sources = ((own, TimeSource.TEXT), (came, TimeSource.MAIL), (None, TimeSource.UNKNOWN))
    at, source = next((at, source) for at, source in sources if at or source is TimeSource.UNKNOWN)
    return Document(
        id=digest,
        kind=DocumentKind(found.kind.value),
        kind_confidence=found.confidence,
        text=paper.text,
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(paper.text)),) if paper.text else (),
        subject=title(paper, name),
        file=name,
        at=at,
        time_source=source,
        language=found.language,
        layout=paper.layout,
    )


def title(paper: Paper, name: str) -> str:
    """What a paper calls itself: the first heading near its beginning, else the title it carries, else its file's."""
    headings = (b for b in paper.blocks[:_BESIDE] if b.kind is BlockKind.HEADING)
    first = next((paper.text[b.start : b.end] for b in headings), "")
    said = first or paper.title or PurePath(name).stem
    return " ".join(said.split())[:_LONGEST]
