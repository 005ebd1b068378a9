"""Search: words in any form, in both languages, with the places where they stand."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine

from corpus.document import DocumentKind, ZoneKind
from errors import BadFilter
from pipeline.run import ingest
from settings import Settings
from store.search import Hit, Question, search

ANNA, TOM = "Anna Aalto <anna@kettu.example>", "Tom Reed <tom@acme.example>"


def mail(day: int, subject: str, body: str, sender: str = TOM, to: str = ANNA) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = f"{day} Sep 2024 09:00:00 +0300", f"<{day}@acme.example>"
    message.set_content(body)
    return message.as_bytes()


MAILS = (
    mail(2, "Drawings", "Hi Anna,\n\nThe invoices for the two pumps were sent on Monday.\n\nTom\n"),
    mail(3, "Laskut", "Hei,\n\nLaskuissanne oli väärä viite, joten palautan ne maksamatta.\n\nAnna\n", ANNA, TOM),
    mail(4, "Re: Drawings", "Paid.\n\nTom Reed wrote:\n> The invoices for the two pumps were sent on Monday.\n"),
    mail(5, "Holiday", "I am away until the ninth and cannot be reached by phone at all.\n"),
)


@pytest.fixture
def filled(database: Engine, tmp_path: Path) -> Engine:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, raw in enumerate(MAILS):
        (folder / f"{number}.eml").write_bytes(raw)
    (folder / "maintenance_plan_2024.md").write_bytes(b"# Plan\n\nThe boilers are checked twice a year.\n")
    ingest(database, Settings(home=tmp_path / "home", own_domains=("kettu.example",)), [folder], analyzer=None)
    return database


def ask(engine: Engine, words: str, **asked: object) -> tuple[Hit, ...]:
    with engine.connect() as connection:
        return search(connection, Question(words=words, **asked)).items  # type: ignore[arg-type]


def test_a_word_is_found_in_any_form_in_finnish_and_english(filled: Engine) -> None:
    assert [h.title for h in ask(filled, "invoice")] == ["Re: Drawings", "Drawings"]
    assert [h.title for h in ask(filled, "lasku")] == ["Laskut"]


def test_a_hit_shows_where_the_words_stand(filled: Engine) -> None:
    hit = ask(filled, "pump invoices")[-1]
    with filled.connect() as connection:
        whole = connection.exec_driver_sql("SELECT text FROM document WHERE id = %s", (hit.document,)).scalar_one()
    assert hit.quote == whole[hit.start : hit.end]
    assert [hit.quote[a:b] for a, b in hit.found] == ["invoices", "pumps"]
    assert (hit.zone, hit.relationships, hit.author) == (ZoneKind.OWN, ("acme.example",), "Tom Reed")


def test_what_is_only_quoted_is_told_as_quoted(filled: Engine) -> None:
    assert [h.zone for h in ask(filled, "invoices")] == [ZoneKind.QUOTE, ZoneKind.OWN]


def test_words_may_be_in_order_alternatives_or_unwanted(filled: Engine) -> None:
    assert len(ask(filled, '"two pumps"')) == 2
    assert not ask(filled, '"pumps two"')
    assert [h.title for h in ask(filled, "holiday or lasku")] == ["Holiday", "Laskut"]
    assert [h.title for h in ask(filled, "invoice -paid")] == ["Drawings"]


def test_a_file_is_found_by_its_name_and_by_what_it_says(filled: Engine) -> None:
    assert [h.kind for h in ask(filled, "maintenance plan")] == [DocumentKind.OTHER]
    assert ask(filled, "boiler")[0].quote.endswith("twice a year.")


def test_a_search_may_be_narrowed(filled: Engine) -> None:
    assert len(ask(filled, "invoice", since=date(2024, 9, 3))) == 1
    assert len(ask(filled, "invoice", until=date(2024, 9, 2))) == 1
    assert len(ask(filled, "invoice", relationship="acme.example")) == 2
    assert not ask(filled, "invoice", relationship="other.example")
    assert not ask(filled, "invoice", kinds=(DocumentKind.CONTRACT,))


def test_a_long_list_comes_in_stretches(filled: Engine) -> None:
    with filled.connect() as connection:
        first = search(connection, Question(words="invoice"), limit=1)
        rest = search(connection, Question(words="invoice"), limit=1, cursor=first.next)
    assert [h.title for h in (*first.items, *rest.items)] == ["Re: Drawings", "Drawings"]
    assert rest.next is None


@pytest.mark.parametrize("words", ["", "the", "-", '"', "' OR 1=1 --"])
def test_a_question_without_a_telling_word_is_an_error_or_finds_nothing(filled: Engine, words: str) -> None:
    try:
        assert ask(filled, words) == ()
    except BadFilter as error:
        assert "no word" in str(error)


def test_hostile_text_does_not_stop_an_ingest(database: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    signs = [chr(0x4E00 + n) for n in range(600)]
    (folder / "a.md").write_text(" ".join(a + b for a in signs for b in signs), encoding="utf-8")
    (folder / "b.md").write_text("x" * 3_000_000 + " \ue000word\ue001 ", encoding="utf-8")
    report = ingest(database, Settings(home=tmp_path / "home"), [folder], analyzer=None)
    assert report.stored == 2
    assert [h.found for h in ask(database, "一丁")] == [((3, 5),)]
