"""The ledger: what each side promised, and what became of it.

Letters are read in order of time and each step rests on what was known by then, so that the ledger as of a day is the
ledger of the letters up to that day.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from corpus.document import DocumentKind
from insights.cast import Cast
from insights.identity import identity
from insights.insight import Commitment, CommitmentEvent, DueDay, Party, Side
from insights.letters import Letter, due_day
from insights.promises import OpenPromises, Promise
from insights.wording import Weights, says, stems
from nlp.findings import Act, Finding

_SAME = 0.6  # likeness from which two promises of one thread are one
_MOVED = 0.2  # likeness from which a promise with a later day moves an earlier one
_ANSWERED = 0.15  # likeness from which a sentence answers a request
_ACTION = 100  # characters


class Request(msgspec.Struct, frozen=True):
    """What a letter asks of its reader."""

    letter: Letter
    finding: Finding
    words: frozenset[str]


def keep_ledger(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Commitment, ...]:
    """The promises made in these letters, in order of time; `letters` are in order of time."""
    ledger = _Ledger(Cast(us, them))
    for letter in letters:
        ledger.read(letter)
    return tuple(promise.told() for promise in ledger.promises)


class _Ledger:
    def __init__(self, cast: Cast) -> None:
        self.promises: list[Promise] = []
        self._cast = cast
        self._weights = Weights()
        self._open = OpenPromises(self._weights)
        self._letters: dict[str, Letter] = {}
        self._latest: dict[tuple[str, Side], Letter] = {}  # by thread and side

    def read(self, letter: Letter) -> None:
        """Take in one more letter: first what it closes or moves, then what it promises."""
        self._cast.read(letter)
        self._weights.read(stems(letter.text))
        moved = self._follow_up(letter)
        promised = [f for f in letter.findings if _is_promise(f, letter) and f.start not in moved]
        asked = self._requests(letter)
        for finding in promised:
            self._promise(letter, finding, asked)
        if asked and not promised and not moved:
            self._accept(letter, asked)
        self._letters[letter.id] = letter
        self._latest[letter.thread, letter.side] = letter

    def _follow_up(self, letter: Letter) -> set[int]:
        """Close and move earlier promises; returns the starts of the sentences that move one."""
        moving: set[int] = set()
        for finding in letter.findings:
            if Act.FULFIL in finding.acts:
                if (kept := self._open.kept(letter, finding)) is not None:
                    kept.step(CommitmentEvent.FULFILLED, letter, finding)
            elif Act.DECLINE in finding.acts:
                moving |= self._give_up(letter, finding)
            elif Act.COMMIT in finding.acts and (entry := self._moved(letter, finding)):
                entry.step(CommitmentEvent.RESCHEDULED, letter, finding)
                moving.add(finding.start)
        return moving

    def _give_up(self, letter: Letter, refusal: Finding) -> set[int]:
        """A promise that cannot be kept is moved where a new day comes with that, else it is declined."""
        promise = self._open.meant(letter, refusal)
        if promise is None:
            return set()
        later = next((f for f in letter.findings if f.start >= refusal.start and _is_later(f, promise)), None)
        if later is None:
            promise.step(CommitmentEvent.DECLINED, letter, refusal)
            return set()
        promise.step(CommitmentEvent.RESCHEDULED, letter, later)
        return {later.start}

    def _moved(self, letter: Letter, finding: Finding) -> Promise | None:
        """The promise to which a sentence gives a later day."""
        if finding.due is None or (promise := self._open.meant(letter, finding, _MOVED)) is None:
            return None
        return promise if _is_later(finding, promise) else None

    def _promise(self, letter: Letter, finding: Finding, asked: Sequence[Request]) -> None:
        """Open a promise, unless the same one is open in this thread."""
        words = letter.matter(finding)
        debtor = self._cast.debtor(finding.debtor, letter)
        for promise in self._open.of_thread(letter.thread):
            if promise.commitment.debtor.side is debtor.side and self._weights.likeness(words, promise.words) >= _SAME:
                return
        due = due_day(finding.due)
        if request := self._answered(words, asked):
            due = due or due_day(request.finding.due)
            words |= request.words
        self._open_one(letter, finding, debtor=debtor, due=due, action=letter.quote(finding), words=words)

    def _accept(self, letter: Letter, asked: Sequence[Request]) -> None:
        """A bare yes to a request is a promise to do it."""
        yes = next((f for f in letter.findings if Act.ACCEPT in f.acts), None)
        if yes is None or (request := self._answered(letter.matter(yes), asked)) is None:
            return
        self._open_one(
            letter,
            yes,
            debtor=self._cast.debtor(None, letter),
            due=due_day(yes.due) or due_day(request.finding.due),
            action=request.letter.quote(request.finding),
            words=request.words | letter.matter(yes),
        )

    def _requests(self, letter: Letter) -> list[Request]:
        """What the letter that this one answers asks of its side."""
        asking = self._letters.get(letter.answers or "")
        if asking is None and letter.author is None:
            return []  # what a meeting agrees on is no answer to the last mail
        if asking is None:
            sides = [s for s in (Side.US, Side.THEM) if s is not letter.side]
            asking = next((m for s in sides if (m := self._latest.get((letter.thread, s)))), None)
        if asking is None or asking.side is letter.side:
            return []
        return [
            Request(asking, f, asking.matter(f))
            for f in asking.findings
            if Act.REQUEST in f.acts and not is_courtesy(f, asking)
        ]

    def _answered(self, words: frozenset[str], asked: Sequence[Request]) -> Request | None:
        """The request that a sentence answers: the likest, else the only one, unless something was proposed too."""
        if not asked:
            return None
        likeness, _, best = max((self._weights.likeness(words, r.words), -i, r) for i, r in enumerate(asked))
        proposed = any(Act.PROPOSE in f.acts for f in best.letter.findings)
        return best if likeness >= _ANSWERED or (len(asked) == 1 and not proposed) else None

    def _open_one(
        self, letter: Letter, finding: Finding, *, debtor: Party, due: DueDay | None, action: str, words: frozenset[str]
    ) -> None:
        act = Act.COMMIT if Act.COMMIT in finding.acts else Act.ACCEPT
        commitment = Commitment(
            id=identity("commitment", letter.relationship, letter.id, finding.start),
            debtor=debtor,
            creditor=self._cast.creditor(debtor, letter),
            action=shorten(action),
            made=letter.source(finding),
            due=due,
            conditional=finding.conditional,
            confidence=finding.confidence.get(act, 0.5),
        )
        promise = Promise(commitment, letter, words)
        self.promises.append(promise)
        self._open.add(promise)


def is_courtesy(finding: Finding, letter: Letter) -> bool:
    """Whether a sentence is a formula of politeness with nothing due, which binds and asks nobody."""
    return finding.due is None and says(letter.quote(finding), "courtesy")


def shorten(text: str, limit: int = _ACTION) -> str:
    """A sentence on one line, cut between words where it is longer than `limit` characters."""
    line = " ".join(text.split()).strip(" -•*|")
    return line if len(line) <= limit else line[: line.rfind(" ", 1, limit)].rstrip(" ,;:") + " …"


def _is_promise(finding: Finding, letter: Letter) -> bool:
    """A standing duty of a contract is no promise of the ledger; one with a day is."""
    if Act.COMMIT not in finding.acts or is_courtesy(finding, letter):
        return False
    return letter.kind is not DocumentKind.CONTRACT or (finding.due is not None and finding.due.first is not None)


def _is_later(finding: Finding, promise: Promise) -> bool:
    """Whether a sentence binds to a day after the one in force, or to one where there was none."""
    if Act.COMMIT not in finding.acts or finding.due is None or finding.due.last is None:
        return False
    return promise.due is None or promise.due.last is None or finding.due.last > promise.due.last
