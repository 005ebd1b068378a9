"""Which sentences open an entry of the ledger: their features, and what of a letter they answer.

Many a sentence binds somebody a little: a courtesy, a plan, an offer, a habit. The ledger holds what somebody will want
to see kept. What tells the two apart is learned (`nlp.relating`), from these features and the sentence's trace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from corpus.document import DocumentKind
from insights.insight import Side
from insights.letters import Letter
from insights.promises import Promise
from insights.wording import Weights, says
from nlp.findings import READER, WRITER, Act, Finding, Sentiment
from nlp.relating import RELATIONS, Relator

_ANSWERED = 0.15  # likeness from which a sentence answers a request
_LEAST = 0.08  # the chance of a promise, or of a yes to a request, from which a sentence is weighed
_SURE = 0.8  # the chance of a promise …
_LIKE, _LIKE_AFAR = 0.2, 0.5  # … and the likeness to one of its thread, and to any, up to which it is a new one …
_PLAIN = 0.6  # … that leave little doubt, and how sure it then is
_CAP = 3.0
_NEW = (0.0,) * len(RELATIONS)  # what a sentence tells that may speak of no earlier promise
_LONG = 100.0  # characters
FEATURES = (
    *(f"does {act}" for act in Act), "is a promise", "is a yes", "conditional", "due on a day", "due in words",
    "names a day", "a past day", "days until due", "by the writer", "by the reader", "by name", "in a contract",
    "in minutes", "in speech", "length", "question", "courtesy", "hands over", "negative", "positive", "issue", "ours",
    "nobody signed", "answers a request", "likeness to it", "the request is due", "promises beside it", "place",
    "like one before", "like one of the thread", "answers somebody",
    *(f"{relation} one before" for relation in RELATIONS),
)  # fmt: skip


class Request(msgspec.Struct, frozen=True):
    """What a letter asks of its reader."""

    letter: Letter
    finding: Finding
    words: frozenset[str]


class Opening(msgspec.Struct, frozen=True):
    """A sentence that may open an entry, with the request that it answers."""

    finding: Finding
    request: Request | None
    features: tuple[float, ...]


class Openings:
    """Weighs the sentences of letters."""

    def __init__(self, relator: Relator, weights: Weights) -> None:
        self._relator, self._weights = relator, weights

    def found(
        self, letter: Letter, asked: Sequence[Request], before: Sequence[Promise], told: Mapping[int, Sequence[float]]
    ) -> list[Opening]:
        """The sentences that may open an entry.

        `before` are earlier promises of which the letter may speak; `told` says of sentences, by their starts, the
        greatest chance of each of RELATIONS with one of those.
        """
        chosen = [f for f in letter.findings if _may_promise(f, letter, asked)]
        beside = sum(Act.COMMIT in f.acts for f in letter.findings)
        return [self._opening(letter, f, asked, before, beside, told.get(f.start, _NEW)) for f in chosen]

    def chances(self, found: Sequence[Opening]) -> list[float]:
        """The chance of each that it is a promise of substance."""
        if not found:
            return []
        features = np.array([one.features for one in found], dtype=np.float32)
        chances: list[float] = self._relator.opens(features).tolist()
        return [max(chance, _PLAIN if _is_plain(one) else 0.0) for chance, one in zip(chances, found, strict=True)]

    def _opening(
        self,
        letter: Letter,
        finding: Finding,
        asked: Sequence[Request],
        before: Sequence[Promise],
        beside: int,
        told: Sequence[float],
    ) -> Opening:
        words = letter.matter(finding)
        request, likeness = self._answered(words, asked)
        near = [p for p in before if p.letter.thread == letter.thread]
        place = finding.start / max(1, len(letter.text))
        answers = (
            float(request is not None),
            likeness,
            float(request is not None and request.finding.due is not None),
            min(_CAP, float(beside - (Act.COMMIT in finding.acts))),
            place,
            *(max((self._weights.likeness(words, p.words) for p in of), default=0.0) for of in (before, near)),
            float(letter.answers is not None),
            *told,
        )
        return Opening(finding, request, (*_of_sentence(letter, finding), *answers))

    def _answered(self, words: frozenset[str], asked: Sequence[Request]) -> tuple[Request | None, float]:
        """The request that a sentence answers, and how like it is: the likest, else the only one."""
        if not asked:
            return None, 0.0
        likeness, _, best = max((self._weights.likeness(words, r.words), -i, r) for i, r in enumerate(asked))
        proposed = any(Act.PROPOSE in f.acts for f in best.letter.findings)
        return (best, likeness) if likeness >= _ANSWERED or (len(asked) == 1 and not proposed) else (None, likeness)


def _is_plain(opening: Opening) -> bool:
    """Whether little doubt is left: a new promise with a day to come, or a yes to a request that has its day."""

    def of(name: str) -> float:
        return opening.features[FEATURES.index(name)]

    asked = opening.request is not None and opening.request.finding.due is not None
    yes = asked and Act.ACCEPT in opening.finding.acts and not of("promises beside it")
    binding = of(f"does {Act.COMMIT}") >= _SURE and not any(map(of, ("conditional", "question", "a past day")))
    new = of("like one of the thread") < _LIKE and of("like one before") < _LIKE_AFAR
    return yes or (binding and new and of("due on a day") > 0)


def is_courtesy(finding: Finding, letter: Letter) -> bool:
    """Whether a sentence is a formula of politeness with nothing due, which binds and asks nobody."""
    return finding.due is None and says(letter.quote(finding), "courtesy")


def _may_promise(finding: Finding, letter: Letter, asked: Sequence[Request]) -> bool:
    """Whether a sentence is weighed. A standing duty of a contract is no promise of the ledger; one with a day is."""
    if is_courtesy(finding, letter):
        return False
    if letter.kind is DocumentKind.CONTRACT:
        return Act.COMMIT in finding.acts and finding.due is not None and finding.due.first is not None
    yes = bool(asked) and _chance(finding, Act.ACCEPT) >= _LEAST
    return yes or _chance(finding, Act.COMMIT) >= _LEAST


def _chance(finding: Finding, act: Act) -> float:
    return finding.confidence.get(act, float(act in finding.acts))


def _of_sentence(letter: Letter, finding: Finding) -> tuple[float, ...]:
    due, named = finding.due, finding.due or finding.day
    day = named.last if named else None
    at = letter.at.date() if letter.at else None
    until = 0 if day is None or at is None else (day - at).days
    words = letter.quote(finding)
    facts = (
        Act.COMMIT in finding.acts,
        Act.ACCEPT in finding.acts,
        finding.conditional,
        due is not None and due.last is not None,
        due is not None and due.last is None,
        finding.day is not None,
        until < 0,
        max(-_CAP, min(_CAP, until / 10)),
        finding.debtor == WRITER,
        finding.debtor == READER,
        finding.debtor not in (None, WRITER, READER),
        letter.kind is DocumentKind.CONTRACT,
        letter.kind is DocumentKind.NOTES,
        letter.kind is DocumentKind.TRANSCRIPT,
        min(_CAP, len(words) / _LONG),
        "?" in words,
        says(words, "courtesy"),
        says(words, "handed"),
        finding.sentiment is Sentiment.NEGATIVE,
        finding.sentiment is Sentiment.POSITIVE,
        finding.confidence.get("issue", 0.0),
        letter.side is Side.US,
        letter.author is None,
    )
    return (*(_chance(finding, act) for act in Act), *map(float, facts))
