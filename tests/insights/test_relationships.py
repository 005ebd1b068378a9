from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Address, Sending
from insights.directory import Account, Unit
from insights.envelopes import Envelope
from insights.insight import RelationshipKind, Side
from insights.letters import Direction
from insights.relationships import Membership, Relations, infer_own_domains, party, relate

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
ANNA = Address("anna@northwind.example", "Anna Aalto")
VELI = Address("veli@northwind.example", "Veli Aho")
BEN = Address("ben@southgate.example", "Ben Brook")
CARL = Address("carl@eastlake.example", "Carl Cole")
DORA = Address("dora.dahl@gmail.com", "Dora Dahl")
LIST = Address("pump-users@lists.northwind.example")
US = ("northwind.example",)


def mail(
    name: str,
    author: Address,
    *to: Address,
    at: float = 0,
    sending: Sending = Sending.PERSONAL,
    thread: str | None = None,
    answers: str | None = None,
    list_id: str | None = None,
    subject: str = "",
) -> Envelope:
    return Envelope(
        id=name,
        subject=subject,
        at=START + timedelta(days=at),
        author=author,
        to=to,
        sending=sending,
        thread=thread or name,
        answers=answers,
        list_id=list_id,
    )


def places(relations: Relations, name: str) -> list[tuple[str, Direction]]:
    return [(m.relationship, m.direction) for m in relations.members.get(name, ())]


def test_a_mail_between_them_and_us_belongs_to_the_relationship_with_them() -> None:
    relations = relate([mail("a", BEN, ANNA), mail("b", ANNA, BEN)], US)
    assert places(relations, "a") == [("southgate.example", Direction.IN)]
    assert places(relations, "b") == [("southgate.example", Direction.OUT)]
    (relationship,) = relations.relationships
    assert (relationship.id, relationship.name, relationship.domains) == (
        "southgate.example",
        "Southgate",
        ("southgate.example",),
    )


def test_a_mail_of_ours_to_two_organisations_belongs_to_both() -> None:
    relations = relate([mail("a", ANNA, BEN, CARL)], US)
    assert places(relations, "a") == [("eastlake.example", Direction.OUT), ("southgate.example", Direction.OUT)]


def test_a_circular_to_more_than_ten_organisations_belongs_to_none() -> None:
    many = [Address(f"x@house{i}.example") for i in range(11)]
    assert relate([mail("a", ANNA, *many)], US).members == {}


def test_mail_among_others_that_we_were_not_sent_belongs_to_none() -> None:
    assert relate([mail("a", BEN, CARL)], US).members == {}


def test_somebody_with_a_freemail_address_is_a_relationship_of_one_person() -> None:
    (relationship,) = relate([mail("a", DORA, ANNA)], US).relationships
    assert (relationship.id, relationship.name) == ("dora.dahl@gmail.com", "Dora Dahl")


def test_a_private_mailbox_of_somebody_of_theirs_is_theirs() -> None:
    private = Address("ben.brook@gmail.com", "Ben Brook")
    relations = relate([mail("a", BEN, ANNA), mail("b", private, ANNA)], US)
    assert [r.id for r in relations.relationships] == ["southgate.example"]


def test_a_private_mailbox_of_one_of_us_is_ours() -> None:
    private = Address("anna.aalto@gmail.com", "Anna Aalto")
    relations = relate([mail("a", BEN, ANNA), mail("b", private, VELI), mail("c", private, BEN)], US)
    assert [r.id for r in relations.relationships] == ["southgate.example"]
    assert places(relations, "c") == [("southgate.example", Direction.OUT)]


def test_what_we_write_to_our_list_belongs_to_the_one_whom_it_answers() -> None:
    asked = mail("a", BEN, LIST, sending=Sending.LIST, thread="t", list_id="pump-users")
    more = mail("b", CARL, LIST, at=1, sending=Sending.LIST, thread="t", answers="a", list_id="pump-users")
    reply = mail("c", ANNA, LIST, at=2, sending=Sending.LIST, thread="t", answers="a", list_id="pump-users")
    stray = mail("d", ANNA, LIST, at=3, sending=Sending.LIST, thread="t", list_id="pump-users")
    relations = relate([asked, more, reply, stray], US)
    assert places(relations, "a") == [("southgate.example", Direction.IN)]
    assert places(relations, "c") == [("southgate.example", Direction.OUT)]
    assert places(relations, "d") == [("eastlake.example", Direction.OUT)]


def test_mass_mail_opens_no_relationship_and_is_kept_apart_in_one_that_is_open() -> None:
    news = mail("a", BEN, ANNA, sending=Sending.BULK)
    assert relate([news], US).relationships == ()
    relations = relate([news, mail("b", BEN, ANNA)], US)
    assert relations.members["a"] == (Membership("southgate.example", Direction.IN, quiet=True),)


def test_a_robot_that_writes_often_and_is_never_answered_opens_no_relationship() -> None:
    robot = Address("noreply@southgate.example")
    notices = [mail(f"n{i}", robot, ANNA, at=i) for i in range(25)]
    assert relate(notices, US).relationships == ()


def test_a_person_whose_program_sends_the_same_report_every_day_opens_no_relationship() -> None:
    reports = [mail(f"d{n}", BEN, ANNA, at=n, subject=f"Daily load of {n} March") for n in range(25)]
    letters = [mail(f"p{n}", CARL, ANNA, at=n, subject=f"{'abcdefghijklmnopqrstuvwxyz'[n]} matter") for n in range(25)]
    assert [r.id for r in relate([*reports, *letters], US).relationships] == ["eastlake.example"]


def test_a_person_who_is_answered_is_no_robot_however_much_he_writes() -> None:
    letters = [mail(f"n{i}", BEN, ANNA, *[Address(f"x{k}@northwind.example") for k in range(9)]) for i in range(25)]
    assert relate(letters, US).relationships == ()
    assert relate([*letters, mail("r", ANNA, BEN)], US).relationships


def test_several_domains_of_an_account_are_one_relationship_that_bears_its_name() -> None:
    account = Account(
        external_id="4711",
        name="Southgate Group",
        domains=("southgate.example", "eastlake.example"),
        kind=RelationshipKind.CUSTOMER,
        owner="anna",
    )
    relations = relate([mail("a", BEN, ANNA), mail("b", CARL, ANNA)], US, [account])
    (relationship,) = relations.relationships
    assert (relationship.id, relationship.name, relationship.kind, relationship.external_id, relationship.owner) == (
        "southgate.example",
        "Southgate Group",
        RelationshipKind.CUSTOMER,
        "4711",
        "anna",
    )
    assert places(relations, "b") == [("southgate.example", Direction.IN)]


def test_a_unit_of_ours_is_a_counterparty_of_the_rest_of_us() -> None:
    unit = Unit(name="Field service", addresses=("veli@northwind.example",))
    relations = relate([mail("a", ANNA, VELI), mail("b", VELI, ANNA), mail("c", VELI, BEN)], US, units=[unit])
    assert places(relations, "a") == [("Field service", Direction.OUT)]
    assert places(relations, "b") == [("Field service", Direction.IN)]
    assert places(relations, "c") == [("southgate.example", Direction.OUT)]
    assert [r.kind for r in relations.relationships] == [RelationshipKind.INTERNAL, None]


def test_a_party_knows_its_side_in_a_relationship() -> None:
    relations = relate([mail("a", BEN, ANNA, CARL)], US)
    sides = [
        party(a, relations.contacts.get(a.email), "southgate.example").side
        for a in (BEN, ANNA, CARL, Address("", "Nobody"))
    ]
    assert sides == [Side.THEM, Side.US, Side.OTHER, Side.OTHER]


def test_our_domain_is_the_one_that_takes_part_in_most_mail_with_its_sisters() -> None:
    archive = [mail("a", BEN, ANNA), mail("b", ANNA, DORA), mail("c", CARL, Address("veli@northwind.test"))]
    archive += [mail(f"d{i}", DORA, ANNA) for i in range(5)]
    domains, share = infer_own_domains(archive)
    assert domains == ("northwind.example", "northwind.test")
    assert share == 7 / 8
    assert infer_own_domains([]) == ((), 0.0)


ADDRESSES = [ANNA, VELI, BEN, CARL, DORA, LIST]


@st.composite
def archives(draw: st.DrawFn) -> list[Envelope]:
    def one(number: int) -> Envelope:
        to: Sequence[Address] = draw(st.lists(st.sampled_from(ADDRESSES), max_size=3))
        return mail(
            f"m{number}",
            draw(st.sampled_from(ADDRESSES)),
            *to,
            at=draw(st.integers(0, 5)),
            sending=draw(st.sampled_from(list(Sending))),
            thread=draw(st.sampled_from("tu")),
            answers=draw(st.sampled_from([None, "m0", "m1"])),
        )

    return [one(i) for i in range(draw(st.integers(0, 6)))]


@settings(max_examples=100, deadline=None)
@given(archives(), st.randoms(use_true_random=False))
def test_relationships_do_not_depend_on_the_order_of_arrival(archive: list[Envelope], chance: object) -> None:
    shuffled = list(archive)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert relate(archive, US) == relate(shuffled, US)


@settings(max_examples=100, deadline=None)
@given(archives())
def test_every_relationship_has_a_document_that_is_not_mass_mail(archive: list[Envelope]) -> None:
    relations = relate(archive, US)
    spoken = {m.relationship for places in relations.members.values() for m in places if not m.quiet}
    assert spoken == {r.id for r in relations.relationships}
    assert {m.relationship for places in relations.members.values() for m in places} == spoken
