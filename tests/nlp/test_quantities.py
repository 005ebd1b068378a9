"""Numbers that terms are bargained over in, found in sentences of both languages."""

from __future__ import annotations

import pytest

from nlp.quantities import Measure, free, is_old, quantities
from nlp.terms import kind, stands


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "We offer oak at EUR 7.62 per m2, payment 45 days.", [(7.62, "EUR/m2"), (45, "day")]),
        ("en", "Oak 0.6 mm EUR 7.62 per m2", [(7.62, "EUR/m2")]),
        ("en", "We could come down to 7.98.", [(7.98, "")]),
        ("en", "Please see clause 2.2 and lot 3 at 14:30 on 5 March 2024.", []),
        ("en", "We can commit to 600k.", [(600_000, "")]),
        ("fi", "Tarjoamme 7,55 €/m² ja 55 000 m² vuodessa.", [(7.55, "EUR/m²"), (55_000, "m²")]),
        ("fi", "Hinta on 12,70 € 1.9.2025 alkaen.", [(12.7, "EUR")]),
        ("fi", "Ehdotan kolmea.", [(3, "")]),
        ("fi", "Annamme 3 % alennuksen.", [(3, "%")]),
    ],
)
def test_quantities_have_their_value_and_unit(language: str, text: str, expected: list[tuple[float, str]]) -> None:
    assert [(q.value, q.label) for q in quantities(text, language)] == expected


def test_what_a_value_replaces_is_known_for_the_old_one() -> None:
    text = "We would go from 24 to 36 months."
    old, new = quantities(text, "en")
    assert (old.value, new.value) == (24, 36)
    assert is_old(text, old, "en")
    assert not is_old(text, new, "en")


def test_nothing_to_pay_is_a_value() -> None:
    found = free("Aloituspesut tehdään veloituksetta.", "fi")
    assert found is not None
    assert (found.value, found.measure) == (0, Measure.MONEY)
    assert free("The invoice is attached.", "en") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Payment term 30 days, notice period is something else.", "payment_time"),
        ("en", "You need to give 60 days' notice.", "notice"),
        ("en", "A discount of 60 % is what we want.", "discount"),
        ("fi", "Takuu on 24 kuukautta.", "warranty"),
        ("fi", "Maksuehto on 14 pv netto.", "payment_time"),
        ("fi", "Kokous kesti 2 tuntia.", None),
    ],
)
def test_the_nearest_words_say_what_a_number_is_of(language: str, text: str, expected: str | None) -> None:
    (quantity,) = quantities(text, language)
    assert kind(text, quantity, language) == expected


def test_words_take_stands() -> None:
    assert {"offers", "agrees"} <= stands("Agreed, we can offer that.", "en")
    assert "refuses" in stands("Emme voi hyväksyä korotusta.", "fi")
