"""All relationships in order of their need for attention, as of a day.

A relationship's place is the sum of the weights of the kinds of reasons that hold, each kind once
(`insights.attention`). The database adds them up over the stretches of days that were kept, so that ordering thousands
takes a few milliseconds whatever the day; only what is shown is read in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from insights.attention import ReasonKind, ReasonToAct, Rules, Tally
from insights.insight import Side
from insights.mood import MonthMood
from store.pages import Page, make_cursor, read_cursor
from store.reasons import HOLDS, RULES, reasons, ruled

_MOOD = msgspec.json.Decoder(MonthMood)
_MANY = 500  # relationships read at a time
_MOODS = 12  # months
_OPEN = (ReasonKind.DUE_SOON, Tally.PROMISE)
_OVERDUE = (ReasonKind.OVERDUE_BY_US, ReasonKind.OVERDUE_BY_THEM, Tally.OVERDUE_BY_OTHERS)
_ISSUES = (ReasonKind.SEVERE_ISSUE, Tally.SLIGHT_ISSUE)
_DAYS = (ReasonKind.CONTRACT_DAY, Tally.LATER_DAY)
_ORDERED = (
    f"WITH {RULES}, held AS (SELECT DISTINCT c.relationship_id, r.kind, r.weight FROM concern c JOIN rule r"  # noqa: S608 -- ours
    f"  USING (kind) WHERE c.told BETWEEN :oldest AND :latest AND {HOLDS}),"
    " needy AS (SELECT relationship_id, sum(weight)::int AS need, array_agg(kind) AS kinds FROM held GROUP BY 1),"
    " found AS (SELECT r.id, r.name, r.kind, r.external_id, r.owner, r.first, r.last, r.documents,"
    "   coalesce(need, 0) AS need, count(*) OVER () AS total"
    "  FROM relationship r LEFT JOIN needy ON relationship_id = r.id"
    "  WHERE r.documents > 0 AND (r.first IS NULL OR r.first::date <= :day)"
    "  AND (CAST(:of AS text) IS NULL OR r.kind = :of)"
    "  AND (CAST(:reason AS text) IS NULL OR :reason = ANY(kinds)) AND (need > 0 OR NOT :needy)"
    "  AND (CAST(:name AS text) IS NULL OR strpos(lower(r.name || ' ' || r.id), lower(:name)) > 0))"
    " SELECT * FROM found WHERE CAST(:id AS text) IS NULL OR need < :need"
    "  OR (need = :need AND (documents < :documents OR (documents = :documents AND id > :id)))"
    " ORDER BY need DESC, documents DESC, id LIMIT :limit"
)


class MonthTone(msgspec.Struct, frozen=True, kw_only=True):
    """The mood of one month in short."""

    month: str  # YYYY-MM
    mood: str  # negative | neutral | positive
    score: float


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """The open promises of one side that have a day."""

    overdue: int = 0
    coming: int = 0
    next: date | None = None  # day of those to come


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """How a relationship stands as of a day, in one row of the portfolio."""

    id: str
    name: str
    kind: str | None
    external_id: str | None
    owner: str | None
    reasons: tuple[ReasonToAct, ...]  # the weightiest first, not all where there are many: see `held`
    held: dict[str, int]  # how many reasons there are, by kind
    ours: Owed  # what we owe
    theirs: Owed
    open_commitments: int  # overdue ones and those without a day included
    overdue: int
    open_issues: int
    moods: tuple[MonthTone, ...]  # of the last twelve months in which somebody wrote
    mood: str | None  # of the last of them
    documents: int
    first: datetime | None
    last: datetime | None
    contract_day: date | None  # the next day that follows from a contract


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which relationships are wanted; None means any."""

    kind: str | None = None  # of relationship
    reason: ReasonKind | None = None
    name: str | None = None  # a part of its name or id
    needy: bool = False  # only those with reasons to act


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the portfolio, and how many relationships it has in all."""

    page: Page[Brief]
    total: int


def portfolio(
    connection: Connection, day: date, rules: Rules, wanted: Wanted, *, cursor: str | None = None, limit: int = 50,
    few: int = 5,
) -> Portfolio:  # fmt: skip
    """Relationships that had begun by `day`, those that need attention most first, each with at most `few` reasons.

    Raises BadFilter for a strange cursor.
    """
    after = read_cursor(cursor, int, int, str)
    rows = connection.execute(
        text(_ORDERED),
        ruled(rules, day)
        | {"of": wanted.kind, "reason": wanted.reason, "name": wanted.name, "needy": wanted.needy, "limit": limit + 1}
        | {"need": after and after[0], "documents": after and after[1], "id": after and after[2]},
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Portfolio(
        page=Page(
            items=_briefs(connection, rows[:limit], day, rules, few),
            next=make_cursor(str(last.need), str(last.documents), last.id) if last else None,
        ),
        total=rows[0].total if rows else 0,
    )


def every(connection: Connection, day: date, rules: Rules, wanted: Wanted, few: int = 5) -> list[Brief]:
    """The whole portfolio in its order."""
    found: list[Brief] = []
    cursor: str | None = None
    while True:
        page = portfolio(connection, day, rules, wanted, cursor=cursor, limit=_MANY, few=few).page
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def _briefs(connection: Connection, rows: Sequence[Row[Any]], day: date, rules: Rules, few: int) -> tuple[Brief, ...]:
    ids = [row.id for row in rows]
    told, counted = reasons(connection, ids, day, rules, few), _counted(connection, ids, day)
    moods, sums = _moods(connection, ids, day), _sums(connection, rows, day)
    return tuple(
        Brief(
            id=row.id,
            name=row.name,
            kind=row.kind,
            external_id=row.external_id,
            owner=row.owner,
            reasons=told[row.id].reasons if row.id in told else (),
            held=told[row.id].numbers if row.id in told else {},
            ours=_owed(counted.get(row.id, ()), Side.US),
            theirs=_owed(counted.get(row.id, ()), Side.THEM),
            open_commitments=_sum(counted.get(row.id, ()), (*_OPEN, *_OVERDUE)),
            open_issues=_sum(counted.get(row.id, ()), _ISSUES),
            overdue=_sum(counted.get(row.id, ()), _OVERDUE),
            moods=moods.get(row.id, ()),
            mood=moods[row.id][-1].mood if row.id in moods else None,
            documents=sums[row.id].documents,
            first=sums[row.id].first,
            last=sums[row.id].last,
            contract_day=min((c.next for c in counted.get(row.id, ()) if c.kind in _DAYS and c.next), default=None),
        )
        for row in rows
    )


def _counted(connection: Connection, ids: Sequence[str], day: date) -> dict[str, list[Row[Any]]]:
    """What holds on the day, whether it asks for attention or not: how many of each kind and side, the next day due."""
    rows = connection.execute(
        text(
            "SELECT relationship_id, kind, side, count(*) AS number, min(due) FILTER (WHERE due >= :day) AS next"
            " FROM concern WHERE relationship_id = ANY(:ids) AND since <= :day AND (until IS NULL OR until > :day)"
            " GROUP BY relationship_id, kind, side"
        ),
        {"ids": list(ids), "day": day},
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.relationship_id, []).append(row)
    return found


def _sum(counted: Sequence[Row[Any]], kinds: Sequence[str]) -> int:
    return sum(row.number for row in counted if row.kind in kinds)


def _owed(counted: Sequence[Row[Any]], side: Side) -> Owed:
    mine = [row for row in counted if row.side == side]
    coming = [row for row in mine if row.kind == ReasonKind.DUE_SOON]
    return Owed(
        overdue=_sum(mine, _OVERDUE),
        coming=_sum(coming, (ReasonKind.DUE_SOON,)),
        next=min((row.next for row in coming if row.next), default=None),
    )


def _moods(connection: Connection, ids: Sequence[str], day: date) -> dict[str, tuple[MonthTone, ...]]:
    rows = connection.execute(
        text(
            "SELECT i.* FROM unnest(CAST(:ids AS text[])) AS r(id) CROSS JOIN LATERAL ("
            "  SELECT relationship_id, at, data::text AS data FROM insight"
            "   WHERE relationship_id = r.id AND kind = 'mood' AND at::date <= :day ORDER BY at DESC LIMIT :months"
            " ) i ORDER BY i.relationship_id, i.at"
        ),
        {"ids": list(ids), "day": day, "months": _MOODS},
    )
    found: dict[str, list[MonthTone]] = {}
    for row in rows:
        month = _MOOD.decode(row.data).as_of(day)
        tone = MonthTone(month=month.month, mood=month.mood.value, score=month.score)
        found.setdefault(row.relationship_id, []).append(tone)
    return {identity: tuple(some) for identity, some in found.items()}


def _sums(connection: Connection, rows: Sequence[Row[Any]], day: date) -> dict[str, Row[Any]]:
    """How many documents each had by the day, the first and the last of them."""
    later = [row.id for row in rows if row.last is not None and row.last.date() > day]
    if not later:
        return {row.id: row for row in rows}
    found = connection.execute(
        text(
            "SELECT relationship_id AS id, count(*) AS documents, min(at) AS first, max(at) AS last FROM membership"
            " JOIN document ON id = document_id WHERE relationship_id = ANY(:ids) AND NOT quiet"
            " AND at::date <= :day GROUP BY relationship_id"
        ),
        {"ids": later, "day": day},
    )
    return {row.id: row for row in (*rows, *found)}
