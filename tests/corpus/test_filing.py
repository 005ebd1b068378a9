"""A file becomes a document that says what it is, of which day, and how it is laid out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus import papers
from corpus.document import Document, DocumentKind, TimeSource, ZoneKind
from corpus.filing import filed

CAME = datetime(2024, 9, 20, 7, 30, tzinfo=UTC)
MINUTES = (
    "# Palaveri {}\n\nLäsnä: Aino Kallio, Veikko Salmi\n\n* Sovittiin, että hinta pysyy.\n* Aino lähettää listan.\n"
)


def document(text: str, name: str = "a.md", came: datetime | None = None) -> Document:
    return filed(papers.read(text.encode(), name), name, "f" * 32, came)


def test_minutes_know_their_day_title_and_language() -> None:
    found = document(MINUTES.format("17.9.2024"))
    assert (found.kind, found.language, found.subject) == (DocumentKind.NOTES, "fi", "Palaveri 17.9.2024")
    assert (found.at, found.time_source) == (datetime(2024, 9, 17, tzinfo=UTC), TimeSource.TEXT)
    assert [(z.kind, z.start, z.end) for z in found.zones] == [(ZoneKind.OWN, 0, len(found.text))]


def test_a_year_that_is_left_out_is_that_of_the_mail_that_brought_the_paper() -> None:
    assert document(MINUTES.format("17.9."), came=CAME).at == datetime(2024, 9, 17, tzinfo=UTC)
    december = document(MINUTES.format("28.12."), came=datetime(2025, 1, 3, tzinfo=UTC))
    assert december.at == datetime(2024, 12, 28, tzinfo=UTC)


def test_a_paper_without_a_day_has_that_of_the_mail_that_brought_it_or_none() -> None:
    found = document("Some words on nothing in particular.\n", "a.txt", CAME)
    assert (found.at, found.time_source) == (CAME, TimeSource.MAIL)
    alone = document("Some words on nothing in particular.\n", "a.txt")
    assert (alone.at, alone.time_source) == (None, TimeSource.UNKNOWN)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Palaveri Torikori, puitesopimus", DocumentKind.NOTES),
        ("Puitesopimus, palaverissa hyväksytty", DocumentKind.CONTRACT),
        ("Call notes on the supply agreement", DocumentKind.NOTES),
    ],
)
def test_the_kind_that_a_title_names_first_is_the_papers(title: str, kind: DocumentKind) -> None:
    assert document(f"# {title}\n\nHinta ja aikataulu käytiin läpi.\n").kind is kind


def test_the_paper_comes_back_out_of_its_document() -> None:
    paper = papers.read(MINUTES.encode(), "a.md")
    assert filed(paper, "a.md", "f" * 32).paper == paper
