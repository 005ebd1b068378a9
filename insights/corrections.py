"""What people say of insights, and how it counts: before everything that a model says, now and whenever it reads again.

A correction holds the insight as the models had it when the person spoke. By that it is found again where another model
opens it at another sentence (`insights.anchors`), and put back where none opens it any more. What a person spoke of
without dismissing it stays as that person saw it: its facts, and what letters had told of it by then. Later letters may
carry it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, get_args, get_type_hints

import msgspec

from errors import BadCorrection
from insights import joining
from insights.anchors import Anchors
from insights.contracts import Contract
from insights.entries import About, EntryKind, entry
from insights.insight import (
    Commitment,
    CommitmentStatus,
    Issue,
    IssueStatus,
    OpenQuestion,
    QuestionStatus,
    Ruling,
    Signal,
    Source,
)
from insights.timeline import Insights, order


class Action(StrEnum):
    """What a person may do with an insight."""

    CONFIRM = "confirm"  # it is so
    DISMISS = "dismiss"  # it is nothing
    CLOSE = "close"  # it stands so from a day on: fulfilled, cancelled, declined; resolved; answered
    REOPEN = "reopen"  # it is open from a day on
    REDATE = "redate"  # it is due, or was said, on another day
    MERGE = "merge"  # it is one with another one, which stays
    SPLIT = "split"  # from one of its later sentences on it is another one


class Place(msgspec.Struct, frozen=True):
    """A sentence among an insight's evidence."""

    document: str
    start: int  # code points


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of an insight. What an action does not need is None."""

    action: Action
    status: str | None = None  # close: how it stands
    day: date | None = None  # close, reopen: from when on
    due: date | None = None  # redate
    made: date | None = None  # redate: when it was said
    into: str | None = None  # merge: id of the one that stays
    sentence: Place | None = None  # split: with which the other one begins


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person said of an insight. Corrections hold in the order of their numbers."""

    number: int
    insight: str  # id
    relationship: str  # id
    kind: EntryKind
    said: Said
    found: About  # the insight as the models had it
    target: About | None = None  # merge: the one that stays, as the models had it
    beside: tuple[str, ...] = ()  # ids of others of that kind that rested on the same documents
    seen: datetime | None = None  # time of the last letter that there was
    by: str
    at: datetime


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """Insights as people left them. `numbers` are the corrections that hold for each one, by its id."""

    insights: Insights
    numbers: dict[str, tuple[int, ...]] = {}


_STATES: dict[type, tuple[str, ...]] = {
    Commitment: (CommitmentStatus.FULFILLED, CommitmentStatus.CANCELLED, CommitmentStatus.DECLINED),
    Issue: (IssueStatus.RESOLVED,),
    OpenQuestion: (QuestionStatus.ANSWERED,),
}
_OPEN = "open"  # in all of them
LISTS: dict[type, str] = {
    kind: name
    for name, hint in get_type_hints(Insights).items()
    if len(get_args(hint)) > 1 and "id" in (kind := get_args(hint)[0]).__struct_fields__
}
"""By type, the field of `Insights` in which its values stand; of those that have an id, so can be spoken of."""


def ways_to_close(about: About) -> tuple[str, ...]:
    """The statuses with which a person may close an insight; none where it has no life cycle."""
    return _STATES.get(type(about), ())


def can_merge(about: About) -> bool:
    """Whether a person may say that an insight is one with another of its kind."""
    return isinstance(about, Commitment | Issue | OpenQuestion | Signal)


def check(about: About, said: Said, target: About | None = None) -> Said:
    """What a person says, with what goes without saying filled in. Raises BadCorrection where it makes no sense.

    `target` is the insight that `said.into` names.
    """
    match said.action:
        case Action.CLOSE | Action.REOPEN:
            return _on_state(about, said)
        case Action.REDATE:
            _check_days(about, said)
        case Action.MERGE:
            if not can_merge(about):
                raise BadCorrection("only promises, issues, questions and signals are merged.")
            if target is None or type(target) is not type(about) or target.id == about.id:
                raise BadCorrection("it can be one with another insight of its kind only.")
        case Action.SPLIT:
            if said.sentence is None or not isinstance(about, Commitment | Issue):
                raise BadCorrection("only a promise or an issue is split, at one of its later sentences.")
            joining.split(about, "", said.sentence.document, said.sentence.start)
        case Action.CONFIRM | Action.DISMISS:
            pass
    return said


def _check_days(about: About, said: Said) -> None:
    if said.due is None and said.made is None:
        raise BadCorrection("no day is given.", advice="Say when it is due, or when it was said.")
    if said.due is not None and not isinstance(about, Commitment | OpenQuestion):
        raise BadCorrection("only promises and questions are due on a day.")
    if said.made is not None and type(about) not in joining.OPENINGS:
        raise BadCorrection("this is not said on a day of its own.")


def _on_state(about: About, said: Said) -> Said:
    """What a person says of how something stands, with the status that is meant."""
    states = _STATES.get(type(about))
    if states is None:
        raise BadCorrection("only promises, issues and questions are open or closed.")
    if said.day is None:
        raise BadCorrection("it is not said from which day on.")
    status = _OPEN if said.action is Action.REOPEN else said.status or states[0]
    if status not in (*states, *((_OPEN,) if said.action is Action.REOPEN else ())):
        raise BadCorrection(f"{status!r} is no way to close this.", advice=f"It may be {', '.join(states)}.")
    return msgspec.structs.replace(said, status=status)


def apply(insights: Insights, corrections: Iterable[Correction]) -> Corrected:
    """The insights of a relationship as its corrections leave them, the same whatever model made them."""
    if not (corrections := tuple(corrections)):
        return Corrected(insights=insights)
    desk = _Desk(insights)
    for one in sorted(corrections, key=lambda c: c.number):
        desk.correct(one)
    return desk.result()


class _Desk:
    """The insights of one relationship while they are put right."""

    def __init__(self, insights: Insights) -> None:
        self._insights = insights
        self._found: dict[str, About] = {a.id: a for name in LISTS.values() for a in getattr(insights, name)}
        self._anchors = Anchors(self._found.values())
        self._held: set[str] = set()  # ids of those whose facts are a person's
        self._moved: dict[str, str | None] = {}  # id → the one that stands for it; None: nothing does
        self._movers: dict[str, int] = {}  # id → by which correction it went
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._changed: set[str] = set()  # fields

    def result(self) -> Corrected:
        """All, each list in order of time where it changed."""
        lists: dict[str, list[About]] = {name: [] for name in self._changed}
        for about in self._found.values():
            if (name := LISTS[type(about)]) in lists:
                lists[name].append(about)
        changed: dict[str, Any] = {name: tuple(sorted(values, key=order)) for name, values in lists.items()}
        if self._moved:
            contracts = changed.get("contracts", self._insights.contracts)
            changed["contracts"] = tuple(self._relinked(contract) for contract in contracts)
        insights = msgspec.structs.replace(self._insights, **changed)
        return Corrected(insights=insights, numbers=self._numbers)

    def correct(self, one: Correction) -> None:
        """Take in what a person said."""
        if one.said.action is Action.DISMISS:
            if (about := self._find(one.insight, one)) is not None:
                self._drop(about, None, one)
            return
        about = self._hold(one.insight, one.found, one)
        self._number(about.id, one.number)
        self._act(about, one)

    def _act(self, about: About, one: Correction) -> None:
        match one.said:
            case Said(action=Action.CLOSE | Action.REOPEN, day=date() as day) as said:
                ruling = Ruling(status=said.status or _OPEN, day=day, by=one.by, at=one.at, seen=one.seen)
                self._put(joining.ruled(about, ruling))
            case Said(action=Action.REDATE, due=due, made=made):
                self._put(joining.redated(about, due, made, one.seen))
            case Said(action=Action.MERGE, into=str() as into) if one.target is not None:
                target = self._hold(into, one.target, one)
                self._drop(about, target.id, one)
                self._put(joining.merged(target, about))
                self._number(target.id, *self._numbers.pop(about.id))
            case Said(action=Action.SPLIT, sentence=Place() as place) if isinstance(about, Commitment | Issue):
                self._split(about, place, one)

    def _split(self, about: Commitment | Issue, place: Place, one: Correction) -> None:
        try:
            rest, new = joining.split(about, one.relationship, place.document, place.start)
        except BadCorrection:  # that sentence tells nothing of it any more, so the two are apart already
            return
        known = self._found.get(new.id)
        self._put(rest)
        self._put(new if known is None else joining.merged(known, new))
        self._number(new.id, one.number)

    def _hold(self, identity: str, found: About, one: Correction) -> About:
        """The insight of which a person spoke, as the first who spoke of it saw it."""
        now = self._find(identity, one, found)
        identity = self._standing(identity)
        if now is None:
            self._put(msgspec.structs.replace(joining.sure(found), id=identity))
        elif identity not in self._held:
            self._put(joining.kept(found, now, one.seen))
        self._held.add(identity)
        return self._found[identity]

    def _find(self, identity: str, one: Correction, found: About | None = None) -> About | None:
        """The insight that bears an id, else the one that is it by its evidence, which gets that id then."""
        identity = self._standing(identity)
        if identity in self._found:
            return self._found[identity]
        near = self._anchors.find(found or one.found, {*one.beside, *self._held, *self._numbers}, self._found)
        if near is not None:
            self._drop(near, identity, one)
            near = msgspec.structs.replace(near, id=identity)
            self._put(near)
        return near

    def _standing(self, identity: str) -> str:
        return self._moved.get(identity) or identity

    def _put(self, about: About) -> None:
        self._found[about.id] = about
        self._moved.pop(about.id, None)
        self._changed.add(LISTS[type(about)])

    def _drop(self, about: About, heir: str | None, one: Correction) -> None:
        del self._found[about.id]
        self._moved[about.id], self._movers[about.id] = heir, one.number
        self._changed.add(LISTS[type(about)])

    def _number(self, identity: str, *numbers: int) -> None:
        self._numbers[identity] = (*self._numbers.get(identity, ()), *numbers)

    def _relinked(self, contract: Contract) -> Contract:
        """A contract whose duties lead to the promises that there are."""
        gone = [duty.commitment for duty in contract.obligations if duty.commitment in self._moved]
        if not gone:
            return contract
        self._number(contract.id, *sorted({self._movers[identity] for identity in gone if identity}))
        duties = tuple(
            msgspec.structs.replace(duty, commitment=self._moved[duty.commitment])
            if duty.commitment in self._moved
            else duty
            for duty in contract.obligations
        )
        return msgspec.structs.replace(contract, obligations=duties)


def all_of(insights: Insights) -> Iterator[About]:
    """All insights of which a person may speak."""
    lists: Iterator[Sequence[About]] = (getattr(insights, name) for name in LISTS.values())
    return chain.from_iterable(lists)


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A correction as training data. `source` is the sentence by which the insight began, where it has one."""

    source: Source | None
    kind: EntryKind
    found: About  # what the models said
    said: Said  # what the person said
    target: About | None = None  # with which it is one
    by: str
    at: datetime


def lesson(one: Correction) -> Lesson:
    """A correction as training data."""
    return Lesson(
        source=next(iter(entry(one.found).sources), None),
        kind=one.kind,
        found=one.found,
        said=one.said,
        target=one.target,
        by=one.by,
        at=one.at,
    )
