import msgspec
from house import THEM, US, day, say, write

from insights.insight import Issue, IssueEvent, IssueStatus
from insights.letters import Letter
from insights.timeline import read
from nlp.findings import Act, IssueCategory, Sentiment

LEAK = say("The seals of pump four leak.", issue=IssueCategory.QUALITY, severity=2)


def cases(*letters: Letter) -> tuple[Issue, ...]:
    return read(letters, US, THEM).issues


def test_a_trouble_is_one_case_however_many_sentences_speak_of_it() -> None:
    more = say("Oil is all over the floor.", issue=IssueCategory.QUALITY, severity=2)
    (case,) = cases(write("a", "ben", LEAK, more))
    assert case.opened.quote == "The seals of pump four leak."
    assert case.raised_by.name == "Ben Brook"
    assert case.status(day(3)) is IssueStatus.OPEN


def test_two_kinds_of_trouble_are_two_cases() -> None:
    invoice = say("The invoice is wrong too.", issue=IssueCategory.PAYMENT)
    assert len(cases(write("a", "ben", LEAK, invoice))) == 2


def test_a_case_is_acknowledged_by_the_other_side_and_resolved_when_it_is_said_to_be_over() -> None:
    (case,) = cases(
        write("a", "ben", LEAK),
        write("b", "anna", say("Sorry for the leak.", issue=IssueCategory.QUALITY, severity=1), at=1, answers="a"),
        write("c", "anna", say("The seals were replaced this morning.", Act.FULFIL), at=2, answers="a"),
    )
    assert [s.event for s in case.history] == [IssueEvent.ACKNOWLEDGED, IssueEvent.RESOLVED]
    assert case.status(day(1)) is IssueStatus.OPEN
    assert case.status(day(2)) is IssueStatus.RESOLVED


def test_a_worse_complaint_escalates_a_case_and_raises_its_severity_from_that_day() -> None:
    worse = say("The line stands still because of the seals.", issue=IssueCategory.QUALITY, severity=3)
    (case,) = cases(write("a", "ben", LEAK), write("b", "ben", worse, at=2))
    assert [s.event for s in case.history] == [IssueEvent.ESCALATED]
    assert case.as_of(day(1)).severity == 2
    assert case.as_of(day(2)).severity == 3


def test_a_complaint_after_the_end_reopens_the_case() -> None:
    again = say("The seals leak again.", issue=IssueCategory.QUALITY, severity=2, mood=Sentiment.NEGATIVE)
    (case,) = cases(
        write("a", "ben", LEAK),
        write("b", "anna", say("The seals were replaced.", Act.FULFIL), at=1),
        write("c", "ben", again, at=9),
    )
    assert [s.event for s in case.history][-1] is IssueEvent.REOPENED
    assert case.status(day(9)) is IssueStatus.OPEN


def test_a_trouble_that_is_only_mentioned_as_solved_opens_no_case() -> None:
    over = say("The leak of last year is fixed.", Act.FULFIL, issue=IssueCategory.QUALITY, severity=1)
    assert cases(write("a", "ben", over)) == ()


def test_the_same_trouble_in_another_thread_is_the_same_case() -> None:
    other = say("Pump four leaks, its seals again.", issue=IssueCategory.QUALITY, severity=2)
    assert len(cases(write("a", "ben", LEAK), write("b", "ben", other, at=5, thread="u"))) == 1


def test_a_case_knows_who_carries_it_and_how_long_its_answer_and_its_end_took() -> None:
    (case,) = cases(
        write("a", "ben", LEAK),
        write("b", "anna", say("Sorry for the leak.", issue=IssueCategory.QUALITY, severity=1), at=1, answers="a"),
        write("c", "veli", say("The seals of pump four were replaced.", Act.FULFIL), at=3, answers="a"),
    )
    first, then = case.as_of(day(1)), case.as_of(day(3))
    assert first.carrier is not None and first.carrier.name == "Anna Aalto"
    assert (first.hours_to_answer, first.hours_to_resolve) == (24.0, None)
    assert then.carrier is not None and then.carrier.name == "Veli Aho"
    assert (then.hours_to_answer, then.hours_to_resolve) == (24.0, 72.0)


def test_a_trouble_told_under_another_name_in_the_same_words_stays_one_case() -> None:
    other = say("Pump four and its seals leak, we want our money back.", issue=IssueCategory.PAYMENT, severity=2)
    assert len(cases(write("a", "ben", LEAK), write("b", "ben", other, at=2, answers="a"))) == 1


def test_a_sentence_that_hardly_tells_of_a_trouble_opens_no_case() -> None:
    text, finding = say("Spring comes late this year.", issue=IssueCategory.OTHER, severity=1)
    weak = msgspec.structs.replace(finding, issue=None, severity=None, confidence={"issue": 0.2})
    assert cases(write("a", "ben", (text, weak))) == ()
