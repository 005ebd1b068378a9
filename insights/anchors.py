"""Which insight of today is the one of which a person spoke, where no insight bears its id any more.

Another model may find that a trouble begins at another sentence. It is the same one where the sentences overlap or
are the same words, else where one opens with what the other holds as evidence, else where it speaks of the same thing
in one of the same documents. Insights that stood beside it when the person spoke are others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from insights.entries import About, entry
from insights.insight import Source
from insights.wording import stems

_ALIKE = 0.5  # share of the shorter sentence's stems that the other one shares


class Anchors:
    """Insights by the documents on which they rest."""

    def __init__(self, insights: Iterable[About]) -> None:
        self._insights = insights
        self._by_document: defaultdict[str, list[About]] = defaultdict(list)
        self._read = False

    def find(self, found: About, others: Collection[str], standing: Mapping[str, About]) -> About | None:
        """The insight that `found` most likely is now; None where none is, `others` (ids) left aside.

        `standing` are those that there are still, by id.
        """
        best, best_rank = None, 0
        for source in entry(found).sources:
            for about in self._index().get(source.document, ()):
                if type(about) is type(found) and about.id not in others and standing.get(about.id) is about:
                    rank = _kinship(found, about)
                    if rank > best_rank:
                        best, best_rank = about, rank
        return best

    def _index(self) -> Mapping[str, list[About]]:
        if not self._read:  # only where it is needed: most are found by id
            self._read = True
            for about in list(self._insights):
                for document in {source.document for source in entry(about).sources}:
                    self._by_document[document].append(about)
        return self._by_document


def _kinship(found: About, about: About) -> int:
    """How surely two insights of one kind are the same one, from 3 down to 0 (they are not)."""
    one, other = entry(found), entry(about)
    if not one.sources or not other.sources or one.side is not other.side:
        return 0
    first, second = one.sources[0], other.sources[0]
    if _same(first, second):
        return 3
    if any(_same(first, s) for s in other.sources) or any(_same(second, s) for s in one.sources):
        return 2
    return int(any(s.document == second.document for s in one.sources) and _alike(first, second))


def _same(a: Source, b: Source) -> bool:
    return a.document == b.document and (a.quote == b.quote or (a.start < b.end and b.start < a.end))


def _alike(a: Source, b: Source) -> bool:
    one, other = stems(a.quote), stems(b.quote)
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= _ALIKE * shorter
