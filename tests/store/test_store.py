from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import Connection

import store.read
import store.write
from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind
from errors import NotFound
from nlp.findings import Act, Finding
from store.write import Derived, Incoming


def _document(identity: str, text: str, message_id: str | None = None) -> Document:
    return Document(
        id=identity,
        kind=DocumentKind.EMAIL,
        text=text,
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),),
        subject="Sylinterit",
        message_id=message_id,
        at=datetime(2024, 3, 4, 9, 12, tzinfo=UTC),
        utc_offset=120,
        author=Address("tuomo@example.fi", "Tuomo"),
        to=(Address("sanna@example.org", "Sanna"),),
    )


def _incoming(document: Document, *findings: Finding) -> Incoming:
    derived = Derived(document=document, own_print=7, quoted_print=None, sentences=2, findings=findings, reader="r1")
    return Incoming(raw_id=document.id, place="here", documents=(derived,))


def test_a_document_comes_back_as_it_was_stored(connection: Connection) -> None:
    finding = Finding(start=0, end=4, acts=(Act.COMMIT,), debtor="writer", confidence={"commit": 0.9})
    document = _document("a" * 32, "Lupaan palata asiaan. \U0001f642", "1@example.fi")
    store.write.store(connection, [_incoming(document, finding)])
    filed = store.read.document(connection, "a" * 32)
    assert filed.document == document
    assert filed.findings == (finding,)
    assert filed.sentences == 2


def test_a_document_is_found_by_its_message_id_and_by_the_beginning_of_its_id(connection: Connection) -> None:
    document = _document("b" * 32, "Hei", "2@example.fi")
    store.write.store(connection, [_incoming(document)])
    assert store.read.document(connection, "<2@example.fi>").document.id == document.id
    assert store.read.document(connection, "bbbbbbb").document.id == document.id
    with pytest.raises(NotFound):
        store.read.document(connection, "nowhere")


def test_a_copy_with_the_same_message_id_and_words_is_a_duplicate(connection: Connection) -> None:
    first, copy = (
        _document("c" * 32, "Ok, sopii.", "3@example.fi"),
        _document("d" * 32, "Ok,  sopii.\n", "3@example.fi"),
    )
    outcome = store.write.store(connection, [_incoming(first), _incoming(copy)])
    assert (outcome.stored, outcome.duplicate) == (1, 1)
    assert store.write.known(connection, ["c" * 32, "d" * 32, "e" * 32]) == {"c" * 32, "d" * 32}


def test_the_same_message_id_over_other_words_is_no_duplicate(connection: Connection) -> None:
    first, other = _document("1" * 32, "Ok.", "4@example.fi"), _document("2" * 32, "Ei käy.", "4@example.fi")
    assert store.write.store(connection, [_incoming(first), _incoming(other)]).stored == 2


def test_a_mail_that_came_enclosed_before_is_a_duplicate_wherever_batches_end(connection: Connection) -> None:
    outer, inner = _document("7" * 32, "Katso liite.", "7@example.fi"), _document("8" * 32, "Sovittu.", "8@example.fi")
    both = msgspec.structs.replace(
        _incoming(outer), documents=(*_incoming(outer).documents, *_incoming(inner).documents)
    )
    outcome = store.write.store(connection, [both, _incoming(inner)])
    assert (outcome.stored, outcome.duplicate, outcome.enclosed) == (1, 1, 1)


def test_storing_a_batch_again_changes_nothing(connection: Connection) -> None:
    document = _document("3" * 32, "Hei", "5@example.fi")
    store.write.store(connection, [_incoming(document)])
    outcome = store.write.store(connection, [_incoming(msgspec.structs.replace(document, subject="muu"))])
    assert (outcome.stored, outcome.duplicate) == (0, 1)
    assert store.read.document(connection, document.id).document.subject == "Sylinterit"


def test_what_cannot_be_read_is_listed_with_its_reason_until_it_is_tried_again(connection: Connection) -> None:
    bad = Incoming(raw_id="f" * 32, place="old.mbox, message 7 (byte 12)", code=112, reason="nested too deep")
    assert store.write.store(connection, [bad]).quarantined == 1
    (row,) = store.read.quarantined(connection, "ffff")
    assert (row.place, row.code, row.reason) == (bad.place, 112, "nested too deep")
    store.write.forget_quarantined(connection, bad.raw_id)
    assert store.write.known(connection, [bad.raw_id]) == set()


def test_new_documents_wait_until_what_rests_on_them_is_derived(connection: Connection) -> None:
    store.write.store(connection, [_incoming(_document("4" * 32, "Hei"))])
    waiting = store.read.pending(connection)
    assert set(waiting) == {"4" * 32}
    store.write.settled(connection, {"4" * 32: "some other transaction"})
    assert store.read.pending(connection) == waiting
    store.write.settled(connection, waiting)
    assert store.read.pending(connection) == {}


def test_relationships_are_stale_until_they_are_derived(connection: Connection) -> None:
    store.write.mark_stale(connection)
    mark = store.read.stale(connection)
    assert mark
    store.write.mark_fresh(connection, "some other transaction")
    assert store.read.stale(connection) == mark
    store.write.mark_fresh(connection, mark)
    assert store.read.stale(connection) is None
