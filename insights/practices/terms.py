"""Contracts in a study: which were renewed and which were lost, and where they depart from what a policy asks for.

Whether a contract was renewed is seldom said; it is told from what came after its end. It counts as renewed where a
later contract follows within half a year or one that renews itself is followed by mail, as lost where no mail comes
from two months after its end on, and otherwise it counts as neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from insights.contracts import Contract, DeadlineKind, deadlines
from insights.insight import CommitmentStatus, Side, Source
from insights.practices.dossier import Dossier
from insights.practices.patterns import Departure, Example
from insights.practices.policy import Contracts

_FOLLOWS = timedelta(days=180)  # within which a later contract takes the place of one that ended
_FADES = timedelta(days=60)  # after an end, in which mail may still be about winding up
_QUIET = timedelta(days=150)  # from an end on, before which silence tells nothing
_SHOWN = 100
_LATE = (CommitmentStatus.OVERDUE, CommitmentStatus.FULFILLED_LATE)


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A contract that came to its end."""

    contract: Contract
    day: date
    renewed: bool


def ended(dossier: Dossier, day: date) -> Ended | None:
    """The last contract of a relationship that was renewed or lost by `day`; None where none can be told to be."""
    found = [one for contract in _standing(dossier) if (one := _fate(contract, dossier, day)) is not None]
    return max(found, key=lambda one: (one.day, one.contract.id), default=None)


def departures(dossiers: Sequence[Dossier], day: date, asked: Contracts) -> tuple[Departure, ...]:
    """How many contracts are not as the policy asks, have a notice day near, or bind us to what is late."""
    found = [_payment(dossiers, asked.payment_days), _notice(dossiers, day, asked.notice_ahead_days)]
    return tuple(one for one in (*found, _duties(dossiers, day), *_changed(dossiers)) if one is not None)


def _fate(contract: Contract, dossier: Dossier, day: date) -> Ended | None:
    if contract.end_date is None:
        return None
    end = date.fromisoformat(str(contract.end_date.value))
    last = dossier.letters[-1].day if dossier.letters else end
    renews = contract.auto_renewal is not None and contract.auto_renewal.value is True
    if any(_takes_over(later, contract, end) for later in _standing(dossier)):
        return Ended(contract=contract, day=end, renewed=True) if end <= day else None
    if renews and end < day and last > end + _FADES:
        return Ended(contract=contract, day=end, renewed=True)
    if end + _QUIET <= day and last <= end + _FADES:
        return Ended(contract=contract, day=end, renewed=False)
    return None


def _takes_over(later: Contract, contract: Contract, end: date) -> bool:
    begins = later.effective_date
    day = date.fromisoformat(str(begins.value)) if begins else later.source.at.date() if later.source.at else None
    return later.id != contract.id and day is not None and abs(day - end) <= _FOLLOWS and _begins(contract) < day


def _begins(contract: Contract) -> date:
    if contract.effective_date is not None:
        return date.fromisoformat(str(contract.effective_date.value))
    return contract.source.at.date() if contract.source.at else date.min


def _standing(dossier: Dossier) -> list[Contract]:
    return [c for c in dossier.insights.contracts if c.replaced is None]


def _payment(dossiers: Iterable[Dossier], days: int | None) -> Departure | None:
    if days is None:
        return None
    told = [(d, c) for d in dossiers for c in _standing(d) if c.payment_days is not None]
    wrong = [
        _example(d, c.id, c.payment_days.source, float(str(c.payment_days.value)))
        for d, c in told
        if c.payment_days is not None and c.payment_days.value != days
    ]
    return _departure("contract.payment_days", wrong, len(told), limit=str(days))


def _notice(dossiers: Iterable[Dossier], day: date, ahead: int | None) -> Departure | None:
    if ahead is None:
        return None
    told = [(d, n) for d in dossiers for c in _standing(d) for n in deadlines(c, day) if n.kind is DeadlineKind.NOTICE]
    near = [_example(d, n.id, n.source, (n.day - day).days) for d, n in told if (n.day - day).days <= ahead]
    return _departure("contract.notice", near, len(told), limit=str(ahead))


def _duties(dossiers: Iterable[Dossier], day: date) -> Departure | None:
    """Dated duties of ours that the ledger follows and that were late, or show no sign of being done."""
    followed = [
        (d, promise)
        for d in dossiers
        for promise in d.insights.commitments
        if promise.debtor.side is Side.US
        and promise.id in {o.commitment for c in _standing(d) for o in c.obligations}
        and promise.due is not None
        and promise.due.last is not None
        and promise.due.last < day
    ]
    late = [_example(d, p.id, p.made, 0.0) for d, p in followed if p.status(day) in _LATE]
    return _departure("contract.duties", late, len(followed))


def _changed(dossiers: Sequence[Dossier]) -> Iterator[Departure]:
    """Terms that later mail, minutes or papers say otherwise."""
    facts = sorted({a.fact for d in dossiers for a in d.insights.amendments})
    for fact in facts:
        having = sum(getattr(c, fact) is not None for d in dossiers for c in _standing(d))
        told = {a.contract: (d, a) for d in dossiers for a in d.insights.amendments if a.fact == fact}
        wrong = [_example(d, a.id, a.said, 0.0) for d, a in told.values()]
        found = _departure("contract.changed", wrong, max(having, len(wrong)), group=fact)
        if found is not None:
            yield found


def _departure(topic: str, wrong: Sequence[Example], n: int, *, group: str = "", limit: str = "") -> Departure | None:
    if not n:
        return None
    return Departure(
        topic=topic, group=group, count=len(wrong), n=n, relationships=len({e.relationship for e in wrong}),
        limit=limit, examples=tuple(wrong[:_SHOWN]),
    )  # fmt: skip


def _example(dossier: Dossier, identity: str, source: Source, value: float) -> Example:
    return Example(
        relationship=dossier.relationship, id=identity, document=source.document, start=source.start, value=value
    )
