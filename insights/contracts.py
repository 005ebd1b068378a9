"""A contract as readers get it: facts with their evidence, obligations, and the deadlines that follow as of a day.

The shapes are those of the export (docs/export.md). Facts that are not sure enough stand under `unsure`, never among
the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self, cast

import msgspec

from corpus.paper import Paper
from insights.identity import identity
from insights.insight import Side, Source
from nlp.amounts import shifted
from nlp.clauses import Clause, clauses, passages
from nlp.contracts.candidates import Second
from nlp.contracts.compare import Change
from nlp.contracts.duties import Commits, duties
from nlp.contracts.facts import Length, amends, facts
from nlp.contracts.parties import Party, parties
from nlp.contracts.standing import Standing

_MANY = 400  # renewals that are counted on at most
_UNSPOKEN = 0.6  # how sure it is that a contract which speaks of no renewal has none


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a contract came from, for its evidence."""

    document: str
    file: str | None = None
    message_id: str | None = None
    at: datetime | None = None


class ContractParty(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a contract; its name is its role where a standard form names nobody."""

    name: str
    role: str | None
    confidence: float
    side: Side | None = None  # of the relationship that the contract belongs to; None where that cannot be told


class ContractFact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a contract says, with the clause it stands in. `page` is None where the file has no pages."""

    value: str | int | bool | Length
    source: Source
    confidence: float
    clause: str | None = None  # the clause's number
    heading: str | None = None
    page: int | None = None


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """What a party owes. `party` is None where it binds both.

    `commitment` is the id of the promise by which a relationship's ledger follows it, where it does.
    """

    id: str
    party: str | None
    source: Source
    due: str | None = None
    due_date: date | None = None
    confidence: float
    clause: str | None = None
    page: int | None = None
    commitment: str | None = None


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of a contract. `changes` lead to it from the one before; the first of a contract has none."""

    document: str
    name: str  # of its file, else its title
    day: date | None
    standing: Standing
    changes: tuple[Change, ...] = ()


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What a contract says; a fact is None where it does not say it, or not surely (then see `unsure`).

    Of a contract that is there in several papers, `editions` are those that it came after and itself, and `replaced` is
    the first that counts in its stead.
    """

    id: str
    source: Source
    language: str
    parties: tuple[ContractParty, ...] = ()
    effective_date: ContractFact | None = None
    end_date: ContractFact | None = None
    term_months: ContractFact | None = None
    indefinite: ContractFact | None = None
    auto_renewal: ContractFact | None = None
    notice: ContractFact | None = None
    payment_days: ContractFact | None = None
    late_interest: ContractFact | None = None
    price_change: ContractFact | None = None
    penalty: ContractFact | None = None
    sla: ContractFact | None = None
    liability_cap: ContractFact | None = None
    governing_law: ContractFact | None = None
    dispute: ContractFact | None = None
    confidentiality_years: ContractFact | None = None
    obligations: tuple[Obligation, ...] = ()
    renewal: Length | None = None  # for how long it is renewed at a time
    unsure: dict[str, ContractFact] = {}
    editions: tuple[Edition, ...] = ()
    replaced: Source | None = None

    def as_of(self, day: date) -> Self:
        """The contract as it was known at the end of `day`: one that is replaced later still counts."""
        known = self.replaced is not None and self.replaced.known_on(day)
        editions = tuple(e for e in self.editions if e.day is None or e.day <= day)
        return msgspec.structs.replace(self, replaced=self.replaced if known else None, editions=editions)

    def side(self, party: str | None) -> Side | None:
        """The side on which a party of that name stands."""
        return next((p.side for p in self.parties if p.name == party), None)


FACTS = (
    "effective_date", "end_date", "term_months", "indefinite", "auto_renewal", "notice", "payment_days",
    "late_interest", "price_change", "penalty", "sla", "liability_cap", "governing_law", "dispute",
    "confidentiality_years",
)  # fmt: skip


class DeadlineKind(StrEnum):
    """What happens on a day that follows from a contract."""

    NOTICE = "notice"  # the last day to give notice, lest it be renewed
    RENEWAL = "renewal"  # a new term begins unless notice was given
    END = "end"  # the contract ends
    OBLIGATION = "obligation"  # something is due by then


class DeadlineStatus(StrEnum):
    """How a deadline stands as of a day."""

    COMING = "coming"
    PAST = "past"


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A day that follows from a contract, and the words it follows from."""

    id: str
    kind: DeadlineKind
    day: date
    source: Source
    confidence: float
    party: str | None = None  # who must act, where the contract says
    side: Side | None = None  # on which they stand

    def status(self, day: date) -> DeadlineStatus:
        """Coming until its day is over."""
        return DeadlineStatus.PAST if self.day < day else DeadlineStatus.COMING


def read_contract(
    paper: Paper, language: str, origin: Origin, second: Second | None = None, commits: Commits | None = None
) -> Contract:
    """What a paper in `language` says as a contract.

    `second` and `commits` are models' opinions on a fact's place and on whether a passage binds somebody, in log-odds;
    without them the words of the language's contracts.toml decide alone.
    """
    tree = clauses(paper)
    said = passages(paper, tree, language)
    found = facts(said, language, second)
    sides = parties(paper.text, language)
    begins = found.sure.get("effective_date")
    owed = duties(said, sides, language, date.fromisoformat(str(begins.value)) if begins else None, commits)

    def source(start: int, end: int) -> Source:
        return Source(
            document=origin.document, message_id=origin.message_id, file=origin.file, at=origin.at,
            quote=paper.text[start:end], start=start, end=end,
        )  # fmt: skip

    def fact(name: str, table: dict[str, Any]) -> ContractFact | None:
        one = table.get(name)
        if one is None:
            return None
        clause = tree[one.clause] if tree else Clause(start=0, end=0)
        return ContractFact(
            value=one.value, source=source(one.start, one.end), confidence=one.confidence, clause=clause.number,
            heading=clause.heading or None, page=one.page or None,
        )  # fmt: skip

    told = {name: fact(name, found.sure) for name in FACTS}
    if told["auto_renewal"] is None and "auto_renewal" not in found.unsure and not amends(said, language):
        told["auto_renewal"] = _unrenewed(told, sides)
    unsure = {name: one for name in FACTS if name in found.unsure and (one := fact(name, found.unsure))}
    first = said[0] if said else None
    return Contract(
        id=identity("contract", origin.document),
        source=source(first.start, first.end) if first else source(0, 0),
        language=language,
        parties=tuple(ContractParty(name=p.name, role=p.role, confidence=p.confidence) for p in sides),
        obligations=tuple(
            Obligation(
                id=identity("obligation", origin.document, d.start),
                party=d.party,
                source=source(d.start, d.end),
                due=d.due,
                due_date=d.due_date,
                confidence=d.confidence,
                clause=tree[d.clause].number if tree else None,
                page=d.page or None,
            )
            for d in owed
        ),
        renewal=found.renewal,
        unsure=unsure,
        **cast("dict[str, Any]", told),
    )  # fmt: skip


def _unrenewed(told: Mapping[str, ContractFact | None], sides: Sequence[Party]) -> ContractFact | None:
    """That a deal between two named sides, with its day and without a word of renewal, does not renew itself."""
    day = told["effective_date"]
    named = [side for side in sides if side.role is None or side.name.lower() != side.role.lower()]
    endless = told["indefinite"]
    if day is None or len(named) < 2 or (endless is not None and endless.value is True):
        return None
    return msgspec.structs.replace(day, value=False, confidence=min(_UNSPOKEN, day.confidence))


def deadlines(contract: Contract, day: date) -> tuple[Deadline, ...]:
    """The days that follow from a contract and are not past as of `day`, in order (see `days`)."""
    return tuple(d for d in days(contract, day) if d.status(day) is DeadlineStatus.COMING)


def days(contract: Contract, day: date) -> tuple[Deadline, ...]:
    """The days that follow from a contract, in order: its duties', and those of the term that runs on `day`.

    A contract that renews itself is taken to have done so at each end before `day`, as nothing here knows of a notice.
    Duties that the ledger follows are left to it; nothing follows from a contract that is replaced.
    """
    if contract.replaced is not None:
        return ()
    found = [
        _deadline(contract, DeadlineKind.OBLIGATION, o.due_date, o.source, o.confidence, o.party)
        for o in contract.obligations
        if o.due_date is not None and o.commitment is None
    ]
    end = contract.end_date
    if end is not None:
        found += _of_end(contract, end, day)
    return tuple(sorted(found, key=lambda d: (d.day, d.kind)))


def _deadline(
    contract: Contract, kind: DeadlineKind, day: date, source: Source, confidence: float, party: str | None = None
) -> Deadline:
    at = identity("deadline", contract.id, kind, source.start, day)
    side = contract.side(party)
    return Deadline(id=at, kind=kind, day=day, source=source, confidence=confidence, party=party, side=side)


def _of_end(contract: Contract, end: ContractFact, day: date) -> list[Deadline]:
    renewal = contract.auto_renewal
    renews = renewal is not None and renewal.value is True
    last = _current_end(contract, date.fromisoformat(str(end.value)), day) if renews else _day(end)
    if last is None:
        return []
    sure = min(end.confidence, renewal.confidence) if renewal is not None and renews else end.confidence
    found = [_deadline(contract, DeadlineKind.RENEWAL if renews else DeadlineKind.END, last, end.source, sure)]
    notice = contract.notice
    if renews and notice is not None and isinstance(notice.value, Length):
        until = shifted(last, -notice.value.length, notice.value.unit)
        if until is not None:
            found.append(_deadline(contract, DeadlineKind.NOTICE, until, notice.source, min(sure, notice.confidence)))
    return found


def _current_end(contract: Contract, end: date, day: date) -> date | None:
    """The end of the term that runs on `day`, after the renewals before it; None where it says not for how long."""
    each = contract.renewal or _term(contract)
    for n in range(_MANY):
        last = shifted(end, n * each.length, each.unit) if each else end
        if last is None or last >= day or each is None:
            return last
    return None


def _term(contract: Contract) -> Length | None:
    months = contract.term_months
    return Length(length=int(months.value), unit="month") if months and isinstance(months.value, int) else None


def _day(fact: ContractFact) -> date:
    return date.fromisoformat(str(fact.value))


def as_json(contract: Contract) -> dict[str, Any]:
    """A contract as `suhde contract --json` and the export write it."""
    found: dict[str, Any] = msgspec.to_builtins(contract)
    return found
