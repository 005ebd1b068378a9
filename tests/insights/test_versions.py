"""Drafts and versions of a contract, which one counts, what changed; and what was agreed afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from house import PEOPLE

from corpus.document import DocumentKind
from corpus.papers import read
from insights.amendments import Amendment, find_amendments
from insights.contracts import Contract, Origin, read_contract
from insights.letters import Direction, Letter
from insights.notes import NoteItem, Notes
from insights.versions import current
from nlp.contracts.compare import ChangeKind
from nlp.contracts.facts import Length
from nlp.contracts.standing import Standing
from nlp.findings import Act, Finding
from nlp.minutes.items import ItemType

CONTRACT = """# Service Agreement

This Agreement is made between Northwind Ltd ("Supplier") and Southgate Oy ("Customer").

## 1. Term

1.1 This Agreement enters into force on {begins} and continues for two years. Either party may terminate it by giving
{notice} months' written notice to the other.

## 2. Service

2.1 Supplier shall keep the cold rooms of Customer in good repair and inspect every one of them once a month.

2.2 Supplier shall answer each call for repair within one working day and shall keep a record of all calls.

## 3. Payment

3.1 Customer shall pay each invoice within {days} days of its date.

3.2 Late payments bear interest at {interest} % per annum.

## 4. General

4.1 Amendments to this Agreement are valid only in writing and signed by both parties.

4.2 This Agreement is governed by the laws of Finland. Disputes are settled by the District Court of Helsinki.
{signed}"""
SIGNED = "\nSigned: Anna Aalto (Supplier), Ben Brook (Customer)\n"


def contract(
    name: str,
    day: int,
    *,
    days: int = 30,
    notice: str = "three (3)",
    interest: int = 8,
    begins: str = "1 April 2024",
    signed: str = "",
    text: str = CONTRACT,
) -> tuple[Letter, Contract]:
    """A contract's paper of that day of March 2024."""
    said = text.format(days=days, notice=notice, interest=interest, begins=begins, signed=signed)
    paper = read(said.encode(), "a.md")
    at = datetime(2024, 3, day, tzinfo=UTC)
    found = read_contract(paper, "en", Origin(document=name, file=name, at=at))
    letter = Letter(
        id=name,
        text=paper.text,
        at=at,
        thread=name,
        kind=DocumentKind.CONTRACT,
        direction=Direction.IN,
        subject="Service Agreement",
        file=name,
        language="en",
        layout=paper.layout,
        read=found,
    )
    return letter, found


def say(text: str, *acts: Act, name: str = "m1", day: int = 20, who: str = "ben", answers: str | None = None) -> Letter:
    """A mail of one sentence."""
    author = PEOPLE[who]
    finding = Finding(start=0, end=len(text), acts=acts, confidence=dict.fromkeys(acts, 0.9))
    return Letter(
        id=name,
        text=text,
        at=datetime(2024, 4, day, tzinfo=UTC),
        thread="t",
        answers=answers,
        direction=Direction.OUT if who != "ben" else Direction.IN,
        language="fi" if "ä" in text else "en",
        author=author,
        findings=(finding,),
    )


def minutes(text: str, kind: ItemType) -> Letter:
    """Minutes of one sentence."""
    said = say(text, Act.ACCEPT)
    item = NoteItem(
        id="n", type=kind, who=(), due=None, due_date=None, source=said.source(said.findings[0]), confidence=0.9
    )
    return msgspec.structs.replace(
        said, kind=DocumentKind.NOTES, author=None, read=Notes(participants=(), items=(item,))
    )


def only(found: tuple[Amendment, ...]) -> Amendment:
    (amendment,) = found
    return amendment


def test_the_last_of_equal_versions_counts_and_the_others_are_kept_in_order() -> None:
    papers = [contract("c.md", 9, days=14), contract("a.md", 1), contract("b.md", 5, days=21)]
    (version,) = current(papers)
    assert version.counting.document == "c.md"
    assert version.contract.payment_days is not None
    assert version.contract.payment_days.value == 14
    assert [(e.document, e.day and e.day.day) for e in version.older] == [("a.md", 1), ("b.md", 5)]


def test_a_signed_version_counts_whatever_came_after_it() -> None:
    papers = [contract("signed.md", 3, signed=SIGNED), contract("later.md", 8, days=21)]
    (version,) = current(papers)
    assert version.counting.standing is Standing.SIGNED
    assert version.counting.document == "signed.md"


@pytest.mark.parametrize("name", ["agreement_draft.md", "Palvelusopimus_luonnos_2.docx", "sopimusluonnos.pdf"])
def test_a_draft_never_counts_before_a_text_that_is_none(name: str) -> None:
    (version,) = current([contract("agreement.md", 3), contract(name, 9, days=21)])
    assert version.counting.document == "agreement.md"
    assert version.older[0].standing is Standing.DRAFT


def test_of_versions_of_one_day_the_higher_number_counts() -> None:
    (version,) = current([contract("agreement v10.md", 3, days=14), contract("agreement v9.md", 3)])
    assert version.counting.document == "agreement v10.md"


def test_what_changed_from_one_version_to_the_next_is_told_by_clause() -> None:
    (version,) = current([contract("a.md", 1), contract("b.md", 5, days=21, interest=7)])
    days, interest = version.counting.changes
    assert (days.kind, days.number) == (ChangeKind.CHANGED, "3.1")
    assert [(e.before, e.after) for e in days.edits] == [("30", "21")]
    assert [(e.before, e.after) for e in interest.edits] == [("8", "7")]


def test_a_contract_of_another_party_is_another_contract_however_alike() -> None:
    other = contract("b.md", 5, text=CONTRACT.replace("Southgate Oy", "Eastmoor Oy"))
    assert len(current([contract("a.md", 1), other])) == 2


def test_a_contract_that_follows_a_signed_one_is_no_version_of_it() -> None:
    papers = [contract("a.md", 1, signed=SIGNED), contract("b.md", 5, begins="1 April 2026", signed=SIGNED)]
    assert [v.counting.document for v in current(papers)] == ["a.md", "b.md"]


def test_the_order_in_which_versions_are_given_does_not_matter() -> None:
    papers = [contract("a.md", 1), contract("b_draft.md", 2), contract("c.md", 2, days=14, signed=SIGNED)]
    assert current(papers) == current(papers[::-1])


def test_a_place_and_a_day_at_the_end_are_a_signature() -> None:
    (version,) = current([contract("a.md", 1, signed="\nHelsinki, 2 March 2024\n\nAnna Aalto      Ben Brook\n")])
    assert version.counting.standing is Standing.SIGNED
    (version,) = current([contract("a.md", 1, signed="\nHelsinki, ___ March 2024\n\n____________________\n")])
    assert version.counting.standing is Standing.UNSIGNED


def test_an_agreed_change_is_linked_to_the_clause_and_to_what_is_said_of_amendments() -> None:
    held = contract("a.md", 1)
    said = say("Sovittiin, että maksuaika on jatkossa 14 päivää.", Act.ACCEPT)
    found = only(find_amendments([held[0], said], [held]))
    assert (found.fact, found.old, found.new) == ("payment_days", 30, 14)
    assert "within 30 days" in found.clause.quote
    assert found.said.document == "m1"
    assert found.form is not None
    assert "only in writing" in found.form.quote
    assert 0.3 < found.confidence < 1


def test_an_english_change_of_notice_is_found() -> None:
    held = contract("a.md", 1)
    said = say("We have agreed that the notice period is six months from now on.", Act.ACCEPT)
    found = only(find_amendments([said], [held]))
    assert (found.fact, found.new) == ("notice", Length(length=6, unit="month"))


def test_a_decision_of_a_meeting_needs_no_word_of_change() -> None:
    held = contract("a.md", 1)
    assert only(find_amendments([minutes("Maksuaika on 21 päivää.", ItemType.DECISION)], [held])).new == 21
    assert not find_amendments([minutes("Maksuaika on 21 päivää.", ItemType.PROPOSAL)], [held])


def test_a_proposal_is_a_candidate_only_once_the_other_side_accepts_it() -> None:
    held = contract("a.md", 1)
    asked = say("Ehdotan, että maksuaika on jatkossa 14 päivää.", Act.PROPOSE)
    assert not find_amendments([asked], [held])
    yes = say("That is fine with us.", Act.ACCEPT, name="m2", day=22, who="anna", answers="m1")
    found = only(find_amendments([asked, yes], [held]))
    assert found.said.document == "m1"
    assert found.agreed is not None
    assert found.agreed.document == "m2"
    own = say("That is fine.", Act.ACCEPT, name="m2", day=22, answers="m1")
    assert not find_amendments([asked, own], [held])


def test_what_the_contract_says_already_or_was_said_before_it_is_no_amendment() -> None:
    held = contract("a.md", 1)
    assert not find_amendments([say("Sovittiin, että maksuaika on jatkossa 30 päivää.", Act.ACCEPT)], [held])
    before = say("Sovittiin, että maksuaika on jatkossa 14 päivää.", Act.ACCEPT)
    early = msgspec.structs.replace(before, at=datetime(2024, 2, 1, tzinfo=UTC))
    assert not find_amendments([early], [held])


def test_a_promise_to_pay_one_invoice_is_no_amendment() -> None:
    held = contract("a.md", 1)
    assert not find_amendments([say("We will pay the invoice within 14 days.", Act.COMMIT)], [held])


def test_an_addendum_amends_whatever_its_day_and_is_itself_no_contract_that_is_amended() -> None:
    held = contract("a.md", 1)
    text = (
        "Addendum 1 to the Service Agreement between Northwind Ltd and Southgate Oy.\n\n"
        "1. Clause 3.1 is replaced by: Customer shall pay each invoice within forty (40) days of its date.\n"
        "{signed}"
    )
    addendum = contract("addendum.md", 1, text=text, signed=SIGNED)
    found = only(find_amendments([held[0], addendum[0]], [held, addendum]))
    assert (found.fact, found.old, found.new, found.contract) == ("payment_days", 30, 40, held[1].id)
    draft = contract("addendum draft.md", 20, text=text)
    assert not find_amendments([held[0], draft[0]], [held, draft])
