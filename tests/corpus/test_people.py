"""Addresses as headers hold them, and which of them are one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Address
from corpus.people import addresses, is_freemail, is_role, name_key, people, registrable

ANNA = Address("anna.virta@corp.fi", "Anna Virta")


@pytest.mark.parametrize(
    "header",
    [
        "Anna Virta <Anna.Virta@corp.fi>",
        '"Virta, Anna" <anna.virta@corp.fi>',
        "Virta, Anna <anna.virta@corp.fi>",
        "anna.virta@corp.fi (Anna Virta)",
        "'Anna Virta' <anna.virta@corp.fi>",
        "=?utf-8?q?Virta=2C_Anna?= <anna.virta@corp.fi>",
        "Team: Anna Virta <anna.virta@corp.fi>;",
        "Anna Virta (E-mail) <anna.virta@corp.fi>",
        "Anna Virta <mailto:anna.virta@corp.fi>",
        "Anna Virta <anna.virta@corp.fi",
        "Anna Virta anna.virta@corp.fi",
        "IMCEANOTES-Anna+20Virta+20+3Canna+2Evirta+40corp+2Efi+3E@firm.com",
    ],
)
def test_an_address_is_read_however_a_mail_program_wrote_it(header: str) -> None:
    assert addresses(header) == (ANNA,)


def test_a_list_of_mailboxes_is_read_in_order() -> None:
    header = 'tom@partner.com, "Virta, Anna" <anna.virta@corp.fi>; "a@b.fi" <a@b.fi>, undisclosed-recipients:;'
    assert addresses(header) == (Address("tom@partner.com"), ANNA, Address("a@b.fi"))


def test_a_name_without_an_address_keeps_its_name() -> None:
    assert addresses("Anna Virta") == (Address("", "Anna Virta"),)
    assert addresses("") == addresses("undisclosed-recipients:;") == ()


@pytest.mark.parametrize("name", ["Forrester Research, Inc.", "Nordic Timber, Oy", "Berg, Virta, Koski"])
def test_a_company_is_not_turned_round(name: str) -> None:
    assert addresses(f'"{name}" <info@corp.fi>')[0].name == name


def test_a_suffix_stays_behind_the_last_name() -> None:
    assert addresses('"Bowen Jr., Raymond" <r@corp.com>')[0].name == "Raymond Bowen Jr."


@given(st.text(max_size=300))
def test_any_header_gives_addresses_in_lower_case(header: str) -> None:
    assert all(a.email == a.email.lower() and (a.email or a.name) for a in addresses(header))


def test_the_registrable_domain_is_the_organisations() -> None:
    assert registrable("Anna@mail.corp.co.uk") == "corp.co.uk"
    assert registrable("corp.fi") == "corp.fi"
    assert registrable("192.168.0.1") is registrable("co.uk") is registrable("") is None


def test_free_mailboxes_are_known_in_every_country() -> None:
    assert all(map(is_freemail, ["gmail.com", "yahoo.co.uk", "hotmail.fi", "luukku.com", "pp.inet.fi", "kolumbus.fi"]))
    assert not any(map(is_freemail, ["corp.fi", "hotmail-service.com", ""]))


def test_roles_are_told_from_people() -> None:
    assert all(map(is_role, ["info@corp.fi", "no-reply@corp.fi", "asiakaspalvelu@corp.fi", "usrp-list@corp.fi"]))
    assert not any(map(is_role, ["anna.virta@corp.fi", "sinfo@corp.fi", "hrant@corp.fi"]))


def test_a_name_compares_without_order_case_accents_initials_and_titles() -> None:
    names = ["Kaminski, Vince J", "vince KAMINSKI", "Dr. Vince J. Kaminski", "Vincé Kaminski (Firm)"]
    assert set(map(name_key, names)) == {"kaminski vince"}
    assert name_key("J.") == ""


def merged(*seen: tuple[str, str]) -> list[tuple[str, ...]]:
    return [p.emails for p in people((Address(email, name), 1) for email, name in seen)]


def test_mailboxes_of_one_name_at_one_organisation_are_one_person() -> None:
    assert merged(("anna.virta@corp.fi", "Anna Virta"), ("avirta@mail.corp.fi", "Virta Anna")) == [
        ("anna.virta@corp.fi", "avirta@mail.corp.fi")
    ]


def test_a_free_mailbox_joins_the_only_organisation_of_that_name() -> None:
    assert merged(("a@corp.fi", "Anna Virta"), ("av@gmail.com", "Anna Virta")) == [("a@corp.fi", "av@gmail.com")]


@pytest.mark.parametrize(
    "seen",
    [
        (("a@corp.fi", "Anna Virta"), ("a@other.fi", "Anna Virta")),
        (("a@corp.fi", "Anna"), ("b@corp.fi", "Anna")),
        (("info@corp.fi", "Anna Virta"), ("a@corp.fi", "Anna Virta")),
        (("anna.virta@corp.fi", "Anna Virta"), ("anna.virta2@corp.fi", "Anna Virta")),
    ],
)
def test_people_who_may_be_two_stay_two(seen: tuple[tuple[str, str], ...]) -> None:
    assert len(merged(*seen)) == 2


def test_a_free_mailbox_stays_alone_where_two_organisations_bear_its_name() -> None:
    seen = (("a@corp.fi", "Anna Virta"), ("a@other.fi", "Anna Virta"), ("av@gmail.com", "Anna Virta"))
    assert len(merged(*seen)) == 3


def test_a_person_bears_the_name_seen_most() -> None:
    seen = [(Address("a@corp.fi", "A. Virta"), 2), (Address("a@corp.fi", "Anna Virta"), 5), (Address("a@corp.fi"), 9)]
    (person,) = people(seen)
    assert (person.id, person.name) == ("a@corp.fi", "Anna Virta")


EMAILS = st.sampled_from(["a@corp.fi", "b@corp.fi", "a2@corp.fi", "a@gmail.com", "a@other.fi", "info@corp.fi"])
NAMES = st.sampled_from(["", "Anna Virta", "Virta Anna", "Tom Berg", "Anna"])


@given(st.lists(st.tuples(EMAILS, NAMES, st.integers(1, 9)), max_size=12), st.randoms())
def test_people_do_not_depend_on_the_order_and_hold_each_mailbox_once(
    seen: list[tuple[str, str, int]], chance: object
) -> None:
    pairs = [(Address(email, name), count) for email, name, count in seen]
    shuffled = sorted(pairs, key=lambda _: chance.random())  # type: ignore[attr-defined]
    found = people(pairs)
    assert found == people(shuffled)
    assert sorted(e for p in found for e in p.emails) == sorted({email for email, _, _ in seen})


def test_an_address_that_spells_out_a_name_names_its_owner() -> None:
    (person,) = people([(Address("anna.virta@acme.example"), 3)])
    assert person.name == "Anna Virta"
    (nobody,) = people([(Address("av7@acme.example"), 3)])
    assert nobody.name == ""
