"""What minutes put on record, said as findings, so that a promise made in a meeting is a promise like those of mail.

An item says what its sentence does: the judge of minutes has weighed the model's acts already, so those that it turned
down are gone, in items and in every other sentence. What a sentence tells of tone, troubles and chances stays as the
model found it, and so does that something was done: no type of item says that, and it closes promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.findings import Act, Finding, IssueCategory
from nlp.minutes.items import Item, ItemType, Minutes
from nlp.minutes.reading import Scored

_ACTS = {
    ItemType.ACTION: (Act.COMMIT,),
    ItemType.DECISION: (Act.ACCEPT,),
    ItemType.AGREEMENT: (Act.ACCEPT,),
    ItemType.PROPOSAL: (Act.PROPOSE,),
    ItemType.REJECTION: (Act.DECLINE,),
    ItemType.OPEN_QUESTION: (Act.QUESTION,),
    ItemType.ISSUE: (),
}
_SLIGHT = 1  # the severity of a trouble that minutes put on record and the model does not see
_OF_SENTENCE = ("sentiment", "issue", "signal")  # whose chances are the model's


def findings(minutes: Minutes, scored: Sequence[Scored]) -> tuple[Finding, ...]:
    """What the sentences and task rows of minutes say, in the text's order.

    `scored` are the sentences from which the minutes were made, with what the model found in each; a row of a table
    has none. Offsets are those of the items: code points into the paper's text.
    """
    items = {item.start: item for item in minutes.items}
    heard = {each.sentence.start: each.sentence.finding for each in scored}
    ends = {each.sentence.start: each.sentence.end for each in scored}
    return tuple(
        _of_item(items[start], heard.get(start)) if start in items else _of_sentence(start, ends[start], heard[start])
        for start in sorted(items.keys() | heard.keys())
    )


def _of_item(item: Item, heard: Finding | None) -> Finding:
    """An item as a finding."""
    found = heard or Finding(start=item.start, end=item.end)
    done = item.type is ItemType.ISSUE and Act.FULFIL in found.acts
    acts = (Act.FULFIL,) if done else tuple(_acts(item, found))
    owes = Act.COMMIT in acts
    troubled = item.type is ItemType.ISSUE and found.issue is None
    sure = {name: found.confidence[name] for name in _OF_SENTENCE if name in found.confidence}
    sure |= {act.value: found.confidence.get(act, item.confidence) if done else item.confidence for act in acts}
    if item.type is ItemType.ISSUE:
        sure["issue"] = item.confidence
    if item.due is not None:
        sure["due"] = item.confidence
    if owes:
        sure["debtor"] = item.confidence
    return Finding(
        start=item.start,
        end=item.end,
        sentiment=found.sentiment,
        acts=acts,
        issue=IssueCategory.OTHER if troubled else found.issue,
        severity=_SLIGHT if troubled else found.severity,
        signal=found.signal,
        debtor=item.who[0] if owes and item.who else None,
        due=item.due,
        conditional=found.conditional and owes,
        confidence=sure,
        leanings=found.leanings,
        day=found.day,
        trace=found.trace,
    )


def _acts(item: Item, heard: Finding) -> Iterator[Act]:
    """What an item does. What was decided is a promise, too, where it names who does it.

    So is what was agreed, but there the name may be that of who assents: a day or the model must speak for a promise.
    """
    promised = item.type is ItemType.DECISION or (
        item.type is ItemType.AGREEMENT and (item.due is not None or Act.COMMIT in heard.acts)
    )
    if promised and item.who:
        yield Act.COMMIT
    yield from _ACTS[item.type]


def _of_sentence(start: int, end: int, heard: Finding | None) -> Finding:
    """A sentence that is no item."""
    if heard is None:
        return Finding(start=start, end=end)
    acts = tuple(act for act in heard.acts if act is Act.FULFIL)
    return Finding(
        start=start,
        end=end,
        sentiment=heard.sentiment,
        acts=acts,
        issue=heard.issue,
        severity=heard.severity,
        signal=heard.signal,
        confidence={name: heard.confidence[name] for name in (*_OF_SENTENCE, *acts) if name in heard.confidence},
        leanings=heard.leanings,
        day=heard.day,
        trace=heard.trace,
    )
