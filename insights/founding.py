"""Relationships that contracts alone tell of: theirs with whom we have a contract and no mail.

A contract founds one where it names two sides of which one is us, by our domains' names, and the other nobody whom we
know. A counterparty that the CRM has as an account gets that account's id, so that mail which comes later joins it;
any other is known by its name until its first mail comes, which then tells its domain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from corpus.document import DocumentKind
from insights.directory import Account
from insights.naming import Name, read_name
from insights.placing import Loose, Placing, label_of, place
from insights.relationships import Relations, Relationship

_SIDES = 2


def settle(
    papers: Iterable[Loose],
    relations: Relations,
    carriers: Mapping[str, Sequence[str]],
    assigned: Mapping[str, str | None],
    accounts: Sequence[Account] = (),
) -> tuple[Relations, dict[str, Placing]]:
    """Where papers belong, and the relations with those that contracts found; see `placing.place` for the others."""
    known = list(papers)
    placed = place(known, relations, carriers, assigned)
    homeless = [p for p in known if p.id not in placed and p.id not in assigned]
    founded = _found(homeless, relations, accounts)
    if not founded:
        return relations, placed
    wider = _with(relations, founded)
    placed = place(known, wider, carriers, assigned)
    lived_in = {one.relationship for one in placed.values()}
    return _with(relations, [r for r in founded if r.id in lived_in]), placed


def _found(papers: Iterable[Loose], relations: Relations, accounts: Sequence[Account]) -> list[Relationship]:
    """One relationship for each house that contracts name beside us."""
    spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
    ours = {read_name(label_of(domain)).key for domain in relations.own_domains}
    for paper in papers:
        if paper.kind is DocumentKind.CONTRACT and (theirs := _other_side(paper, ours)) is not None:
            spelt["-".join(theirs[1].words)][theirs[0]] += 1
    customers = {read_name(a.name).key: a for a in accounts}
    taken = {r.id for r in relations.relationships}
    named = ((i, min(names, key=lambda n: (-names[n], n))) for i, names in sorted(spelt.items()))
    opened = (_open(i, name, customers.get(i.replace("-", ""))) for i, name in named)
    return [one for one in opened if one.id not in taken]


def _other_side(paper: Loose, ours: set[str]) -> tuple[str, Name] | None:
    """The party across the table from us, as it is spelt and read; None where it is not plain who that is."""
    names = {party: read_name(party) for party in paper.parties}
    others = [(party, name) for party, name in names.items() if name.key not in ours]
    plain = len(names) == _SIDES and len(others) == 1 and others[0][1].tells
    return others[0] if plain else None


def _open(i: str, name: str, account: Account | None) -> Relationship:
    if account is None:
        return Relationship(id=i, name=name)
    return Relationship(
        id=account.domains[0].lower(),
        name=account.name,
        kind=account.kind,
        external_id=account.external_id,
        owner=account.owner,
        domains=account.domains,
    )


def _with(relations: Relations, more: Sequence[Relationship]) -> Relations:
    everyone = sorted((*relations.relationships, *more), key=lambda r: r.id)
    return msgspec.structs.replace(relations, relationships=tuple(everyone))
