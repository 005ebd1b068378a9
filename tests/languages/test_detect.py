"""Which language a mail is taken for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import codes
from languages.detect import detect

GOLD = Path(__file__).parents[3] / "shared" / "gold"


@pytest.mark.parametrize(
    "text",
    [
        "Ok, sopii!",
        "Kiitos!",
        "Joo, käy.",
        "Liitteenä.",
        "Sopii, t. Mari",
        "Palataan huomenna.",
        "Hissin tarkastus tehtiin 24.5.",
        "moi tuutko huomenna vai ens viikolla",
        "Tilaaja maksaa laskun 14 päivän kuluessa.",
        "Hi Mari, the release notes below.\n\nKiitos viestistä! Katsotaan tätä yhdessä, minulle sopii torstai.",
    ],
)
def test_short_finnish_is_finnish(text: str) -> None:
    assert detect(text) == "fi"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, will do",
        "See attached.",
        "Sounds good.",
        "Great!",
        "Approved",
        "Let’s talk tomorrow.",
        "Hei Pekka, please find the invoice attached, and let me know if you have any questions.",
    ],
)
def test_short_english_is_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ok",
        "12.5. 14:00",
        "- Jussi",
        "https://example.com/a/b",
        "Hej, kan du titta på detta och höra av dig?",
        "Wir haben die Rechnung noch nicht bekommen, bitte prüfen Sie das.",
        "Merci beaucoup pour votre message, je vous réponds demain.",
        "Tere, kas saame homme kohtuda?",
    ],
)
def test_what_is_too_short_or_another_language_is_undecided(text: str) -> None:
    assert detect(text) is None


def test_only_the_beginning_of_a_long_text_counts() -> None:
    assert detect("Kiitos, tämä sopii meille hyvin ja on ok. " * 50 + "the and of to " * 1000) == "fi"


@given(st.text(max_size=400))
def test_any_text_gets_a_language_that_has_a_pack_or_none(text: str) -> None:
    assert detect(text) in (None, *codes())


@pytest.mark.parametrize(("name", "language"), [("fi-dev", "fi"), ("en-dev", "en"), ("en-list-dev", "en")])
def test_real_messages_are_recognised(name: str, language: str) -> None:
    path = GOLD / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the repository")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert sum(detect(text) == language for text in texts) >= 0.99 * len(texts)
