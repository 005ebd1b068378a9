"""Negotiations: who said which value in turn, what is agreed, what is left between the sides."""

from __future__ import annotations

import random

from house import THEM, US, day, say, write

from insights.bargaining import find_negotiations
from insights.insight import Side
from insights.letters import Letter
from insights.negotiations import Negotiation, NegotiationState, PositionKind
from insights.timeline import as_of, read
from nlp.findings import Act

_OFFER = say("We offer the oak boards at EUR 8.40 per m2.", Act.PROPOSE)
_COUNTER = say("Our counter-offer for the oak boards is EUR 7.60 per m2.", Act.PROPOSE)
_DOWN = say("We could come down to 8.00.", Act.PROPOSE)
_YES = say("Agreed, 8.00 is fine with us.", Act.ACCEPT)


def _talk(*letters: Letter) -> tuple[Negotiation, ...]:
    return find_negotiations(letters, US, THEM)


_HAGGLE = (
    write("a", "ben", _OFFER, at=0, subject="Quotation"),
    write("b", "anna", _COUNTER, at=1, answers="a"),
    write("c", "ben", _DOWN, at=2, answers="b"),
)
_DEAL = (*_HAGGLE, write("d", "anna", _YES, at=3, answers="c"))


def test_positions_stand_in_turn_with_side_value_and_kind() -> None:
    (one,) = _talk(*_DEAL)
    assert [(p.by, p.kind, p.value) for p in one.positions] == [
        (Side.THEM, PositionKind.OFFER, 8.4),
        (Side.US, PositionKind.COUNTER, 7.6),
        (Side.THEM, PositionKind.COUNTER, 8.0),
        (Side.US, PositionKind.AGREED, 8.0),
    ]
    assert one.unit == "EUR/m2"
    assert [p.concession for p in one.positions] == [False, False, True, False]


def test_a_gap_is_left_until_it_is_agreed() -> None:
    (one,) = _talk(*_DEAL)
    assert one.status(day(2)) is NegotiationState.OPEN
    gap = one.apart(day(2))
    assert gap is not None
    assert (gap.us, gap.them, gap.left) == (7.6, 8.0, 0.4)
    assert one.status(day(3)) is NegotiationState.AGREED
    assert one.apart(day(3)) is None
    settled = one.settled(day(3))
    assert settled is not None
    assert settled.value == 8.0


def test_as_of_a_day_is_that_of_the_letters_up_to_it() -> None:
    whole = read(_DEAL, US, THEM)
    for until in range(1, len(_DEAL) + 1):
        known = read(_DEAL[:until], US, THEM)
        assert as_of(whole, day(until - 1)).negotiations == known.negotiations


def test_the_order_in_which_letters_come_does_not_matter() -> None:
    shuffled = list(_DEAL)
    random.Random(4).shuffle(shuffled)
    assert read(shuffled, US, THEM).negotiations == read(_DEAL, US, THEM).negotiations


def test_a_deadlock_is_two_sides_that_repeat_themselves() -> None:
    again = (
        write(
            "d",
            "anna",
            say("We propose EUR 7.60 per m2 for the oak boards, as before.", Act.PROPOSE),
            at=3,
            answers="c",
        ),
        write("e", "ben", say("We stay at 8.00.", Act.PROPOSE), at=4, answers="d"),
    )
    (one,) = _talk(*_HAGGLE, *again)
    assert not one.is_stuck(day(3))
    assert one.is_stuck(day(4))


def test_two_terms_of_one_mail_are_two_negotiations() -> None:
    found = _talk(
        write(
            "a", "ben", say("We propose EUR 8.40 per m2 and a payment term of 30 days.", Act.PROPOSE), subject="Offer"
        )
    )
    assert [(n.term, n.positions[0].value) for n in found] == [("price", 8.4), ("payment_time", 30)]


def test_an_answer_makes_a_position_of_what_may_have_been_none() -> None:
    mild = write("a", "ben", say("The price of the stronger frame would be EUR 6,800."), at=0)
    assert not _talk(mild)
    answer = write("b", "anna", say("We can accept 5,000 for the frame.", Act.PROPOSE, Act.ACCEPT), at=1, answers="a")
    (one,) = _talk(mild, answer)
    assert [(p.by, p.value) for p in one.positions] == [(Side.THEM, 6800), (Side.US, 5000)]
    assert not one.as_of(day(0)).positions
    assert one.known == answer.at


def test_an_invoice_is_no_position() -> None:
    assert not _talk(write("a", "ben", say("Invoice 5512 of EUR 840.00 was paid last week."), subject="Invoice"))


def test_every_position_quotes_the_words_it_rests_on() -> None:
    for one in _talk(*_DEAL):
        for position, letter in zip(one.positions, _DEAL, strict=True):
            assert letter.text[position.source.start : position.source.end] == position.source.quote
