"""What kind of document a paper is, in which language and of which day."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dating import dated, days
from corpus.genre import PaperKind, genre
from corpus.paper import Block, Form, Paper
from corpus.papers import read

MINUTES = """# Palaveri 7/2024

Aika: 12.9.2024 klo 13
Läsnä: Aino Kallio (Puro Oy), Veikko Salmi

## 1. Toimitukset

* Päätettiin siirtää toimitus viikolle 40.
"""
CONTRACT = """# Supply Agreement

This Agreement is made on 3 May 2023 between Alder Ltd and Birch Ltd (the parties).

1. Term. This agreement shall remain in force for two years.
2. Termination. Either party may terminate it by three months' notice.
3. Confidentiality. The parties shall keep all information secret.
4. Governing law. The laws of Finland apply.
"""
LETTER = """Hyvä vastaanottaja,

kiitämme tarjouksestanne. Palaamme asiaan ensi viikolla, kun olemme käyneet sen läpi.

Ystävällisin terveisin
Aino Kallio
"""
TALK = """Aino: Shall we start with the budget?
Ben: Yes, I will show the figures.
Aino: Good.
Ben: We are over by ten per cent.
Aino: Then we should cut travel.
Ben: I agree.
"""
FINNISH = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
ENGLISH = list(calendar.month_name)[1:]


def paper(text: str, name: str = "a.md") -> Paper:
    return read(text.encode(), name)


@pytest.mark.parametrize(
    ("text", "name", "kind", "language"),
    [
        (MINUTES, "a.md", PaperKind.NOTES, "fi"),
        (CONTRACT, "a.md", PaperKind.CONTRACT, "en"),
        (LETTER, "a.txt", PaperKind.LETTER, "fi"),
        (TALK, "a.txt", PaperKind.TRANSCRIPT, "en"),
        ("Milk, eggs and flour.", "a.txt", PaperKind.OTHER, None),
    ],
)
def test_a_paper_is_told_by_what_it_holds(text: str, name: str, kind: PaperKind, language: str | None) -> None:
    found = genre(paper(text, name), name)
    assert found.kind is kind
    assert found.language in (language, "en")
    assert 0.5 <= found.confidence <= 1


def test_a_telling_file_name_makes_it_surer() -> None:
    assert genre(paper(MINUTES), "poytakirja_muistio.md").confidence >= genre(paper(MINUTES), "a.md").confidence


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("# Minutes 2024-05-02\n\nDate: 3 May 2024\n", "", date(2024, 5, 3)),
        ("# Palaveri 2.5.2024\n\nPuhuttiin 1.1.2020 alkaneesta sopimuksesta.\n", "", date(2024, 5, 2)),
        ("Talk of 1.1.2020.\n", "notes_2024_05_02.md", date(2024, 5, 2)),
        ("Talk.\n", "muistio_02052024.md", date(2024, 5, 2)),
        ("- **When**: March 11, 16:00\n", "2025_cg_03_11.md", date(2025, 3, 11)),
        ("## Ajankohta:\n    - 29.11.2021, klo 11\n", "", date(2021, 11, 29)),
        ("Nothing here.\n", "", None),
    ],
)
def test_the_day_is_what_the_paper_says_of_itself(text: str, name: str, day: date | None) -> None:
    found = dated(paper(text), name)
    assert (found and found.day) == day


def test_a_file_without_a_day_in_its_text_is_of_the_day_in_its_properties() -> None:
    at = datetime(2024, 5, 2, 9, tzinfo=UTC)
    found = dated(Paper(form=Form.DOCX, text="Talk.", blocks=(Block(start=0, end=5),), at=at))
    assert found == (at.date(), 0.5)


@settings(deadline=None)
@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_is_read_in_every_usual_form(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}. {FINNISH[day.month - 1]}kuuta {day.year}",
        f"{ENGLISH[day.month - 1]} {day.day}, {day.year}",
        f"{day.day} {ENGLISH[day.month - 1]} {day.year}",
    ):
        assert list(days(f"x {written} y")) == [day]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    found = genre(Paper(form=Form.TEXT, text=text, blocks=(Block(start=0, end=len(text)),)))
    assert found.kind in PaperKind
