"""From cases to comparisons: what is set side by side, or why the data are too thin for it.

A comparison within relationships is Mantel and Haenszel's risk difference (Greenland & Robins 1985, Biometrics 41:55)
with a relationship as its stratum: whatever is peculiar to a counterparty cannot explain it. One between sorts of
relationships compares the means of relationships, so that a large one counts once; other differences between the
sorts are not ruled out, and the pattern says so by its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from insights.practices.cases import Case
from insights.practices.chance import Interval, Stratum, difference, fallen_short, flipped, permuted, ratio, shuffled
from insights.practices.patterns import Comparison, Example, Lack, Scale, Silence

FEWEST_CASES = 20  # on each side of a comparison
FEWEST_RELATIONSHIPS = 10  # in which both sides of it are, or of each sort
FEWEST_PEOPLE = 5  # of ours on each side: below, a comparison of units would be one of persons
_FEWEST_EACH = 3  # cases of a relationship whose mean counts
_SHOWN = 100  # examples kept


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison with its chance; a `Pattern` where it stands among all that were made."""

    topic: str
    group: str
    relationship: str | None = None
    comparison: Comparison
    scale: Scale = Scale.SHARE
    n: int
    relationships: int
    value: float
    other: float
    effect: Interval
    p: float
    examples: tuple[Example, ...] = ()


class Mean(msgspec.Struct, frozen=True, kw_only=True):
    """How cases of one relationship came out on average, and of which sort the relationship is."""

    sort: str
    value: float
    examples: Sequence[Example]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What one relationship says of a difference: its weighted sum, its weight, the group's own weighted sum."""

    sum: float
    weight: float
    value: float


Compared = Contrast | Silence


def within(topic: str, cases: Sequence[Case], factor: str, *, of_people: bool = False) -> list[Compared]:
    """Each group of a factor with the other cases of the same relationships; two groups are compared once."""
    known = [c for c in cases if factor in c.factors]
    groups = sorted({c.factors[factor] for c in known})
    if len(groups) < 2:
        return [_thin(topic, Lack.GROUPS, len(groups), 2)]
    wanted = groups[:1] if len(groups) == 2 else groups
    found = [_within(topic, known, factor, group, of_people) for group in wanted]
    said = [one for one in found if isinstance(one, Contrast)]
    return [*said] if said else found[:1]


def between(topic: str, means: Mapping[str, Mean], scale: Scale = Scale.SHARE) -> list[Compared]:
    """Each sort of relationships with the others; two sorts are compared once. `means` are by relationship."""
    sorts = sorted({mean.sort for mean in means.values()})
    if len(sorts) < 2:
        return [_thin(topic, Lack.GROUPS, len(sorts), 2)]
    found = [_between(topic, means, sort, scale) for sort in (sorts[:1] if len(sorts) == 2 else sorts)]
    said = [one for one in found if isinstance(one, Contrast)]
    return [*said] if said else found[:1]


def by_sort(cases: Sequence[Case], factor: str) -> dict[str, Mean]:
    """The means of the relationships with cases enough."""
    return {
        relationship: Mean(
            sort=some[0].factors[factor],
            value=sum(c.value for c in some) / len(some),
            examples=[c.example for c in some if c.id],
        )
        for relationship, some in _by_relationship(c for c in cases if factor in c.factors).items()
        if len(some) >= _FEWEST_EACH
    }


def against(topic: str, cases: Sequence[Case], target: float) -> Compared:
    """All cases with the share that a policy asks for."""
    strata = _by_relationship(cases)
    if (lack := _lack(topic, len(cases), len(strata))) is not None:
        return lack
    scores = [
        Score(sum=sum(c.value - target for c in some), weight=len(some), value=sum(c.value for c in some))
        for some in strata.values()
    ]
    failed = [c.example for c in _latest(cases) if not c.value]
    exact = fallen_short(len(cases) - len(failed), len(cases), target)
    return scored(topic, "", Comparison.TARGET, scores, n=len(cases), exact=exact, examples=failed)


def scored(
    topic: str,
    group: str,
    comparison: Comparison,
    scores: Sequence[Score],
    *,
    n: int,
    exact: float,
    examples: Iterable[Example],
    scale: Scale = Scale.SHARE,
) -> Contrast:
    """A comparison from the scores of relationships (two or more). `exact` is its p were cases exchangeable."""
    weight = sum(s.weight for s in scores)
    value, effect = sum(s.value for s in scores) / weight, ratio([s.sum for s in scores], [s.weight for s in scores])
    return Contrast(
        topic=topic, group=group, comparison=comparison, scale=scale, n=n, relationships=len(scores), value=value,
        other=value - effect.value, effect=effect,
        p=max(exact, flipped([s.sum for s in scores], below=comparison is Comparison.TARGET)), examples=_some(examples),
    )  # fmt: skip


def _between(topic: str, means: Mapping[str, Mean], sort: str, scale: Scale) -> Compared:
    some = [m for m in means.values() if m.sort == sort]
    values, others = [m.value for m in some], [m.value for m in means.values() if m.sort != sort]
    few = min(len(values), len(others))
    if few < FEWEST_RELATIONSHIPS:
        return _thin(topic, Lack.RELATIONSHIPS, few, FEWEST_RELATIONSHIPS)
    return Contrast(
        topic=topic, group=sort, comparison=Comparison.BETWEEN, scale=scale, n=sum(len(m.examples) for m in some),
        relationships=len(means), value=sum(values) / len(values), other=sum(others) / len(others),
        effect=difference(values, others), p=permuted(values, others),
        examples=_some(e for m in some for e in m.examples),
    )  # fmt: skip


def _within(topic: str, cases: Sequence[Case], factor: str, group: str, of_people: bool) -> Compared:
    strata = {
        relationship: some
        for relationship, some in _by_relationship(cases).items()
        if 0 < sum(c.factors[factor] == group for c in some) < len(some)
    }
    both = [c for some in strata.values() for c in some]
    inside = [c for c in both if c.factors[factor] == group]
    outside = [c for c in both if c.factors[factor] != group]
    if of_people:
        heads = min(len({c.person for c in inside}), len({c.person for c in outside}))
        if heads < FEWEST_PEOPLE:
            return _thin(topic, Lack.PEOPLE, heads, FEWEST_PEOPLE)
    if (lack := _lack(topic, min(len(inside), len(outside)), len(strata))) is not None:
        return lack
    tables = [_table(some, factor, group) for some in strata.values()]
    scores, examples = list(map(_score, tables)), [c.example for c in _latest(inside)]
    return scored(topic, group, Comparison.WITHIN, scores, n=len(both), exact=shuffled(tables), examples=examples)


def _table(cases: Sequence[Case], factor: str, group: str) -> Stratum:
    inside = [c for c in cases if c.factors[factor] == group]
    return Stratum(
        size=len(cases),
        inside=len(inside),
        hits=sum(c.value > 0 for c in cases),
        hits_inside=sum(c.value > 0 for c in inside),
    )


def _score(t: Stratum) -> Score:
    outside = t.size - t.inside
    weight = t.inside * outside / t.size
    mean, other = t.hits_inside / t.inside, (t.hits - t.hits_inside) / outside
    return Score(sum=weight * (mean - other), weight=weight, value=weight * mean)


def _lack(topic: str, cases: int, relationships: int) -> Silence | None:
    if relationships < FEWEST_RELATIONSHIPS:
        return _thin(topic, Lack.RELATIONSHIPS, relationships, FEWEST_RELATIONSHIPS)
    return _thin(topic, Lack.CASES, cases, FEWEST_CASES) if cases < FEWEST_CASES else None


def _thin(topic: str, lack: Lack, found: int, needed: int) -> Silence:
    return Silence(topic=topic, lack=lack, found=found, needed=needed)


def _by_relationship(cases: Iterable[Case]) -> dict[str, list[Case]]:
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        found[case.relationship].append(case)
    return found


def _latest(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda c: (c.source.at is not None and -c.source.at.timestamp(), c.id))


def _some(examples: Iterable[Example]) -> tuple[Example, ...]:
    return tuple(e for e, _ in zip(examples, range(_SHOWN), strict=False))
