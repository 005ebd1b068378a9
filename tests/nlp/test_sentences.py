"""What counts as a sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import split


def sentences(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in split(text, 0, len(text), language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lähetä kommentit 12.5. mennessä, kiitos.",
        "Tavataan klo 9.30 aulassa.",
        "Tarvitsemme esim. mitat ja mm. painon.",
        "Toimitus on ti 3.12. klo 14–16.",
        "Erä nro 5 on n. 200 kg.",
        "Sovitaan 5. maaliskuuta pidettävästä palaverista.",
        "Arkkitehti on prof. T. Virtanen.",
        "Katso osoite https://esimerkki.fi/a.b?c=d ja kirjoita etu.suku@esimerkki.fi nyt.",
        "Hinta on 1.250,00 euroa.",
    ],
)
def test_finnish_stops_that_end_nothing(sentence: str) -> None:
    assert sentences(sentence, "fi") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ask Mr. Smith or Dr. Jones about No. 5.",
        "We need some items, e.g. bolts, nuts etc. for the job.",
        "The U.S. office opens at 9 a.m. on Monday.",
        "I think ... well, maybe.",
        "J. R. Miller signs for Acme Inc. and others.",
        "See fig. 3 and sec. 4.2 of www.example.com/a.html please.",
        "Version 2.0.1 is out.",
    ],
)
def test_english_stops_that_end_nothing(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


def test_sentences_end_at_stops() -> None:
    assert sentences("It came. Did it work?! Yes :) We like it… Thanks.") == [
        "It came.", "Did it work?!", "Yes :)", "We like it…", "Thanks.",
    ]  # fmt: skip


def test_a_date_can_end_a_sentence() -> None:
    assert sentences("Toimitus on 7.3. Muuten kaikki ennallaan.", "fi") == [
        "Toimitus on 7.3.", "Muuten kaikki ennallaan.",
    ]  # fmt: skip


def test_a_unit_can_end_a_sentence() -> None:
    assert sentences("Pituus on 14 mm. Pyydämme uudet.", "fi") == ["Pituus on 14 mm.", "Pyydämme uudet."]


def test_lines_that_a_mail_program_wrapped_are_one_sentence() -> None:
    text = (
        "I went through the drawings yesterday evening and I believe that the\n"
        "second support is too close to the wall, which makes the assembly very\n"
        "hard. Could you move it?"
    )
    assert sentences(text) == [text[: text.index(" Could")], "Could you move it?"]


def test_short_lines_stand_alone() -> None:
    assert sentences("Best regards\nAnna Smith\nAcme Ltd") == ["Best regards", "Anna Smith", "Acme Ltd"]


def test_greetings_stand_alone() -> None:
    assert sentences("Hi Tom,\nthe parts came.") == ["Hi Tom,", "the parts came."]
    assert sentences("Hei Ilpo, luin luonnoksen läpi.", "fi") == ["Hei Ilpo,", "luin luonnoksen läpi."]
    assert sentences("Tom, we need to talk.") == ["Tom,", "we need to talk."]


def test_an_adverb_is_no_greeting() -> None:
    assert sentences("However, we need to talk.") == ["However, we need to talk."]


def test_list_items_stand_alone_without_their_marks() -> None:
    assert sentences("We need:\n- bolts\n* nuts\n1) oil\n2. Grease\n(a) rags") == [
        "We need:", "bolts", "nuts", "oil", "Grease", "rags",
    ]  # fmt: skip


def test_a_hanging_indent_goes_on_with_its_item() -> None:
    text = (
        "- the first pump has been taken apart and cleaned, its bearing is being\n"
        "  replaced by the end of the week\n"
        "- the second pump works"
    )
    assert sentences(text) == [text[2 : text.index("\n- ")], "the second pump works"]


def test_clause_numbers_are_no_part_of_a_sentence_but_dates_are() -> None:
    assert sentences("1.1 Toimittaja vastaa virheistä.\n12.5. mennessä tarvitaan vastaus.", "fi") == [
        "Toimittaja vastaa virheistä.", "12.5. mennessä tarvitaan vastaus.",
    ]  # fmt: skip


def test_table_rows_stand_alone() -> None:
    assert sentences("item\tprice\nbolt\t12\nnut      3") == ["item\tprice", "bolt\t12", "nut      3"]


def test_quote_marks_are_no_part_of_a_sentence() -> None:
    assert sentences("> Did it come?\n> We wait.\nYes.") == ["Did it come?", "We wait.", "Yes."]


def test_rules_are_no_sentences() -> None:
    assert sentences("One.\n-----\n=====\nTwo.") == ["One.", "Two."]


def test_a_pasted_chat_is_cut_at_its_speakers() -> None:
    chat = "Ann: who has the key Bob: me Ann: thanks"
    assert sentences(chat) == ["Ann: who has the key", "Bob: me", "Ann: thanks"]


def test_only_the_zone_is_split() -> None:
    text = "Before. Inside one. Inside two. After."
    assert split(text, 8, 31, "en") == [(8, 19), (20, 31)]


@given(st.text(alphabet='aB .!?:)\n>-*1,ä\t|"', max_size=300), st.sampled_from(["fi", "en", None]))
def test_sentences_are_trimmed_ordered_and_disjoint(text: str, language: str | None) -> None:
    last = 0
    for start, end in split(text, 0, len(text), language):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end


@given(st.text(alphabet='aB .!?:)\n>-*1,ä\t|"', max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    inside = "".join(text[start:end] for start, end in split(text, 0, len(text), "en"))
    assert inside.count("ä") == text.count("ä")


@pytest.mark.parametrize("unit", [".", ". ", "a.b", "  ", "|", "!?", "> ", "A: ", "\n", "(", "1.", '…"', "\t ", "Hi "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        split(unit * times, 0, len(unit) * times, "en")
        return time.process_time() - started

    seconds(100)
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.005)
