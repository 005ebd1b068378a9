"""What may be relied on of names: their base forms, and who is meant by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import languages
from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind
from nlp.debtors import debtor, name, people
from nlp.findings import READER, WRITER
from nlp.heads import OTHER
from nlp.marks import marked
from nlp.names import completed, nominative

ENDINGS = ("n", "ssa", "sta", "lla", "lta", "lle")


def mail(text: str, *, to: tuple[str, ...] = (), kind: DocumentKind = DocumentKind.EMAIL) -> Document:
    return Document(
        id="x",
        kind=kind,
        text=text,
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),),
        language="fi",
        author=Address("anna.virta@example.fi", "Anna Virta"),
        to=tuple(Address("", one) for one in to),
    )


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("Mikon", "Mikko"),
        ("Heikille", "Heikki"),
        ("Markuksen", "Markus"),
        ("Tuomaan", "Tuomas"),
        ("Ilpoon", "Ilpo"),
        ("Riitalta", "Riitta"),
        ("Virtaselle", "Virtanen"),
        ("Lehtosta", "Lehtonen"),
        ("Lahden", "Lahti"),
        ("Joelta", "Joki"),
        ("Kankaan", "Kangas"),
        ("Hanna-Marin", "Hanna-Mari"),
        ("Ericin", "Eric"),
        ("Thomasille", "Thomas"),
        ("Konecranesin", "Konecranes"),
        ("SOK:lle", "SOK"),
        ("Osapuolten", "Osapuoli"),
        ("asiakkaallemme", "asiakas"),
        ("Toimittajankin", "Toimittaja"),
    ],
)
def test_a_finnish_name_in_any_case_gets_its_base_form(form: str, base: str) -> None:
    assert nominative(form, "fi") == base


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("Mikko Virtasen", "Mikko Virtanen"),
        ("Valio Oy:n", "Valio Oy"),
        ("Turun Konepajalle", "Turun Konepaja"),
        ("Hohtavan Kiinteistöpalvelujen", "Hohtavan Kiinteistöpalvelut"),
        ("toisen osapuolen", "toinen osapuoli"),
    ],
)
def test_of_several_words_the_last_bends_and_what_agrees_with_it(form: str, base: str) -> None:
    assert nominative(form, "fi") == base


@pytest.mark.parametrize(
    "base", ["Hanna", "Telia", "Tuomas", "Virtanen", "Haapala", "Kevin", "Michelle", "Orion", "IBM"]
)
def test_a_name_in_base_form_stays_though_it_ends_like_an_inflected_one(base: str) -> None:
    assert nominative(base, "fi") == base


def test_no_listed_first_name_is_taken_for_a_form_of_another() -> None:
    listed = languages.data("fi", "names")["lists"]["first_names"].split()
    assert [nominative(word, "fi") for word in listed] == listed


def test_a_name_that_the_document_holds_goes_before_a_common_one() -> None:
    assert nominative("Annin", "fi") == "Anni"
    assert nominative("Annin", "fi", ["Ann Berg"]) == "Ann"
    assert nominative("Zorkon", "fi", ["Zorkko"]) == "Zorkko"
    assert nominative("zorkon", None, ["Zorkko"]) == "Zorkko"


def test_an_english_name_loses_its_possessive_and_a_verb_drawn_to_it() -> None:
    assert [nominative(n, "en") for n in ("Supplier's", "Customers’", "Steve'll", "Jordan", "O'Brien")] == [
        "Supplier",
        "Customers",
        "Steve",
        "Jordan",
        "O'Brien",
    ]


@given(
    st.text("bdghjklmnprstv", min_size=1, max_size=1),
    st.sampled_from(["olju", "arjo", "ylvy", "imsu"]),
    st.sampled_from(ENDINGS),
)
def test_a_known_name_is_found_from_any_of_its_forms(first: str, rest: str, ending: str) -> None:
    known = (first + rest).capitalize()
    assert nominative(known + ending, "fi", [known]) == known


@given(st.text(max_size=80), st.sampled_from([None, "fi", "en"]), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_gives_some_name_without_failing(text: str, language: str | None, known: list[str]) -> None:
    assert isinstance(nominative(text, language, known), str)
    assert name(text, language, known=known) != ""


def test_a_part_of_exactly_one_full_name_stands_for_it() -> None:
    assert completed("Mikko", ["Mikko Aho", "Anna Virta", "Mikko"]) == "Mikko Aho"
    assert completed("Mikko", ["Mikko Aho", "Mikko Laine"]) == "Mikko"
    assert completed("Toimittaja", []) == "Toimittaja"


def test_a_third_party_is_named_as_the_mails_people_are_called() -> None:
    found = people(mail("Mikko Aho soitti eilen. Mikon pitää vastata huomenna.", to=("Leena Koski",)))
    assert debtor(OTHER, "Mikon pitää vastata huomenna.", "fi", among=found) == "Mikko Aho"
    assert debtor(OTHER, "Leenan pitää vastata huomenna.", "fi", among=found) == "Leena Koski"


def test_a_recipient_called_by_name_is_the_reader_and_the_author_the_writer() -> None:
    found = people(mail("Hei", to=("Leena Koski",)))
    assert debtor(OTHER, "Leena, lähetä lista.", "fi", among=found) == READER
    assert debtor(OTHER, "Listan lähettää Anna.", "fi", among=found) == WRITER


def test_in_contracts_and_notes_everybody_is_called_by_name() -> None:
    found = people(mail("AP Anna: lista", to=("Leena Koski",), kind=DocumentKind.NOTES))
    assert debtor(OTHER, "AP Anna: lista", "fi", among=found) == "Anna Virta"


def test_what_the_model_marks_is_named_and_bent() -> None:
    sentence = "Sopimuspohja tulee juristilta, kuten Petri lupasi."
    start = sentence.index("juristilta")
    assert name(sentence, "fi", marked([(start, start + len("juristilta"))], [0.9])) == "juristi"


@pytest.mark.parametrize(
    ("sentence", "language", "party"),
    [
        ("Henkilösuojaimista huolehtii Asiakas.", "fi", "Asiakas"),
        ("Järjestelmä on Toimittajan omaisuutta, ja Toimittaja noutaa sen.", "fi", "Toimittaja"),
        ("Virtasen tulee toimittaa todistus.", "fi", "Virtanen"),
        ("Acceptance shall be declared by the Customer.", "en", "Customer"),
        ("At the choice of the Controller, the Processor deletes the data.", "en", "Processor"),
        ("R. Obi costs it.", "en", "R. Obi"),
        ("They'll call tomorrow.", "en", None),
        ("Hyvityksestä sovitaan erikseen.", "fi", None),
    ],
)
def test_without_marks_the_likeliest_name_or_role_is_bound(sentence: str, language: str, party: str | None) -> None:
    assert name(sentence, language) == party
