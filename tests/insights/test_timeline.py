from datetime import date, timedelta

import msgspec
from house import PEOPLE, START, THEM, US, day, say, write
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Sending
from insights.entries import EntryKind
from insights.insight import (
    Commitment,
    CommitmentEvent,
    CommitmentStatus,
    CommitmentStep,
    DueDay,
    Issue,
    IssueEvent,
    IssueStatus,
    IssueStep,
    QuestionStatus,
    Source,
)
from insights.letters import Letter
from insights.mood import Mood
from insights.timeline import as_of, read, timeline
from nlp.findings import Act, IssueCategory, Sentiment, SignalKind

ANGRY = say("This is the third time.", mood=Sentiment.NEGATIVE)
PLAIN = say("The office opens at nine.")


def test_a_question_waits_until_the_other_side_writes_in_its_thread() -> None:
    asked = write("a", "ben", say("When does it ship?", Act.QUESTION))
    elsewhere = write("b", "anna", PLAIN, at=1, thread="other")
    here = write("c", "anna", PLAIN, at=2)
    (question,) = read([asked, elsewhere, here], US, THEM).questions
    assert question.status(day(1)) is QuestionStatus.OPEN
    assert question.status(day(2)) is QuestionStatus.ANSWERED


def test_a_polite_ending_is_no_question() -> None:
    assert not read([write("a", "ben", say("Let me know if you have any questions.", Act.REQUEST))], US, THEM).questions


def test_signals_keep_their_kind_and_sentence() -> None:
    (signal,) = read([write("a", "ben", say("We asked Rivals Ltd too.", signal=SignalKind.THREAT))], US, THEM).signals
    assert (signal.kind, signal.source.quote, signal.by.name) == (
        SignalKind.THREAT,
        "We asked Rivals Ltd too.",
        "Ben Brook",
    )


def test_a_month_is_negative_when_bad_words_clearly_prevail() -> None:
    (month,) = read([write("a", "ben", *[ANGRY] * 3, *[PLAIN] * 5)], US, THEM).mood
    assert (month.month, month.mood, month.sentences) == ("2024-03", Mood.NEGATIVE, 8)
    assert month.sources
    assert month.score < 0


def test_one_angry_sentence_in_a_short_month_makes_no_mood() -> None:
    (month,) = read([write("a", "ben", ANGRY, PLAIN)], US, THEM).mood
    assert month.mood is Mood.NEUTRAL


def test_reply_times_are_medians_from_a_letter_to_its_first_answer_by_the_other_side() -> None:
    rhythm = read(
        [
            write("a", "ben", PLAIN),
            write("b", "anna", PLAIN, at=0.5, answers="a"),
            write("c", "veli", PLAIN, at=3, answers="a"),
            write("d", "ben", PLAIN, at=1.5, answers="b"),
            write("e", "ben", PLAIN, at=2, answers="a"),
        ],
        US,
        THEM,
    ).rhythm
    assert (rhythm.sent, rhythm.received) == (2, 3)
    assert (rhythm.our_reply_hours, rhythm.our_replies) == (12.0, 1)
    assert (rhythm.their_reply_hours, rhythm.their_replies) == (24.0, 1)


def test_mass_mail_says_nothing() -> None:
    mass = msgspec.structs.replace(write("a", "ben", *[ANGRY] * 9), sending=Sending.BULK)
    insights = read([mass], US, THEM)
    assert insights.mood == ()
    assert insights.rhythm.received == 0


def test_a_timeline_is_in_order_and_its_entries_know_their_status() -> None:
    insights = read(
        [
            write("b", "anna", say("We send the seals by Friday.", Act.COMMIT, due=4), at=1),
            write("a", "ben", say("When do they ship?", Act.QUESTION), say("They leak.", issue=IssueCategory.QUALITY)),
        ],
        US,
        THEM,
    )
    entries = timeline(insights)
    kinds = [e.kind for e in entries]
    assert set(kinds[:3]) == {EntryKind.ISSUE, EntryKind.MOOD, EntryKind.QUESTION}
    assert kinds[3:] == [EntryKind.COMMITMENT, EntryKind.VOLUME]
    assert [e.status(day(9)) for e in entries[3:]] == ["overdue", None]
    assert all(e.sources for e in entries if e.kind is not EntryKind.VOLUME and e.kind is not EntryKind.MOOD)


# properties

sentences = st.builds(
    say,
    st.sampled_from(["We send the seals.", "The seals leak.", "The price is fine.", "Done.", "Sorry, fixed now."]),
    st.sampled_from(list(Act)),
    due=st.one_of(st.none(), st.integers(0, 30)),
    issue=st.one_of(st.none(), st.sampled_from([IssueCategory.QUALITY, IssueCategory.PAYMENT])),
    severity=st.sampled_from([1, 2, 3]),
)


@st.composite
def correspondences(draw: st.DrawFn) -> list[Letter]:
    letters: list[Letter] = []
    for i in range(draw(st.integers(1, 8))):
        said = draw(st.lists(sentences, max_size=3))
        answers = draw(st.sampled_from([None, *(m.id for m in letters)]))
        at, thread = draw(st.integers(0, 20)), draw(st.sampled_from("tu"))
        letters.append(
            write(f"d{i}", draw(st.sampled_from(sorted(PEOPLE))), *said, at=at, thread=thread, answers=answers)
        )
    return letters


@settings(max_examples=150, deadline=None)
@given(correspondences(), st.integers(0, 21))
def test_what_was_known_on_a_day_is_what_the_letters_up_to_it_say(letters: list[Letter], number: int) -> None:
    until = day(number)
    known = as_of(read(letters, US, THEM), until)
    earlier = as_of(read([m for m in letters if m.at and m.at.date() <= until], US, THEM), until)
    assert known.commitments == earlier.commitments
    assert known.issues == earlier.issues
    assert known.signals == earlier.signals
    assert known.questions == earlier.questions


@settings(max_examples=100, deadline=None)
@given(correspondences(), st.randoms(use_true_random=False))
def test_insights_do_not_depend_on_the_order_of_arrival(letters: list[Letter], chance: object) -> None:
    shuffled = list(letters)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read(letters, US, THEM) == read(shuffled, US, THEM)


def _source(number: int) -> Source:
    return Source(document=f"d{number}", at=START + timedelta(days=number), quote="…", start=0, end=1)


def _due(number: int | None) -> DueDay | None:
    return None if number is None else DueDay(words="then", first=day(number), last=day(number))


dues = st.one_of(st.none(), st.integers(0, 60))


@given(st.lists(st.tuples(st.sampled_from(list(CommitmentEvent)), st.integers(0, 40), dues)), dues, st.integers(-1, 80))
def test_any_order_of_events_gives_a_promise_a_status_that_its_events_account_for(
    events: list[tuple[CommitmentEvent, int, int | None]], due: int | None, number: int
) -> None:
    steps = tuple(
        CommitmentStep(event=e, source=_source(at), due=_due(d)) for e, at, d in sorted(events, key=lambda e: e[1])
    )
    promise = Commitment(
        id="c", debtor=US, creditor=THEM, action="x", made=_source(0), due=_due(due), history=steps, confidence=1
    )
    on: date = day(number)
    status = promise.status(on)
    happened = {s.event for s in promise.as_of(on).history}
    if status in (CommitmentStatus.FULFILLED, CommitmentStatus.FULFILLED_LATE):
        assert CommitmentEvent.FULFILLED in happened
    elif status in (CommitmentStatus.DECLINED, CommitmentStatus.CANCELLED):
        assert CommitmentEvent(status.value) in happened
    else:
        assert not happened - {CommitmentEvent.ACCEPTED, CommitmentEvent.RESCHEDULED}
    assert promise.as_of(on).status(on) is status


@given(st.lists(st.tuples(st.sampled_from(list(IssueEvent)), st.integers(0, 40))), st.integers(-1, 50))
def test_any_order_of_events_leaves_a_trouble_open_unless_it_was_resolved(
    events: list[tuple[IssueEvent, int]], number: int
) -> None:
    steps = tuple(IssueStep(event=e, source=_source(at)) for e, at in sorted(events, key=lambda e: e[1]))
    trouble = Issue(
        id="i", category=IssueCategory.OTHER, severity=2, opened=_source(0), raised_by=US, history=steps, confidence=1
    )
    if trouble.status(day(number)) is IssueStatus.RESOLVED:
        assert IssueEvent.RESOLVED in {s.event for s in trouble.as_of(day(number)).history}
