from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Address, Document, DocumentKind, Sending, Zone, ZoneKind
from insights.directory import Account
from insights.envelopes import Envelope
from insights.letters import Direction
from insights.naming import read_name
from insights.placing import Loose, Placing, Reason, loose, place
from insights.relationships import Relations, relate

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
ANNA = Address("anna.aalto@tuulikas.fi", "Anna Aalto")
KIRSI = Address("kirsi.holopainen@kuuskoski.fi", "Kirsi Holopainen")
MARJA = Address("marja-leena.rantasalo@kuuskoski.fi", "Marja-Leena Rantasalo")
TOM = Address("tom.reed@acmepumps.example", "Tom Reed")
DORA = Address("dora.dahl@gmail.com", "Dora Dahl")
KUUSKOSKI, ACME, DAHL = "kuuskoski.fi", "acmepumps.example", "dora.dahl@gmail.com"


def _mail(name: str, author: Address, *to: Address, sending: Sending = Sending.PERSONAL) -> Envelope:
    at = START + timedelta(days=len(name))
    return Envelope(id=name, at=at, author=author, subject="", to=to, sending=sending, thread=name)


MAILS = (
    _mail("in", KIRSI, ANNA),
    _mail("out", ANNA, MARJA),
    _mail("pumps", TOM, ANNA),
    _mail("both", ANNA, KIRSI, TOM),
    _mail("dora", DORA, ANNA),
    _mail("news", KIRSI, ANNA, sending=Sending.BULK),
)
RELATIONS = relate(MAILS, ("tuulikas.fi",))


def _paper(text: str, kind: DocumentKind = DocumentKind.NOTES, language: str | None = "fi") -> Loose:
    zones = (Zone(kind=ZoneKind.OWN, start=0, end=len(text)),)
    return loose(Document(id="p", kind=kind, text=text, zones=zones, language=language, file="x.pdf"))


def _placed(
    paper: Loose,
    carriers: tuple[str, ...] = (),
    assigned: dict[str, str | None] | None = None,
    relations: Relations = RELATIONS,
) -> Placing | None:
    return place([paper], relations, {"p": carriers}, assigned or {}).get("p")


def _home(paper: Loose, carriers: tuple[str, ...] = (), relations: Relations = RELATIONS) -> tuple[str, Reason] | None:
    found = _placed(paper, carriers, relations=relations)
    return None if found is None else (found.relationship, found.reason)


CONTRACT = (
    "PALVELUSOPIMUS\n\n1. Osapuolet\n\nTilaaja: {them}\nToimittaja: Tuulikas Oy\n\n2. Tausta\n\nSopimus palvelusta.\n"
)


def test_a_paper_belongs_where_the_mail_does_that_it_came_with() -> None:
    found = _placed(_paper("Asialista"), ("in",))
    assert found is not None
    assert (found.relationship, found.reason, found.direction) == (KUUSKOSKI, Reason.MAIL, Direction.IN)
    assert found.confidence > 0.9
    sent = _placed(_paper("Asialista"), ("out",))
    assert sent is not None
    assert sent.direction is Direction.OUT


def test_a_paper_that_went_to_two_houses_alike_belongs_to_neither_unless_its_text_tells() -> None:
    assert _placed(_paper("Yleiset ehdot"), ("both",)) is None
    assert _placed(_paper("Yleiset ehdot"), ("in", "pumps")) is None
    assert _home(_paper("Yhteyshenkilö: Tom Reed"), ("both",)) == (ACME, Reason.MAIL)


def test_what_came_with_newsletters_alone_is_as_quiet_as_they_are() -> None:
    found, also = _placed(_paper("Uutta"), ("news",)), _placed(_paper("Uutta"), ("news", "in"))
    assert found is not None
    assert also is not None
    assert (found.quiet, also.quiet) == (True, False)


def test_an_address_of_theirs_in_the_text_tells_ours_and_a_strangers_do_not() -> None:
    assert _home(_paper("Kysy: laskut@kuuskoski.fi")) == (KUUSKOSKI, Reason.ADDRESS)
    assert _home(_paper("Katso https://www.kuuskoski.fi/ehdot.")) == (KUUSKOSKI, Reason.ADDRESS)
    assert _home(_paper("Kysy: Dora.Dahl@gmail.com")) == (DAHL, Reason.ADDRESS)
    assert _home(_paper("Kysy: anna.aalto@tuulikas.fi, x@gmail.com, finlex.fi, notkuuskoski.fi")) is None


@pytest.mark.parametrize(
    ("party", "home"),
    [
        ("Kuuskoski Oy", KUUSKOSKI),
        ("KUUSKOSKI OYJ", KUUSKOSKI),
        ("Kuuskosken kunta", KUUSKOSKI),
        ("Acme Pumps Oy", ACME),
        ("Acme Pumps Finland Oy", ACME),
        ("Kuuskanto Oy", None),
    ],
)
def test_a_contract_belongs_to_the_party_that_is_not_us(party: str, home: str | None) -> None:
    found = _home(_paper(CONTRACT.format(them=party), DocumentKind.CONTRACT))
    assert found == (None if home is None else (home, Reason.PARTY))


def test_the_name_that_a_crm_knows_a_house_by_counts() -> None:
    account = Account(external_id="1", name="Vihreä Lehti Oy", domains=("vl-group.example",))
    mails = (*MAILS, _mail("leaf", Address("ossi@vl-group.example", "Ossi Oja"), ANNA))
    relations = relate(mails, ("tuulikas.fi",), [account])
    paper = _paper(CONTRACT.format(them="VIHREÄ LEHTI OYJ"), DocumentKind.CONTRACT)
    assert _home(paper, relations=relations) == ("vl-group.example", Reason.PARTY)


def test_our_own_name_places_nothing_even_where_another_house_begins_like_it() -> None:
    mails = (*MAILS, _mail("like", Address("ossi@tuulikas-tukku.example", "Ossi Oja"), ANNA))
    relations = relate(mails, ("tuulikas.fi",))
    assert _home(_paper(CONTRACT.format(them="Kuuskanto Oy"), DocumentKind.CONTRACT), relations=relations) is None


def test_people_are_known_in_any_form_of_their_names() -> None:
    assert _home(_paper("Sovittiin Kirsi Holopaisen kanssa.")) == (KUUSKOSKI, Reason.PEOPLE)
    assert _home(_paper("Läsnä: M-L Rantasalo, K. Holopainen, A. Aalto.")) == (KUUSKOSKI, Reason.PEOPLE)
    assert _home(_paper("Present: Tom Reed and Anna Aalto.", language="en")) == (ACME, Reason.PEOPLE)
    assert _home(_paper("Present: Tom Reed.", language=None)) == (ACME, Reason.PEOPLE)


def test_a_last_name_or_the_people_of_two_houses_are_not_enough() -> None:
    assert _home(_paper("Holopainen kysyi asiasta. K. Holopainen vastasi.")) is None
    assert _home(_paper("Läsnä: Kirsi Holopainen, Tom Reed, Anna Aalto.")) is None


def test_two_of_their_people_make_it_surer_than_one() -> None:
    one, two = _placed(_paper("Kirsi Holopainen")), _placed(_paper("Kirsi Holopainen, Marja-Leena Rantasalo"))
    assert one is not None
    assert two is not None
    assert one.confidence < two.confidence


def test_a_persons_word_counts_before_all_else() -> None:
    paper = _paper("Kirsi Holopainen, laskut@kuuskoski.fi")
    assert _placed(paper, ("in",), {"p": ACME}) == Placing(relationship=ACME, confidence=1.0, reason=Reason.ASSIGNED)
    assert _placed(paper, ("in",), {"p": None}) is None


def test_an_assignment_to_what_is_no_relationship_any_more_is_passed_over() -> None:
    found = _placed(_paper("Asialista"), ("in",), {"p": "gone.example"})
    assert found is not None
    assert (found.relationship, found.reason) == (KUUSKOSKI, Reason.MAIL)


def test_an_assignment_follows_a_domain_to_the_account_that_has_it_now() -> None:
    account = Account(external_id="1", name="Kuusi", domains=("kuusi.example", KUUSKOSKI))
    found = _placed(_paper("Asialista"), (), {"p": KUUSKOSKI}, relate(MAILS, ("tuulikas.fi",), [account]))
    assert found is not None
    assert found.relationship == "kuusi.example"


def test_a_place_is_no_houses_name_in_running_text() -> None:
    mails = (*MAILS, _mail("city", Address("ossi@helsinki.fi", "Ossi Oja"), ANNA))
    relations = relate(mails, ("tuulikas.fi",))
    assert _home(_paper("Kokous pidettiin Helsingissä, Helsinki."), relations=relations) is None
    assert _home(_paper("Palaveri Kuuskosken kanssa."), relations=relations) == (KUUSKOSKI, Reason.PARTY)


def test_cities_and_towns_of_one_name_are_two() -> None:
    assert read_name("Porin kaupunki", "fi").words == read_name("Pori").words
    assert not read_name("Porin kaupunki", "fi").may_be(read_name("Porin kunta", "fi"))


@settings(deadline=None)
@given(st.text(alphabet="AKäö .-@fi&'\n", max_size=300), st.sampled_from(["fi", "en", None, "xx"]))
def test_any_text_is_placed_or_not_without_failing(text: str, language: str | None) -> None:
    for kind in (DocumentKind.CONTRACT, DocumentKind.OTHER):
        found = _placed(_paper(text, kind, language))
        assert found is None or found.confidence >= 0.66


@pytest.mark.parametrize("text", ["A " * 60_000, "a." * 60_000, "a" * 120_000, "a@" * 60_000, "A. B-C " * 20_000])
def test_hostile_text_is_read_in_one_go(text: str) -> None:
    assert _placed(_paper(text, DocumentKind.OTHER)) is None
