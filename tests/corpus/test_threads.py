from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind, ZonePart
from corpus.threads import Strand, strand, thread

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
ANNA, BEN, CARL, DORA = (f"{who}@{house}.example" for who, house in zip("abcd", ("north", "south") * 2, strict=True))


def mail(
    name: str,
    subject: str = "",
    *,
    day: float = 0,
    people: Sequence[str] = (ANNA, BEN),
    refers: Sequence[str] = (),
    own: int = 0,
    quoted: int | None = None,
) -> Strand:
    return Strand(
        id=name,
        message_id=f"{name}@example",
        in_reply_to=tuple(f"{r}@example" for r in refers[-1:]),
        references=tuple(f"{r}@example" for r in refers),
        subject=subject,
        at=START + timedelta(days=day),
        participants=tuple(people),
        own_print=own,
        quoted_print=quoted,
    )


def document(text: str, zones: Sequence[Zone], name: str = "d") -> Document:
    author = Address(ANNA, "Anna")
    return Document(id=name, kind=DocumentKind.EMAIL, text=text, zones=tuple(zones), author=author, to=(Address(BEN),))


def test_references_make_a_thread_known_by_its_earliest_document() -> None:
    links = thread([mail("c", "Re: x", day=2, refers="ab"), mail("b", "Re: x", day=1, refers="a"), mail("a", "x")])
    assert {link.thread for link in links.values()} == {"a"}
    assert {i: link.answers for i, link in links.items()} == {"a": None, "b": "a", "c": "b"}


def test_messages_that_refer_to_one_that_is_not_in_the_archive_are_one_thread() -> None:
    links = thread([mail("b", "Plan", day=1, refers=["gone"]), mail("c", "Other", day=2, refers=["gone"])])
    assert links["b"].thread == links["c"].thread == "b"
    assert links["c"].answers is None


def test_a_reply_to_a_lost_message_answers_the_nearest_ancestor_that_is_there() -> None:
    links = thread([mail("a", "x"), mail("c", "Re: x", day=2, refers=["a", "gone"])])
    assert links["c"].answers == "a"


def test_two_conversations_called_hello_stay_two() -> None:
    links = thread(
        [
            mail("a", "hello", people=(ANNA, BEN)),
            mail("b", "Re: hello", day=1, people=(BEN, ANNA)),
            mail("c", "hello", day=0.5, people=(CARL, BEN)),
            mail("d", "Re: hello", day=1.5, people=(BEN, CARL)),
        ]
    )
    assert [links[i].thread for i in "abcd"] == ["a", "a", "c", "c"]


def test_hello_between_the_same_two_people_half_a_year_later_is_another_thread() -> None:
    links = thread([mail("a", "hello"), mail("b", "Re: hello", day=180, people=(BEN, ANNA))])
    assert links["b"].thread == "b"


def test_a_reply_without_headers_joins_by_subject_people_and_time() -> None:
    links = thread([mail("a", "Delivery of pumps"), mail("b", "VS: delivery of pumps", day=2, people=(BEN, ANNA))])
    assert links["b"].thread == "a"
    assert links["b"].answers == "a"


def test_a_weekly_report_is_not_a_reply_to_the_last_one() -> None:
    reports = [mail(f"r{week}", "Report on line two", day=7 * week) for week in range(4)]
    assert {link.thread for link in thread(reports).values()} == {"r0", "r1", "r2", "r3"}


def test_the_same_subject_among_strangers_is_not_one_thread() -> None:
    links = thread([mail("a", "Delivery of pumps"), mail("b", "Re: Delivery of pumps", day=1, people=(CARL, DORA))])
    assert links["b"].thread == "b"


def test_quoted_words_join_where_the_subject_was_changed() -> None:
    links = thread([mail("a", "x", own=77), mail("b", "Something else", day=1, people=(BEN, ANNA), quoted=77)])
    assert links["b"].answers == "a"


def test_old_words_passed_on_to_somebody_else_under_another_subject_begin_another_thread() -> None:
    links = thread([mail("a", "x", own=77), mail("b", "A claim", day=1, people=(BEN, CARL), quoted=77)])
    assert links["b"].thread == "b"


def test_the_same_forward_every_week_is_not_one_thread() -> None:
    forwards = [mail(f"f{week}", "FW: Minutes of the board", day=7 * week) for week in range(3)]
    assert {link.thread for link in thread(forwards).values()} == {"f0", "f1", "f2"}


def test_the_name_of_a_list_is_no_part_of_the_subject_but_the_number_of_a_ticket_is() -> None:
    to_list = (ANNA, "list@south.example")
    answer = (BEN, "list@south.example")
    links = thread(
        [
            mail("a", "[pump-users] Seal leaks badly", people=to_list),
            mail("b", "Re: [pump-users] Seal leaks badly", day=1, people=answer),
            mail("c", "[OPS-1] Disk full again", people=to_list),
            mail("d", "Re: [OPS-2] Disk full again", day=1, people=answer),
        ]
    )
    assert links["b"].thread == "a"
    assert links["d"].thread == "d"


def test_messages_that_answer_each_other_in_a_circle_are_threaded_all_the_same() -> None:
    links = thread([mail("a", "x", refers="c"), mail("b", "x", day=1, refers="a"), mail("c", "x", day=2, refers="b")])
    assert {link.thread for link in links.values()} == {"a"}
    assert links["a"].answers is None


def test_a_quote_meets_the_mail_it_quotes_whatever_its_marks_and_line_breaks() -> None:
    words = "The pumps arrived on Monday\nbut two of the seals are broken."
    first = strand(document(words, [Zone(kind=ZoneKind.OWN, start=0, end=len(words))]))
    header = "Anna wrote:\n"
    quote = "> The pumps arrived on\n> Monday but two of the seals are broken.\n> -- \n> Anna"
    own = "Sorry.\n"
    text = own + header + quote
    zones = [
        Zone(kind=ZoneKind.OWN, start=0, end=len(own)),
        Zone(kind=ZoneKind.QUOTE, start=len(own), end=len(own + header), part=ZonePart.HEADER, depth=1),
        Zone(kind=ZoneKind.QUOTE, start=len(own + header), end=len(text) - 12, depth=1),
    ]
    reply = strand(document(text, zones, "e"))
    assert reply.quoted_print == first.own_print != 0
    assert reply.own_print == 0, "too short to tell it by"


def test_nothing_gives_nothing() -> None:
    assert thread([]) == {}


strands = st.lists(
    st.builds(
        mail,
        st.sampled_from("abcdefgh"),
        st.sampled_from(["hello", "Re: hello", "Delivery of pumps", "Re: Delivery of pumps", ""]),
        day=st.sampled_from([0, 0.5, 1, 40, 400]),
        people=st.lists(st.sampled_from([ANNA, BEN, CARL]), max_size=3, unique=True),
        refers=st.lists(st.sampled_from("abcdefghz"), max_size=3),
        own=st.integers(0, 3),
        quoted=st.one_of(st.none(), st.integers(1, 3)),
    ),
    max_size=8,
    unique_by=lambda s: s.id,
)


@settings(max_examples=200, deadline=None)
@given(strands, st.randoms(use_true_random=False))
def test_threads_do_not_depend_on_the_order_of_arrival(mails: list[Strand], chance: object) -> None:
    shuffled = list(mails)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert thread(mails) == thread(shuffled)


@settings(max_examples=200, deadline=None)
@given(strands)
def test_every_document_is_in_the_thread_of_what_it_answers_and_no_chain_of_answers_is_endless(
    mails: list[Strand],
) -> None:
    links = thread(mails)
    assert links.keys() == {s.id for s in mails}
    for link in links.values():
        assert links[link.thread].thread == link.thread
        steps = count()
        while link.answers is not None:
            assert links[link.answers].thread == link.thread
            assert next(steps) <= len(mails)
            link = links[link.answers]
