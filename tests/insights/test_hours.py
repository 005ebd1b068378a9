"""Working hours and days, with the holidays of the country."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.hours import after_working_days, working_days, working_hours

FINLAND = 120  # minutes


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "answered", "language", "offset", "hours"),
    [
        ("2024-03-05T07:00", "2024-03-05T09:30", "fi", FINLAND, 2.5),
        ("2024-03-01T13:00", "2024-03-04T07:00", "fi", FINLAND, 2.0),  # over a weekend
        ("2024-03-28T13:00", "2024-04-02T07:00", "fi", FINLAND, 2.0),  # over Easter
        ("2024-12-05T10:00", "2024-12-09T07:00", "fi", FINLAND, 5.0),  # Independence Day is a Friday
        ("2024-07-03T20:00", "2024-07-05T15:00", "en", -300, 3.0),  # the Fourth of July, seen from Texas
        ("2024-05-03T12:00", "2024-05-07T09:00", "en", 60, 5.0),  # England's first Monday in May
        ("2024-03-09T10:00", "2024-03-10T10:00", None, None, 0.0),  # a weekend
    ],
)
def test_nights_weekends_and_holidays_do_not_count(
    asked: str, answered: str, language: str | None, offset: int | None, hours: float
) -> None:
    assert working_hours(_at(asked), _at(answered), language, offset) == pytest.approx(hours)


_FIRST, _LAST = datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2030-01-01")
times = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))


@given(times, st.floats(0, 2000), st.floats(0, 2000), st.sampled_from(["fi", "en", None]), st.sampled_from([0, 120]))
def test_a_wait_is_the_sum_of_its_parts(
    start: datetime, one: float, two: float, language: str | None, offset: int
) -> None:
    middle, end = start + timedelta(hours=one), start + timedelta(hours=one + two)
    parts = working_hours(start, middle, language, offset) + working_hours(middle, end, language, offset)
    assert working_hours(start, end, language, offset) == pytest.approx(parts, abs=0.01)


@given(st.dates(date(2001, 1, 1), date(2030, 1, 1)), st.integers(1, 60), st.sampled_from(["fi", "en", None]))
def test_the_nth_working_day_is_the_first_with_n_before_it(start: date, count: int, language: str | None) -> None:
    found = after_working_days(start, count, language)
    assert working_days(start, found, language) == count
    assert working_days(start, found - timedelta(days=1), language) == count - 1
