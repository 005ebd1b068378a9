"""What waits for an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from corpus.document import DocumentKind
from insights.commitments import is_courtesy
from insights.identity import identity
from insights.insight import NOBODY, OpenQuestion, Party, Side
from insights.letters import Letter, due_day, other
from insights.notes import Notes
from insights.wording import Weights, stems
from nlp.findings import READER, Act, Finding

_ANSWERS = {Act.ACCEPT, Act.COMMIT, Act.DECLINE, Act.FULFIL, Act.PROPOSE}
_ALIKE = 0.25  # likeness from which a sentence speaks to a question that a meeting left open


def find_questions(letters: Sequence[Letter], us: Party, them: Party) -> tuple[OpenQuestion, ...]:
    """Questions and requests to the other side, each with the time at which that side next wrote in the thread.

    `letters` are in order of time. Whether what was written answers the question is not judged: the turn passed.
    A question that minutes leave open is nobody's and has no turn: it waits until somebody says, anywhere, what is
    done, agreed, proposed or refused about the same matter.
    """
    desk = _Desk({Side.US: us, Side.THEM: them})
    for letter in letters:
        desk.read(letter)
    return tuple(desk.questions)


class _Desk:
    def __init__(self, houses: dict[Side, Party]) -> None:
        self.questions: list[OpenQuestion] = []
        self._houses = houses
        self._weights = Weights()
        self._turns: defaultdict[tuple[str, Side], list[int]] = defaultdict(list)  # by thread and the side whose it is
        self._recorded: dict[int, frozenset[str]] = {}  # what questions of minutes are about

    def read(self, letter: Letter) -> None:
        """Take in one more letter: first what it answers, then what it asks."""
        self._weights.read(stems(letter.text))
        self._settle(letter)
        if letter.kind is DocumentKind.EMAIL:
            for i in self._turns.pop((letter.thread, letter.side), ()):
                self._answer(i, letter)
            for finding in letter.findings:
                if (act := _asks(finding, letter)) is not None:
                    self._turns[letter.thread, other(letter.side)].append(len(self.questions))
                    self._ask(letter, finding, act, letter.author or self._houses[letter.side])
        elif isinstance(letter.read, Notes):
            for finding in letter.findings:
                if Act.QUESTION in finding.acts:
                    self._recorded[len(self.questions)] = letter.matter(finding)
                    self._ask(letter, finding, Act.QUESTION, NOBODY)

    def _settle(self, letter: Letter) -> None:
        """Close what minutes left open, where a sentence speaks to it."""
        said = [letter.matter(f) for f in letter.findings if self._recorded and _ANSWERS & set(f.acts)]
        for i, words in list(self._recorded.items()):
            if any(self._weights.likeness(words, matter) >= _ALIKE for matter in said):
                del self._recorded[i]
                self._answer(i, letter)

    def _ask(self, letter: Letter, finding: Finding, act: Act, by: Party) -> None:
        self.questions.append(
            OpenQuestion(
                id=identity("question", letter.relationship, letter.id, finding.start),
                asked=letter.source(finding),
                by=by,
                act=act,
                due=due_day(finding.due),
                confidence=finding.confidence.get(act, 0.5),
            )
        )

    def _answer(self, i: int, letter: Letter) -> None:
        self.questions[i] = msgspec.structs.replace(self.questions[i], answered=letter.at)


def _asks(finding: Finding, letter: Letter) -> Act | None:
    """How a sentence asks something of the reader, if it does."""
    if is_courtesy(finding, letter):
        return None
    if Act.QUESTION in finding.acts:
        return Act.QUESTION
    return Act.REQUEST if Act.REQUEST in finding.acts and finding.debtor in (None, READER) else None
