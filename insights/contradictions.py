"""What mails and notes say of terms otherwise than the contract does: both quotes, for a person to judge.

A contract's provisions are its passages with a number or a day in them. A later statement is held against those of the
same kind of term and measure that share its words; where none says the same value, the nearest may be contradicted.
Whether the statement tells what holds, and does not propose, ask or agree on something new, a judge weighs
(`contradictions.toml`). What was agreed meanwhile, as an amendment or in a negotiation, is held against nobody.

Not known here: terms without a number ("no period of grace"), and who is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from corpus.document import DocumentKind
from insights.amendments import Amendment, form_of
from insights.contracts import Contract
from insights.identity import identity
from insights.insight import Source
from insights.letters import Letter
from insights.negotiations import Negotiation, Position, PositionKind
from insights.provisions import Provision, Provisions, is_same
from insights.statements import Statement, statements
from insights.weighing import judge
from nlp.findings import Act
from nlp.quantities import Measure, Quantity, is_old
from nlp.terms import kind, stands

_READ = (DocumentKind.EMAIL, DocumentKind.NOTES, DocumentKind.TRANSCRIPT)
_ACTS = (Act.PROPOSE, Act.ACCEPT, Act.DECLINE, Act.COMMIT, Act.REQUEST, Act.QUESTION)


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """A statement against a clause. `form` is what the contract says of its own amendment, where it does."""

    id: str
    about: str  # the kind of term
    contract: str  # its id
    said: Source
    clause: Source
    form: Source | None = None
    confidence: float


class Claim(NamedTuple):
    """A value in a statement, and the provision that says another."""

    said: Statement
    quantity: Quantity
    term: str | None
    provision: Provision
    likeness: float
    position: bool  # whether the sentence is one of a negotiation

    @property
    def figures(self) -> dict[str, float]:
        """What speaks for and against a contradiction."""
        return _features(self)


def find_contradictions(
    letters: Sequence[Letter],
    contracts: Iterable[Contract],
    amendments: Iterable[Amendment],
    negotiations: Iterable[Negotiation],
) -> tuple[Contradiction, ...]:
    """The contradictions in a relationship's letters, in order of time; `letters` are in order of time."""
    weigher = judge("contradictions")
    agreed = {(a.said.document, a.said.start) for a in amendments}
    found: dict[str, Contradiction] = {}
    for claims in claimed(letters, contracts, negotiations):
        best = max(claims, key=lambda claim: weigher.chance(claim.figures))
        sure = weigher.chance(best.figures)
        if sure >= weigher.bar and (best.said.letter.id, best.said.place[0]) not in agreed:
            one = _contradiction(best, sure)
            found.setdefault(one.id, one)
    return tuple(found.values())


def claimed(
    letters: Sequence[Letter], contracts: Iterable[Contract], negotiations: Iterable[Negotiation]
) -> Iterator[list[Claim]]:
    """For each statement that may contradict a contract: what it claims, against which provisions."""
    by_id = {letter.id: letter for letter in letters}
    held = [(by_id[c.source.document], c) for c in contracts if c.replaced is None]
    if not held:
        return
    provisions = Provisions(held)
    positions = [p for n in negotiations for p in n.positions if p.since is None]
    bargained = {(p.source.document, p.source.start) for p in positions}
    settled = [p for p in positions if p.kind is PositionKind.AGREED]
    for letter in letters:
        if letter.kind in _READ and letter.at is not None and provisions.before(letter):
            for said in statements(letter, days=True):
                stand = (letter.id, said.place[0]) in bargained
                claims = [_claim(said, q, provisions, position=stand) for q in _open(said, settled)]
                if told := [claim for claim in claims if claim]:
                    yield told


def _open(said: Statement, settled: Sequence[Position]) -> Iterator[Quantity]:
    """The quantities of a statement but those that were agreed on before it."""
    for quantity in said.quantities:
        if not any(
            p.value == quantity.value
            and p.unit in ("", quantity.label)
            and p.source.at is not None
            and said.letter.at is not None
            and p.source.at < said.letter.at
            for p in settled
        ):
            yield quantity


def _claim(said: Statement, quantity: Quantity, provisions: Provisions, *, position: bool) -> Claim | None:
    term = kind(said.text, quantity, said.language, said.heading)
    nearest = provisions.contradicted(said, quantity, term)
    return nearest and Claim(said, quantity, term, *nearest, position)


def _features(claim: Claim) -> dict[str, float]:
    said, quantity, provision = claim.said, claim.quantity, claim.provision
    chances: Mapping[str, float] = said.finding.confidence if said.finding else {}
    found = {"bias": 1.0, "like": claim.likeness, "silent": said.finding is None}
    found |= {f"model {act.value}": chances.get(act.value, 0.0) for act in _ACTS}
    found |= {f"says {stand}": 1.0 for stand in stands(said.text, said.language)}
    found |= {
        "same term": claim.term is not None and claim.term == provision.term,
        "own term": claim.term not in (None, "price"),
        f"measure {quantity.measure.value}": 1.0,
        "question": said.text.rstrip().endswith("?"),
        "conditional": said.finding is not None and said.finding.conditional,
        "issue": said.finding is not None and said.finding.issue is not None,
        "row": said.row,
        "old": is_old(said.text, quantity, said.language),
        "many": len(said.quantities) > 3,
        "cites": any(is_same(provision.quantity, other) for other in said.quantities),
        "position": claim.position,
        "near": _ratio(quantity.value, provision.quantity.value) if quantity.measure is not Measure.DAY else 0.0,
        "mail": said.letter.kind is DocumentKind.EMAIL,
    }  # fmt: skip
    return {name: float(value) for name, value in found.items() if value}


def _ratio(a: float, b: float) -> float:
    return min(a, b) / max(a, b) if max(a, b) else 1.0


def _contradiction(claim: Claim, sure: float) -> Contradiction:
    letter, (start, end) = claim.said.letter, claim.said.place
    paper, contract = claim.provision.letter, claim.provision.contract
    first, last = claim.provision.place
    return Contradiction(
        id=identity("contradiction", letter.relationship, letter.id, start),
        about=claim.term or claim.provision.term or claim.quantity.measure.value,
        contract=contract.id,
        said=Source(
            document=letter.id, message_id=letter.message_id, file=letter.file, at=letter.at,
            quote=letter.text[start:end], start=start, end=end,
        ),
        clause=msgspec.structs.replace(contract.source, quote=paper.text[first:last], start=first, end=last),
        form=form_of(paper, contract),
        confidence=round(sure, 3),
    )  # fmt: skip
