"""The ledger: what each side promised, and what became of it.

Letters are read in order of time and each step rests on what was known by then, so that the ledger as of a day is the
ledger of the letters up to that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from corpus.document import DocumentKind
from insights.cast import Cast
from insights.insight import Commitment, CommitmentEvent, CommitmentStep, DueDay, Party, Side
from insights.letters import Letter, due_day, identity
from insights.wording import Weights, says, stems
from nlp.findings import Act, Finding

_SAME = 0.6  # likeness from which two promises of one thread are one
_NEAR = 0.15  # likeness from which a sentence of the same thread speaks of a promise
_FAR = 0.45  # … of another thread
_FORGOTTEN = timedelta(days=270)  # after which nothing in another thread is linked to a promise
_ACTION = 100  # characters


@dataclass
class _Entry:
    """A promise that is still being written."""

    commitment: Commitment
    thread: str
    letter: str
    at: datetime | None
    words: frozenset[str]
    steps: list[CommitmentStep] = field(default_factory=list)
    closed: bool = False

    @property
    def due(self) -> DueDay | None:
        """The day in force."""
        return next((s.due for s in reversed(self.steps) if s.due), self.commitment.due)


def keep_ledger(letters: Sequence[Letter], us: Party, them: Party) -> tuple[Commitment, ...]:
    """The promises made in these letters, in order of time; `letters` are in order of time."""
    ledger = _Ledger(Cast(us, them))
    for letter in letters:
        ledger.read(letter)
    return tuple(ledger.commitments())


class _Ledger:
    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._weights = Weights()
        self._entries: list[_Entry] = []
        self._open: list[_Entry] = []
        self._letters: dict[str, Letter] = {}
        self._latest: dict[tuple[str, Side], Letter] = {}  # by thread and side

    def commitments(self) -> Iterator[Commitment]:
        """What was read, each promise with its history."""
        for entry in self._entries:
            c = entry.commitment
            yield Commitment(
                id=c.id, debtor=c.debtor, creditor=c.creditor, action=c.action, made=c.made, due=c.due,
                conditional=c.conditional, history=tuple(entry.steps), confidence=c.confidence,
            )  # fmt: skip

    def read(self, letter: Letter) -> None:
        """Take in one more letter: first what it closes or moves, then what it promises."""
        self._cast.read(letter)
        self._weights.read(stems(letter.text))
        moved = self._close(letter)
        promises = [f for f in letter.findings if _is_promise(f, letter) and f.start not in moved]
        asked = self._requests(letter)
        for finding in promises:
            self._promise(letter, finding, asked)
        if asked and not promises and not moved:
            self._accept(letter, asked)
        self._letters[letter.id] = letter
        self._latest[letter.thread, letter.side] = letter
        self._open = [e for e in self._open if not e.closed]

    # what becomes of earlier promises

    def _close(self, letter: Letter) -> set[int]:
        """Close and move earlier promises; returns the starts of the sentences that did nothing else."""
        used: set[int] = set()
        for finding in letter.findings:
            if Act.FULFIL in finding.acts and (entry := self._meant(letter, finding, confirms=True)):
                self._step(entry, CommitmentEvent.FULFILLED, letter, finding)
            elif Act.DECLINE in finding.acts and (entry := self._meant(letter, finding)):
                later = self._later(letter, finding)
                if later is None:
                    self._step(entry, CommitmentEvent.DECLINED, letter, finding)
                else:
                    self._step(entry, CommitmentEvent.RESCHEDULED, letter, later)
                    used.add(later.start)
            elif Act.COMMIT in finding.acts and finding.due and (entry := self._moved(letter, finding)):
                self._step(entry, CommitmentEvent.RESCHEDULED, letter, finding)
                used.add(finding.start)
        return used

    def _step(self, entry: _Entry, event: CommitmentEvent, letter: Letter, finding: Finding) -> None:
        due = due_day(finding.due) if event is CommitmentEvent.RESCHEDULED else None
        entry.steps.append(CommitmentStep(event=event, source=letter.source(finding), due=due))
        entry.closed = event is not CommitmentEvent.RESCHEDULED

    def _later(self, letter: Letter, refusal: Finding) -> Finding | None:
        """The new day that comes with a refusal: in the sentence itself, or in the next promise."""
        after = [f for f in letter.findings if f.start >= refusal.start and Act.COMMIT in f.acts and f.due]
        return after[0] if after else None

    def _moved(self, letter: Letter, finding: Finding) -> _Entry | None:
        entry = self._meant(letter, finding, bar=_SAME)
        if entry is None or entry.due is None or finding.due is None:
            return None
        return entry if finding.due.last and entry.due.last and finding.due.last > entry.due.last else None

    def _meant(self, letter: Letter, finding: Finding, *, confirms: bool = False, bar: float = 0.0) -> _Entry | None:
        """The open promise of which a sentence speaks: the likest one, else the only one of its thread."""
        words = stems(letter.quote(finding)) | (stems(letter.subject) if confirms else frozenset())
        best: _Entry | None = None
        best_score = 0.0
        here: list[_Entry] = []
        for entry in self._candidates(letter, confirms=confirms):
            likeness = self._weights.likeness(words, entry.words)
            near = entry.thread == letter.thread
            if near and entry.commitment.debtor.side is letter.side:
                here.append(entry)
            score = likeness + 0.2 * near
            if likeness >= max(bar, _NEAR if near else _FAR) and score > best_score:
                best, best_score = entry, score
        if best is None and not bar and len(here) == 1:
            return here[0]
        return best

    def _candidates(self, letter: Letter, *, confirms: bool) -> Iterator[_Entry]:
        for entry in self._open:
            own = entry.commitment.debtor.side is letter.side or letter.author is None
            near = entry.thread == letter.thread
            recent = letter.at is None or entry.at is None or letter.at - entry.at <= _FORGOTTEN
            if not entry.closed and (own or confirms) and (near or recent):
                yield entry

    # what it promises

    def _promise(self, letter: Letter, finding: Finding, asked: Sequence[tuple[Letter, Finding]]) -> None:
        words = stems(letter.quote(finding))
        debtor = self._cast.debtor(finding.debtor, letter)
        for entry in self._open:
            same_debtor = entry.commitment.debtor.side is debtor.side and entry.thread == letter.thread
            if same_debtor and self._weights.likeness(words, entry.words) >= _SAME:
                return  # said again
        due = due_day(finding.due)
        if due is None and (request := self._answered(words, asked)):
            due = due_day(request[1].due)
        self._add(letter, finding, debtor=debtor, due=due, action=letter.quote(finding), words=words, act=Act.COMMIT)

    def _accept(self, letter: Letter, asked: Sequence[tuple[Letter, Finding]]) -> None:
        """A bare yes to a request is a promise to do it."""
        yes = next((f for f in letter.findings if Act.ACCEPT in f.acts), None)
        if yes is None or (request := self._answered(stems(letter.quote(yes)), asked)) is None:
            return
        text = request[0].quote(request[1])
        debtor = self._cast.debtor(None, letter)
        due = due_day(yes.due) or due_day(request[1].due)
        self._add(letter, yes, debtor=debtor, due=due, action=text, words=stems(text), act=Act.ACCEPT)

    def _requests(self, letter: Letter) -> list[tuple[Letter, Finding]]:
        """What the letter that this one answers asks of its side."""
        asked = self._letters.get(letter.answers or "")
        if asked is None:
            sides = [s for s in (Side.US, Side.THEM) if s is not letter.side]
            asked = next((m for s in sides if (m := self._latest.get((letter.thread, s)))), None)
        if asked is None or asked.side is letter.side:
            return []
        return [(asked, f) for f in asked.findings if Act.REQUEST in f.acts and not is_courtesy(f, asked)]

    def _answered(
        self, words: frozenset[str], asked: Sequence[tuple[Letter, Finding]]
    ) -> tuple[Letter, Finding] | None:
        """The request that a sentence answers: the likest, else the only one, unless something was proposed too."""
        if not asked:
            return None
        likeness = [self._weights.likeness(words, stems(letter.quote(f))) for letter, f in asked]
        best = max(range(len(asked)), key=lambda i: (likeness[i], -i))
        proposed = any(Act.PROPOSE in f.acts for f in asked[0][0].findings)
        return asked[best] if likeness[best] >= _NEAR or (len(asked) == 1 and not proposed) else None

    def _add(
        self, letter: Letter, finding: Finding, *, debtor: Party, due: DueDay | None, action: str,
        words: frozenset[str], act: Act,
    ) -> None:  # fmt: skip
        commitment = Commitment(
            id=identity("commitment", letter.id, finding.start),
            debtor=debtor,
            creditor=self._cast.creditor(debtor, letter),
            action=shorten(action),
            made=letter.source(finding),
            due=due,
            conditional=finding.conditional,
            confidence=finding.confidence.get(act, 0.5),
        )
        entry = _Entry(commitment, letter.thread, letter.id, letter.at, words)
        self._entries.append(entry)
        self._open.append(entry)


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
