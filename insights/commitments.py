"""The ledger: what each side promised, and what became of it.

Letters are read in order of time and each step rests on what was known by then, so that the ledger as of a day is the
ledger of the letters up to that day.
"""

from __future__ import annotations

from collections.abc import Sequence

from insights.assigning import assign
from insights.cast import Cast
from insights.identity import identity
from insights.insight import Commitment, CommitmentEvent, Party, Side
from insights.letters import Letter, due_day
from insights.linking import Linker, Rows, last_day
from insights.opening import Opening, Openings, Request, is_courtesy
from insights.promises import OpenPromises, Promise
from insights.wording import Weights, parts, stems
from nlp.findings import Act, Finding
from nlp.relating import RELATIONS, Relation, Relator, relator

_ACTION = 100  # characters
_OPENS = 0.35  # the chance from which a sentence opens an entry
_LINKS = 0.3  # the chance from which a sentence tells what became of a promise
_EVENTS = (
    CommitmentEvent.FULFILLED, CommitmentEvent.RESCHEDULED, CommitmentEvent.DECLINED, CommitmentEvent.CANCELLED
)  # fmt: skip


def keep_ledger(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Commitment, ...]:
    """The promises made in these letters, in order of time; `letters` are in order of time."""
    ledger = Ledger(us, them, relator())
    for letter in letters:
        ledger.read(letter)
    return ledger.told()


class Ledger:
    """The promises of a relationship while its letters are read. The parts of `read` are for training, too."""

    def __init__(self, us: Party, them: Party, relator: Relator) -> None:
        self.promises: list[Promise] = []
        self._cast = Cast(us, them)
        self._weights = Weights()
        self._grams = Weights()
        self._open = OpenPromises(self._weights)
        self.linker = Linker(relator, self._weights, self._grams)
        self.openings = Openings(relator, self._weights)
        self._letters: dict[str, Letter] = {}
        self._latest: dict[tuple[str, Side], Letter] = {}  # by thread and side

    def told(self) -> tuple[Commitment, ...]:
        """The promises, each with all that became of it so far."""
        return tuple(promise.told() for promise in self.promises)

    def read(self, letter: Letter) -> None:
        """Take in one more letter: first what becomes of earlier promises, then what it promises."""
        promises, told = self.meet(letter)
        relations = self.linker.relations(letter, promises, told)
        taken = self._follow(letter, promises, told, relations)
        found = [o for o in self.openings_of(letter, promises, told, relations) if o.finding.start not in taken]
        for opening, chance in zip(found, self.openings.chances(found), strict=True):
            if chance >= _OPENS:
                self.open(letter, opening, chance)
        self.keep(letter)

    def meet(self, letter: Letter) -> tuple[list[Promise], list[Finding]]:
        """The earlier promises that a letter may speak of, and its sentences that may speak of one."""
        self._cast.read(letter)
        words = stems(letter.text)
        self._weights.read(words)
        self._grams.read(parts(letter.text))
        return self._open.about(letter, words), [f for f in letter.findings if f.trace or f.speaks]

    def openings_of(
        self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding], relations: Rows
    ) -> list[Opening]:
        """The sentences of a letter that may open an entry, given what it says of earlier promises."""
        most = relations.max(axis=0).tolist() if promises else []
        said = {f.start: row for f, row in zip(told, most, strict=False)}
        return self.openings.found(letter, self._requests(letter), promises, said)

    def open(self, letter: Letter, opening: Opening, chance: float) -> Promise:
        """Write a promise into the ledger."""
        finding, request = opening.finding, opening.request
        debtor = self._cast.debtor(finding.debtor, letter)
        bare = request is not None and Act.COMMIT not in finding.acts
        due = due_day(finding.due) or (due_day(request.finding.due) if request else None)
        commitment = Commitment(
            id=identity("commitment", letter.relationship, letter.id, finding.start),
            debtor=debtor,
            creditor=self._cast.creditor(debtor, letter),
            action=shorten(request.letter.quote(request.finding) if request and bare else letter.quote(finding)),
            made=letter.source(finding),
            due=due,
            conditional=finding.conditional,
            confidence=round(chance, 4),
        )
        words = letter.matter(finding) | (request.words if request else frozenset())
        grams = parts(letter.quote(finding))
        if request:
            grams |= parts(request.letter.quote(request.finding))
        promise = Promise(commitment, letter, finding, words, grams, request.finding.trace if request else b"")
        self.promises.append(promise)
        self._open.add(promise)
        return promise

    def keep(self, letter: Letter) -> None:
        """Remember a letter that later ones may answer."""
        self._letters[letter.id] = letter
        self._latest[letter.thread, letter.side] = letter

    def _follow(
        self, letter: Letter, promises: Sequence[Promise], told: Sequence[Finding], relations: Rows
    ) -> set[int]:
        """Write down what becomes of earlier promises; returns the starts of the sentences that promise nothing new."""
        linked = self.linker.linked(letter, promises, told, relations)
        taken: set[int] = set()
        for row, column in assign((linked / _LINKS - 1).tolist()):
            promise, finding = promises[row], told[column]
            event = _event(relations[row, column].tolist())
            if event is CommitmentEvent.DECLINED and (later := _later(finding, told, promise)):
                event, finding = CommitmentEvent.RESCHEDULED, later
            promise.step(event, letter, finding, float(linked[row, column]))
            if event is not CommitmentEvent.FULFILLED:
                taken.add(finding.start)
        return taken

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


def shorten(text: str, limit: int = _ACTION) -> str:
    """A sentence on one line, cut between words where it is longer than `limit` characters."""
    line = " ".join(text.split()).strip(" -•*|")
    return line if len(line) <= limit else line[: line.rfind(" ", 1, limit)].rstrip(" ,;:") + " …"


def _later(refusal: Finding, told: Sequence[Finding], promise: Promise) -> Finding | None:
    """The sentence after a refusal that binds to a later day than the one in force: then it is moved, not refused."""
    due = promise.due.last if promise.due else None
    for finding in told:
        day = last_day(finding)
        later = day is not None and (due is None or day > due)
        if later and finding.start >= refusal.start and Act.COMMIT in finding.acts:
            return finding
    return None


def _event(chances: Sequence[float]) -> CommitmentEvent:
    """What became of a promise by what a sentence most likely says of it."""
    return max(_EVENTS, key=lambda event: chances[RELATIONS.index(Relation(event.value))])
