"""Changes of level, unusual silence, new people; mood and how each person writes."""

from datetime import date, timedelta
from random import Random

import msgspec
from house import THEM, US, day, say, write

from insights.changes import Level
from insights.letters import Letter
from insights.mood import Mood
from insights.shifts import Week, shifts
from insights.timeline import Insights, as_of, read
from insights.voices import voices
from nlp.findings import IssueCategory, Sentiment

PLAIN = say("The office opens at nine.")
GOOD = say("You did this very well.", mood=Sentiment.POSITIVE)
BAD = say("This is the third time.", mood=Sentiment.NEGATIVE)


def _weekly(weeks: int, turn: int, before: tuple, after: tuple) -> list[Letter]:  # type: ignore[type-arg]
    return [
        write(f"w{n:02}", "ben", *(before if n < turn else after), *[PLAIN] * 4, at=7 * n, thread=f"t{n}")
        for n in range(weeks)
    ]


def test_a_mood_that_fell_for_good_is_told_at_the_end_of_a_month_with_the_sentences_that_say_so() -> None:
    insights = read(_weekly(30, 15, (GOOD,), (BAD, BAD)), US, THEM)
    (change,) = insights.changes
    assert (change.level, change.worse) == (Level.MOOD, True)
    assert abs((change.since - day(7 * 15)).days) <= 7
    assert change.at.day == 1
    assert {s.quote for s in change.sources} == {BAD[0]}
    assert not as_of(insights, change.at.date() - timedelta(days=1)).changes
    assert as_of(insights, change.at.date()).changes == (change,)


def test_an_even_mood_changes_at_no_time() -> None:
    assert not read(_weekly(60, 30, (GOOD, BAD), (BAD, GOOD)), US, THEM).changes


def test_answers_that_become_slow_are_a_change_of_ours() -> None:
    letters = []
    for n in range(40):
        letters.append(write(f"q{n:02}", "ben", PLAIN, at=7 * n, thread=f"t{n}"))
        wait = 0.1 if n < 20 else 4
        letters.append(write(f"r{n:02}", "anna", PLAIN, at=7 * n + wait, thread=f"t{n}", answers=f"q{n:02}"))
    (change,) = read(letters, US, THEM).changes
    assert (change.level, change.worse) == (Level.OUR_REPLIES, True)
    assert change.before < 8 < change.after
    assert change.sources


def test_a_change_is_known_from_letters_up_to_its_day_alone() -> None:
    letters = _weekly(40, 15, (GOOD,), (BAD, BAD))
    until = day(7 * 25)
    whole, part = (read(some, US, THEM) for some in (letters, letters[:26]))
    assert as_of(whole, until).changes == as_of(part, until).changes


def test_noise_is_no_shift() -> None:
    chance = Random(7)
    alarms = 0
    for _ in range(200):
        weeks = [Week(date(2020, 1, 6) + timedelta(weeks=n), chance.gauss(0, 1), 1.0) for n in range(104)]
        alarms += bool(list(shifts(weeks)))
    assert alarms <= 10


def _days(author: str, days: list[int], name: str) -> list[Letter]:
    return [write(f"{name}{n:03}", author, PLAIN, at=n, thread=f"{name}{n}") for n in days]


def test_silence_is_told_by_their_own_gaps_and_ends_with_the_next_word() -> None:
    steady = [7 * n for n in range(20)]
    insights = read(_days("ben", [*steady, 7 * 19 + 45], "a"), US, THEM)
    house, *_ = [s for s in insights.silences if s.party == THEM]
    assert (house.since, house.usual, house.longest) == (day(7 * 19), 5.0, 5.0)
    assert house.until == day(7 * 19 + 45)
    assert house.at.date() < house.until
    before = as_of(insights, house.at.date())
    assert [s.until for s in before.silences if s.party == THEM] == [None]


def test_who_writes_now_and_then_is_rarely_called_silent() -> None:
    chance = Random(3)
    lists = [sorted(chance.sample(range(900), 40)) for _ in range(20)]
    found = [s for days in lists for s in read(_days("ben", days, "a"), US, THEM).silences if s.until is not None]
    assert len(found) <= 20 * 27 * 0.03  # gaps that are judged


def test_who_wrote_seldom_is_never_called_silent() -> None:
    assert not read(_days("ben", [0, 2, 4, 6], "a"), US, THEM).silences


def test_a_person_is_silent_where_colleagues_write_on() -> None:
    carl = msgspec.structs.replace(write("x", "ben", PLAIN).author, id="carl@southgate.example", name="Carl Coe")  # type: ignore[type-var]
    both = [3 * n for n in range(40)]
    ben = _days("ben", [n for n in both if n < 60], "b")
    his = [msgspec.structs.replace(m, id=f"c{m.id}", author=carl) for m in _days("ben", [n + 1 for n in both], "c")]
    found = read([*ben, *his], US, THEM).silences
    assert {s.party.name for s in found if s.at.date() <= day(115)} == {"Ben Brook"}


def test_somebody_new_is_told_when_they_have_written_three_times() -> None:
    carl = msgspec.structs.replace(write("x", "ben", PLAIN).author, id="carl@southgate.example", name="Carl Coe")  # type: ignore[type-var]
    new = [msgspec.structs.replace(m, author=carl) for m in _days("ben", [120, 125, 130], "c")]
    (arrival,) = read([*_days("ben", [7 * n for n in range(16)], "b"), *new], US, THEM).arrivals
    assert (arrival.party.name, arrival.at.date()) == ("Carl Coe", day(130))


def test_a_mood_lies_within_its_interval_and_more_voices_make_it_narrower() -> None:
    few, many = (read([write("a", "ben", *[BAD] * n, *[PLAIN] * 9)], US, THEM).mood[0] for n in (3, 12))
    for month in (few, many):
        assert month.low <= month.score <= month.high
    assert many.high - many.low < few.high - few.low
    assert many.mood is Mood.NEGATIVE


def test_the_mood_of_a_month_that_runs_is_that_of_its_days_so_far() -> None:
    letters = [write("a", "ben", *[GOOD] * 3, PLAIN), write("b", "ben", *[BAD] * 9, at=9)]
    whole, part = (read(some, US, THEM) for some in (letters, letters[:1]))
    (before,) = as_of(whole, day(8)).mood
    assert (before.mood, before.score) == (Mood.POSITIVE, part.mood[0].score)
    assert as_of(whole, day(9)).mood[0].mood is Mood.NEGATIVE


def test_troubles_in_plain_words_weigh_on_the_mood_less_than_angry_ones_and_slight_ones_less_than_grave_ones() -> None:
    slight, grave = (say("The pump stands.", issue=IssueCategory.QUALITY, severity=n) for n in (1, 3))
    scores = [read([write("a", "ben", *[s] * 4, *[PLAIN] * 4)], US, THEM).mood[0].score for s in (BAD, grave, slight)]
    assert scores == sorted(scores)
    assert len(set(scores)) == 3
    assert scores[-1] < 0


def test_people_are_listed_by_name_with_what_they_wrote_up_to_last_month() -> None:
    insights: Insights = read(
        [
            write("a", "veli", PLAIN, at=0, to=["ben"]),
            write("b", "ben", GOOD, PLAIN, at=1, answers="a"),
            write("c", "anna", PLAIN, at=60),
        ],
        US,
        THEM,
    )
    found = voices(insights.voices, day(40))
    assert [(v.party.name, v.letters, v.replies) for v in found] == [("Ben Brook", 1, 1), ("Veli Aho", 1, 0)]
    assert found[0].working_hours == 8.0
