"""Contracts and minutes as part of a relationship."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from house import PEOPLE, START, THEM, US, day, say, write

from corpus.document import DocumentKind
from corpus.papers import read as read_paper
from insights.contracts import Contract, DeadlineKind, Origin, days, read_contract
from insights.entries import EntryKind, entry, unfolded
from insights.insight import NOBODY, QuestionStatus, Side, Source
from insights.letters import Direction, Letter
from insights.notes import NoteItem, Notes
from insights.timeline import as_of, read, timeline
from nlp.findings import Act, Due, Finding, IssueCategory
from nlp.minutes.items import ItemType

TEXT = """# Maintenance Agreement

This Agreement is made on 3 March 2023 between Northwind Ltd ("Contractor") and Southgate Oy ("Customer").

## 1. Term

1.1 This Agreement enters into force on 1 April 2023 and continues until 31 March 2025. It is renewed for twelve (12)
months at a time unless either party gives notice of termination three (3) months before the end of the term.

## 2. Service

2.1 Contractor shall hand over the inspection plan by 28 April 2023.
"""


def agreement(at: datetime | None = START, text: str = TEXT) -> Letter:
    """A contract between the two houses, with its dated duties as findings."""
    paper = read_paper(text.encode(), "agreement.md")
    contract = read_contract(paper, "en", Origin(document="c", file="agreement.md", at=at))
    found = [_promise(o.source, o.party, o.due_date) for o in contract.obligations if o.due_date and o.party]
    return Letter(
        id="c", text=paper.text, at=at, thread="c", kind=DocumentKind.CONTRACT, direction=Direction.IN,
        file="agreement.md", layout=paper.layout, read=contract, findings=tuple(found),
    )  # fmt: skip


def _promise(source: Source, debtor: str, last: date) -> Finding:
    due = Due(words="", start=0, end=0, iso=str(last), first=last, last=last)
    return Finding(
        start=source.start, end=source.end, acts=(Act.COMMIT,), debtor=debtor, due=due, confidence={"commit": 0.9}
    )


def minutes(*items: tuple[ItemType, str, tuple[str, ...]], at: float = 0, name: str = "m") -> Letter:
    """Minutes of those items."""
    text = "\n".join(words for _, words, _ in items)
    kinds = {ItemType.OPEN_QUESTION: (Act.QUESTION,), ItemType.DECISION: (Act.ACCEPT,), ItemType.ACTION: (Act.COMMIT,)}
    found, findings, start = [], [], 0
    for type_, words, who in items:
        source = Source(document=name, quote=words, start=start, end=start + len(words))
        found.append(
            NoteItem(id=f"{name}{start}", type=type_, who=who, due=None, due_date=None, source=source, confidence=0.8)
        )
        acts = kinds.get(type_, ())
        findings.append(Finding(start=start, end=start + len(words), acts=acts, confidence=dict.fromkeys(acts, 0.8)))
        start += len(words) + 1
    return Letter(
        id=name, text=text, at=write("x", "ben", at=at).at, thread=name, kind=DocumentKind.NOTES,
        direction=Direction.IN, findings=tuple(findings), read=Notes(participants=(), items=tuple(found)),
    )  # fmt: skip


# contracts


def later(name: str, days_on: int, text: str) -> Letter:
    """Another paper of the agreement, with its own id, day and words."""
    letter = agreement(START + timedelta(days=days_on), text)
    paper = read_paper(text.encode(), name)
    contract = read_contract(paper, "en", Origin(document=name, file=name, at=letter.at))
    return msgspec.structs.replace(letter, id=name, thread=name, file=name, read=contract, findings=())


def test_of_versions_the_one_that_counts_is_that_of_the_day_asked() -> None:
    signed = later(
        "signed.md", 20, TEXT.replace("28 April 2023", "5 May 2023") + "\nSigned in Turku on 24 March 2024.\n"
    )
    found = read([agreement(), signed], US, THEM)
    old, new = sorted(found.contracts, key=lambda c: c.source.document)
    assert (old.replaced, new.replaced) == (new.source, None)
    assert [e.document for e in new.editions] == ["c", "signed.md"]
    assert [change.kind for change in new.editions[-1].changes if "5 May" in str(change)]
    assert not days(old, day(30))
    (before,) = as_of(found, day(10)).contracts
    assert (before.source.document, before.replaced) == ("c", None)
    assert [e.document for e in before.editions] == ["c"]


def test_an_agreed_change_of_a_term_stands_on_the_timeline_from_its_day_on() -> None:
    mail = write("ok", "ben", say("Agreed, from now on the notice period is one (1) month.", Act.ACCEPT), at=30)
    found = read([agreement(), mail], US, THEM)
    (amendment,) = found.amendments
    assert (amendment.fact, amendment.said.document) == ("notice", "ok")
    (line,) = (e for e in timeline(found) if e.kind is EntryKind.AMENDMENT)
    assert line.title == "notice: 3 month → 1 month"
    assert not as_of(found, day(29)).amendments


def test_a_contract_knows_which_party_is_on_which_side() -> None:
    (contract,) = read([agreement()], US, THEM).contracts
    assert [(p.name, p.side) for p in contract.parties] == [("Northwind Ltd", Side.US), ("Southgate Oy", Side.THEM)]


def test_a_party_with_a_name_that_nobody_knows_is_on_the_side_that_is_left() -> None:
    (contract,) = read([agreement(text=TEXT.replace("Northwind", "Trading House"))], US, THEM).contracts
    assert [p.side for p in contract.parties] == [Side.US, Side.THEM]


def test_between_two_strangers_a_contract_has_no_sides() -> None:
    strange = TEXT.replace("Northwind", "Trading House").replace("Southgate", "Harbour Works")
    (contract,) = read([agreement(text=strange)], US, THEM).contracts
    assert [p.side for p in contract.parties] == [None, None]


def test_a_dated_duty_is_a_promise_of_its_party_and_shown_once() -> None:
    insights = read([agreement()], US, THEM)
    (promise,) = insights.commitments
    assert (promise.debtor, promise.creditor) == (US, THEM)
    (contract,) = insights.contracts
    assert [o.commitment for o in contract.obligations if o.due_date] == [promise.id]
    assert DeadlineKind.OBLIGATION not in {d.kind for d in days(contract, day(0))}


def test_the_days_of_the_term_that_runs_follow_a_contract_on_the_timeline() -> None:
    (contract,) = read([agreement()], US, THEM).contracts
    first, *rest = unfolded(contract, date(2025, 1, 15))
    assert (first.kind, first.at) == (EntryKind.CONTRACT, START)
    assert first.title == "Northwind Ltd – Southgate Oy, from 2023-04-01 to 2025-03-31, renews itself"
    assert [(e.kind, e.at) for e in rest] == [(EntryKind.DEADLINE, START)] * 2
    notice, renewal = rest
    assert notice.due is not None
    assert (notice.due.last, notice.status(date(2025, 1, 15))) == (date(2024, 12, 31), "past")
    assert renewal.due is not None
    assert (renewal.due.last, renewal.status(date(2025, 1, 15))) == (date(2025, 3, 31), "coming")
    later = [e.due.last for e in unfolded(contract, date(2025, 6, 1)) if e.due]
    assert later == [date(2025, 12, 31), date(2026, 3, 31)]


def test_a_contract_that_ended_shows_its_end_as_past() -> None:
    ended = TEXT[: TEXT.index(" It is renewed")] + "\n"
    (contract,) = read([agreement(text=ended)], US, THEM).contracts
    assert [(d.kind, d.status(date(2026, 1, 1))) for d in days(contract, date(2026, 1, 1))] == [
        (DeadlineKind.END, "past")
    ]


def test_a_contract_is_known_from_its_day_on() -> None:
    insights = read([agreement(START)], US, THEM)
    assert not as_of(insights, day(-1)).contracts
    assert as_of(insights, day(0)).contracts


def test_evidence_has_the_time_that_the_document_has_now() -> None:
    earlier = datetime(2024, 1, 2, tzinfo=UTC)
    (contract,) = read([msgspec.structs.replace(agreement(), at=earlier)], US, THEM).contracts
    assert isinstance(contract, Contract)
    assert contract.effective_date is not None
    assert {s.at for s in (contract.source, contract.effective_date.source)} == {earlier}
    assert {o.source.at for o in contract.obligations} == {earlier}


def test_papers_are_no_mail_in_mood_and_rhythm() -> None:
    insights = read([agreement(), minutes((ItemType.DECISION, "The price stays.", ()))], US, THEM)
    assert insights.mood == ()
    assert insights.rhythm.months == ()


# minutes


def test_decisions_and_positions_stand_on_the_timeline_with_the_side_of_their_people() -> None:
    insights = read(
        [
            write("a", "ben", say("Hello.")),
            minutes(
                (ItemType.DECISION, "The old seals are replaced.", ()),
                (ItemType.PROPOSAL, "Ben proposed a discount of 5 %.", ("Ben Brook",)),
                (ItemType.OPEN_QUESTION, "Who pays the freight?", ()),
                at=1,
            ),
        ],
        US,
        THEM,
    )
    assert [(e.kind, e.side) for e in map(entry, insights.minuted)] == [
        (EntryKind.DECISION, None),
        (EntryKind.POSITION, Side.THEM),
    ]
    assert {n.source.at and n.source.at.date() for n in insights.minuted} == {day(1)}
    kinds = [e.kind for e in timeline(insights)]
    assert kinds.count(EntryKind.DECISION) == kinds.count(EntryKind.POSITION) == kinds.count(EntryKind.QUESTION) == 1


def test_a_question_that_minutes_leave_open_waits_until_somebody_speaks_to_it() -> None:
    asked = minutes((ItemType.OPEN_QUESTION, "Who pays the freight of the spare seals?", ()))
    other = write("b", "anna", say("We will send the drawings.", Act.COMMIT), at=1)
    again = write("c", "ben", say("Who pays the freight of the seals?", Act.QUESTION), at=2)
    answer = write("d", "anna", say("We will pay the freight of the spare seals.", Act.COMMIT), at=3)
    question = next(q for q in read([asked, other, again, answer], US, THEM).questions if q.asked.document == "m")
    assert question.by == NOBODY
    assert [question.status(day(n)) for n in (2, 3)] == [QuestionStatus.OPEN, QuestionStatus.ANSWERED]


def test_what_a_meeting_gives_nobody_to_do_is_owed_by_nobody() -> None:
    (promise,) = read([minutes((ItemType.ACTION, "The drawings are sent.", ()))], US, THEM).commitments
    assert (promise.debtor, promise.creditor) == (NOBODY, NOBODY)


def test_a_meeting_accepts_no_request_of_the_mail_before() -> None:
    asked = write("a", "ben", say("Please send the minutes.", Act.REQUEST))
    held = msgspec.structs.replace(minutes((ItemType.DECISION, "The budget was approved.", ()), at=1), thread="t")
    assert not read([asked, held], US, THEM).commitments


def test_a_trouble_raised_in_a_meeting_is_nobodys_and_either_side_may_admit_it() -> None:
    held = minutes((ItemType.ISSUE, "The seals leak again.", ()))
    issue = msgspec.structs.replace(
        held.findings[0], issue=IssueCategory.QUALITY, severity=2, confidence={"issue": 0.9}
    )
    held = msgspec.structs.replace(held, findings=(issue,), thread="t")
    admitted = write("b", "anna", say("We will replace the leaking seals.", Act.COMMIT), at=1)
    (trouble,) = read([held, admitted], US, THEM).issues
    assert trouble.raised_by == NOBODY
    assert [s.event.value for s in trouble.history] == ["acknowledged"]


@pytest.mark.parametrize("who", list(PEOPLE))
def test_a_task_of_somebody_known_is_theirs(who: str) -> None:
    person = PEOPLE[who]
    held = minutes((ItemType.ACTION, f"{person.name} sends the drawings.", (person.name,)), at=1)
    task = msgspec.structs.replace(held.findings[0], debtor=person.name)
    letters = [write("a", who, say("Hello.")), msgspec.structs.replace(held, findings=(task,))]
    (promise,) = read(letters, US, THEM).commitments
    assert promise.debtor == person


def test_people_are_known_by_their_initials_in_minutes() -> None:
    held = minutes((ItemType.ACTION, "B. Brook sends the drawings.", ("B. Brook",)), at=1)
    task = msgspec.structs.replace(held.findings[0], debtor="B. Brook")
    letters = [write("a", "ben", say("Hello.")), msgspec.structs.replace(held, findings=(task,))]
    (promise,) = read(letters, US, THEM).commitments
    assert promise.debtor == PEOPLE["ben"]


def test_minutes_may_call_a_side_by_its_role_in_the_contract() -> None:
    held = minutes((ItemType.ACTION, "Contractor cleans the hall.", ("Contractor",)), at=1)
    task = msgspec.structs.replace(held.findings[0], debtor="Contractor")
    letters = [agreement(), msgspec.structs.replace(held, findings=(task,))]
    promise = next(c for c in read(letters, US, THEM).commitments if c.made.document == "m")
    assert (promise.debtor, promise.creditor) == (US, THEM)


def test_an_agreement_by_which_somebody_promises_something_is_told_once() -> None:
    held = minutes((ItemType.AGREEMENT, "Ben pays the freight.", ("Ben",)), at=1)
    task = msgspec.structs.replace(held.findings[0], acts=(Act.COMMIT, Act.ACCEPT), debtor="Ben")
    insights = read([write("a", "ben", say("Hello.")), msgspec.structs.replace(held, findings=(task,))], US, THEM)
    assert len(insights.commitments) == 1
    assert not insights.minuted
