"""The reasons to act that hold on a day, found in the database as `insights.attention.holds` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from insights.attention import ReasonKind, ReasonToAct, Rules

RULES = (
    " rule AS (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:weights AS int[]), CAST(:ahead AS int[]),"
    "  CAST(:stale AS int[]), CAST(:sure AS float[])) AS r(kind, weight, ahead, stale, sure))"
)
"""The rules as a table, from the parameters that `ruled` makes; to stand after WITH."""
HOLDS = (
    " c.since <= :day AND (c.until IS NULL OR c.until > :day) AND c.told >= :day - r.stale"
    " AND (c.due IS NULL OR c.due - r.ahead <= :day) AND r.weight > 0 AND c.confidence >= r.sure"
)
"""Whether concern c is a reason on a day by rule r."""
_HELD = (
    f"WITH {RULES}, held AS (SELECT c.relationship_id, c.kind, c.data, r.weight,"  # noqa: S608 -- ours
    "   row_number() OVER (PARTITION BY c.relationship_id, c.kind ORDER BY c.told DESC, c.insight_id) AS nth,"
    "   count(*) OVER (PARTITION BY c.relationship_id, c.kind) AS number"
    f"  FROM concern c JOIN rule r USING (kind) WHERE c.relationship_id = ANY(:ids) AND {HOLDS}),"
    " placed AS (SELECT *, row_number() OVER (PARTITION BY relationship_id ORDER BY nth, weight DESC, kind) AS place"
    "  FROM held)"
    " SELECT relationship_id, kind, number, CASE WHEN place <= :few THEN data::text END AS data"
    " FROM placed WHERE place <= :few OR nth = 1 ORDER BY relationship_id, place"
)
_REASON = msgspec.json.Decoder(ReasonToAct)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """The reasons to act in a relationship: the first in full, and how many there are of each kind."""

    reasons: tuple[ReasonToAct, ...] = ()
    numbers: dict[str, int] = {}  # by kind, the weightiest first


def reasons(
    connection: Connection, relationships: Sequence[str], day: date, rules: Rules, few: int = 200
) -> dict[str, Held]:
    """What holds in each of these relationships that has reasons to act, at most `few` of each in full."""
    rows = connection.execute(text(_HELD), ruled(rules, day) | {"ids": list(relationships), "few": few})
    found: dict[str, Held] = {}
    for identity, some in groupby(rows, key=lambda row: str(row.relationship_id)):
        held = list(some)
        found[identity] = Held(
            reasons=tuple(_REASON.decode(row.data) for row in held if row.data is not None),
            numbers={row.kind: row.number for row in held},  # the first of each kind comes before the second of any
        )
    return found


def ruled(rules: Rules, day: date) -> dict[str, Any]:
    """The rules as parameters, and between which days anything can have been told that counts."""
    each = [rules.of(kind) for kind in ReasonKind]
    return {
        "day": day,
        "kinds": [kind.value for kind in ReasonKind],
        "weights": [rule.weight for rule in each],
        "ahead": [rule.ahead for rule in each],
        "stale": [rule.stale for rule in each],
        "sure": [rule.sure for rule in each],
        "oldest": date.fromordinal(max(1, day.toordinal() - max(rule.stale for rule in each))),
        "latest": date.fromordinal(min(date.max.toordinal(), day.toordinal() + max(rule.ahead for rule in each))),
    }
