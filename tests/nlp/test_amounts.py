from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.amounts import Day, Money, Period, Share, money, periods, shares, shifted, written_days

LANGUAGES = ("en", "fi")


@pytest.mark.parametrize(
    ("language", "text", "length", "unit"),
    [
        ("en", "upon thirty (30) days' prior written notice", 30, "day"),
        ("en", "an initial 12-month term", 12, "month"),
        ("en", "for a period of three\n(3) years", 3, "year"),
        ("en", "within five business days", 5, "working_day"),
        ("en", "within sixty-five days", 65, "day"),
        ("en", "until the four-year anniversary of the Effective Date", 4, "year"),
        ("en", "the fifth anniversary of the date hereof", 5, "year"),
        ("fi", "30 päivän kuluessa laskun päiväyksestä", 30, "day"),
        ("fi", "vähintään kolme (3) kuukautta ennen", 3, "month"),
        ("fi", "kahdentoista kuukauden sopimuskausi", 12, "month"),
        ("fi", "viidessä työpäivässä", 5, "working_day"),
        ("fi", "viimeistään kuukautta ennen muutosta", 1, "month"),
        ("fi", "maksuaika on 14 pv netto", 14, "day"),
    ],
)
def test_a_period_is_found_with_its_length_and_unit(language: str, text: str, length: int, unit: str) -> None:
    (found,) = periods(text, language)
    assert (found.length, found.unit) == (length, unit)


def test_of_several_lengths_before_one_unit_the_first_counts_and_the_others_are_kept() -> None:
    (found,) = periods("Sopimusaika on 12/24/36 kuukautta.", "fi")
    assert (found.length, found.others) == (12, (24, 36))


@pytest.mark.parametrize(
    ("language", "text", "amount", "currency"),
    [
        ("en", "The price is EUR 74,000 per unit", 74_000, "EUR"),
        ("en", "up to $1.5 million in total", 1_500_000, "USD"),
        ("en", "pay £12.50 a day", 12.5, "GBP"),
        ("fi", "Hinta on 286 000 euroa", 286_000, "EUR"),
        ("fi", "12,50 € viikolta", 12.5, "EUR"),
        ("fi", "enintään 1,2 miljoonaa euroa", 1_200_000, "EUR"),
    ],
)
def test_money_is_found_with_its_currency(language: str, text: str, amount: float, currency: str) -> None:
    (found,) = money(text, language)
    assert (found.amount, found.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("language", "text", "percent"),
    [
        ("en", "interest of 8 % a year", 8),
        ("en", "0.5% a day", 0.5),
        ("fi", "0,2 % hinnasta", 0.2),
        ("fi", "10 prosenttia", 10),
    ],
)
def test_a_share_is_found_in_either_language(language: str, text: str, percent: float) -> None:
    (found,) = shares(text, language)
    assert found.percent == percent


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "made this 6th day of March, 2006", date(2006, 3, 6)),
        ("en", "as of the 27t h day of March, 2017", date(2017, 3, 27)),  # as scanned text has it
        ("en", "on May 14, 2014 by", date(2014, 5, 14)),
        ("en", "from 1 June 2023", date(2023, 6, 1)),
        ("fi", "tulee voimaan 1.2.2024", date(2024, 2, 1)),
        ("fi", "voimassa 1. toukokuuta 2024 alkaen", date(2024, 5, 1)),
    ],
)
def test_a_day_written_with_its_year_is_read(language: str, text: str, day: date) -> None:
    (found,) = written_days(text, language)
    assert found.day == day


def test_a_day_that_no_calendar_has_is_none() -> None:
    assert written_days("31.2.2024", "fi") == ()


def test_a_month_before_the_last_day_of_march_is_the_last_of_february() -> None:
    assert shifted(date(2024, 3, 31), -1, "month") == date(2024, 2, 29)


def test_hours_and_working_days_lead_to_no_day() -> None:
    assert shifted(date(2024, 3, 1), 5, "working_day") is None


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_is_found_is_a_slice_of_the_text_and_finds_are_in_order(text: str, language: str) -> None:
    every: tuple[Sequence[Period | Money | Share | Day], ...] = (
        periods(text, language),
        money(text, language),
        shares(text, language),
        written_days(text, language),
    )
    for found in every:
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
