"""A trouble that is still being written: what has come of it, and what a sentence may add."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log1p

import msgspec

from corpus.document import DocumentKind
from insights.insight import Issue, IssueEvent, IssueStep
from insights.letters import Letter
from insights.mentions import Mention
from insights.verdicts import Question, at_most, bar, by_weight, weight
from insights.wording import Weights, says, stems
from nlp.findings import Act, Finding, Sentiment

_FORGOTTEN = timedelta(days=120)  # without a word, after which a trouble in another thread is another one
_TOPICS = ("settled", "received", "handed", "heard", "again", "lacking", "sanction", "bad_news")
_ELSEWHERE = ("kind", "by raiser", "admitted", "done by raiser", *["days"] * 8)  # log1p of all days that matter
_REGRETS = 0.15  # chance of a trouble from which words of regret are about one


class Telling:
    """A sentence that may end troubles, and what speaks for that whatever trouble it is."""

    def __init__(self, letter: Letter, finding: Finding) -> None:
        self.letter, self.finding = letter, finding
        self.words = letter.matter(finding)
        self.topic = self.words | stems(letter.subject)
        text = letter.quote(finding)
        self.done = max(finding.confidence.get(Act.FULFIL, 0.0), float(says(text, "settled")))
        self.features = dict(self._features(text, finding))
        self.weight = weight(Question.ENDS, self.features)

    @property
    def is_idle(self) -> bool:
        """Whether it cannot end a trouble with which it shares neither words nor place."""
        return by_weight(self.weight + at_most(Question.ENDS, _ELSEWHERE)) < bar(Question.ENDS)

    def _features(self, text: str, f: Finding) -> Iterator[tuple[str, float]]:
        yield "bias", 1.0
        for act in Act:
            yield f"act {act.value}", f.confidence.get(act, 0.0)
        for topic in _TOPICS:
            yield topic, float(says(text, topic))
        yield "issue", f.confidence.get("issue", 0.0)
        yield "negative", f.leanings.get(Sentiment.NEGATIVE, 0.0)
        yield "positive", f.confidence.get("sentiment", 0.0) if f.sentiment is Sentiment.POSITIVE else 0.0
        yield "notes", float(self.letter.kind is not DocumentKind.EMAIL)


@dataclass(eq=False)
class Case:
    """A trouble that is still being written."""

    issue: Issue
    thread: str
    latest: datetime | None  # word of it
    words: frozenset[str]  # of the sentence that opened it
    severity: int
    steps: list[IssueStep] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)  # ids of those that speak of it
    resolved: bool = False

    def __post_init__(self) -> None:
        self.letters.add(self.issue.opened.document)

    def told(self) -> Issue:
        """The trouble with its history."""
        return msgspec.structs.replace(self.issue, history=tuple(self.steps))

    def is_fresh(self, letter: Letter) -> bool:
        """Whether a letter may still be about it."""
        return letter.at is None or self.latest is None or letter.at - self.latest <= _FORGOTTEN

    def concerns(self, letter: Letter) -> bool:
        """Whether a letter belongs to where the trouble is talked of."""
        return letter.thread == self.thread or letter.answers in self.letters

    def complain(self, mention: Mention) -> None:
        """Take in one more complaint. In a letter that spoke of it already only a graver one counts."""
        letter, finding = mention.letter, mention.finding
        severity = finding.severity or 1
        graver, again = severity > self.severity, letter.id in self.letters
        felt = severity >= 2 or finding.sentiment is Sentiment.NEGATIVE
        raises = severity if graver else None
        if self.resolved:
            if not felt or letter.side is not self.issue.raised_by.side:
                return
            self.step(IssueEvent.REOPENED, letter, finding, raises)
        elif graver or (felt and not again and letter.side is self.issue.raised_by.side):
            self.step(IssueEvent.ESCALATED, letter, finding, raises)
        self.severity = max(self.severity, severity)

    def acknowledge(self, letter: Letter) -> None:
        """Take in a letter of the other side: the first sentence that admits, regrets or promises something."""
        known = any(s.event is IssueEvent.ACKNOWLEDGED for s in self.steps)
        if known or letter.author is None or letter.side is self.issue.raised_by.side:
            return
        sign = next((f for f in letter.findings if self._admits(f, letter)), None)
        if sign is not None and not any(s.source.start == sign.start for s in self.steps):
            self.step(IssueEvent.ACKNOWLEDGED, letter, sign)

    def resolve(self, letter: Letter, finding: Finding) -> None:
        """It is over, by a sentence."""
        self.step(IssueEvent.RESOLVED, letter, finding)

    def ending(self, telling: Telling, weights: Weights, others: int) -> dict[str, float]:
        """What speaks for and against a sentence ending it; `others` are open in its thread, itself included."""
        return dict(self._ending(telling, weights, others))

    def _ending(self, telling: Telling, weights: Weights, others: int) -> Iterator[tuple[str, float]]:
        letter, f, said = telling.letter, telling.finding, telling.words
        near = letter.thread == self.thread
        likeness = weights.likeness(said, self.words)
        yield "kind", f.leanings.get(self.issue.category, 0.0)
        yield "near", float(near)
        yield "answers", float(letter.answers in self.letters)
        yield "alike", likeness
        yield "alike by subject", weights.likeness(telling.topic, self.words)
        yield "same figures", float(any(w[0].isdigit() and len(w) > 2 for w in said & self.words))
        yield "by raiser", float(letter.side is self.issue.raised_by.side)
        yield "alone", float(near and others == 1)
        yield "admitted", float(any(s.event is IssueEvent.ACKNOWLEDGED for s in self.steps))
        yield "days", log1p((letter.at - self.issue.opened.at).days if letter.at and self.issue.opened.at else 0)
        yield "done alike", telling.done * likeness
        yield "done near", telling.done * near
        yield "done by raiser", telling.done * (letter.side is self.issue.raised_by.side)

    def is_touched(self, telling: Telling) -> bool:
        """Whether a sentence shares a word with it, or its place."""
        letter = telling.letter
        here = letter.thread == self.thread or letter.answers in self.letters
        return here or not self.words.isdisjoint(telling.topic)

    def _admits(self, finding: Finding, letter: Letter) -> bool:
        answers = bool({Act.ACCEPT, Act.COMMIT} & set(finding.acts)) or finding.issue is self.issue.category
        regrets = finding.confidence.get("issue", 0.0) >= _REGRETS and says(letter.quote(finding), "heard")
        return answers or regrets

    def step(self, event: IssueEvent, letter: Letter, finding: Finding, severity: int | None = None) -> None:
        """Write down what a sentence of a letter tells of it."""
        self.resolved = event is IssueEvent.RESOLVED or (self.resolved and event is not IssueEvent.REOPENED)
        self.steps.append(IssueStep(event=event, source=letter.source(finding), by=letter.author, severity=severity))
        self.letters.add(letter.id)
        self.latest = letter.at
