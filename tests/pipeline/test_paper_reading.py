"""A paper read by its kind: what of it reaches the ledger, and what it says as contract or minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from corpus.document import Document, DocumentKind
from corpus.filing import filed
from corpus.message import digest
from corpus.papers import read
from insights.contracts import Contract
from insights.notes import Notes
from nlp.analyze import MODELS, Analyzer
from nlp.findings import Act
from pipeline.papers import read_paper

CONTRACT = """# Siivoussopimus

Tilaaja: Lehtokunta (Y-tunnus 0000001-1)

Toimittaja: Kirkas Palvelut Oy (Y-tunnus 0000002-2)

## 1. Palvelu

1.1 Toimittaja siivoaa toimitilat arkisin ja vastaa siivousvälineistä koko sopimuskauden ajan.

1.2 Toimittaja toimittaa siivoussuunnitelman 15.2.2024 mennessä.

## 2. Voimassaolo

2.1 Sopimus tulee voimaan 1.2.2024 ja on voimassa toistaiseksi. Irtisanomisaika on kolme (3) kuukautta.
"""
MINUTES = """# Ohjausryhmän muistio

Läsnä: Aino Kallio, Veikko Salmi

* Pumppujen toimitus on myöhässä kaksi viikkoa, ja asennus ei pääse alkamaan.
* Veikko selvittää uuden toimitusajan perjantaihin mennessä.
"""
TUESDAY = datetime(2024, 9, 10, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    return Analyzer.load()


def document(text: str, kind: DocumentKind, came: datetime | None = None) -> Document:
    """A paper of that kind, which came with a mail of that time."""
    found = filed(read(text.encode(), "a.md"), "a.md", digest(text.encode()), came)
    return msgspec.structs.replace(found, kind=kind)


def test_the_dated_duties_of_a_contract_are_promises_of_the_party_that_owes_them(analyzer: Analyzer) -> None:
    paper = document(CONTRACT, DocumentKind.CONTRACT)
    reading = read_paper(paper, analyzer)
    assert isinstance(reading.read, Contract)
    assert len(reading.read.obligations) > 1
    (promise,) = reading.findings
    assert (promise.acts, promise.debtor) == ((Act.COMMIT,), "Kirkas Palvelut Oy")
    assert promise.due is not None
    assert (promise.due.first, promise.due.last) == (date(2024, 2, 15), date(2024, 2, 15))
    assert paper.text[promise.due.start : promise.due.end] == promise.due.words
    assert "siivoussuunnitelman" in paper.text[promise.start : promise.end]


def test_minutes_without_a_day_count_from_the_mail_that_they_came_with(analyzer: Analyzer) -> None:
    paper = document(MINUTES, DocumentKind.NOTES, TUESDAY)
    reading = read_paper(paper, analyzer)
    assert isinstance(reading.read, Notes)
    (promise,) = [f for f in reading.findings if Act.COMMIT in f.acts]
    assert promise.debtor == "Veikko Salmi"
    assert promise.due is not None
    assert promise.due.iso == "2024-09-13"
    assert {item.source.start for item in reading.read.items} >= {promise.start}
    assert reading.sentences >= len(reading.findings)
    assert all(finding.kept for finding in reading.findings)


def test_a_letter_is_read_sentence_by_sentence_and_any_other_paper_not_at_all(analyzer: Analyzer) -> None:
    text = "Hei Aino,\n\nlähetän sinulle tarjouksen ensi perjantaina.\n\nTerveisin Veikko\n"
    letter = read_paper(document(text, DocumentKind.LETTER, TUESDAY), analyzer)
    assert letter.read is None
    assert any(Act.COMMIT in finding.acts for finding in letter.findings)
    other = read_paper(document(text, DocumentKind.OTHER), analyzer)
    assert (other.findings, other.sentences, other.read) == ((), 0, None)


def test_a_paper_is_read_the_same_again(analyzer: Analyzer) -> None:
    paper = document(MINUTES, DocumentKind.NOTES, TUESDAY)
    first = read_paper(paper, analyzer)
    analyzer.forget()
    assert read_paper(paper, analyzer) == first
