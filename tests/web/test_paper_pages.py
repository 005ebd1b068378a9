"""A contract that came with a mail, and minutes: on the pages, in the lists and in the export, the real way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import fresh_database
from fastapi.testclient import TestClient
from served import START, THEM, US, load_plain
from sqlalchemy import Engine

import store.write
from api.app import create_app
from corpus.archive import Found, Where
from corpus.filing import filed
from corpus.papers import read
from corpus.threads import strand
from insights.entries import EntryKind
from insights.insight import Source
from insights.notes import NoteItem, Notes
from nlp.findings import Act, Finding
from nlp.minutes.items import ItemType
from pipeline.connect import connect
from pipeline.prepare import prepare
from pipeline.run import with_findings
from settings import Settings
from store import views
from store.export import as_export
from store.views import Filter
from store.write import Derived, Incoming

CONTRACT = """# Service Agreement

This Agreement is made on 4 March 2024 between Kettu Ltd ("Customer") and Acme Oy ("Supplier").

## 1. Term

1.1 This Agreement enters into force on 1 April 2024 and continues until 31 March 2025. It is renewed for twelve (12)
months at a time unless either party gives notice of termination three (3) months before the end of the term.

## 2. Payment

2.1 Customer shall pay each invoice within thirty (30) days of its date.

2.2 Supplier shall deliver the service plan by 30 April 2024.
"""
DECISION, QUESTION = "It was decided to repaint the crane.", "Who paints the railings?"
MINUTES = f"""# Minutes of the meeting 18 March 2024

Present: Tom ({THEM}), Anna ({US})

{DECISION}

{QUESTION}
"""
DAY = date(2025, 1, 15)


@pytest.fixture(scope="module")
def filled(engine: Engine, homes: Path) -> Iterator[tuple[Engine, Settings]]:
    found = fresh_database(engine)
    home = Settings(home=homes / "papers", own_domains=("kettu.example",), database_url=None)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = f"Tom <{THEM}>", US, "<1@acme.example>"
    mail["Date"], mail["Subject"] = format_datetime(START), "The agreement"
    mail.set_content("Anna,\nthe agreement is attached.\n")
    mail.add_attachment(CONTRACT.encode(), maintype="text", subtype="markdown", filename="agreement.md")
    items = [Found(raw=mail.as_bytes(), where=Where(archive="test"))]
    with found.begin() as connection:
        store.write.store(connection, [*with_findings(load_plain(), prepare(home.raw, items).messages), _minutes()])
    connect(found, home)
    yield found, home
    found.dispose()


def _minutes() -> Incoming:
    document = filed(read(MINUTES.encode(), "minutes.md"), "minutes.md", "b" * 32)

    def source(words: str) -> Source:
        start = document.text.index(words)
        return Source(document=document.id, file="minutes.md", quote=words, start=start, end=start + len(words))

    said = ((ItemType.DECISION, DECISION, Act.ACCEPT), (ItemType.OPEN_QUESTION, QUESTION, Act.QUESTION))
    items = tuple(
        NoteItem(id=type_, type=type_, who=(), due=None, due_date=None, source=source(words), confidence=0.8)
        for type_, words, _ in said
    )
    findings = tuple(
        Finding(start=item.source.start, end=item.source.end, acts=(act,), confidence={act.value: 0.8})
        for item, (_, _, act) in zip(items, said, strict=True)
    )
    derived = Derived(
        document=document, own_print=strand(document).own_print, quoted_print=None, sentences=4, findings=findings,
        reader="plain", reading=Notes(participants=(), items=items),
    )  # fmt: skip
    return Incoming(raw_id=document.id, place="here", documents=(derived,))


@pytest.fixture(scope="module")
def papers(filled: tuple[Engine, Settings]) -> Iterator[TestClient]:
    with TestClient(create_app(*filled, load_plain), base_url="http://localhost") as found:
        yield found


@pytest.fixture(scope="module")
def exported(filled: tuple[Engine, Settings]) -> dict[str, Any]:
    with filled[0].begin() as connection:
        (one,) = views.export(connection, DAY)
        return as_export(one, DAY)


def test_the_relationship_shows_its_contract_with_days_and_facts(papers: TestClient) -> None:
    text = papers.get(f"/relationships/acme.example?as_of={DAY}").text
    section = text[text.index('id="contracts"') : text.index('id="timeline"')]
    assert "Kettu Ltd – Acme Oy" in section
    assert "from 1 Apr 2024 until 31 Mar 2025, renews itself" in section
    assert re.search(r"31 Dec 2024.{1,40}Last day to give notice.{1,80}past", section, re.DOTALL)
    assert re.search(r"31 Mar 2025.{1,40}Renews itself.{1,80}coming", section, re.DOTALL)
    assert re.search(r"payment.{1,20}30 days", section, re.DOTALL)


def test_every_quote_of_a_paper_leads_to_its_words(papers: TestClient) -> None:
    text = papers.get(f"/relationships/acme.example?as_of={DAY}").text
    targets = set(re.findall(r'href="(/documents/[^"#]+)#(s\d+)"', text))
    assert len(targets) > 5
    pages = {path: papers.get(path).text for path, _ in targets}
    assert [(p, anchor) for p, anchor in targets if f'id="{anchor}"' not in pages[p]] == []


def test_a_paper_says_what_it_is(papers: TestClient) -> None:
    text = papers.get(f"/documents/{'b' * 32}").text
    assert "notes" in text
    assert "minutes.md" in text
    assert "by the paper itself" in text
    assert "decision · 80 %" in text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=contract&kind=deadline", ["contract", "deadline", "deadline"]),
        ("kind=deadline&status=coming", ["deadline"]),
        ("kind=decision&kind=position", ["decision"]),
        ("kind=question", ["question"]),
    ],
)
def test_the_timeline_is_filtered_by_what_papers_say(papers: TestClient, query: str, kinds: list[str]) -> None:
    twin = papers.get(f"/v1/relationships/acme.example/timeline?{query}&as_of={DAY}").json()
    assert [e["kind"] for e in twin["items"]] == kinds
    page = papers.get(f"/relationships/acme.example?{query}&as_of={DAY}").text
    assert re.findall(r'class="entry (\w+)', page) == kinds


def test_a_stretch_may_end_between_a_contract_and_its_days(papers: TestClient) -> None:
    found, cursor = [], ""
    for _ in range(10):
        path = f"/v1/relationships/acme.example/timeline?limit=1&as_of={DAY}&cursor={cursor}"
        answer = papers.get(path).json()
        found += [e["id"] for e in answer["items"]]
        cursor = answer["next"] or ""
        if not cursor:
            break
    whole = papers.get(f"/v1/relationships/acme.example/timeline?as_of={DAY}").json()["items"]
    assert found == [e["id"] for e in whole]
    assert len(found) == len(set(found)) > 5


def test_before_its_day_a_contract_is_not_known(papers: TestClient, filled: tuple[Engine, Settings]) -> None:
    assert 'id="contracts"' not in papers.get("/relationships/acme.example?as_of=2024-03-03").text
    with filled[0].begin() as connection:
        wanted = Filter(kinds=(EntryKind.CONTRACT, EntryKind.DEADLINE))
        assert not views.entries(connection, wanted, date(2024, 3, 3)).items


def test_the_export_holds_contracts_their_days_and_what_was_minuted(exported: dict[str, Any]) -> None:
    (contract,) = exported["contracts"]
    assert contract["source"]["file"] == "agreement.md"
    assert contract["payment_days"]["value"] == 30
    assert contract["notice"]["value"] == {"length": 3, "unit": "month"}
    assert [(p["name"], p["side"]) for p in contract["parties"]] == [("Kettu Ltd", "us"), ("Acme Oy", "them")]
    (promise,) = exported["commitments"]
    assert promise["debtor"]["side"] == "them"
    assert [d["commitment"] for d in contract["obligations"] if d["due_date"]] == [promise["id"]]
    assert [(d["kind"], d["day"], d["status"], d["contract"]) for d in exported["deadlines"]] == [
        ("notice", "2024-12-31", "past", contract["id"]),
        ("renewal", "2025-03-31", "coming", contract["id"]),
    ]
    assert [(n["type"], n["source"]["quote"]) for n in exported["minuted"]] == [("decision", DECISION)]
    assert [(q["asked"]["quote"], q["status"], q["by"]["name"]) for q in exported["questions"]] == [
        (QUESTION, "open", "")
    ]
