from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

import store.papers
import store.read
import store.write
from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind
from corpus.genre import PaperKind
from errors import BadFilter, InputError, NotFound
from insights.envelopes import Envelope
from insights.letters import Direction
from insights.placing import Placing, Reason
from insights.relationships import relate
from store.papers import Placed, Wanted
from store.write import Derived, Incoming

ACME = "acme.example"
CONTRACT, MINUTES, LOST = "c" * 32, "d" * 32, "e" * 32


def _document(identity: str, kind: DocumentKind, at: datetime | None) -> Document:
    return Document(
        id=identity,
        kind=kind,
        kind_confidence=0.9,
        text="Hei",
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=3),),
        subject=f"Title {identity[0]}",
        file=None if kind is DocumentKind.EMAIL else f"{identity[0]}.pdf",
        at=at,
        language="fi",
    )


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """A mail, and three papers: a placed contract, minutes, and one that nobody knows where to put."""
    documents = (
        _document("1" * 32, DocumentKind.EMAIL, datetime(2024, 3, 1, tzinfo=UTC)),
        _document(CONTRACT, DocumentKind.CONTRACT, datetime(2024, 3, 4, tzinfo=UTC)),
        _document(MINUTES, DocumentKind.NOTES, datetime(2024, 3, 5, tzinfo=UTC)),
        _document(LOST, DocumentKind.OTHER, None),
    )
    store.write.store(
        connection,
        [
            Incoming(
                raw_id=d.id,
                place=f"folder/{d.id[0]}",
                documents=(Derived(document=d, own_print=1, quoted_print=None),),
            )
            for d in documents
        ],
    )
    tom, anna = Address("tom@acme.example"), Address("anna@ours.example")
    mail = Envelope(id="1" * 32, at=documents[0].at, author=tom, subject="", to=(anna,), thread="1" * 32)
    placed = {
        CONTRACT: Placing(relationship=ACME, confidence=0.97, reason=Reason.PARTY),
        MINUTES: Placing(relationship=ACME, confidence=0.73, reason=Reason.PEOPLE, direction=Direction.OUT),
    }
    store.write.relations(connection, relate([mail], ("ours.example",)), placed, "1")
    return connection


def _ids(connection: Connection, wanted: Wanted) -> list[str]:
    return [p.id for p in store.papers.placed(connection, wanted).items]


def test_papers_are_listed_newest_first_each_with_its_place_and_why(filled: Connection) -> None:
    found = store.papers.placed(filled, Wanted()).items
    assert [p.id for p in found] == [MINUTES, CONTRACT, LOST]
    assert found[1] == store.papers.where(filled, CONTRACT)
    assert found[1] == Placed(
        id=CONTRACT,
        kind=PaperKind.CONTRACT,
        kind_confidence=0.9,
        language="fi",
        day=datetime(2024, 3, 4, tzinfo=UTC).date(),
        title="Title c",
        file="c.pdf",
        place="folder/c",
        relationship=ACME,
        confidence=0.97,
        reason=Reason.PARTY,
        passed_over=None,
    )
    lost = found[2]
    assert (lost.relationship, lost.confidence, lost.reason, lost.day) == (None, None, None, None)


def test_filters_narrow_the_list(filled: Connection) -> None:
    assert _ids(filled, Wanted(kinds=(PaperKind.CONTRACT, PaperKind.OTHER))) == [CONTRACT, LOST]
    assert _ids(filled, Wanted(relationship=ACME)) == [MINUTES, CONTRACT]
    assert _ids(filled, Wanted(placed=False)) == [LOST]
    assert _ids(filled, Wanted(placed=True)) == [MINUTES, CONTRACT]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_walking_all_pages_gives_each_paper_once(filled: Connection, limit: int) -> None:
    found, cursor = [], None
    while True:
        page = store.papers.placed(filled, Wanted(), cursor=cursor, limit=limit)
        found += [p.id for p in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == [MINUTES, CONTRACT, LOST]


def test_a_strange_cursor_is_refused(filled: Connection) -> None:
    with pytest.raises(BadFilter):
        store.papers.placed(filled, Wanted(), cursor="nonsense")


def test_what_a_person_says_is_kept_and_makes_relationships_stale(filled: Connection) -> None:
    store.write.mark_fresh(filled, store.read.stale(filled) or "")
    store.papers.assign(filled, LOST, ACME)
    assert store.read.stale(filled)
    assert store.papers.assignments(filled) == {LOST: ACME}
    store.papers.assign(filled, LOST, None)
    assert store.papers.assignments(filled) == {LOST: None}


def test_a_paper_that_belongs_nowhere_by_a_persons_word_waits_for_nobody(filled: Connection) -> None:
    store.papers.assign(filled, LOST, None)
    assert _ids(filled, Wanted(placed=False)) == []
    paper = store.papers.where(filled, LOST)
    assert (paper.relationship, paper.reason, paper.confidence) == (None, Reason.ASSIGNED, 1.0)


def test_an_assignment_that_counts_for_nothing_is_told(filled: Connection) -> None:
    store.papers.assign(filled, MINUTES, "gone.example")
    paper = store.papers.where(filled, MINUTES)
    assert (paper.relationship, paper.reason, paper.passed_over) == (ACME, Reason.PEOPLE, "gone.example")


def test_only_papers_are_assigned(filled: Connection) -> None:
    with pytest.raises(NotFound):
        store.papers.assign(filled, "f" * 32, ACME)
    with pytest.raises(InputError, match="is a mail"):
        store.papers.assign(filled, "1" * 32, ACME)
