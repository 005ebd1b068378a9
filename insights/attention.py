"""What waits for an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from corpus.document import DocumentKind
from insights.commitments import is_courtesy
from insights.identity import identity
from insights.insight import OpenQuestion, Party, Side
from insights.letters import Letter, due_day, other
from nlp.findings import READER, Act, Finding


def find_questions(letters: Sequence[Letter], us: Party, them: Party) -> tuple[OpenQuestion, ...]:
    """Questions and requests to the other side, each with the time at which that side next wrote in the thread.

    `letters` are in order of time. Whether what was written answers the question is not judged: the turn passed.
    """
    houses = {Side.US: us, Side.THEM: them}
    waiting: defaultdict[tuple[str, Side], list[int]] = defaultdict(list)  # by thread and the side whose turn it is
    questions: list[OpenQuestion] = []
    for letter in letters:
        if letter.kind is not DocumentKind.EMAIL:
            continue
        for i in waiting.pop((letter.thread, letter.side), ()):
            questions[i] = msgspec.structs.replace(questions[i], answered=letter.at)
        for finding in letter.findings:
            if (act := _asks(finding, letter)) is not None:
                waiting[letter.thread, other(letter.side)].append(len(questions))
                questions.append(_question(letter, finding, act, letter.author or houses[letter.side]))
    return tuple(questions)


def _asks(finding: Finding, letter: Letter) -> Act | None:
    """How a sentence asks something of the reader, if it does."""
    if is_courtesy(finding, letter):
        return None
    if Act.QUESTION in finding.acts:
        return Act.QUESTION
    return Act.REQUEST if Act.REQUEST in finding.acts and finding.debtor in (None, READER) else None


def _question(letter: Letter, finding: Finding, act: Act, by: Party) -> OpenQuestion:
    return OpenQuestion(
        id=identity("question", letter.relationship, letter.id, finding.start),
        asked=letter.source(finding),
        by=by,
        act=act,
        due=due_day(finding.due),
        confidence=finding.confidence.get(act, 0.5),
    )
