"""Minutes, notes and transcripts: who was there, what is on record, who does it and by when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.genre import genre
from corpus.paper import Block, BlockKind, Form, Paper
from corpus.papers import read as read_paper
from nlp.analyze import MODELS, Analyzer
from nlp.minutes.cast import owners
from nlp.minutes.items import Item, ItemType, Minutes
from nlp.minutes.reading import Reader, opened, read, sentences

FINNISH = """# Ohjausryhmän muistio 4/2024

Aika: 12.9.2024 klo 13
Läsnä: Aino Kallio (Puro Oy), Veikko Salmi (Puro Oy), pj. Lotta Lehtinen (Kuusi Oy)
Poissa: Ilmari Rinne

## 1. Toimitukset

* Pumppujen toimitus on myöhässä kaksi viikkoa, ja asennus ei pääse alkamaan.
* Päätettiin siirtää käyttöönotto viikolle 42.
* Veikko selvittää uuden toimitusajan perjantaihin mennessä.
* Seuraavaan kokoukseen mennessä Lotta lähettää päivitetyn aikataulun.

## 2. Laskutus

**Päätös:** Maksuaika on jatkossa 21 päivää.

## 3. Seuraava kokous

Ke 9.10.2024 klo 13.
"""
TABLE = """# Project meeting

Date: 3 May 2024
Present: Ann Baker, Tom Hill

| Action | Owner | Due |
|---|---|---|
| Send the revised drawings | Tom Hill | 10 May |
| Order the valves | Ann | 17 May |
"""
TALK = """Ann Baker: Shall we look at the pump first?
Tom Hill: Yes. The pump failed again last night.
Ann Baker: Then I propose that we swap it.
Tom Hill: I agree.
Ann Baker: Good.
Tom Hill: I will order a new one tomorrow.
Ann Baker: Thank you.
"""


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    return Analyzer.load()


def reader(text: str, name: str = "a.md") -> Reader:
    paper = read_paper(text.encode(), name)
    return opened(paper, genre(paper, name))


def of(text: str, analyzer: Analyzer, name: str = "a.md") -> tuple[Minutes, str]:
    paper = read_paper(text.encode(), name)
    return read(paper, genre(paper, name), analyzer), paper.text


def about(found: tuple[Minutes, str], words: str) -> Item:
    minutes, text = found
    (item,) = [item for item in minutes.items if words in text[item.start : item.end]]
    return item


def test_participants_are_those_that_the_minutes_list_without_offices_and_absentees() -> None:
    assert reader(FINNISH).cast.participants == ("Aino Kallio", "Veikko Salmi", "Lotta Lehtinen")


def test_first_names_initials_and_companies_are_known_from_the_list() -> None:
    cast = reader(FINNISH).cast
    assert cast.known("Veikko") == "Veikko Salmi"
    assert cast.known("VS") == "Veikko Salmi"
    assert cast.known("Kuusi Oy") == "Kuusi Oy"
    assert cast.known("Ilmari") is None


def test_a_first_name_that_two_share_means_neither() -> None:
    assert reader("Present: Ann Baker, Ann Moss\n\n* Ann will call.\n").cast.known("AB") == "Ann Baker"
    assert reader("Present: Ann Baker, Ann Moss\n\n* Ann will call.\n").cast.known("Ann") == "Ann"


def test_headings_and_labels_say_what_stands_under_them() -> None:
    roles = {s.sentence.text: s.sentence.passage for s in sentences(reader(FINNISH), None)}
    assert roles["Maksuaika on jatkossa 21 päivää."].label == "decision"
    assert roles["Ke 9.10.2024 klo 13."].section == "next_meeting"


def test_nothing_is_on_record_in_the_list_of_participants_and_in_the_agenda() -> None:
    text = "# Minutes\n\n## Agenda\n\n* Decide on it\n\n## Present\n\n* Tom Hill will attend\n\n## Pump\n\n* Swap it.\n"
    assert [s.sentence.text for s in sentences(reader(text), None)] == ["Swap it."]


def test_a_row_of_a_table_of_tasks_is_an_action_with_its_owner_and_day(analyzer: Analyzer) -> None:
    found = of(TABLE, analyzer)
    item = about(found, "revised drawings")
    assert (item.type, item.who, item.due_date) == (ItemType.ACTION, ("Tom Hill",), "2024-05-10")
    assert about(found, "valves").who == ("Ann Baker",)


def test_finnish_minutes_give_decisions_actions_and_troubles(analyzer: Analyzer) -> None:
    found = of(FINNISH, analyzer)
    assert found[0].day == date(2024, 9, 12)
    assert about(found, "käyttöönotto").type is ItemType.DECISION
    assert about(found, "Maksuaika").type is ItemType.DECISION
    asked = about(found, "toimitusajan")
    assert (asked.type, asked.who, asked.due_date) == (ItemType.ACTION, ("Veikko Salmi",), "2024-09-13")


def test_by_the_next_meeting_means_the_day_that_the_minutes_give_it(analyzer: Analyzer) -> None:
    item = about(of(FINNISH, analyzer), "aikataulun")
    assert (item.who, item.due_date) == (("Lotta Lehtinen",), "2024-10-09")


def test_in_a_conversation_i_is_whoever_speaks(analyzer: Analyzer) -> None:
    minutes, text = of(TALK, analyzer, "a.txt")
    assert minutes.participants == ("Ann Baker", "Tom Hill")
    assert {item.who for item in minutes.items if "order a new one" in text[item.start : item.end]} == {("Tom Hill",)}


def test_captions_are_joined_to_sentences_and_kept_apart_by_speaker() -> None:
    text = "WE WILL SEND\n\nTHE REPORT.\n\nTHANKS FOR IT."
    blocks = (
        Block(start=0, end=12, kind=BlockKind.CUE, speaker="A"),
        Block(start=14, end=25, kind=BlockKind.CUE, speaker="A"),
        Block(start=27, end=41, kind=BlockKind.CUE, speaker="B"),
    )
    paper = Paper(form=Form.TRANSCRIPT, text=text, blocks=blocks)
    found = [s.sentence for s in sentences(opened(paper, genre(paper)), None)]
    assert [(s.start, s.end, s.passage.speaker) for s in found] == [(0, 25, "A"), (27, 41, "B")]


@pytest.mark.parametrize(
    ("text", "who"),
    [("Lauri", ("Lauri",)), ("Topi & Samuli", ("Topi", "Samuli")), ("Antti. Topi", ("Antti", "Topi")), ("2 kpl", ())],
)
def test_owners_are_read_from_the_end_of_a_line(text: str, who: tuple[str, ...]) -> None:
    found = reader("Läsnä: Lauri, Topi, Samuli, Antti\n\n* Yksi asia, joka on sovittu ja tehdään nyt.\n")
    assert owners(text, found.cast, found.words) == who


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Läsnä: ", "A: ", "- ", "Ann", ".", "\n", "\n\n", "**", "?", "| a | b |\n", "9.10.", ">> "])
    )
)
def test_any_text_can_be_read_and_sentences_are_slices_of_it(parts: list[str]) -> None:
    text = "".join(parts)
    paper = Paper(form=Form.TEXT, text=text, blocks=(Block(start=0, end=len(text)),) if text else ())
    last = 0
    for scored in sentences(opened(paper, genre(paper)), None):
        sentence = scored.sentence
        assert last <= sentence.start < sentence.end <= len(text)
        last = sentence.end
