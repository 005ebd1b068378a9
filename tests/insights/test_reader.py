"""A relationship read letter by letter holds what it holds when all is read at once."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from house import PEOPLE, THEM, US, say, write
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.letters import Letter
from insights.shifts import Series, Week, shifts
from insights.timeline import Reader, changed, place, read
from nlp.findings import Act, IssueCategory, Sentiment, SignalKind

_SAID = (
    say("I will send the drawings of the pump house.", Act.COMMIT, due=4),
    say("The drawings are attached.", Act.FULFIL),
    say("Could you send the drawings by Friday?", Act.REQUEST, due=3),
    say("The gaskets came two weeks late.", issue=IssueCategory.DELIVERY, mood=Sentiment.NEGATIVE),
    say("The gaskets are fixed now.", Act.FULFIL, issue=IssueCategory.DELIVERY, severity=1),
    say("When does it ship?", Act.QUESTION),
    say("We asked Rivals Ltd for the valves too.", signal=SignalKind.THREAT),
    say("We could use twice as many valves next year.", signal=SignalKind.OPPORTUNITY),
    say("We propose 4,200 euros a year.", Act.PROPOSE),
    say("That is fine, thank you.", Act.ACCEPT, mood=Sentiment.POSITIVE),
)


@st.composite
def _letters(draw: st.DrawFn) -> list[Letter]:
    count = draw(st.integers(1, 14))
    return [
        write(
            f"m{number:02}",
            draw(st.sampled_from(sorted(PEOPLE))),
            *draw(st.lists(st.sampled_from(_SAID), max_size=3)),
            at=draw(st.integers(0, 200)),
            thread=draw(st.sampled_from("tuv")),
            answers=draw(st.none() | st.integers(0, count).map(lambda n: f"m{n:02}")),
        )
        for number in range(count)
    ]


@settings(max_examples=60, deadline=None)
@given(_letters())
def test_after_each_letter_all_holds_that_holds_over_the_letters_so_far(letters: list[Letter]) -> None:
    reader, before = Reader(US, THEM), read([], US, THEM)
    letters.sort(key=place)
    for number, letter in enumerate(letters, 1):
        reader.read(letter)
        now = reader.insights()
        assert now == read(letters[:number], US, THEM)
        new, gone = changed(now, before)
        kept = {c.id for c in before.commitments} - gone
        assert kept | {c.id for c in new.commitments} == {c.id for c in now.commitments}
        before = now


def test_a_series_that_grows_tells_the_changes_that_it_tells_as_a_whole() -> None:
    chance, begin = Random(7), date(2024, 1, 1)
    grown, weeks, found = Series(), [], []
    for number in range(150):
        monday = begin + timedelta(weeks=number)
        level = 0.0 if number < 50 else 3.0 if number < 100 else -1.0
        value = level + chance.gauss(0, 1)
        grown.add(monday, value, 1.0)
        weeks.append(Week(monday, value, 1.0))
        found = list(grown.shifts())
        assert found == list(shifts(weeks))
    assert len(found) == 2
