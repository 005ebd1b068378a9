from __future__ import annotations

from datetime import UTC, datetime

from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind
from insights.directory import Account
from insights.envelopes import Envelope
from insights.founding import settle
from insights.placing import Loose, Reason, loose
from insights.relationships import Relations, relate

ANNA = Address("anna.aalto@tuulikas.fi", "Anna Aalto")
KIRSI = Address("kirsi.holopainen@kuuskoski.fi", "Kirsi Holopainen")
CONTRACT = "PALVELUSOPIMUS\n\n1. Osapuolet\n\nTilaaja: {a}\nToimittaja: {b}\n\n2. Tausta\n\nSopimus palvelusta.\n"


def _mail(author: Address, to: Address) -> Envelope:
    return Envelope(id="m", at=datetime(2024, 3, 4, 9, tzinfo=UTC), author=author, subject="", to=(to,), thread="m")


def _relations(*mails: Envelope) -> Relations:
    return relate(mails, ("tuulikas.fi",))


def _paper(name: str, text: str, kind: DocumentKind = DocumentKind.CONTRACT) -> Loose:
    zones = (Zone(kind=ZoneKind.OWN, start=0, end=len(text)),)
    return loose(Document(id=name, kind=kind, text=text, zones=zones, language="fi", file=f"{name}.pdf"))


def _contract(name: str, a: str, b: str) -> Loose:
    return _paper(name, CONTRACT.format(a=a, b=b))


def test_a_contract_with_somebody_who_writes_no_mail_opens_a_relationship() -> None:
    relations, placed = settle([_contract("p", "Tuulikas Oy", "Havumetsän Kuljetus Oy")], _relations(), {}, {})
    (one,) = relations.relationships
    assert one.name == "Havumetsän Kuljetus Oy"
    assert (placed["p"].relationship, placed["p"].reason) == (one.id, Reason.PARTY)


def test_other_papers_that_name_the_new_house_join_it() -> None:
    minutes = _paper("n", "Muistio\n\nLäsnä: Tuulikas Oy ja Havumetsän Kuljetus Oy\n", DocumentKind.NOTES)
    papers = [minutes, _contract("p", "Tuulikas Oy", "Havumetsän Kuljetus Oy")]
    relations, placed = settle(papers, _relations(), {}, {})
    assert {placed["n"].relationship, placed["p"].relationship} == {relations.relationships[0].id}


def test_a_house_with_which_we_have_mail_gets_no_second_relationship() -> None:
    relations, placed = settle([_contract("p", "Kuuskoski Oy", "Tuulikas Oy")], _relations(_mail(KIRSI, ANNA)), {}, {})
    assert [r.id for r in relations.relationships] == ["kuuskoski.fi"]
    assert placed["p"].relationship == "kuuskoski.fi"


def test_an_account_of_the_crm_is_opened_under_its_own_id() -> None:
    account = Account(external_id="C-7", name="Havumetsän Kuljetus", domains=("havumetsa.fi",))
    paper = _contract("p", "Havumetsän Kuljetus Oy", "Tuulikas Oy")
    relations, placed = settle([paper], _relations(), {}, {}, [account])
    (one,) = relations.relationships
    assert (one.id, one.external_id, placed["p"].relationship) == ("havumetsa.fi", "C-7", "havumetsa.fi")


def test_a_contract_between_others_opens_nothing() -> None:
    relations, placed = settle([_contract("p", "Kuuskoski Oy", "Havumetsän Kuljetus Oy")], _relations(), {}, {})
    assert (relations.relationships, placed) == ((), {})


def test_a_contract_that_a_person_put_nowhere_opens_nothing() -> None:
    paper = _contract("p", "Tuulikas Oy", "Havumetsän Kuljetus Oy")
    assert settle([paper], _relations(), {}, {"p": None})[0].relationships == ()
