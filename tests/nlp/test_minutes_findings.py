"""What minutes put on record, as findings: promises, assents, troubles, with who and when."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.genre import Genre, PaperKind
from corpus.papers import read
from nlp.findings import Act, Due, Finding, IssueCategory, Sentiment, SignalKind
from nlp.minutes.findings import findings
from nlp.minutes.items import Item, ItemType, Minutes
from nlp.minutes.reading import opened, sentences

TEXT = "The pump failed twice. Tom orders a new one by 10 May. It was swapped on Friday."
GENRE = Genre(kind=PaperKind.NOTES, confidence=1.0, language="en", day=date(2024, 5, 3), day_confidence=1.0)
FIRST, SECOND, THIRD = (TEXT.index(words) for words in ("The pump", "Tom orders", "It was"))


def said(*items: Item, **heard: Finding) -> dict[int, Finding]:
    """The findings of those items by where they start; `heard` is what the model found, by a sentence's first word."""
    scored = sentences(opened(read(TEXT.encode(), "a.txt"), GENRE), None)
    scored = [
        each._replace(sentence=each.sentence._replace(finding=heard.get(each.sentence.text.split()[0])))
        for each in scored
    ]
    minutes = Minutes(participants=(), day=GENRE.day, language="en", items=items)
    return {finding.start: finding for finding in findings(minutes, scored)}


def item(kind: ItemType, start: int, who: tuple[str, ...] = (), due: Due | None = None) -> Item:
    """An item that is the sentence at `start`."""
    return Item(type=kind, start=start, end=TEXT.index(".", start) + 1, who=who, due=due, confidence=0.8)


def heard(*acts: Act, issue: IssueCategory | None = None) -> Finding:
    """What a model found in a sentence."""
    return Finding(
        start=0,
        end=1,
        acts=acts,
        issue=issue,
        severity=2 if issue else None,
        sentiment=Sentiment.NEGATIVE,
        signal=SignalKind.THREAT,
        debtor="writer",
        confidence={**dict.fromkeys(Act, 0.6), "sentiment": 0.7, "issue": 0.7, "signal": 0.7, "debtor": 0.5},
    )


def test_an_action_is_the_promise_of_who_is_named_first_with_its_day() -> None:
    at = TEXT.index("by 10 May")
    due = Due(
        words="by 10 May", start=at, end=at + 9, iso="2024-05-10", first=date(2024, 5, 10), last=date(2024, 5, 10)
    )
    found = said(item(ItemType.ACTION, SECOND, ("Tom Hill", "Ann Baker"), due), Tom=heard(Act.REQUEST))[SECOND]
    assert (found.acts, found.debtor, found.due) == ((Act.COMMIT,), "Tom Hill", due)
    assert found.confidence["commit"] == 0.8
    assert "request" not in found.confidence


@pytest.mark.parametrize(
    ("kind", "who", "acts"),
    [
        (ItemType.DECISION, (), (Act.ACCEPT,)),
        (ItemType.DECISION, ("Tom",), (Act.COMMIT, Act.ACCEPT)),
        (ItemType.AGREEMENT, ("Tom",), (Act.ACCEPT,)),
        (ItemType.PROPOSAL, ("Tom",), (Act.PROPOSE,)),
        (ItemType.REJECTION, ("Tom",), (Act.DECLINE,)),
        (ItemType.OPEN_QUESTION, (), (Act.QUESTION,)),
    ],
)
def test_each_type_of_item_does_one_thing_whatever_the_model_heard(
    kind: ItemType, who: tuple[str, ...], acts: tuple[Act, ...]
) -> None:
    found = said(item(kind, SECOND, who), Tom=heard(Act.REQUEST, Act.FULFIL))[SECOND]
    assert found.acts == acts
    assert found.debtor == ("Tom" if Act.COMMIT in acts else None)


def test_what_was_agreed_is_a_promise_where_the_model_hears_one() -> None:
    found = said(item(ItemType.AGREEMENT, SECOND, ("Tom",)), Tom=heard(Act.COMMIT))[SECOND]
    assert (found.acts, found.debtor) == ((Act.COMMIT, Act.ACCEPT), "Tom")


def test_a_trouble_on_record_has_the_models_category_and_else_is_a_slight_one() -> None:
    trouble = item(ItemType.ISSUE, FIRST)
    known = said(trouble, The=heard(issue=IssueCategory.QUALITY))[FIRST]
    assert (known.issue, known.severity, known.acts) == (IssueCategory.QUALITY, 2, ())
    unknown = said(trouble)[FIRST]
    assert (unknown.issue, unknown.severity, unknown.confidence["issue"]) == (IssueCategory.OTHER, 1, 0.8)


def test_a_sentence_that_is_no_item_promises_nothing_but_keeps_its_tone_and_trouble() -> None:
    found = said(Tom=heard(Act.COMMIT, Act.REQUEST, issue=IssueCategory.DELIVERY))[SECOND]
    assert (found.acts, found.debtor, found.due) == ((), None, None)
    assert (found.sentiment, found.issue, found.signal) == (
        Sentiment.NEGATIVE, IssueCategory.DELIVERY, SignalKind.THREAT,
    )  # fmt: skip


def test_that_something_was_done_is_kept_as_it_closes_promises() -> None:
    found = said(It=heard(Act.FULFIL, Act.COMMIT))[THIRD]
    assert found.acts == (Act.FULFIL,)


def test_findings_are_in_the_texts_order_and_each_is_its_sentence() -> None:
    found = list(said(item(ItemType.ACTION, SECOND)).values())
    assert [TEXT[f.start : f.end] for f in found] == [s + "." for s in TEXT.rstrip(".").split(". ")]
