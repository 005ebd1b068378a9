"""How things are done, by group: shares and times with their intervals, compared with nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log

from insights.practices.cases import Case
from insights.practices.chance import Interval, ratio, share
from insights.practices.contrasts import FEWEST_PEOPLE
from insights.practices.patterns import Figure

_FEWEST_CASES, _FEWEST_RELATIONSHIPS = 10, 5
_QUARTER = 0.25  # hours: below, an answer is as good as at once
_SHOWN = (
    ("promise", ""), ("promise", "kind"), ("promise", "unit"), ("promise", "horizon"), ("promise", "origin"),
    ("their_promise", ""), ("their_promise", "kind"), ("answer", ""), ("answer", "kind"), ("answer", "unit"),
    ("answer", "act"), ("resolution", ""), ("resolution", "kind"), ("resolution", "category"), ("trouble", ""),
    ("trouble", "kind"),
)  # fmt: skip


def figures(found: Mapping[str, Sequence[Case]]) -> Iterator[Figure]:
    """The shares of all measures by group, and how long answers take; groups that are too small are left out.

    `found` holds the cases by measure. A group of our people is left out, too, where fewer than five of them acted.
    """
    for measure, factor in _SHOWN:
        groups: defaultdict[str, list[Case]] = defaultdict(list)
        for case in found.get(measure, ()):
            if not factor or factor in case.factors:
                groups[case.factors[factor] if factor else ""].append(case)
        for group, some in sorted(groups.items()):
            if factor == "unit" and len({c.person for c in some}) < FEWEST_PEOPLE:
                continue
            values = [(c.relationship, c.value) for c in some]
            yield from _figure(measure, factor, group, values)
            if measure == "answer":
                hours = [(c.relationship, log(max(c.hours, _QUARTER))) for c in some if c.hours is not None]
                yield from _figure("answer_hours", factor, group, hours)


def _figure(measure: str, factor: str, group: str, values: Sequence[tuple[str, float]]) -> Iterator[Figure]:
    """The mean of all values; of hours, which come as logarithms, the geometric one."""
    sums: defaultdict[str, list[float]] = defaultdict(list)
    for relationship, value in values:
        sums[relationship].append(value)
    if len(values) < _FEWEST_CASES or len(sums) < _FEWEST_RELATIONSHIPS:
        return
    parts, sizes = [sum(v) for v in sums.values()], [len(v) for v in sums.values()]
    told = Interval(*map(exp, ratio(parts, sizes))) if measure == "answer_hours" else share(parts, sizes)
    yield Figure(
        measure=measure, factor=factor, group=group, n=len(values), relationships=len(sums),
        value=round(told.value, 4), low=round(told.low, 4), high=round(told.high, 4),
    )  # fmt: skip
