"""What the API and the command line show: relationships, timelines, promises and troubles, as of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from errors import NotFound
from insights.amendments import Amendment
from insights.changes import LevelChange
from insights.contracts import Contract, Deadline, days
from insights.contradictions import Contradiction
from insights.entries import About, Entry, EntryKind, unfolded
from insights.insight import (
    Commitment,
    CommitmentStatus,
    DueDay,
    Issue,
    IssueStatus,
    MonthRhythm,
    OpenQuestion,
    Rhythm,
    Side,
    Signal,
    Source,
)
from insights.mood import MonthMood
from insights.negotiations import Negotiation
from insights.notes import NoteItem
from insights.silence import Arrival, Lull
from insights.timeline import Insights, as_of
from insights.voices import Voice, VoiceMonth, voices
from store.pages import Page, make_cursor, read_cursor, read_time
from store.read import Summary

_TYPES: dict[EntryKind, Callable[..., Any]] = {
    EntryKind.COMMITMENT: Commitment,
    EntryKind.ISSUE: Issue,
    EntryKind.OPPORTUNITY: Signal,
    EntryKind.THREAT: Signal,
    EntryKind.QUESTION: OpenQuestion,
    EntryKind.CONTRACT: Contract,
    EntryKind.AMENDMENT: Amendment,
    EntryKind.NEGOTIATION: Negotiation,
    EntryKind.CONTRADICTION: Contradiction,
    EntryKind.DECISION: NoteItem,
    EntryKind.POSITION: NoteItem,
    EntryKind.MOOD: MonthMood,
    EntryKind.VOLUME: MonthRhythm,
    EntryKind.CHANGE: LevelChange,
    EntryKind.SILENCE: Lull,
    EntryKind.ARRIVAL: Arrival,
}
_LISTS = {  # in `Insights`; deadlines are kept as their contract, rhythm in the summary
    EntryKind.COMMITMENT: "commitments",
    EntryKind.ISSUE: "issues",
    EntryKind.OPPORTUNITY: "signals",
    EntryKind.THREAT: "signals",
    EntryKind.QUESTION: "questions",
    EntryKind.CONTRACT: "contracts",
    EntryKind.AMENDMENT: "amendments",
    EntryKind.NEGOTIATION: "negotiations",
    EntryKind.CONTRADICTION: "contradictions",
    EntryKind.DECISION: "minuted",
    EntryKind.POSITION: "minuted",
    EntryKind.MOOD: "mood",
    EntryKind.CHANGE: "changes",
    EntryKind.SILENCE: "silences",
    EntryKind.ARRIVAL: "arrivals",
}
_COUNTED = (EntryKind.COMMITMENT, EntryKind.ISSUE, EntryKind.MOOD)  # what an overview rests on
_VOICE = msgspec.json.Decoder(VoiceMonth)
_DECODERS = {kind: msgspec.json.Decoder(type_) for kind, type_ in _TYPES.items()}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One of their people."""

    id: str
    name: str
    emails: tuple[str, ...]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship in one row. The counts are as of a day."""

    id: str
    name: str
    kind: str | None
    external_id: str | None
    owner: str | None
    domains: tuple[str, ...]
    documents: int
    quiet: int  # mass and automatic mail, kept out of the timeline
    first: datetime | None
    last: datetime | None
    open_commitments: int  # overdue ones included
    overdue: int
    open_issues: int
    mood: str | None  # of the last month that was read
    rhythm: Rhythm


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a timeline as of a day. `detail` is the insight itself, its evidence in it."""

    id: str
    relationship: str
    kind: EntryKind
    at: datetime | None
    title: str
    status: str | None
    side: Side | None
    due: DueDay | None
    confidence: float
    sources: tuple[Source, ...]
    corrections: tuple[int, ...] = ()  # numbers of those that hold for it
    detail: About


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail in a list."""

    id: str
    at: datetime | None
    author: str | None
    subject: str
    sending: str  # personal | list | bulk | automatic
    relationships: tuple[str, ...]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted; None or empty means any."""

    relationship: str | None = None
    kinds: tuple[EntryKind, ...] = ()
    since: date | None = None  # day of the entry, UTC, inclusive
    until: date | None = None  # inclusive
    side: Side | None = None  # who owes, raised, said or asked it
    status: tuple[str, ...] = ()


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship with all that is known of it as of a day."""

    overview: Overview
    insights: Insights
    people: tuple[Voice, ...] = ()  # how each writes


def relationships(connection: Connection, day: date, *, cursor: str | None = None, limit: int = 50) -> Page[Overview]:
    """Relationships that had begun by `day`, those with most documents first. Raises BadFilter for a strange cursor."""
    after = read_cursor(cursor, int, str)
    rows = connection.execute(
        text(
            "SELECT * FROM relationship"
            " WHERE :documents < 0 OR documents < :documents OR (documents = :documents AND id > :id)"
            " ORDER BY documents DESC, id LIMIT :limit"
        ),
        {"documents": after[0] if after else -1, "id": after[1] if after else "", "limit": limit + 1},
    ).all()
    begun = tuple(one for row in rows[:limit] if (one := _overview(connection, row, day)).documents)
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items=begun, next=make_cursor(str(last.documents), last.id) if last else None)


def relationship(connection: Connection, name: str, day: date) -> Overview:
    """A relationship by its id, one of its domains, its name or its id in the CRM. Raises NotFound."""
    return _overview(connection, _find(connection, name), day)


def resolve(connection: Connection, name: str) -> str:
    """The id of a relationship by any of the names that `relationship` takes. Raises NotFound."""
    identity: str = _find(connection, name).id
    return identity


def people(connection: Connection, relationship: str) -> tuple[Person, ...]:
    """Their people, by name."""
    rows = connection.execute(
        text(
            "SELECT p.id, p.name, p.emails FROM relationship r JOIN person p ON p.id = ANY(r.people)"
            " WHERE r.id = :id ORDER BY p.name, p.id"
        ),
        {"id": relationship},
    )
    return tuple(Person(id=row.id, name=row.name or row.id, emails=tuple(row.emails)) for row in rows)


def places(connection: Connection, document: str) -> tuple[tuple[str, str], ...]:
    """The relationships in which a document stands: (id, name)."""
    rows = connection.execute(
        text(
            "SELECT r.id, r.name FROM membership m JOIN relationship r ON r.id = m.relationship_id"
            " WHERE m.document_id = :id ORDER BY r.name, r.id"
        ),
        {"id": document},
    )
    return tuple((row.id, row.name) for row in rows)


def entries(
    connection: Connection, wanted: Filter, day: date, *, cursor: str | None = None, limit: int = 50
) -> Page[Shown]:
    """Entries as they were known at the end of `day`, newest first. Raises BadFilter for a strange cursor."""
    shown: list[Shown] = []
    last: tuple[str, ...] = ()
    for place, one in _entries(connection, wanted, day, read_cursor(cursor, read_time, str, int)):
        if len(shown) == limit:
            return Page(items=tuple(shown), next=make_cursor(*last))
        shown.append(one)
        last = place
    return Page(items=tuple(shown))


def insight(connection: Connection, identity: str, day: date) -> Shown:
    """One entry by its id, as it was known at the end of `day`. Raises NotFound."""
    row = connection.execute(
        text("SELECT relationship_id, id, at, kind, data::text AS data, corrections FROM insight WHERE id = :id"),
        {"id": identity},
    ).one_or_none()
    if row is None:
        raise NotFound(f"no insight {identity}.", advice="It may have been dismissed or be derived no more.")
    return _shown(row, _lines(row, day)[0], day)


def contracts(
    connection: Connection, relationship: str, day: date
) -> tuple[tuple[Contract, tuple[Deadline, ...]], ...]:
    """The contracts of a relationship that were known by `day`, newest first, with the days that follow from each."""
    known = as_of(_insights(connection, relationship, Rhythm(sent=0, received=0), (EntryKind.CONTRACT,)), day).contracts
    return tuple((contract, days(contract, day)) for contract in reversed(known) if contract.replaced is None)


def mails(connection: Connection, *, relationship: str | None, quiet: bool, limit: int) -> tuple[Listed, ...]:
    """Mails, newest first; `quiet` ones are the mass and automatic mail that timelines leave out."""
    rows = connection.execute(
        text(
            "SELECT d.id, d.at, d.author_email, d.subject, d.sending, array_remove(array_agg(m.relationship_id"
            " ORDER BY m.relationship_id), NULL) AS relationships"
            " FROM document d LEFT JOIN membership m ON m.document_id = d.id"
            " WHERE d.kind = 'email' AND (CAST(:relationship AS text) IS NULL OR m.relationship_id = :relationship)"
            " GROUP BY d.id HAVING (coalesce(bool_or(m.quiet), d.sending IN ('bulk', 'automatic'))) = :quiet"
            " ORDER BY d.at DESC NULLS LAST, d.id LIMIT :limit"
        ),
        {"relationship": relationship, "quiet": quiet, "limit": limit},
    )
    return tuple(
        Listed(
            id=row.id,
            at=row.at,
            author=row.author_email,
            subject=row.subject,
            sending=row.sending,
            relationships=tuple(row.relationships),
        )
        for row in rows
    )


def insights(connection: Connection, relationship: str) -> Insights:
    """All insights of a relationship, but its rhythm."""
    return _insights(connection, relationship, Rhythm(sent=0, received=0))


def export(connection: Connection, day: date) -> Iterator[Exported]:
    """Every relationship with its insights as of a day, by id."""
    for row in connection.execute(text("SELECT * FROM relationship ORDER BY id")).all():
        overview = _overview(connection, row, day)
        found = as_of(_insights(connection, row.id, overview.rhythm), day)
        yield Exported(overview=overview, insights=found, people=spoken(connection, row.id, day))


def spoken(connection: Connection, relationship: str, day: date) -> tuple[Voice, ...]:
    """How each person of a relationship writes, over the months that were over on `day`; by name."""
    rows = connection.execute(
        text("SELECT data::text AS data FROM voice WHERE relationship_id = :id ORDER BY person_id, month"),
        {"id": relationship},
    )
    return voices((_VOICE.decode(row.data) for row in rows), day)


def _find(connection: Connection, name: str) -> Row[Any]:
    rows = connection.execute(
        text(
            "SELECT * FROM relationship"
            " WHERE id = lower(:name) OR lower(:name) = ANY(domains) OR lower(name) = lower(:name)"
            " OR external_id = :name"
            " OR people && (SELECT array_agg(id) FROM person WHERE lower(:name) = ANY(emails))"
            " ORDER BY id <> lower(:name), documents DESC LIMIT 1"
        ),
        {"name": name.strip()},
    ).all()
    if rows:
        return rows[0]
    near = connection.execute(
        text(
            "SELECT id FROM relationship WHERE strpos(lower(id || ' ' || name), lower(:name)) > 0 ORDER BY id LIMIT 5"
        ),
        {"name": name.strip()},
    ).scalars()
    hint = ", ".join(near)
    raise NotFound(
        f"no relationship {name}.", advice=f"Did you mean {hint}?" if hint else "'suhde relationships' lists them."
    )


def _overview(connection: Connection, row: Row[Any], day: date) -> Overview:
    known = _known_on(connection, row, day)
    now = as_of(_insights(connection, row.id, known.rhythm or Rhythm(sent=0, received=0), _COUNTED), day)
    states = [c.status(day) for c in now.commitments]
    overdue = states.count(CommitmentStatus.OVERDUE)
    return Overview(
        id=row.id,
        name=row.name,
        kind=row.kind,
        external_id=row.external_id,
        owner=row.owner,
        domains=tuple(row.domains),
        documents=known.documents,
        quiet=known.quiet,
        first=known.first,
        last=known.last,
        open_commitments=states.count(CommitmentStatus.OPEN) + overdue,
        overdue=overdue,
        open_issues=sum(i.status(day) is IssueStatus.OPEN for i in now.issues),
        mood=now.mood[-1].mood.value if now.mood else None,
        rhythm=now.rhythm,
    )


def _known_on(connection: Connection, row: Row[Any], day: date) -> Summary:
    """The sums over a relationship's documents at the end of `day`. Reply times are known for all of the time only."""
    whole = msgspec.convert(row.summary or {"documents": 0, "quiet": 0, "first": None, "last": None}, Summary)
    if whole.last is None or whole.last.date() <= day:
        return whole
    then = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE NOT quiet) AS documents, count(*) FILTER (WHERE quiet) AS quiet,"
            " min(at) FILTER (WHERE NOT quiet) AS first, max(at) FILTER (WHERE NOT quiet) AS last,"
            " count(*) FILTER (WHERE NOT quiet AND direction = 'out') AS sent,"
            " count(*) FILTER (WHERE NOT quiet AND direction = 'in') AS received"
            " FROM membership JOIN document ON id = document_id WHERE relationship_id = :id AND at::date <= :day"
        ),
        {"id": row.id, "day": day},
    ).one()
    months = whole.rhythm.months if whole.rhythm else ()
    return Summary(
        documents=then.documents,
        quiet=then.quiet,
        first=then.first,
        last=then.last,
        rhythm=Rhythm(sent=then.sent, received=then.received, months=months),
    )


def _insights(
    connection: Connection, relationship: str, rhythm: Rhythm, kinds: Sequence[EntryKind] = tuple(_LISTS)
) -> Insights:
    rows = connection.execute(
        text(
            "SELECT kind, data::text AS data FROM insight WHERE relationship_id = :id AND kind = ANY(:kinds)"
            " ORDER BY at NULLS LAST, id"
        ),
        {"id": relationship, "kinds": [kind.value for kind in kinds]},
    )
    return collected(((EntryKind(row.kind), row.data) for row in rows), rhythm)


def decode(kind: EntryKind, data: str | bytes) -> Any:
    """An insight from its JSON."""
    return _DECODERS[kind].decode(data)


def collected(rows: Iterable[tuple[EntryKind, str]], rhythm: Rhythm) -> Insights:
    """Insights from their kinds and JSON, in order of time."""
    found: dict[str, list[Any]] = {}
    for kind, data in rows:
        found.setdefault(_LISTS[kind], []).append(decode(kind, data))
    return Insights(rhythm=rhythm, **{name: tuple(values) for name, values in found.items()})


def _entries(
    connection: Connection, wanted: Filter, day: date, after: tuple[Any, ...] | None
) -> Iterator[tuple[tuple[str, ...], Shown]]:
    """The entries after a place, each with its own: its row's time and id, and which of the row's lines it is."""
    stored = {EntryKind.CONTRACT if kind is EntryKind.DEADLINE else kind for kind in wanted.kinds}
    rows = connection.execute(
        text(
            "SELECT relationship_id, id, at, kind, data::text AS data, corrections FROM insight"
            " WHERE (at IS NULL OR at::date <= :day)"
            " AND (CAST(:relationship AS text) IS NULL OR relationship_id = :relationship)"
            " AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY(:kinds))"
            " AND (CAST(:since AS date) IS NULL OR at >= :since)"
            " AND (CAST(:until AS date) IS NULL OR at < CAST(:until AS date) + 1)"
            " AND (CAST(:id AS text) IS NULL"
            "  OR (coalesce(at, '-infinity'), id)"
            "   <= (coalesce(CAST(:at AS timestamptz), '-infinity'), :id))"
            " ORDER BY coalesce(at, '-infinity') DESC, id DESC"
        ),
        {
            "day": day,
            "relationship": wanted.relationship,
            "kinds": [k.value for k in stored],
            "since": wanted.since,
            "until": wanted.until,
            "at": after[0] if after else None,
            "id": after[1] if after else None,
        },
        execution_options={"yield_per": 200},
    )
    for row in rows:
        given = after[2] if after and after[1] == row.id else -1
        for line, one in enumerate(_lines(row, day)):
            if line > given and _is_wanted(one, wanted, day):
                place = (row.at.isoformat() if row.at else "", row.id, str(line))
                yield place, _shown(row, one, day)


def _lines(row: Row[Any], day: date) -> tuple[Entry, ...]:
    """The lines of a stored insight as it was known on a day: its own, then those that follow from it."""
    about: About = decode(EntryKind(row.kind), row.data)
    if isinstance(about, Commitment | Issue | OpenQuestion | Contract | Negotiation | Signal | Lull | MonthMood):
        about = about.as_of(day)
    return unfolded(about, day)


def _is_wanted(one: Entry, wanted: Filter, day: date) -> bool:
    return (
        (not wanted.kinds or one.kind in wanted.kinds)
        and wanted.side in (None, one.side)
        and (not wanted.status or one.status(day) in wanted.status)
    )


def _shown(row: Row[Any], one: Entry, day: date) -> Shown:
    return Shown(
        id=one.id,
        relationship=row.relationship_id,
        kind=one.kind,
        at=one.at,
        title=one.title,
        status=one.status(day),
        side=one.side,
        due=one.due,
        confidence=one.confidence,
        sources=one.sources,
        corrections=tuple(row.corrections) if one.id == row.id else (),
        detail=one.about,
    )
