from house import THEM, US, day, say, write

from insights.insight import CommitmentEvent, CommitmentStatus, Side
from insights.letters import Letter
from insights.timeline import read
from nlp.findings import READER, Act

PROMISE = say("We will send the new seals for pump four.", Act.COMMIT, due=5)


def statuses(*letters: Letter, on: float) -> list[CommitmentStatus]:
    return [c.status(day(on)) for c in read(letters, US, THEM).commitments]


def test_a_promise_is_open_until_its_day_is_past_and_overdue_then() -> None:
    promise = write("a", "anna", PROMISE)
    assert statuses(promise, on=5) == [CommitmentStatus.OPEN]
    assert statuses(promise, on=6) == [CommitmentStatus.OVERDUE]


def test_a_promise_says_who_owes_what_to_whom() -> None:
    (promise,) = read([write("a", "anna", PROMISE)], US, THEM).commitments
    assert (promise.debtor.name, promise.creditor.name) == ("Anna Aalto", "Ben Brook")
    assert promise.made.quote == "We will send the new seals for pump four."
    assert promise.due is not None
    assert promise.due.last == day(5)


def test_a_report_that_it_is_done_closes_a_promise_on_the_day_of_the_report() -> None:
    done = write("b", "veli", say("The new seals left this morning.", Act.FULFIL), at=3)
    assert statuses(write("a", "anna", PROMISE), done, on=2) == [CommitmentStatus.OPEN]
    assert statuses(write("a", "anna", PROMISE), done, on=3) == [CommitmentStatus.FULFILLED]


def test_a_promise_kept_after_its_day_was_kept_late() -> None:
    done = write("b", "veli", say("The new seals left this morning.", Act.FULFIL), at=8)
    assert statuses(write("a", "anna", PROMISE), done, on=9) == [CommitmentStatus.FULFILLED_LATE]


def test_a_promise_may_be_kept_in_another_thread_that_speaks_of_the_same_things() -> None:
    done = write("b", "veli", say("New seals for pump four are on the truck.", Act.FULFIL), at=3, thread="other")
    away = write("b", "veli", say("The invoice of June was corrected.", Act.FULFIL), at=3, thread="other")
    assert statuses(write("a", "anna", PROMISE), done, on=4) == [CommitmentStatus.FULFILLED]
    assert statuses(write("a", "anna", PROMISE), away, on=4) == [CommitmentStatus.OPEN]


def test_the_one_to_whom_it_was_promised_may_say_that_it_came() -> None:
    came = write("b", "ben", say("The new seals came today, thanks.", Act.FULFIL), at=3, answers="a")
    assert statuses(write("a", "anna", PROMISE), came, on=4) == [CommitmentStatus.FULFILLED]


def test_a_rescheduled_promise_is_overdue_only_after_its_new_day() -> None:
    slip = write(
        "b",
        "anna",
        say("The seals cannot leave this week.", Act.DECLINE),
        say("We will send them next Tuesday.", Act.COMMIT, due=12),
        at=4,
    )
    letters = (write("a", "anna", PROMISE), slip)
    assert statuses(*letters, on=12) == [CommitmentStatus.OPEN]
    assert statuses(*letters, on=13) == [CommitmentStatus.OVERDUE]
    (promise,) = read(letters, US, THEM).commitments
    assert promise.due is not None
    assert promise.due.last == day(5), "the first day stays on record"
    assert [s.event for s in promise.history] == [CommitmentEvent.RESCHEDULED]


def test_a_promise_taken_back_is_declined() -> None:
    back = write("b", "anna", say("We cannot send the new seals after all.", Act.DECLINE), at=4)
    assert statuses(write("a", "anna", PROMISE), back, on=30) == [CommitmentStatus.DECLINED]


def test_a_promise_said_twice_in_a_thread_is_one() -> None:
    again = write("b", "veli", say("As said, we will send the new seals for pump four.", Act.COMMIT), at=1)
    assert len(read([write("a", "anna", PROMISE), again], US, THEM).commitments) == 1


def test_saying_yes_to_a_request_is_a_promise_with_the_day_that_was_asked_for() -> None:
    request = write("a", "ben", say("Please send the drawings by Friday.", Act.REQUEST, due=4))
    yes = write("b", "veli", say("Ok, will do.", Act.ACCEPT), at=1, answers="a")
    (promise,) = read([request, yes], US, THEM).commitments
    assert promise.debtor.name == "Veli Aho"
    assert promise.creditor.name == "Ben Brook"
    assert promise.action == "Please send the drawings by Friday."
    assert promise.due is not None
    assert promise.due.last == day(4)


def test_a_request_that_nobody_accepts_is_no_promise() -> None:
    request = write("a", "ben", say("Please send the drawings by Friday.", Act.REQUEST, due=4))
    answer = write("b", "veli", say("The office is closed on Thursday."), at=1, answers="a")
    assert read([request, answer], US, THEM).commitments == ()


def test_a_closing_courtesy_opens_no_promise() -> None:
    polite = write("a", "anna", say("We look forward to hearing from you.", Act.COMMIT))
    kohtelias = write("b", "anna", say("Autan mielelläni, jos tulee kysyttävää.", Act.COMMIT))
    assert read([polite, kohtelias], US, THEM).commitments == ()


def test_a_colleague_named_by_the_writer_owes_it() -> None:
    letter = write("a", "anna", say("Veli käy teillä maanantaina.", Act.COMMIT, debtor="Veli"), to=["ben", "veli"])
    (promise,) = read([letter], US, THEM).commitments
    assert promise.debtor.id == "veli@northwind.example"


def test_a_name_that_nobody_bears_is_on_the_side_of_the_writer() -> None:
    (promise,) = read([write("a", "ben", say("Eric will call.", Act.COMMIT, debtor="Eric"))], US, THEM).commitments
    assert (promise.debtor.name, promise.debtor.side, promise.creditor.side) == ("Eric", Side.THEM, Side.US)


def test_the_reader_owes_what_the_writer_puts_on_him() -> None:
    (promise,) = read([write("a", "ben", say("You pay the freight.", Act.COMMIT, debtor=READER))], US, THEM).commitments
    assert (promise.debtor.name, promise.creditor.name) == ("Anna Aalto", "Ben Brook")


def test_an_id_stays_when_more_letters_come() -> None:
    first = write("a", "anna", PROMISE)
    more = write("b", "ben", say("We will pay at once.", Act.COMMIT), at=-1)
    (alone,) = read([first], US, THEM).commitments
    assert alone.id in {c.id for c in read([first, more], US, THEM).commitments}
