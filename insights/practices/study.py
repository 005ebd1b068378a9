"""The study of practices: everything that is asked of the dossiers, and what of it stands.

All comparisons of a study are one family. Each topic (a question that is asked) has the same part in its false
discovery rate, however many groups it compares, so that asking of every relationship drowns no other question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from insights.directory import Unit
from insights.identity import identity
from insights.practices.cases import Case, cases
from insights.practices.chance import adjusted
from insights.practices.contrasts import (
    Compared,
    Contrast,
    Mean,
    against,
    between,
    by_sort,
    within,
)
from insights.practices.dossier import Dossier
from insights.practices.figures import figures
from insights.practices.patterns import Counted, Example, Pattern, Silence, Study
from insights.practices.policy import Answers, Policy
from insights.practices.recurring import months, recurring
from insights.practices.stretches import MEASURES, Diary, measured, scale_of
from insights.practices.terms import departures, ended
from insights.practices.windows import Matched, preceding, precursors

RATE = 0.05  # of false discoveries
_WITHIN = (("promise", "unit"), ("promise", "horizon"), ("promise", "origin"), ("answer", "unit"), ("answer", "act"),
           ("resolution", "category"))  # fmt: skip
_BETWEEN = ("promise", "their_promise", "answer", "resolution", "trouble")  # by kind of relationship


def study(dossiers: Iterable[Dossier], day: date, policy: Policy, units: Sequence[Unit] = ()) -> Study:
    """What holds over all relationships as of `day`. The insights of the dossiers are as of that day.

    The same dossiers give the same study, whatever their order.
    """
    known = sorted(dossiers, key=lambda d: d.relationship)
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for dossier in known:
        for case in cases(dossier, day, policy.answers, units):
            found[case.measure].append(case)
    compared = [*_cases(found, policy), *recurring([months(d) for d in known]), *_events(known, day, policy.answers)]
    contrasts = [one for one in compared if isinstance(one, Contrast)]
    return Study(
        as_of=day,
        counted=Counted(relationships=len(known), cases=_counts(found, known)),
        tests=len(contrasts),
        patterns=tuple(_standing(contrasts)),
        figures=tuple(figures(found)),
        departures=departures(known, day, policy.contracts),
        silences=tuple(one for one in compared if isinstance(one, Silence)),
    )


def _cases(found: Mapping[str, Sequence[Case]], policy: Policy) -> Iterator[Compared]:
    for measure, factor in _WITHIN:
        yield from within(f"{measure}.{factor}", found.get(measure, ()), factor, of_people=factor == "unit")
    for measure in _BETWEEN:
        yield from between(f"{measure}.kind", by_sort(found.get(measure, ()), "kind"))
    for measure, target in (("promise", policy.promises.share), ("answer", policy.answers.share)):
        if target is not None:
            yield against(f"{measure}.policy", found.get(measure, ()), target)


def _events(dossiers: Sequence[Dossier], day: date, answers: Answers) -> Iterator[Compared]:
    before: defaultdict[str, list[Matched]] = defaultdict(list)
    lost: defaultdict[str, dict[str, Mean]] = defaultdict(dict)
    for dossier in dossiers:
        for name, matched in precursors(dossier, answers):
            before[name].append(matched)
        if (one := ended(dossier, day)) is not None:
            source, sort = one.contract.source, "renewed" if one.renewed else "lost"
            for name, value in measured(Diary(dossier, answers), one.day).items():
                example = Example(
                    relationship=dossier.relationship, id=one.contract.id, document=source.document,
                    start=source.start, value=value,
                )  # fmt: skip
                lost[name][dossier.relationship] = Mean(sort=sort, value=value, examples=(example,))
    yield from preceding(before)
    for name in MEASURES:
        yield from between(f"lost.{name}", lost.get(name, {}), scale_of(name))


def _standing(contrasts: Sequence[Contrast]) -> Iterator[Pattern]:
    """The comparisons that stand at the rate, the surest first."""
    sizes = Counter(c.topic for c in contrasts)
    rates = adjusted([c.p for c in contrasts], [1 / sizes[c.topic] for c in contrasts])
    for q, c in sorted(
        zip(rates, contrasts, strict=True),
        key=lambda pair: (pair[0], pair[1].topic, pair[1].group, pair[1].relationship or ""),
    ):
        if q > RATE:
            continue
        yield Pattern(
            id=identity("practice", c.topic, c.group, c.relationship or ""), topic=c.topic,
            group=c.group, relationship=c.relationship, comparison=c.comparison,
            scale=c.scale, n=c.n, relationships=c.relationships, value=_even(c.value), other=_even(c.other),
            effect=_even(c.effect.value), low=_even(c.effect.low), high=_even(c.effect.high), p=c.p, q=q,
            examples=c.examples,
        )  # fmt: skip


def _counts(found: Mapping[str, Sequence[Case]], dossiers: Sequence[Dossier]) -> dict[str, int]:
    return {measure: len(some) for measure, some in sorted(found.items())} | {
        "contract": sum(c.replaced is None for d in dossiers for c in d.insights.contracts)
    }


def _even(value: float) -> float:
    return round(value, 6)
