"""The export's shape (docs/export.md): a relationship as one JSON object, statuses as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from insights.attention import Rules, ranked
from insights.concerns import concerns
from insights.contracts import Contract, Deadline, as_json, days
from insights.insight import Commitment, Issue, OpenQuestion
from insights.negotiations import bargain
from insights.silence import Lull
from store.views import Exported

_DEFAULT = Rules()


def as_export(one: Exported, day: date, rules: Rules = _DEFAULT) -> dict[str, Any]:
    """A relationship as the export writes it."""
    overview, insights = one.overview, one.insights
    return {
        "id": overview.id,
        "name": overview.name,
        "kind": overview.kind,
        "external_id": overview.external_id,
        "documents": overview.documents,
        "first": overview.first,
        "last": overview.last,
        "commitments": [with_status(c, day) for c in insights.commitments],
        "issues": [with_status(i, day) for i in insights.issues],
        "signals": [msgspec.to_builtins(s) for s in insights.signals],
        "questions": [with_status(q, day) for q in insights.questions],
        "negotiations": [msgspec.to_builtins(bargain(n, day)) for n in insights.negotiations],
        "contracts": [as_json(c) for c in insights.contracts if c.replaced is None],
        "amendments": [msgspec.to_builtins(a) for a in insights.amendments],
        "deadlines": [_deadline(c, d, day) for c in insights.contracts for d in days(c, day)],
        "minuted": [msgspec.to_builtins(n) for n in insights.minuted],
        "contradictions": [msgspec.to_builtins(c) for c in insights.contradictions],
        "mood": [msgspec.to_builtins(m) for m in insights.mood],
        "rhythm": msgspec.to_builtins(insights.rhythm),
        "changes": [msgspec.to_builtins(c) for c in insights.changes],
        "silences": [with_status(s, day) for s in insights.silences],
        "arrivals": [msgspec.to_builtins(a) for a in insights.arrivals],
        "people": [msgspec.to_builtins(v) for v in one.people],
        "attention": [msgspec.to_builtins(r) for r in ranked(concerns(insights), day, rules)],
    }


def _deadline(contract: Contract, deadline: Deadline, day: date) -> dict[str, Any]:
    """A deadline with the contract that it follows from."""
    return with_status(deadline, day) | {"contract": contract.id}


def with_status(value: Commitment | Issue | OpenQuestion | Deadline | Lull, day: date) -> dict[str, Any]:
    """An insight with a life cycle, and how it stands at the end of `day`."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found | {"status": value.status(day).value}
