"""What waits for an answer, and whose turn it is.

Nobody can read off a mail that it answers; what can be told is kept apart from what is only likely:
- a sentence of the reply shares telling words with the question, or accepts, promises, refuses, proposes or reports
  something: it is the answer and is shown;
- a reply says no more than that somebody will come back to it: the question stays open, put off;
- else each sentence of the reply that states something may answer one of the questions, and what is left over waits:
  two sentences do not answer five questions;
- a reply that only asks back passes the turn, as does a yes or a thanks of the one who had asked;
- what somebody asks who writes again and again and to whom nobody ever wrote is hardly sure to wait for us.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from corpus.document import DocumentKind
from insights.identity import identity
from insights.insight import NOBODY, OpenQuestion, Party, Side, Source
from insights.letters import Letter, due_day, other
from insights.notes import Notes
from insights.opening import is_courtesy
from insights.wording import Weights, says, stems
from nlp.findings import READER, Act, Finding

_ANSWERS = {Act.ACCEPT, Act.COMMIT, Act.DECLINE, Act.FULFIL, Act.PROPOSE}
_ASKS = {Act.QUESTION, Act.REQUEST}
_ALIKE = 0.25  # likeness from which a sentence speaks to a question that a meeting left open …
_ELSEWHERE = 0.4  # … from which an answering sentence in another thread answers …
_SPEAKS = 0.12  # … and from which one of the same thread is the answer, and not just likely to be
_AGAIN = 0.5  # likeness from which a question is the same one once more
_FRESH = timedelta(days=45)  # within which an answer may come in another thread
_ONE_WAY = 3  # letters of a house to which nobody has written, from which its questions are hardly meant for us …
_UNSURE = 0.4  # … and how sure they are at most
_LEAST = 3  # words of a sentence that states something, where it is a thanks


@dataclass(eq=False)
class _Asked:
    """A question that is still open."""

    place: int  # among the questions
    letter: Letter
    words: frozenset[str]


@dataclass(eq=False)
class _Statement:
    """A sentence of a reply that states something."""

    start: int
    end: int
    words: frozenset[str]
    acts: frozenset[Act]
    used: bool = False


def find_questions(letters: Sequence[Letter], us: Party, them: Party) -> tuple[OpenQuestion, ...]:
    """Questions and requests to the other side, each with when and how it was answered, as far as that can be told.

    `letters` are in order of time. A question that minutes leave open is nobody's and has no turn: it waits until
    somebody says, anywhere, what is done, agreed, proposed or refused about the same matter.
    """
    desk = Desk(us, them)
    for letter in letters:
        desk.read(letter)
    return desk.told()


class Desk:
    """The questions of a relationship, as far as its letters were read, in order of time."""

    def __init__(self, us: Party, them: Party) -> None:
        self.questions: list[OpenQuestion] = []
        self._houses = {Side.US: us, Side.THEM: them}
        self._weights = Weights()
        self._open: defaultdict[tuple[str, Side], list[_Asked]] = defaultdict(list)  # by thread and the side asked
        self._recent: defaultdict[Side, list[_Asked]] = defaultdict(list)  # by the side asked
        self._wrote: Counter[Side] = Counter()
        self._recorded: dict[int, frozenset[str]] = {}  # what questions of minutes are about

    def told(self) -> tuple[OpenQuestion, ...]:
        """The questions, each with what came back so far."""
        return tuple(self.questions)

    def read(self, letter: Letter) -> None:
        """Take in one more letter: first what it answers, then what it asks."""
        self._weights.read(stems(letter.text))
        self._settle(letter)
        if letter.kind is DocumentKind.EMAIL:
            self._wrote[letter.side] += 1
            self._reply(letter)
            self._answer_elsewhere(letter)
            self._withdraw(letter)
            for finding in letter.findings:
                if (act := _asks(finding, letter)) is not None:
                    self._ask(letter, finding, act)
        elif isinstance(letter.read, Notes):
            for finding in letter.findings:
                if Act.QUESTION in finding.acts:
                    self._recorded[len(self.questions)] = letter.matter(finding)
                    self._note(letter, finding, Act.QUESTION, NOBODY, Side.OTHER)

    def _settle(self, letter: Letter) -> None:
        """Close what minutes left open, where a sentence speaks to it."""
        said = [letter.matter(f) for f in letter.findings if self._recorded and _ANSWERS & set(f.acts)]
        for i, words in list(self._recorded.items()):
            if any(self._weights.likeness(words, matter) >= _ALIKE for matter in said):
                del self._recorded[i]
                self._answer(i, letter, None)

    def _reply(self, letter: Letter) -> None:
        """Judge which of the thread's questions a letter of the side that was asked answers."""
        asked = self._open.get((letter.thread, letter.side))
        if not asked:
            return
        statements, put_off = _statements(letter)
        left = []
        for one in asked:
            best = self._likest(one, statements)
            if best is not None:
                best.used = True
                self._answer(one.place, letter, best)
            else:
                left.append(one)
        waiting = self._share_out(letter, left, [s for s in statements if not s.used], put_off)
        self._open[letter.thread, letter.side] = waiting

    def _likest(self, asked: _Asked, statements: Iterable[_Statement]) -> _Statement | None:
        """The statement that speaks most of what was asked."""
        scored = [(self._weights.likeness(asked.words, s.words), -i, s) for i, s in enumerate(statements)]
        likeness, _, best = max(scored, key=lambda found: found[:2], default=(0.0, 0, None))
        return best if likeness >= _SPEAKS else None

    def _share_out(
        self, letter: Letter, asked: Sequence[_Asked], statements: Sequence[_Statement], put_off: Source | None
    ) -> list[_Asked]:
        """Give each question one of the statements that speak of none; returns the questions that wait on."""
        telling = sorted(statements, key=lambda s: (not s.acts & _ANSWERS, s.start))
        waiting = []
        for place, one in enumerate(asked):
            if place < len(telling):
                best = telling[place]
                self._answer(one.place, letter, best if best.acts & _ANSWERS else None)
            elif put_off is not None:
                question = self.questions[one.place]
                self.questions[one.place] = msgspec.structs.replace(question, deferred=question.deferred or put_off)
                waiting.append(one)
            elif telling or len(asked) > 1 or not _asks_back(letter):
                waiting.append(one)
            else:
                self._answer(one.place, letter, None)
        return waiting

    def _answer_elsewhere(self, letter: Letter) -> None:
        """Close what was asked of this side in another thread, where a sentence that answers speaks of just that."""
        fresh = [a for a in self._recent[letter.side] if self._is_open(a) and _is_near(a.letter, letter)]
        self._recent[letter.side] = fresh
        answering = [f for f in letter.findings if fresh and _ANSWERS & set(f.acts)]
        for asked in fresh:
            for finding in answering:
                if self._weights.likeness(asked.words, letter.matter(finding)) >= _ELSEWHERE:
                    said = _Statement(finding.start, finding.end, frozenset(), frozenset())
                    self._answer(asked.place, letter, said)
                    break

    def _withdraw(self, letter: Letter) -> None:
        """Close what the writer's own side had asked, where it now says that it has what it wanted."""
        mine = self._open.get((letter.thread, other(letter.side)))
        if not mine or any(_ASKS & set(f.acts) for f in letter.findings):
            return
        for finding in letter.findings:
            if {Act.ACCEPT, Act.FULFIL} & set(finding.acts) and says(letter.quote(finding), "received"):
                said = _Statement(finding.start, finding.end, frozenset(), frozenset())
                for asked in mine:
                    self._answer(asked.place, letter, said)
                mine.clear()
                return

    def _ask(self, letter: Letter, finding: Finding, act: Act) -> None:
        words = letter.matter(finding)
        turns = self._open[letter.thread, other(letter.side)]
        if any(self._weights.likeness(words, a.words) >= _AGAIN for a in turns):
            return  # a reminder
        asked = _Asked(len(self.questions), letter, words)
        turns.append(asked)
        self._recent[other(letter.side)].append(asked)
        self._note(letter, finding, act, letter.author or self._houses[letter.side], other(letter.side))

    def _note(self, letter: Letter, finding: Finding, act: Act, by: Party, turn: Side) -> None:
        self.questions.append(
            OpenQuestion(
                id=identity("question", letter.relationship, letter.id, finding.start),
                asked=letter.source(finding),
                by=by,
                thread=letter.thread,
                turn=turn,
                act=act,
                due=due_day(finding.due),
                confidence=min(finding.confidence.get(act, 0.5), _UNSURE if self._is_one_way(by.side) else 1.0),
            )
        )

    def _is_one_way(self, side: Side) -> bool:
        """Whether a side has written again and again and nobody to it: then what it asks, it asks of many."""
        return self._wrote[side] >= _ONE_WAY and not self._wrote[other(side)]

    def _is_open(self, asked: _Asked) -> bool:
        return self.questions[asked.place].answered is None

    def _answer(self, place: int, letter: Letter, said: _Statement | None) -> None:
        question = self.questions[place]
        if question.answered is None:
            source = letter.slice(said.start, said.end) if said is not None else None
            self.questions[place] = msgspec.structs.replace(question, answered=letter.at, answer=source)


def _statements(letter: Letter) -> tuple[list[_Statement], Source | None]:
    """The sentences of a letter that state something, and the first that only says when more will come."""
    found = {f.start: f for f in letter.findings}
    statements: list[_Statement] = []
    put_off: Source | None = None
    for start, end in letter.own_sentences():
        text = letter.text[start:end]
        finding = found.get(start)
        acts = frozenset(finding.acts if finding else ())
        if says(text, "comes_back"):
            put_off = put_off or letter.slice(start, end)
        elif not _is_idle(text, acts, finding, letter):
            statements.append(_Statement(start, end, stems(text), acts))
    return statements, put_off


def _is_idle(text: str, acts: frozenset[Act], finding: Finding | None, letter: Letter) -> bool:
    """Whether a sentence says nothing that could answer: it asks, greets or thanks."""
    if acts and acts <= _ASKS:
        return True
    if finding is not None and is_courtesy(finding, letter):
        return True
    words = text.split()
    greets = len(words) <= _LEAST and not acts and (text.rstrip().endswith((",", "!")) or not stems(text))
    thanks = len(words) <= 2 * _LEAST and not acts and says(text, "thanks")
    return greets or thanks


def _asks_back(letter: Letter) -> bool:
    return any(_ASKS & set(f.acts) for f in letter.findings)


def _is_near(asked: Letter, letter: Letter) -> bool:
    return asked.at is None or letter.at is None or letter.at - asked.at <= _FRESH


def _asks(finding: Finding, letter: Letter) -> Act | None:
    """How a sentence asks something of the reader, if it does."""
    if is_courtesy(finding, letter):
        return None
    if Act.QUESTION in finding.acts:
        return Act.QUESTION
    return Act.REQUEST if Act.REQUEST in finding.acts and finding.debtor in (None, READER) else None
