"""Search in the words of all documents, by PostgreSQL's text search: Finnish and English words in any of their forms.

A document's subject or file name and the first `DEPTH` code points of its text are searched. Questions are written as
for a web search: all words must be there, "several words" in this order, `or` between alternatives, `-` before what
must not be there (`websearch_to_tsquery`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from corpus.document import DocumentKind, Zone, ZoneKind
from corpus.sensitive import find
from errors import BadFilter
from store.pages import Page, make_cursor, read_cursor, read_time

DEPTH = 200_000  # code points: a vector of words has a limit of 1 MiB, which hostile text would break
_BEFORE, _AFTER = 80, 160  # code points shown around the first word found
_LONGEST_NUMBER = 70  # code points: an account with a gap between any two of its signs
_MARKS = "\ue000\ue001"  # private code points that the database puts around what was found
_GAP = re.compile(r"\s+")
_FOUND = re.compile(f"{_MARKS[0]}([^{_MARKS}]*){_MARKS[1]}")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for; None or empty means any."""

    words: str
    relationship: str | None = None  # id
    kinds: tuple[DocumentKind, ...] = ()
    since: date | None = None  # UTC, inclusive
    until: date | None = None  # inclusive


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A document in which the words stand. `quote` is its text [start, end) around the first place.

    `found` are the words' places in the quote, code points. Of several places one in the author's own words comes
    first; where only the title holds the words, the quote is the beginning of the text.
    """

    document: str
    kind: DocumentKind
    at: datetime | None
    title: str
    author: str | None
    relationships: tuple[str, ...]
    zone: ZoneKind  # whose words the quote is
    quote: str
    start: int
    end: int
    found: tuple[tuple[int, int], ...] = ()


def search(connection: Connection, asked: Question, *, cursor: str | None = None, limit: int = 50) -> Page[Hit]:
    """Documents that answer a question, newest first. Raises BadFilter for one without a word, or a strange cursor."""
    after = read_cursor(cursor, read_time, str)
    if not _has_words(connection, asked.words):
        raise BadFilter(f"{asked.words!r} has no word to search for.", advice="Ask with a longer or rarer word.")
    values = {
        "words": asked.words,
        "relationship": asked.relationship,
        "kinds": [kind.value for kind in asked.kinds],
        "since": asked.since,
        "until": asked.until,
        "at": after[0] if after else None,
        "id": after[1] if after else None,
        "limit": limit + 1,
        "depth": DEPTH,
        "options": f"StartSel={_MARKS[0]},StopSel={_MARKS[1]},HighlightAll=true",
        "marks": _MARKS,
    }
    rows = connection.execute(text(_SEARCH), values).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=tuple(map(_hit, rows[:limit])),
        next=make_cursor(last.at.isoformat() if last.at else "", last.id) if last else None,
    )


def _has_words(connection: Connection, words: str) -> bool:
    """Whether a question has anything to look for in either language: not only words like "the"."""
    query = (
        "SELECT numnode(websearch_to_tsquery('finnish', :words)) + numnode(websearch_to_tsquery('english', :words)) > 0"
    )
    return bool(connection.execute(text(query), {"words": words}).scalar_one())


def _hit(row: Row[Any]) -> Hit:
    body, places = _unmarked(row.marked)
    zones = msgspec.convert(row.zones, tuple[Zone, ...])
    own = (p for p in places if _zone(zones, p[0]) is ZoneKind.OWN)
    first = next(own, places[0] if places else None)
    start, end = _around(body, first)
    return Hit(
        document=row.id,
        kind=DocumentKind(row.kind),
        at=row.at,
        title=row.subject or row.file or "",
        author=row.author,
        relationships=tuple(row.relationships),
        zone=_zone(zones, first[0] if first else 0),
        quote=body[start:end],
        start=start,
        end=end,
        found=tuple((a - start, b - start) for a, b in places if start <= a and b <= end),
    )


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without the database's marks, and the places that they stood around."""
    places = [(m.start() - 2 * n, m.end() - 2 * (n + 1)) for n, m in enumerate(_FOUND.finditer(marked))]
    return marked.translate(dict.fromkeys(map(ord, _MARKS))), places


def _around(body: str, place: tuple[int, int] | None) -> tuple[int, int]:
    """A stretch of text around a place, cut between words and not within a number that pages hide."""
    if place is None:
        return 0, _number(body, _cut(body, _BEFORE + _AFTER))[1]
    start = max(0, place[0] - _BEFORE)
    gap = _GAP.search(body, start, place[0]) if start else None
    start = gap.end() if gap else start
    return _number(body, start)[0], _number(body, max(place[1], _cut(body, place[1] + _AFTER)))[1]


def _number(body: str, at: int) -> tuple[int, int]:
    """The number that a place lies in; the place itself where it lies in none."""
    before = max(0, at - _LONGEST_NUMBER)
    found = find(body[before : at + _LONGEST_NUMBER])
    return next(((before + f.start, before + f.end) for f in found if f.start < at - before < f.end), (at, at))


def _cut(body: str, end: int) -> int:
    return len(body) if end >= len(body) else max(0, body.rfind(" ", 0, end))


def _zone(zones: Sequence[Zone], at: int) -> ZoneKind:
    return next((z.kind for z in zones if z.start <= at < z.end), ZoneKind.OWN)


# Which dictionary a document was read with depends on its language, so a question is asked once for each.
_SEARCH = """
SELECT d.id, d.kind, d.at, d.subject, d.data ->> 'file' AS file, d.data -> 'zones' AS zones,
  coalesce(d.data -> 'author' ->> 'name', d.author_email) AS author,
  ARRAY(SELECT m.relationship_id FROM membership m WHERE m.document_id = d.id ORDER BY 1) AS relationships,
  ts_headline(document_words(d.language), translate(left(d.text, :depth), :marks, '  '),
    websearch_to_tsquery(document_words(d.language), :words), :options) AS marked
FROM (
  SELECT * FROM document d
  WHERE ((language = 'fi' AND document_words(language, subject, data, text) @@ websearch_to_tsquery('finnish', :words))
      OR (language IS DISTINCT FROM 'fi'
          AND document_words(language, subject, data, text) @@ websearch_to_tsquery('english', :words)))
    AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY(:kinds))
    AND (CAST(:since AS date) IS NULL OR at >= :since)
    AND (CAST(:until AS date) IS NULL OR at < CAST(:until AS date) + 1)
    AND (CAST(:relationship AS text) IS NULL OR EXISTS (
      SELECT FROM membership m WHERE m.document_id = d.id AND m.relationship_id = :relationship))
    AND (CAST(:id AS text) IS NULL OR (coalesce(at, '-infinity'), id)
      < (coalesce(CAST(:at AS timestamptz), '-infinity'), :id))
  ORDER BY coalesce(at, '-infinity') DESC, id DESC LIMIT :limit
) d
ORDER BY coalesce(d.at, '-infinity') DESC, d.id DESC"""
