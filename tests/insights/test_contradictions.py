"""Contradictions: what is said of a term otherwise than the contract says it."""

from __future__ import annotations

import pytest
from house import THEM, US, Said, day, say, write
from test_kept_papers import agreement

from insights.contradictions import Contradiction
from insights.timeline import as_of, read
from nlp.findings import Act

_TEXT = """# Supply Agreement

This Supply Agreement is made between Northwind Ltd ("Supplier") and Southgate Oy ("Buyer").

1.1 This Agreement enters into force on 1 February 2024. It may be amended only in writing signed by both parties.

2.1 Payment term is thirty (30) days net from the date of the invoice.

3.1 Supplier warrants the goods for a warranty period of twenty-four (24) months.
"""


def _against(*said: Said, at: float = 3) -> tuple[Contradiction, ...]:
    paper = agreement(text=_TEXT)
    return read([paper, write("m", "ben", *said, at=at)], US, THEM).contradictions


def test_a_rule_told_otherwise_than_the_contract_has_it_is_shown_with_both_quotes() -> None:
    (one,) = _against(say("As usual, our payment term is 14 days net."))
    assert one.about == "payment_time"
    assert one.said.quote == "As usual, our payment term is 14 days net."
    assert "thirty (30) days" in one.clause.quote


def test_it_tells_what_the_contract_says_of_its_amendment() -> None:
    (one,) = _against(say("As usual, our payment term is 14 days net."))
    assert one.form is not None
    assert "only in writing" in one.form.quote


@pytest.mark.parametrize(
    "said",
    [
        say("As usual, our payment term is 30 days net."),
        say("Could we agree on a payment term of 14 days?", Act.PROPOSE, Act.QUESTION),
        say("We propose a payment term of 14 days from now on.", Act.PROPOSE),
        say("The meeting took 14 days to arrange."),
    ],
)
def test_the_same_value_a_proposal_and_another_matter_are_none(said: Said) -> None:
    assert not _against(said)


def test_what_was_said_before_the_contract_is_none() -> None:
    assert not _against(say("As usual, our payment term is 14 days net."), at=-30)


def test_it_is_known_from_the_day_on_which_it_was_said() -> None:
    paper = agreement(text=_TEXT)
    found = read([paper, write("m", "ben", say("As usual, our payment term is 14 days net."), at=3)], US, THEM)
    assert not as_of(found, day(2)).contradictions
    assert as_of(found, day(3)).contradictions == found.contradictions


def test_what_both_agreed_on_meanwhile_is_none() -> None:
    paper = agreement(text=_TEXT)
    letters = (
        paper,
        write("a", "ben", say("We propose a payment term of 45 days.", Act.PROPOSE), at=1, thread="p"),
        write(
            "b", "anna", say("Agreed, a payment term of 45 days is fine.", Act.ACCEPT), at=2, thread="p", answers="a"
        ),
        write("d", "ben", say("As usual, our payment term is 45 days."), at=9, thread="q"),
    )
    assert not read(letters, US, THEM).contradictions
