"""What kinds of trouble recur, and with whom: months in which one was named, beside the months of all the others.

Months with mail are counted, not issues: a trouble of which many mails speak is one month's trouble.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from insights.insight import Issue
from insights.practices.chance import apart, standing_out
from insights.practices.contrasts import FEWEST_RELATIONSHIPS, Compared, Contrast
from insights.practices.dossier import Dossier
from insights.practices.patterns import Comparison, Example, Lack, Silence

TOPIC = "issues.recurring"
_FEWEST_MONTHS = 6  # with mail, for a relationship to count
_FEWEST_HITS = 5  # months with a trouble of the kind, over all
_RECURS = 3  # months from which a trouble recurs with one of them


class Months(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship's months with mail, and by category the issues opened, each month's first."""

    relationship: str
    number: int
    issues: Mapping[str, Mapping[str, Issue]]  # by category and month


def months(dossier: Dossier) -> Months:
    """Count a relationship's months."""
    found: defaultdict[str, dict[str, Issue]] = defaultdict(dict)
    for issue in dossier.insights.issues:
        if issue.opened.at is not None:
            found[issue.category.value].setdefault(f"{issue.opened.at:%Y-%m}", issue)
    with_mail = {f"{letter.day:%Y-%m}" for letter in dossier.letters} | {m for by in found.values() for m in by}
    return Months(relationship=dossier.relationship, number=len(with_mail), issues=found)


def recurring(all_months: Sequence[Months]) -> list[Compared]:
    """With whom troubles of a kind are named in more months than with the others."""
    known = [m for m in all_months if m.number >= _FEWEST_MONTHS]
    if len(known) < FEWEST_RELATIONSHIPS:
        return [Silence(topic=TOPIC, lack=Lack.RELATIONSHIPS, found=len(known), needed=FEWEST_RELATIONSHIPS)]
    categories = sorted({category for m in known for category in m.issues})
    total = {c: sum(len(m.issues.get(c, ())) for m in known) for c in categories}
    often = [c for c in categories if total[c] >= _FEWEST_HITS]
    if not often:
        return [Silence(topic=TOPIC, lack=Lack.CASES, found=max(total.values(), default=0), needed=_FEWEST_HITS)]
    return [one for category in often for one in _standing_out(category, known)]


def _standing_out(category: str, known: Sequence[Months]) -> Iterator[Contrast]:
    hits = [len(m.issues.get(category, ())) for m in known]
    trials = [m.number for m in known]
    for m, y, n, p in zip(known, hits, trials, standing_out(hits, trials), strict=True):
        others, their_months = sum(hits) - y, sum(trials) - n
        yield Contrast(
            topic=TOPIC, group=category, relationship=m.relationship, comparison=Comparison.AMONG, n=y,
            relationships=len(known), value=y / n, other=others / their_months,
            effect=apart(y, n, others, their_months), p=p if y >= _RECURS else 1.0,
            examples=tuple(_example(m, issue) for _, issue in sorted(m.issues.get(category, {}).items(), reverse=True)),
        )  # fmt: skip


def _example(m: Months, issue: Issue) -> Example:
    source = issue.opened
    return Example(relationship=m.relationship, id=issue.id, document=source.document, start=source.start, value=1.0)
