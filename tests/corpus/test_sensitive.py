"""Numbers that name a person or an account are hidden, and nothing else is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sensitive import Kind, find, masked

# Identity codes from number 900 on are given to nobody; accounts and cards are those that banks publish for tests.


def _check(code: str) -> str:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(code[:6] + code[7:10]) % 31]


@pytest.mark.parametrize("sign", "+-YXWVUABCDEF")
def test_identity_codes_of_every_century_sign_are_hidden(sign: str) -> None:
    code = f"010103{sign}901"
    code += _check(code)
    (found,) = find(f"Hetu: {code}.")
    assert (found.kind, found.start, found.end) == (Kind.PERSON, 6, 17)
    assert code[:6] not in masked(f"Hetu: {code.lower()}.")


@pytest.mark.parametrize(
    "text",
    [
        "FI21 1234 5600 0007 85",
        "FI2112345600000785",
        "fi21 1234 5600 0007 85",
        "GB29 NWBK 6016 1331 9268 19",
        "DE89370400440532013000",
        "NO93 8601 1117 947",
    ],
)
def test_accounts_are_hidden_and_the_words_behind_them_stay(text: str) -> None:
    shown = masked(f"IBAN {text} BIC NDEAFIHH")
    assert shown.startswith("IBAN ••")
    assert shown.endswith(" BIC NDEAFIHH")
    assert len(shown) == len(f"IBAN {text} BIC NDEAFIHH")


def test_accounts_in_a_row_are_hidden_each() -> None:
    assert len(find("FI21 1234 5600 0007 85 FI2112345600000785, GB29 NWBK 6016 1331 9268 19")) == 3


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "5555555555554444", "3782-822463-10005", "2223 0031 2200 3222", "6011111111111117"]
)
def test_cards_are_hidden(text: str) -> None:
    assert [f.kind for f in find(f"Card {text}, 12/27")] == [Kind.CARD]


@pytest.mark.parametrize(
    "text",
    [
        "+358 40 123 4567", "+358 (0)40 123 4567", "+358401234567", "040 123 4567", "0401234567", "040-1234567",
        "0400 123 456", "050 123 456", "(09) 123 4567", "09-123 4567", "010 123 4567", "+44 20 7946 0958",
        "+1 (212) 555-0123", "212-555-0123", "(212) 555-0123",
    ],
)  # fmt: skip
def test_telephone_numbers_are_hidden(text: str) -> None:
    for around in ("Puh. {}", "{}", "tel: {}, fax", "({}) "):
        shown = masked(around.format(text))
        assert not any(c.isdigit() for c in shown), shown
        assert len(shown) == len(around.format(text))


@pytest.mark.parametrize(
    "text",
    [
        "Toimitus 01.02.2024 klo 08.30–16.00", "Due 02-03-2024 or 2024-03-04T09:12:00+02:00", "08 30 16 00",
        "Tilaus 0123456789", "Lasku 10023456, viite 1 23456 78901", "Price 1 234 567,00 €", "131052-308A",
        "999999-123A", "FI21 1234 5600 0007 86", "4111 1111 1111 1112", "Order 20240304091212345",
        "v1.2.3.4", "ISBN 978-952-264-000-1", "Y-tunnus 1234567-1", "<20240304091200.4111111111111111@example.org>",
        "0.040 123 4567", "3fa9c1d2e4b5a6978899aabbccddeeff", "5 000 000 000 000 000",
    ],
)  # fmt: skip
def test_days_sums_and_orders_stay(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789 -+FIabAU.()/•\u00a0", max_size=200))
def test_hiding_keeps_every_offset_and_can_be_done_twice(text: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    assert [c for c in shown if not c.isalnum() and c != "•"] == [c for c in text if not c.isalnum() and c != "•"]
    assert all(a == b or b == "•" for a, b in zip(text, shown, strict=True))


def test_hostile_text_takes_no_time() -> None:
    started = time.perf_counter()
    for piece in ("1", "1 ", "+1", "FI21", "0", "(0", "AB12 ", "040-"):
        masked(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 10
