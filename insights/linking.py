"""What a letter's sentences say of promises made before: the features of each pair, and the chances of a link.

A pair is seen among its rivals: whether another sentence of the letter is more like the promise, whether the sentence
is more like another promise. The models are those of `nlp.relating`, trained on these very features.

Not known here: what is done with an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from corpus.document import DocumentKind
from insights.insight import Side
from insights.letters import Letter
from insights.promises import Promise
from insights.wording import Weights, parts, says, stems
from nlp.findings import Act, Finding, Sentiment
from nlp.relating import RELATIONS, Relation, Relator, unpacked

_TEN, _CAP = 10.0, 3.0  # days are counted in tens, of which three are many
_LONG = 100.0  # characters
_NEAR = 2  # days
_ALIKE, _SURE = 0.2, 0.5  # likeness and chance of an act from which little doubt is left
_EVIDENT = {Relation.FULFILLED: 0.6, Relation.DECLINED: 0.5, Relation.RESCHEDULED: 0.55}  # how sure it then is
OF_PAIR = (  # what the two say of each other but by their words
    "debtor wrote", "debtor's side wrote", "nobody signed", "was asked for", "has a day", "days past it",
    "past its day", "about its day", "names a day", "a later day", "the same day", "a past day", "days since",
    "length", "question", "received", "handed", "settled", "negative", "positive", "issue",
    *(f"does {act}" for act in Act), *(f"promised by {act}" for act in Act),
)  # fmt: skip
OF_WORDS = (
    "likeness", "likeness of parts", "share of its words", "likeness with subjects", "likeness of neighbours",
    "file like it", "files", "same thread", "answers it", "conditional", "promised in a paper", "told in a paper",
    "last of the thread", "rivals", "place", "sentences",
)  # fmt: skip
RANKED = ("likeness", "likeness of parts", "event", "fulfilled")
FEATURES = (
    *OF_PAIR, *OF_WORDS, *RELATIONS, "event",
    *(f"{name}, best of the {rivals}" for rivals in ("letter", "promises") for name in RANKED),
)  # fmt: skip
_EVENTS = [
    RELATIONS.index(r) for r in (Relation.FULFILLED, Relation.RESCHEDULED, Relation.DECLINED, Relation.CANCELLED)
]

Rows = NDArray[np.float32]


class Linker:
    """Asks the models of promises and later sentences."""

    def __init__(self, relator: Relator, weights: Weights, grams: Weights) -> None:
        self._relator, self._weights, self._grams = relator, weights, grams

    def linked(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding], relations: Rows) -> Rows:
        """The chance that each sentence tells what became of each promise, promises × sentences.

        Where little doubt is left of what it tells, that is written into `relations`.
        """
        if not relations.size:
            return np.zeros((len(promises), len(told)), dtype=np.float32)
        features = self.features(letter, promises, told, relations)
        linked = self._relator.links(features.reshape(-1, features.shape[-1])).reshape(features.shape[:2])
        for relation, evident in _evident(features):
            relations[evident, RELATIONS.index(relation)] = 1
            linked = np.where(evident, np.maximum(linked, _EVIDENT[relation]), linked)
        return linked

    def relations(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding]) -> Rows:
        """What each sentence says of each promise by its sense, promises × sentences × RELATIONS."""
        shape = (len(promises), len(told))
        if not promises or not told:
            return np.zeros((*shape, len(RELATIONS)), dtype=np.float32)
        plain = self.of_pairs(letter, promises, told).reshape(-1, len(OF_PAIR))
        promised, asked = (
            np.repeat(unpacked([getattr(p, name) for p in promises]), len(told), axis=0) for name in ("trace", "asked")
        )
        said = np.tile(unpacked([f.trace for f in told]), (len(promises), 1))
        return self._relator.relates(promised, asked, said, plain).reshape(*shape, len(RELATIONS))

    def of_pairs(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding]) -> Rows:
        """OF_PAIR, promises × sentences × features."""
        of_told = [(*_tone(letter, f), *_acts(f)) for f in told]
        of_promise = [(*_sides(p, letter), float(bool(p.asked))) for p in promises]
        acts = [_acts(p.finding) for p in promises]
        rows = [
            [(*of_promise[n], *_days(p, letter, f), *of_told[m], *acts[n]) for m, f in enumerate(told)]
            for n, p in enumerate(promises)
        ]
        return np.array(rows, dtype=np.float32)

    def features(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding], relations: Rows) -> Rows:
        """FEATURES, promises × sentences × features."""
        words = self._of_words(letter, promises, told)
        event = relations[:, :, _EVENTS].sum(axis=2, keepdims=True)
        ranked = np.concatenate((words[:, :, :2], event, relations[:, :, 1:2]), axis=2)
        plain = self.of_pairs(letter, promises, told)
        return np.concatenate((plain, words, relations, event, _ahead(ranked, 1), _ahead(ranked, 0)), axis=2)

    def _of_words(self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding]) -> Rows:
        """OF_WORDS, promises × sentences × features."""
        like, part = self._weights.likeness, self._grams.likeness
        matters = [letter.matter(f) for f in told]
        grams = [parts(letter.quote(f)) for f in told]
        subject = stems(letter.subject)
        files = [stems(name) for name in letter.attachments]
        last = _last(promises, letter)
        rows = []
        for p in promises:
            theirs = p.words | stems(p.letter.subject)
            likeness = [like(m, p.words) for m in matters]
            near = [0.0, *likeness, 0.0]
            fixed = (
                max((like(f, theirs) for f in files), default=0.0),
                float(bool(files)),
                float(letter.thread == p.letter.thread),
                float(letter.answers == p.letter.id),
                float(p.commitment.conditional),
                float(p.letter.kind is not DocumentKind.EMAIL),
                float(letter.kind is not DocumentKind.EMAIL),
                float(p is last),
                min(_CAP, len(promises) / _TEN),
            )
            rows.append(
                [
                    (
                        likeness[m],
                        part(grams[m], p.parts),
                        len(matters[m] & p.words) / max(1, len(p.words)),
                        like(matters[m] | subject, theirs),
                        max(near[m], near[m + 2]),
                        *fixed,
                        f.start / max(1, len(letter.text)),
                        min(_CAP, len(told) / _TEN),
                    )
                    for m, f in enumerate(told)
                ]
            )
        return np.array(rows, dtype=np.float32)


def _evident(features: Rows) -> Iterator[tuple[Relation, NDArray[np.bool_]]]:
    """The pairs of which acts, words and days leave little doubt, promises × sentences, by what is said."""

    def of(name: str) -> Rows:
        return features[:, :, FEATURES.index(name)]

    ours = of("debtor's side wrote") > 0
    alike = (of("likeness") >= _ALIKE) & (of("likeness, best of the promises") >= 0)
    yield Relation.FULFILLED, alike & (of(f"does {Act.FULFIL}") >= _SURE)
    yield Relation.DECLINED, alike & ours & (of("same thread") > 0) & (of(f"does {Act.DECLINE}") >= _SURE)
    yield Relation.RESCHEDULED, alike & ours & (of("a later day") > 0) & (of(f"does {Act.COMMIT}") >= _SURE)


def _ahead(scores: Rows, axis: int) -> Rows:
    """By how much each score is ahead of the best of its rivals along an axis (below nothing where it is behind)."""
    if scores.shape[axis] == 1:
        return scores
    ordered = np.sort(scores, axis=axis)
    best, second = (np.take(ordered, [n], axis=axis) for n in (-1, -2))
    return np.where(scores == best, scores - second, scores - best)


def _last(promises: Sequence[Promise], letter: Letter) -> Promise | None:
    """The promise that was made last in a letter's thread."""
    here = [p for p in promises if p.letter.thread == letter.thread]
    return here[-1] if here else None


def _sides(promise: Promise, letter: Letter) -> tuple[float, ...]:
    author, debtor = letter.author, promise.commitment.debtor
    return (
        float(author is not None and author.id == debtor.id),
        float(author is not None and author.side is debtor.side and debtor.side is not Side.OTHER),
        float(author is None),
    )


def _days(promise: Promise, letter: Letter, said: Finding) -> tuple[float, ...]:
    """How the days stand to each other: the one in force, the letter's, the one that the sentence names."""
    at = _day(letter.at)
    due = promise.due.last if promise.due else None
    named = last_day(said)
    past = 0 if at is None or due is None else (at - due).days
    made = _day(promise.letter.at)
    age = 0 if at is None or made is None else (at - made).days
    return (
        float(due is not None),
        max(-_CAP, min(_CAP, past / _TEN)),
        float(past > 0),
        float(due is not None and at is not None and abs(past) <= _NEAR),
        float(named is not None),
        float(named is not None and due is not None and named > due),
        float(named is not None and named == due),
        float(named is not None and at is not None and named < at),
        min(_CAP, age / _TEN),
    )


def _tone(letter: Letter, said: Finding) -> tuple[float, ...]:
    words = letter.quote(said)
    return (
        min(_CAP, len(words) / _LONG),
        float("?" in words),
        *(float(says(words, topic)) for topic in ("received", "handed", "settled")),
        float(said.sentiment is Sentiment.NEGATIVE),
        float(said.sentiment is Sentiment.POSITIVE),
        said.confidence.get("issue", 0.0),
    )


def _acts(finding: Finding) -> tuple[float, ...]:
    """The chance of each act, as far as it is known."""
    return tuple(finding.confidence.get(act, float(act in finding.acts)) for act in Act)


def last_day(said: Finding) -> date | None:
    """The last day that is meant by what a sentence names, due or not."""
    named = said.due or said.day
    return named.last if named else None


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
