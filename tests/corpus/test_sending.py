"""How a message was sent: what a person wrote stays, what machines and mass mailers wrote goes."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from corpus import archive
from corpus.document import Sending
from corpus.message import parse

MAIL = Path(__file__).parents[3] / "shared" / "data" / "mail"


def sent(*fields: str, text: str = "Hi Tom,\n\nI will send the offer on Friday.\n\nAnna\n") -> Sending:
    named = {field.partition(":")[0] for field in fields}
    usual = ("From: anna@corp.fi", "To: tom@partner.com", "Subject: Offer")
    default = [field for field in usual if field.partition(":")[0] not in named]
    return parse("\n".join((*default, *fields, "", text)).encode()).documents[0].sending


NEWSLETTER = "This week's fares.\n\nBook at http://fares.example/now\n\nTo unsubscribe, click here.\n"


def test_a_letter_is_personal() -> None:
    assert sent() is Sending.PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "Please unsubscribe me from the draft review, Tom.\n",
        "I could not open the order portal, where do I click here? Our privacy policy asks for it.\n\n> http://x.example\n",
    ],
)
def test_a_letter_that_answers_stays_personal_whatever_words_it_uses(text: str) -> None:
    assert sent("In-Reply-To: <a@b>", text=text) is Sending.PERSONAL


def test_one_word_of_mass_mail_does_not_make_a_letter_bulk() -> None:
    assert sent(text="Did you unsubscribe from the old service? Call me.\n") is Sending.PERSONAL


@pytest.mark.parametrize(
    "field",
    [
        "List-Post: <mailto:users@lists.org>",
        "X-BeenThere: users@lists.org",
        "X-Mailing-List: users@lists.org",
        "Precedence: list",
    ],
)
def test_what_comes_through_a_discussion_list_is_list(field: str) -> None:
    assert sent(field, "List-Unsubscribe: <mailto:leave@lists.org>") is Sending.LIST


def test_an_announcement_list_on_which_nobody_may_post_is_bulk() -> None:
    assert sent("List-Post: NO", "List-Unsubscribe: <mailto:leave@lists.org>") is Sending.BULK


def test_an_answer_within_a_bulk_channel_is_a_person_talking() -> None:
    assert sent("Precedence: bulk", "In-Reply-To: <a@b>") is Sending.LIST


@pytest.mark.parametrize(
    "field",
    [
        "List-Unsubscribe: <https://x.example>",
        "Precedence: bulk",
        "From: newsletter@corp.fi",
        "From: News <no-reply@corp.fi>",
        "From: uutiskirje@corp.fi",
        "From: fares@offers.airline.com",
    ],
)
def test_headers_and_senders_of_mass_mail_are_bulk(field: str) -> None:
    assert sent(field) is Sending.BULK


@pytest.mark.parametrize(
    "text",
    [
        NEWSLETTER,
        "Kevään tarjoukset!\n\nhttps://kauppa.example/\n\nPeruuta uutiskirje tästä. Katso tietosuojaseloste.\n",
    ],
)
def test_mass_mail_without_its_headers_is_told_by_its_text(text: str) -> None:
    assert sent(text=text) is Sending.BULK


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "From: MAILER-DAEMON@corp.fi",
        "Subject: Out of Office AutoReply: Offer",
        "Subject: Automatic reply: Offer",
        "Subject: Automaattinen vastaus: Tarjous",
        "Subject: Undeliverable: Offer",
        "Content-Type: multipart/report; boundary=b",
    ],
)
def test_what_a_machine_answered_is_automatic(field: str) -> None:
    assert sent(field) is Sending.AUTOMATIC


def test_a_person_writing_of_being_out_of_office_is_personal() -> None:
    assert sent("Subject: Out of office next week", "Auto-Submitted: no") is Sending.PERSONAL


def test_on_a_real_corpus_people_on_lists_are_kept_and_newsletters_are_not() -> None:
    if not MAIL.exists():
        pytest.skip("../shared/data/mail is not there")
    with (MAIL / "spamassassin.labels.csv").open() as file:
        groups = [row["group"] for row in csv.DictReader(file)]
    found: Counter[tuple[str, Sending]] = Counter()
    for group, item in zip(groups, archive.read([MAIL / "spamassassin.mbox"]), strict=True):
        assert isinstance(item, archive.Found)
        found[group, parse(item.raw).documents[0].sending] += 1
    easy = [found["easy-ham-2", how] for how in (Sending.PERSONAL, Sending.LIST)]
    assert sum(easy) / groups.count("easy-ham-2") > 0.98
    assert found["hard-ham-1", Sending.BULK] / groups.count("hard-ham-1") > 0.75
