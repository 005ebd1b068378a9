"""What people say of insights stays, whatever models say later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from house import START, THEM, US, day, say, write
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import BadCorrection
from insights.corrections import Correction, Said, apply, check, lesson
from insights.entries import About, entry
from insights.insight import (
    CommitmentEvent,
    CommitmentStatus,
    IssueStatus,
    QuestionStatus,
)
from insights.letters import Letter
from insights.timeline import Insights, read
from nlp.findings import Act, IssueCategory

_LATE = IssueCategory.DELIVERY
Kind = TypeVar("Kind", bound=About)


def _letters() -> list[Letter]:
    return [
        write("a", "ben", say("I will send the drawings of the pump house.", Act.COMMIT, due=4), thread="a"),
        write("b", "ben", say("I will call the harbour master.", Act.COMMIT, due=6), thread="b", at=1),
        write("c", "anna", say("The gaskets came two weeks late.", issue=_LATE), thread="c", at=2),
        write("d", "anna", say("And the valves leak as well.", issue=_LATE, severity=3), thread="c", at=3),
        write("e", "ben", say("Which colour should the railings have?", Act.QUESTION), thread="e", at=4),
    ]


def _read(letters: Sequence[Letter]) -> Insights:
    return read(letters, US, THEM)


def _said(
    number: int,
    about: About,
    *,
    target: About | None = None,
    beside: Sequence[About] = (),
    **words: Any,
) -> Correction:
    one = entry(about)
    said = check(about, msgspec.convert(words, Said), target)
    return Correction(
        number=number, insight=about.id, relationship="", kind=one.kind, said=said, found=about, target=target,
        beside=tuple(b.id for b in beside), seen=START + timedelta(days=30), by="anna",
        at=datetime(2025, 1, number, tzinfo=UTC),
    )  # fmt: skip


def test_a_dismissed_promise_stays_away_when_the_archive_is_read_again() -> None:
    first, second = _read(_letters()).commitments
    left = apply(_read(_letters()), [_said(1, first, action="dismiss")]).insights
    assert left.commitments == (second,)


def test_a_dismissed_promise_stays_away_where_another_model_cuts_its_sentence_otherwise() -> None:
    letters = _letters()
    first, second = _read(letters).commitments
    (finding,) = letters[0].findings
    letters[0] = msgspec.structs.replace(
        letters[0], findings=(msgspec.structs.replace(finding, start=7, end=len(letters[0].text) - 1),)
    )
    moved, _ = _read(letters).commitments
    assert moved.id != first.id
    left = apply(_read(letters), [_said(1, first, beside=[second], action="dismiss")]).insights
    assert [c.id for c in left.commitments] == [second.id]


def test_a_promise_that_stood_beside_a_dismissed_one_is_another_one() -> None:
    letters = [
        write(
            "a",
            "ben",
            say("I will send the drawings.", Act.COMMIT, due=4),
            say("I will call on Monday.", Act.COMMIT, due=5),
        )
    ]
    first, second = _read(letters).commitments
    only_second = [msgspec.structs.replace(letters[0], findings=letters[0].findings[1:])]
    left = apply(_read(only_second), [_said(1, first, beside=[second], action="dismiss")]).insights
    assert [c.id for c in left.commitments] == [second.id]


def test_a_confirmed_promise_is_there_when_no_model_finds_it_any_more() -> None:
    first, _ = _read(_letters()).commitments
    left = apply(_read(_letters()[1:]), [_said(1, first, action="confirm")])
    found = next(c for c in left.insights.commitments if c.id == first.id)
    assert (found.made, found.due, found.confidence) == (first.made, first.due, 1.0)
    assert left.numbers == {first.id: (1,)}


def test_a_confirmed_promise_keeps_its_id_and_its_day_under_another_model() -> None:
    letters = _letters()
    first, _ = _read(letters).commitments
    letters[0] = write("a", "ben", say("I will send the drawings of the pump house.", Act.COMMIT, due=20), thread="a")
    left = apply(_read(letters), [_said(1, first, action="confirm")]).insights
    assert next(c for c in left.commitments if c.id == first.id).due == first.due


def test_what_comes_later_still_tells_of_a_confirmed_promise() -> None:
    first, _ = _read(_letters()).commitments
    letters = [*_letters(), write("z", "ben", say("The drawings are attached.", Act.FULFIL), thread="a", at=40)]
    left = apply(_read(letters), [_said(1, first, action="confirm")]).insights
    assert next(c for c in left.commitments if c.id == first.id).status(day(41)) is CommitmentStatus.FULFILLED_LATE


def test_a_promise_closed_as_of_a_day_is_open_before_it_and_closed_after() -> None:
    first, _ = _read(_letters()).commitments
    said = _said(1, first, action="close", status="cancelled", day=str(day(3)))
    promise = next(c for c in apply(_read(_letters()), [said]).insights.commitments if c.id == first.id)
    assert promise.status(day(2)) is CommitmentStatus.OPEN
    assert promise.status(day(3)) is CommitmentStatus.CANCELLED
    assert promise.as_of(day(2)).rulings == ()


def test_a_promise_closed_after_its_day_was_kept_late() -> None:
    first, _ = _read(_letters()).commitments
    said = _said(1, first, action="close", day=str(day(9)))
    promise = next(c for c in apply(_read(_letters()), [said]).insights.commitments if c.id == first.id)
    assert (promise.status(day(8)), promise.status(day(9))) == (
        CommitmentStatus.OVERDUE,
        CommitmentStatus.FULFILLED_LATE,
    )


def test_what_a_person_opened_again_no_model_closes() -> None:
    letters = [*_letters(), write("z", "ben", say("The drawings are attached.", Act.FULFIL), thread="a", at=2)]
    first, _ = _read(letters).commitments
    assert first.status(day(3)) is CommitmentStatus.FULFILLED
    said = _said(1, first, action="reopen", day=str(day(2)))
    promise = next(c for c in apply(_read(letters), [said]).insights.commitments if c.id == first.id)
    assert (promise.status(day(3)), promise.status(day(5))) == (CommitmentStatus.OPEN, CommitmentStatus.OVERDUE)


def test_issues_and_questions_are_closed_and_opened_again() -> None:
    insights = _read(_letters())
    (issue,), (question,) = insights.issues, insights.questions
    said = [
        _said(1, issue, action="close", day=str(day(5))),
        _said(2, issue, action="reopen", day=str(day(8))),
        _said(3, question, action="close", day=str(day(6))),
    ]
    left = apply(insights, said).insights
    assert [left.issues[0].status(day(d)) for d in (4, 5, 8)] == [
        IssueStatus.OPEN, IssueStatus.RESOLVED, IssueStatus.OPEN,
    ]  # fmt: skip
    assert [left.questions[0].status(day(d)) for d in (5, 6)] == [QuestionStatus.OPEN, QuestionStatus.ANSWERED]


def test_a_resolved_issue_is_open_again_where_a_later_letter_complains() -> None:
    (issue,) = _read(_letters()).issues
    letters = [
        *_letters(),
        write("y", "ben", say("The gaskets are fixed.", Act.FULFIL, issue=_LATE, severity=1), thread="c", at=35),
        write("z", "anna", say("The gaskets are late again.", issue=_LATE), thread="c", at=40),
    ]
    left = apply(_read(letters), [_said(1, issue, action="close", day=str(day(5)))]).insights
    assert left.issues[0].status(day(10)) is IssueStatus.RESOLVED
    assert left.issues[0].status(day(41)) is IssueStatus.OPEN


def test_another_due_day_counts_in_place_of_what_was_read() -> None:
    first, _ = _read(_letters()).commitments
    said = _said(1, first, action="redate", due=str(day(12)), made=str(day(-1)))
    promise = next(c for c in apply(_read(_letters()), [said]).insights.commitments if c.id == first.id)
    assert promise.due is not None
    assert (promise.due.last, promise.made.at) == (day(12), datetime(2024, 3, 3, tzinfo=UTC))
    assert (promise.status(day(10)), promise.status(day(13))) == (CommitmentStatus.OPEN, CommitmentStatus.OVERDUE)


def test_two_promises_merged_are_one_that_was_moved() -> None:
    insights = _read(_letters())
    first, second = insights.commitments
    left = apply(insights, [_said(1, second, target=first, action="merge", into=first.id)])
    (promise,) = left.insights.commitments
    assert (promise.id, promise.made, promise.due) == (first.id, first.made, first.due)
    assert [(s.event, s.due) for s in promise.history] == [(CommitmentEvent.RESCHEDULED, second.due)]
    assert left.numbers == {first.id: (1,)}


def test_an_issue_is_split_where_another_one_begins() -> None:
    insights = _read(_letters())
    (issue,) = insights.issues
    (step,) = issue.history
    place = {"document": step.source.document, "start": step.source.start}
    left = apply(insights, [_said(1, issue, action="split", sentence=place)]).insights
    assert [(i.opened.document, i.severity, i.history) for i in left.issues] == [("c", 2, ()), ("d", 3, ())]
    assert len({i.id for i in left.issues}) == 2


def test_what_is_said_last_counts() -> None:
    insights = _read(_letters())
    first, _ = insights.commitments
    dismissed, confirmed = _said(1, first, action="dismiss"), _said(2, first, action="confirm")
    assert first.id in {c.id for c in apply(insights, [confirmed, dismissed]).insights.commitments}
    again = msgspec.structs.replace(dismissed, number=3)
    assert first.id not in {c.id for c in apply(insights, [confirmed, again]).insights.commitments}


@pytest.mark.parametrize(
    "words",
    [
        {"action": "close", "status": "resolved", "day": "2024-03-05"},
        {"action": "close"},
        {"action": "redate"},
        {"action": "merge"},
        {"action": "split", "sentence": {"document": "x", "start": 3}},
    ],
)
def test_what_does_not_fit_is_refused(words: dict[str, Any]) -> None:
    first, _ = _read(_letters()).commitments
    with pytest.raises(BadCorrection):
        check(first, msgspec.convert(words, Said))


def test_a_lesson_holds_the_sentence_what_was_found_and_what_is_so() -> None:
    first, _ = _read(_letters()).commitments
    found = msgspec.to_builtins(lesson(_said(1, first, action="dismiss")))
    assert found["source"]["quote"] == "I will send the drawings of the pump house."
    assert found["found"]["due"]["to"] == str(day(4))
    assert found["said"]["action"] == "dismiss"


_ACTIONS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["confirm", "dismiss", "close", "reopen", "redate"])), max_size=6
)


@settings(deadline=None)
@given(_ACTIONS, st.sets(st.integers(0, 4)))
def test_whatever_is_said_holds_for_any_part_of_the_archive(acts: list[tuple[int, str]], missing: set[int]) -> None:
    """A promise of which somebody spoke is there, or is not, whatever letters are read."""
    promises = _read(_letters()).commitments
    said = []
    for number, (which, action) in enumerate(acts, 1):
        words: dict[str, Any] = {"action": action}
        words |= {"day": str(day(3))} if action in ("close", "reopen") else {}
        words |= {"due": str(day(9))} if action == "redate" else {}
        said.append(_said(number, promises[which], beside=[promises[1 - which]], **words))
    letters = [letter for n, letter in enumerate(_letters()) if n not in missing]
    whole = {c.id: c for c in apply(_read(_letters()), said).insights.commitments}
    part = {c.id: c for c in apply(_read(letters), said).insights.commitments}
    for which, promise in enumerate(promises):
        if any(w == which for w, _ in acts):
            assert part.get(promise.id) == whole.get(promise.id)
