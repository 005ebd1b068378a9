from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.paper import Block, Form, Paper
from corpus.papers import read
from insights.contracts import FACTS, Contract, ContractFact, DeadlineKind, Origin, as_json, deadlines, read_contract
from nlp.contracts.facts import Length

ENGLISH = """# Maintenance Agreement

This Agreement is made on 3 March 2023 between Alder Works Ltd, company no. 00000001 ("Contractor"), and Fenwick
Dairies Ltd ("Customer").

## 1. Term

1.1 This Agreement enters into force on 1 April 2023 and continues until 31 March 2025. It is renewed for twelve (12)
months at a time unless either party gives notice of termination three (3) months before the end of the term.

## 2. Service

2.1 Contractor shall inspect each machine once a month and report in writing within five working days.

2.2 Contractor shall hand over the inspection plan by 28 April 2023.

2.3 For each commenced week of delay Contractor shall pay liquidated damages of 1 % of the annual fee, up to 10 %.

## 3. Payment

3.1 Customer shall pay each invoice within thirty (30) days of its date. Late payments bear interest at 8 % per annum.

## 4. Liability

4.1 The total liability of either party per year is limited to EUR 100,000. Neither party is liable for indirect loss.

## 5. Confidentiality

5.1 Confidential information is kept secret for five (5) years after the end of this Agreement.

## 6. Law

6.1 This Agreement is governed by the laws of Finland. Disputes are settled by arbitration in Helsinki.
"""
FINNISH = """# Siivoussopimus

Tilaaja: Lehtokunta (Y-tunnus 0000001-1)

Toimittaja: Kirkas Palvelut Oy (Y-tunnus 0000002-2)

## 1. Palvelu

1.1 Toimittaja siivoaa toimitilat arkisin ja toimittaa siivoussuunnitelman 15.2.2024 mennessä.

## 2. Hinnat ja maksut

2.1 Maksuehto on 21 päivää netto laskun päiväyksestä. Viivästyskorko on korkolain mukainen.

2.2 Jos palvelu viivästyy, toimittaja maksaa sopimussakkoa 5 % kuukausimaksusta jokaiselta alkavalta viikolta.

## 3. Voimassaolo

3.1 Sopimus tulee voimaan 1.2.2024 ja on voimassa toistaiseksi. Irtisanomisaika on kolme (3) kuukautta.

## 4. Vastuu ja riidat

4.1 Toimittajan vahingonkorvausvastuu on enintään 50 000 euroa.

4.2 Sopimukseen sovelletaan Suomen lakia. Riidat ratkaistaan Hämeen käräjäoikeudessa.
"""


def _contract(text: str, language: str) -> Contract:
    return read_contract(read(text.encode(), "a.md"), language, Origin(document="d", file="a.md"))


@pytest.fixture(scope="module")
def english() -> Contract:
    return _contract(ENGLISH, "en")


@pytest.fixture(scope="module")
def finnish() -> Contract:
    return _contract(FINNISH, "fi")


def _values(contract: Contract) -> dict[str, object]:
    return {name: fact.value for name in FACTS if (fact := getattr(contract, name)) is not None}


def test_an_english_contract_says_its_term_notice_and_payment(english: Contract) -> None:
    values = _values(english)
    assert values["effective_date"] == "2023-04-01"
    assert values["end_date"] == "2025-03-31"
    assert values["term_months"] == 24
    assert values["auto_renewal"] is True
    assert values["notice"] == Length(length=3, unit="month")
    assert values["payment_days"] == 30
    assert values["confidentiality_years"] == 5
    assert values["governing_law"] == "Finland"


def test_a_finnish_contract_says_its_term_notice_and_payment(finnish: Contract) -> None:
    values = _values(finnish)
    assert values["effective_date"] == "2024-02-01"
    assert values["indefinite"] is True
    assert values["notice"] == Length(length=3, unit="month")
    assert values["payment_days"] == 21
    assert values["governing_law"] == "Suomen laki"
    assert {"late_interest", "penalty", "liability_cap", "dispute"} <= set(values)


def test_parties_are_named_with_their_roles(english: Contract, finnish: Contract) -> None:
    assert [(p.name, p.role) for p in english.parties] == [
        ("Alder Works Ltd", "Contractor"), ("Fenwick Dairies Ltd", "Customer"),
    ]  # fmt: skip
    assert [p.name for p in finnish.parties] == ["Lehtokunta", "Kirkas Palvelut Oy"]


def test_each_fact_stands_with_its_words_and_clause(english: Contract) -> None:
    text = read(ENGLISH.encode(), "a.md").text
    for name in FACTS:
        fact = getattr(english, name)
        if fact is not None:
            assert text[fact.source.start : fact.source.end] == fact.source.quote
            assert 0.5 <= fact.confidence <= 1
    assert english.payment_days is not None
    assert english.payment_days.clause == "3.1"


def test_obligations_name_who_owes_them_and_the_day_where_one_is_said(english: Contract, finnish: Contract) -> None:
    (plan,) = [o for o in english.obligations if "inspection plan" in o.source.quote]
    assert (plan.party, plan.due_date) == ("Alder Works Ltd", date(2023, 4, 28))
    (siivous,) = [o for o in finnish.obligations if "siivoussuunnitelman" in o.source.quote]
    assert (siivous.party, siivous.due_date) == ("Kirkas Palvelut Oy", date(2024, 2, 15))


def test_what_a_contract_does_not_say_is_null_in_its_json(finnish: Contract) -> None:
    told = json.loads(json.dumps(as_json(finnish)))
    assert told["end_date"] is None
    assert set(FACTS) <= set(told)
    assert set(told["notice"]) >= {"value", "source", "confidence"}
    assert told["notice"]["value"] == {"length": 3, "unit": "month"}


def test_notice_and_renewal_days_follow_from_a_renewing_term(english: Contract) -> None:
    found = {d.kind: d.day for d in deadlines(english, date(2024, 6, 1))}
    assert found[DeadlineKind.NOTICE] == date(2024, 12, 31)
    assert found[DeadlineKind.RENEWAL] == date(2025, 3, 31)


def test_after_a_renewal_the_days_are_those_of_the_next_term(english: Contract) -> None:
    found = {d.kind: d.day for d in deadlines(english, date(2025, 4, 1))}
    assert found[DeadlineKind.RENEWAL] == date(2026, 3, 31)


def test_once_the_day_for_notice_is_past_only_the_renewal_is_told(english: Contract) -> None:
    kinds = {d.kind for d in deadlines(english, date(2025, 1, 15))}
    assert DeadlineKind.NOTICE not in kinds
    assert DeadlineKind.RENEWAL in kinds


def test_a_contract_that_ended_has_no_days_left(english: Contract) -> None:
    ended = msgspec.structs.replace(english, auto_renewal=None, obligations=())
    assert deadlines(ended, date(2026, 1, 1)) == ()
    (end,) = deadlines(ended, date(2025, 1, 1))
    assert (end.kind, end.day) == (DeadlineKind.END, date(2025, 3, 31))


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_no_deadline_is_past(english: Contract, day: date) -> None:
    assert all(d.day >= day for d in deadlines(english, day))


def test_a_paper_that_is_no_contract_says_hardly_anything() -> None:
    found = _contract("Hello,\n\nthanks for lunch. See you on Friday at the match!\n\nAnna\n", "en")
    assert not [name for name in FACTS if isinstance(getattr(found, name), ContractFact)]


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    paper = Paper(form=Form.TEXT, text=text, blocks=(Block(start=0, end=len(text)),))
    for language in ("en", "fi"):
        found = read_contract(paper, language, Origin(document="d"))
        assert all(text[o.source.start : o.source.end] == o.source.quote for o in found.obligations)
