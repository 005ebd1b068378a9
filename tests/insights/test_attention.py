"""What asks for attention on a day, and in which order."""

import itertools
from datetime import date, timedelta

from house import THEM, US, day, say, write
from hypothesis import given, settings
from hypothesis import strategies as st
from test_timeline import correspondences

from insights.attention import Concern, ReasonKind, Rule, Rules, Tally, holds, ranked
from insights.concerns import concerns, spans
from insights.insight import CommitmentStatus, IssueStatus, QuestionStatus, Side
from insights.letters import Letter
from insights.timeline import as_of, read
from nlp.findings import Act, IssueCategory, SignalKind


def _kinds(letters: list[Letter], number: float, rules: Rules = Rules()) -> list[ReasonKind]:  # noqa: B008 -- a value
    return [r.kind for r in ranked(concerns(read(letters, US, THEM)), day(number), rules)]


PROMISE = write("a", "anna", say("We send the seals by Friday.", Act.COMMIT, due=4))


def test_a_promise_is_due_soon_then_overdue_until_it_is_kept() -> None:
    kept = write("b", "anna", say("The seals are sent.", Act.FULFIL), at=9)
    assert _kinds([PROMISE, kept], 4) == [ReasonKind.DUE_SOON]
    assert _kinds([PROMISE, kept], 5) == [ReasonKind.OVERDUE_BY_US]
    assert _kinds([PROMISE, kept], 9) == []


def test_a_promise_far_off_is_counted_but_no_reason_yet() -> None:
    far = write("a", "ben", say("We pay by summer.", Act.COMMIT, due=60))
    (concern,) = [c for c in concerns(read([far], US, THEM)) if c.until is not None]
    assert not holds(concern, day(10), Rules())
    assert holds(concern, day(53), Rules())


def test_a_question_waits_four_days_before_it_is_a_reason_and_says_whose_turn_it_is() -> None:
    asked = write("a", "ben", say("When do the seals ship?", Act.QUESTION))
    assert _kinds([asked], 3) == []
    (reason,) = ranked(concerns(read([asked], US, THEM)), day(4), Rules())
    assert (reason.kind, reason.side, reason.sources[0].quote) == (
        ReasonKind.UNANSWERED, Side.US, "When do the seals ship?",
    )  # fmt: skip


def test_only_serious_issues_are_reasons() -> None:
    slight = write("a", "ben", say("A label is crooked.", issue=IssueCategory.QUALITY, severity=1))
    grave = write("b", "ben", say("The line stands still.", issue=IssueCategory.DELIVERY, severity=3), thread="u")
    assert _kinds([slight], 1) == []
    assert _kinds([slight, grave], 1) == [ReasonKind.SEVERE_ISSUE]


def test_an_opportunity_is_untouched_until_we_take_it_up() -> None:
    shown = write("a", "ben", say("We plan a second hall.", signal=SignalKind.OPPORTUNITY))
    polite = write("b", "anna", say("Thanks for the tour."), at=1)
    offer = write("c", "anna", say("Shall we quote for it?", Act.PROPOSE), at=2)
    assert _kinds([shown, polite, offer], 1) == [ReasonKind.OPPORTUNITY]
    assert _kinds([shown, polite, offer], 2) == []


def test_weights_order_reasons_and_nought_switches_a_kind_off() -> None:
    late = write("b", "ben", say("We pay by Friday.", Act.COMMIT, due=4), thread="u")
    assert _kinds([PROMISE, late], 9) == [ReasonKind.OVERDUE_BY_US, ReasonKind.OVERDUE_BY_THEM]
    rules = Rules(overdue_by_us=Rule(weight=0), overdue_by_them=Rule(weight=1))
    assert _kinds([PROMISE, late], 9, rules) == [ReasonKind.OVERDUE_BY_THEM]


def test_what_is_long_past_asks_for_nothing_any_more() -> None:
    assert _kinds([PROMISE], 5 + 180) == [ReasonKind.OVERDUE_BY_US]
    assert _kinds([PROMISE], 5 + 181) == []


@given(st.lists(st.dates(date(2024, 1, 1), date(2024, 3, 1)), min_size=1), st.integers(0, 9))
def test_spans_cover_all_days_from_the_first_once(days: list[date], modulus: int) -> None:
    def state(on: date) -> int:
        return sum(d <= on for d in days) % (modulus + 1)

    found = list(spans(days, state))
    assert found[0][0] == min(days)
    assert found[-1][1] is None
    for (_, end, one), (begin, _, other) in itertools.pairwise(found):
        assert end == begin
        assert one != other
    for n in range(70):
        on = min(days) + timedelta(days=n)
        (told,) = [s for first, end, s in found if first <= on and (end is None or on < end)]
        assert told == state(on)


@settings(max_examples=100, deadline=None)
@given(correspondences(), st.integers(0, 40))
def test_stretches_say_of_any_day_what_the_statuses_of_that_day_say(letters: list[Letter], number: int) -> None:
    on = day(number)
    insights = read(letters, US, THEM)
    held = [c for c in concerns(insights) if c.since <= on and (c.until is None or on < c.until)]
    known = as_of(insights, on)

    def count(*kinds: ReasonKind | Tally) -> int:
        return sum(c.kind in kinds for c in held)

    states = [c.status(on) for c in known.commitments]
    overdue = (ReasonKind.OVERDUE_BY_US, ReasonKind.OVERDUE_BY_THEM, Tally.OVERDUE_BY_OTHERS)
    assert count(*overdue) == states.count(CommitmentStatus.OVERDUE)
    assert count(ReasonKind.DUE_SOON, Tally.PROMISE) == states.count(CommitmentStatus.OPEN)
    still = sum(i.status(on) is IssueStatus.OPEN for i in known.issues)
    assert count(ReasonKind.SEVERE_ISSUE, Tally.SLIGHT_ISSUE) == still
    assert count(ReasonKind.UNANSWERED) <= sum(q.status(on) is QuestionStatus.OPEN for q in known.questions)


@settings(max_examples=60, deadline=None)
@given(correspondences(), st.integers(0, 21))
def test_reasons_of_a_day_follow_from_the_letters_up_to_it(letters: list[Letter], number: int) -> None:
    on = day(number)
    earlier = [m for m in letters if m.at is not None and m.at.date() <= on]
    whole, part = (ranked(concerns(read(some, US, THEM)), on, Rules()) for some in (letters, earlier))
    assert whole == part


def test_a_concern_that_is_only_counted_gives_no_reason() -> None:
    counted = Concern(kind=Tally.PROMISE, insight="x", since=day(0), title="")
    assert not holds(counted, day(1), Rules())
    assert counted.reason() is None
