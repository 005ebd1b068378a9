"""Insights merged, split, dated anew and ruled on, as a person says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import msgspec

from errors import BadCorrection
from insights.commitments import shorten
from insights.contracts import Contract
from insights.entries import About
from insights.identity import identity
from insights.insight import (
    Commitment,
    CommitmentEvent,
    CommitmentStep,
    DueDay,
    Issue,
    IssueEvent,
    IssueStep,
    OpenQuestion,
    Ruling,
    Signal,
    Source,
)
from insights.notes import NoteItem

Step = TypeVar("Step", CommitmentStep, IssueStep)
_SURE = 1.0  # a person says so
OPENINGS: dict[type, str] = {
    Commitment: "made", Issue: "opened", OpenQuestion: "asked", Signal: "source", NoteItem: "source",
}  # fmt: skip
"""By type, the field with the sentence by which an insight begins."""


def kept(found: About, now: About, seen: datetime | None) -> About:
    """An insight as a person saw it (`found`), carried on by what letters after `seen` tell of it (`now`)."""
    rest: dict[str, Any] = {"id": now.id}
    match found, now:
        case Commitment(), Commitment():
            rest["history"] = (*found.history, *(s for s in now.history if _is_news(s.source.at, seen)))
        case Issue(), Issue():
            rest["history"] = (*found.history, *(s for s in now.history if _is_news(s.source.at, seen)))
        case OpenQuestion(), OpenQuestion():
            rest["answered"] = found.answered or (now.answered if _is_news(now.answered, seen) else None)
        case Contract(), Contract():
            rest |= {"editions": now.editions, "replaced": now.replaced, "obligations": now.obligations}
        case _:
            pass
    return sure(msgspec.structs.replace(found, **rest))


def sure(about: About) -> About:
    """An insight of which a person says that it is one."""
    return msgspec.structs.replace(about, confidence=_SURE) if hasattr(about, "confidence") else about


def ruled(about: About, ruling: Ruling) -> About:
    """An insight with one more word on how it stands."""
    if not isinstance(about, Commitment | Issue | OpenQuestion):
        return about
    return msgspec.structs.replace(about, rulings=(*about.rulings, ruling))


def redated(about: About, due: date | None, made: date | None, seen: datetime | None) -> About:
    """An insight that is due on another day, or was said on another day.

    What letters up to `seen` said of later due days counts no more.
    """
    if made is not None and (opening := OPENINGS.get(type(about))) is not None:
        source: Source = getattr(about, opening)
        moved = msgspec.structs.replace(source, at=datetime.combine(made, time(tzinfo=UTC)))
        about = msgspec.structs.replace(about, **{opening: moved})
    if due is None or not isinstance(about, Commitment | OpenQuestion):
        return about
    day = DueDay(words=about.due.words if about.due else due.isoformat(), first=due, last=due)
    if isinstance(about, OpenQuestion):
        return msgspec.structs.replace(about, due=day)
    history = tuple(
        step if _is_news(step.source.at, seen) else msgspec.structs.replace(step, due=None) for step in about.history
    )
    return msgspec.structs.replace(about, due=day, history=history)


def merged(stays: About, goes: About) -> About:
    """Two insights as one, which bears the id and the parties of the one that stays and begins with the earlier one."""
    match stays, goes:
        case Commitment(), Commitment():
            return _one_promise(stays, goes)
        case Issue(), Issue():
            return _one_issue(stays, goes)
        case OpenQuestion(), OpenQuestion():
            first, second = (stays, goes) if _is_earlier(stays.asked, goes.asked) else (goes, stays)
            answers = [q.answered for q in (first, second) if q.answered is not None]
            return msgspec.structs.replace(
                stays, asked=first.asked, due=first.due or second.due,
                answered=max(answers) if len(answers) > 1 else None, rulings=_rulings(stays, goes),
            )  # fmt: skip
        case Signal(), Signal():
            first_said = stays.source if _is_earlier(stays.source, goes.source) else goes.source
            return msgspec.structs.replace(stays, source=first_said)
        case _:
            return stays


def _one_promise(stays: Commitment, goes: Commitment) -> Commitment:
    """Said again with another day, a promise was moved to that day."""
    first, second = (stays, goes) if _is_earlier(stays.made, goes.made) else (goes, stays)
    moved = first.due is not None and second.due is not None and first.due.last != second.due.last
    again = CommitmentStep(event=CommitmentEvent.RESCHEDULED, source=second.made, due=second.due)
    return msgspec.structs.replace(
        stays,
        made=first.made,
        due=first.due or second.due,
        conditional=first.conditional,
        history=_in_order((*first.history, *((again,) if moved else ()), *second.history)),
        rulings=_rulings(stays, goes),
    )


def _one_issue(stays: Issue, goes: Issue) -> Issue:
    """Complained of again and graver, a trouble has grown."""
    first, second = (stays, goes) if _is_earlier(stays.opened, goes.opened) else (goes, stays)
    graver = second.severity > first.severity
    again = IssueStep(event=IssueEvent.ESCALATED, source=second.opened, severity=second.severity)
    return msgspec.structs.replace(
        stays,
        opened=first.opened,
        severity=first.severity,
        history=_in_order((*first.history, *((again,) if graver else ()), *second.history)),
        rulings=_rulings(stays, goes),
    )


def split(about: Commitment | Issue, relationship: str, document: str, start: int) -> tuple[About, About]:
    """An insight up to one of its later sentences, and the other one that begins with that.

    Raises BadCorrection where that sentence tells nothing of it.
    """
    places = [(s.source.document, s.source.start) for s in about.history]
    if (document, start) not in places:
        raise BadCorrection(
            f"no later sentence of it stands at {document}:{start}.",
            advice="Its evidence stands in 'suhde timeline --format json'.",
        )
    at = places.index((document, start))
    rest = msgspec.structs.replace(about, history=about.history[:at])
    if isinstance(about, Commitment):
        step = about.history[at]
        return rest, Commitment(
            id=identity("commitment", relationship, document, start), debtor=about.debtor, creditor=about.creditor,
            action=shorten(step.source.quote), made=step.source, due=step.due, history=about.history[at + 1 :],
            confidence=_SURE,
        )  # fmt: skip
    turn = about.history[at]
    return rest, Issue(
        id=identity("issue", relationship, document, start), category=about.category,
        severity=turn.severity or about.severity, opened=turn.source, raised_by=about.raised_by,
        history=about.history[at + 1 :], confidence=_SURE,
    )  # fmt: skip


def _is_news(at: datetime | None, seen: datetime | None) -> bool:
    return at is not None and seen is not None and at > seen


def _is_earlier(one: Source, other: Source) -> bool:
    return _when(one) <= _when(other)


def _when(source: Source) -> tuple[datetime, str, int]:
    return source.at or datetime.max.replace(tzinfo=UTC), source.document, source.start


def _in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps in order of time, each once."""
    return tuple(sorted(dict.fromkeys(steps), key=lambda step: _when(step.source)))


def _rulings(*them: Commitment | Issue | OpenQuestion) -> tuple[Ruling, ...]:
    return tuple(ruling for one in them for ruling in one.rulings)
