"""Whether a reply answers, and whose turn it is."""

from house import THEM, US, day, say, write

from insights.insight import OpenQuestion, QuestionStatus, Side
from insights.letters import Letter
from insights.timeline import as_of, read
from nlp.findings import Act

SHIP = say("When do the seals ship?", Act.QUESTION)
PRICE = say("What does a pallet cost?", Act.QUESTION)
COLOUR = say("Which colour is the lid?", Act.QUESTION)


def _questions(*letters: Letter) -> dict[str, OpenQuestion]:
    return {q.asked.quote: q for q in read(letters, US, THEM).questions}


def test_the_sentence_that_speaks_of_the_question_is_shown_as_its_answer() -> None:
    asked = write("a", "ben", SHIP, PRICE)
    reply = write("b", "anna", say("A pallet is 300 euros."), say("The seals ship on Monday."), at=1)
    found = _questions(asked, reply)
    answers = {quote: q.answer and q.answer.quote for quote, q in found.items()}
    assert answers == {SHIP[0]: "The seals ship on Monday.", PRICE[0]: "A pallet is 300 euros."}


def test_a_reply_of_one_sentence_does_not_answer_three_questions() -> None:
    asked = write("a", "ben", SHIP, PRICE, COLOUR)
    reply = write("b", "anna", say("A pallet is 300 euros."), at=1)
    states = {quote: q.status(day(1)) for quote, q in _questions(asked, reply).items()}
    assert states == {
        SHIP[0]: QuestionStatus.OPEN, PRICE[0]: QuestionStatus.ANSWERED, COLOUR[0]: QuestionStatus.OPEN,
    }  # fmt: skip


def test_coming_back_to_it_later_is_no_answer() -> None:
    asked = write("a", "ben", SHIP)
    reply = write("b", "anna", say("Thanks for asking!"), say("I will get back to you on Thursday."), at=1)
    question = _questions(asked, reply)[SHIP[0]]
    assert question.status(day(2)) is QuestionStatus.OPEN
    assert question.deferred is not None
    assert question.deferred.quote.startswith("I will get back")
    (early,) = as_of(read([asked, reply], US, THEM), day(0)).questions
    assert early.deferred is None


def test_a_thanks_alone_is_no_answer() -> None:
    question = _questions(write("a", "ben", SHIP), write("b", "anna", say("Thanks for the mail!"), at=1))[SHIP[0]]
    assert question.status(day(2)) is QuestionStatus.OPEN


def test_a_reply_that_only_asks_back_passes_the_turn() -> None:
    asked = write("a", "ben", SHIP)
    back = write("b", "anna", say("Which seals do you mean?", Act.QUESTION), at=1)
    found = _questions(asked, back)
    assert found[SHIP[0]].status(day(2)) is QuestionStatus.ANSWERED
    mine = found["Which seals do you mean?"]
    assert (mine.status(day(2)), mine.turn) == (QuestionStatus.OPEN, Side.THEM)


def test_an_answer_may_come_in_another_thread() -> None:
    asked = write("a", "ben", SHIP)
    told = write("b", "anna", say("The seals ship on Monday.", Act.COMMIT, due=7), at=1, thread="other")
    assert _questions(asked, told)[SHIP[0]].status(day(2)) is QuestionStatus.ANSWERED


def test_a_reminder_is_not_a_second_question() -> None:
    again = write("b", "ben", say("So when do the seals ship?", Act.QUESTION), at=5)
    found = _questions(write("a", "ben", SHIP), again)
    assert list(found) == [SHIP[0]]


def test_who_asked_may_say_that_it_came() -> None:
    came = write("b", "ben", say("Thanks, the seals arrived.", Act.FULFIL), at=5)
    assert _questions(write("a", "ben", SHIP), came)[SHIP[0]].status(day(6)) is QuestionStatus.ANSWERED


def test_what_a_house_asks_to_which_nobody_ever_wrote_is_hardly_sure() -> None:
    letters = [write(f"a{n}", "ben", SHIP, at=n, thread=f"t{n}") for n in range(4)]
    sure = [q.confidence for q in read(letters, US, THEM).questions]
    assert sure[:2] == [0.9, 0.9]
    assert sure[2:] == [0.4, 0.4]
    known = [*letters, write("b", "anna", say("We look into it."), at=0.5, thread="x")]
    assert min(q.confidence for q in read(known, US, THEM).questions) == 0.9
