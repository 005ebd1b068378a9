"""What threading needs to know of mails: of all, or of those within reach of a few (`corpus.newcomers.Archive`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from corpus.kinship import LOOKED_AT, read_subject
from corpus.threads import Link, Strand

_CHUNK = 2000  # rows fetched at a time where a result is streamed
_COLUMNS = (
    "d.id, d.message_id, d.at, d.author_email, d.subject, d.own_print, d.quoted_print,"
    " d.data -> 'in_reply_to' AS answered, d.data -> 'references' AS refs, d.data -> 'to' AS to_, d.data -> 'cc' AS cc"
)
_SELECT = f"SELECT {_COLUMNS} FROM document d"  # noqa: S608
_PLACE = "(coalesce(d.at, 'infinity'), d.id)"
_GIVEN = "unnest(CAST(:keys AS bigint[]), CAST(:ats AS timestamptz[]), CAST(:ids AS text[])) AS given (key, at, id)"


def strands(connection: Connection) -> Iterator[Strand]:
    """The strand of every mail."""
    rows = connection.execute(text(f"{_SELECT} WHERE d.kind = 'email'"), execution_options={"yield_per": _CHUNK})
    return map(_strand, rows)


def links(connection: Connection, documents: Collection[str] | None = None) -> dict[str, Link]:
    """Where documents stand, by their ids: all, or some."""
    rows = connection.execute(
        text(
            "SELECT document_id AS id, thread_id, answers_id FROM link"
            " WHERE CAST(:ids AS text[]) IS NULL OR document_id = ANY(:ids)"
        ),
        {"ids": None if documents is None else list(documents)},
        execution_options={"yield_per": _CHUNK},
    )
    return {row.id: Link(row.thread_id, row.answers_id) for row in rows}


class Neighbours:
    """The mails of the store by what may tie them to others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def these(self, documents: Collection[str]) -> list[Strand]:
        """The strands of mails by their ids."""
        return self._some("WHERE d.kind = 'email' AND d.id = ANY(:given)", list(documents))

    def of_threads(self, documents: Collection[str]) -> Iterable[Strand]:
        """All mails in the threads of these (ids)."""
        return self._some(
            "JOIN link l ON l.document_id = d.id WHERE d.kind = 'email'"
            " AND l.thread_id IN (SELECT thread_id FROM link WHERE document_id = ANY(:given))",
            list(documents),
        )

    def named(self, message_ids: Collection[str]) -> Iterable[Strand]:
        """The mails with these Message-IDs."""
        return self._some("WHERE d.kind = 'email' AND d.message_id = ANY(:given)", list(message_ids))

    def referring(self, message_ids: Collection[str]) -> Iterable[Strand]:
        """The mails that refer to any of these."""
        return self._some(
            "WHERE d.kind = 'email' AND (d.data -> 'references' ?| :given OR d.data -> 'in_reply_to' ?| :given)",
            list(message_ids),
        )

    def earlier(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        """For each, the last mails before it of its subject, and of the text that it quotes."""
        before = (
            f"AND {_PLACE} < (given.at, given.id) ORDER BY coalesce(d.at, 'infinity') DESC, d.id DESC LIMIT {LOOKED_AT}"
        )
        yield from self._beside(strands, _subjects(strands), f"d.subject_key = given.key {before}")
        quoted = [s.quoted_print or 0 for s in strands]
        yield from self._beside(strands, quoted, f"d.own_print = given.key AND given.key <> 0 {before}")

    def later(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        """For each, the next mails of its subject, and all later ones that quote its text."""
        after = f"AND {_PLACE} > (given.at, given.id)"
        few = f"ORDER BY coalesce(d.at, 'infinity'), d.id LIMIT {LOOKED_AT}"
        yield from self._beside(strands, _subjects(strands), f"d.subject_key = given.key {after} {few}")
        own = [s.own_print for s in strands]
        yield from self._beside(strands, own, f"d.quoted_print = given.key AND given.key <> 0 {after}")

    def _some(self, where: str, given: list[str]) -> list[Strand]:
        if not given:
            return []
        return list(map(_strand, self._connection.execute(text(f"{_SELECT} {where}"), {"given": given})))

    def _beside(self, strands: Sequence[Strand], keys: Sequence[int], where: str) -> Iterator[Strand]:
        query = (
            f"SELECT found.* FROM {_GIVEN}"  # noqa: S608
            f" CROSS JOIN LATERAL ({_SELECT} WHERE d.kind = 'email' AND {where}) found"
        )
        values = {
            "keys": list(keys),
            "ats": [s.at.isoformat() if s.at else "infinity" for s in strands],
            "ids": [s.id for s in strands],
        }
        return map(_strand, self._connection.execute(text(query), values) if strands else ())


def _subjects(strands: Sequence[Strand]) -> list[int]:
    return [read_subject(s.subject).key for s in strands]


def _strand(row: Row[Any]) -> Strand:
    emails = (row.author_email, *(a["email"] for a in (*(row.to_ or ()), *(row.cc or ()))))
    return Strand(
        id=row.id,
        message_id=row.message_id,
        in_reply_to=tuple(row.answered or ()),
        references=tuple(row.refs or ()),
        subject=row.subject,
        at=row.at,
        participants=tuple(dict.fromkeys(e for e in emails if e)),
        own_print=row.own_print,
        quoted_print=row.quoted_print,
    )
