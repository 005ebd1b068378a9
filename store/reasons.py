"""The reasons to act that hold on a day, found in the database as `insights.attention.holds` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
_FIRST = (
    f"WITH {RULES}, held AS (SELECT c.relationship_id, c.data, row_number() OVER (PARTITION BY"  # noqa: S608 -- ours
    "   c.relationship_id ORDER BY r.weight DESC, c.kind, c.told DESC, c.insight_id) AS place"
    f"  FROM concern c JOIN rule r USING (kind) WHERE c.relationship_id = ANY(:ids) AND {HOLDS})"
    " SELECT relationship_id, data::text AS data FROM held WHERE place <= :few ORDER BY relationship_id, place"
)
_KINDS = (
    f"WITH {RULES} SELECT c.relationship_id, c.kind, count(*) AS number FROM concern c JOIN rule r"  # noqa: S608 -- ours
    f" USING (kind) WHERE c.relationship_id = ANY(:ids) AND {HOLDS}"
    " GROUP BY c.relationship_id, c.kind, r.weight ORDER BY c.relationship_id, r.weight DESC, c.kind"
)
_REASON = msgspec.json.Decoder(ReasonToAct)


def reasons(
    connection: Connection, relationships: Sequence[str], day: date, rules: Rules, few: int = 200
) -> dict[str, tuple[ReasonToAct, ...]]:
    """The weightiest reasons to act in each of these relationships, at most `few` of each."""
    rows = connection.execute(text(_FIRST), ruled(rules, day) | {"ids": list(relationships), "few": few})
    found: dict[str, list[ReasonToAct]] = {}
    for row in rows:
        found.setdefault(row.relationship_id, []).append(_REASON.decode(row.data))
    return {identity: tuple(some) for identity, some in found.items()}


def held(connection: Connection, relationships: Sequence[str], day: date, rules: Rules) -> dict[str, dict[str, int]]:
    """How many reasons each of these relationships has, by kind, the weightiest kind first."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(text(_KINDS), ruled(rules, day) | {"ids": list(relationships)}):
        found.setdefault(row.relationship_id, {})[row.kind] = row.number
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
