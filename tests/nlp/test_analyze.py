"""What may be relied on of the analysis of documents."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.document import Document, DocumentKind, Zone, ZoneKind
from nlp.analyze import MODELS, Analyzer, as_json, tone
from nlp.debtors import name
from nlp.findings import Act, Due, Finding, Sentiment

OWN = "Hi Anna,\n\nThe second pump is late again and the line stands still. We will send a new plan by Friday.\n"
QUOTE = "> Could you tell me when the pumps ship?\n"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    return Analyzer.load()


def document(
    own: str = OWN, quote: str = QUOTE, at: datetime | None = datetime(2024, 3, 5, 22, 30, tzinfo=UTC)
) -> Document:
    zones = [Zone(kind=ZoneKind.OWN, start=0, end=len(own))]
    if quote:
        zones.append(Zone(kind=ZoneKind.QUOTE, start=len(own), end=len(own) + len(quote), depth=1))
    return Document(
        id="x", kind=DocumentKind.EMAIL, text=own + quote, zones=tuple(zones), subject="Pumps", at=at, language="en"
    )


def test_every_sentence_says_its_zone_and_only_own_ones_have_labels(analyzer: Analyzer) -> None:
    (findings,) = analyzer.analyze([document()])
    quoted = [f for f in findings if f.zone is ZoneKind.QUOTE]
    assert quoted
    assert not any(f.speaks or f.confidence for f in quoted)
    assert [f.start for f in findings] == sorted(f.start for f in findings)
    assert all(0 <= p <= 1 for f in findings for p in f.confidence.values())


def test_a_plain_promise_is_a_commitment_of_the_writer_with_its_due(analyzer: Analyzer) -> None:
    (findings,) = analyzer.analyze([document()])
    (promise,) = [f for f in findings if Act.COMMIT in f.acts]
    assert promise.debtor == "writer"
    assert promise.due is not None
    assert OWN[promise.due.start : promise.due.end] == promise.due.words
    assert set(promise.confidence) == {*Act, "sentiment", "issue", "signal", "debtor", "due"}


def test_without_a_time_the_due_words_stand_and_no_day_is_guessed(analyzer: Analyzer) -> None:
    (findings,) = analyzer.analyze([document(at=None)])
    dues = [f.due for f in findings if f.due]
    assert [(due.iso, due.first, due.last) for due in dues] == [("?", None, None)] * len(dues) != []


def test_text_read_before_gives_the_same_findings(analyzer: Analyzer) -> None:
    first = analyzer.analyze([document(), document(own="Thanks, all fine.\n")])
    assert analyzer.analyze([document(), document(own="Thanks, all fine.\n")]) == first
    assert analyzer.analyze([document(), document()]) == [first[0], first[0]]


@pytest.mark.parametrize("text", ["", "\n \n", "​", "x" * 20_000, "word " * 5_000, "\x00\ud800"])
def test_odd_text_is_analysed_without_failing(analyzer: Analyzer, text: str) -> None:
    (findings,) = analyzer.analyze([document(own=text, quote="")])
    assert all(0 <= f.start < f.end <= len(text) for f in findings)


def test_no_documents_no_findings(analyzer: Analyzer) -> None:
    assert analyzer.analyze([]) == []


def test_json_gives_the_days_form_and_null_where_no_calendar_resolves_it() -> None:
    day = Due(words="by Friday", start=0, end=9, iso="2024-03-08")
    someday = Due(words="soon", start=0, end=4, iso="?")
    assert as_json(Finding(start=0, end=9, due=day))["due_date"] == "2024-03-08"
    vague = as_json(Finding(start=0, end=9, due=someday))
    assert (vague["due"], vague["due_date"]) == ("soon", None)


def test_a_documents_tone_is_that_which_weighs_most() -> None:
    def one(label: Sentiment, p: float) -> Finding:
        return Finding(start=0, end=1, sentiment=label, confidence={"sentiment": p})

    assert tone([one(Sentiment.POSITIVE, 0.9), one(Sentiment.NEGATIVE, 0.6)]) is Sentiment.POSITIVE
    assert tone([one(Sentiment.NEUTRAL, 0.9)]) is Sentiment.NEUTRAL
    assert tone([]) is Sentiment.NEUTRAL


@pytest.mark.parametrize(
    ("sentence", "language", "party"),
    [
        ("Toimittajan on ilmoitettava viivästyksestä.", "fi", "Toimittaja"),
        ("Mikäli erä myöhästyy, Tilaaja pidättää maksun.", "fi", "Tilaaja"),
        ("The Supplier shall keep the records for five years.", "en", "Supplier"),
        ("If the goods are late, the Buyer may cancel.", "en", "Buyer"),
        ("Eric Vance will send the drawings.", "en", "Eric Vance"),
        ("no names stand here", "en", None),
    ],
)
def test_a_third_party_is_named_in_its_base_form(sentence: str, language: str, party: str | None) -> None:
    assert name(sentence, language) == party
