"""Mails with a secret for one use are known from those in which people write of passwords, codes and numbers."""

from __future__ import annotations

import pytest

from corpus.message import parse
from corpus.one_time import is_one_time_secret


def _is_secret(author: str, subject: str, text: str, *fields: str) -> bool:
    head = "\n".join((f"From: {author}", "To: anna@tuulikas.fi", f"Subject: {subject}", *fields))
    return is_one_time_secret(parse(f"{head}\n\n{text}\n".encode()).documents[0])


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("no-reply@accounts.example", "Your verification code", "Your verification code is:\n\n482913\n\nThanks."),
        ("noreply@pankki.example", "Kirjautuminen", "Kertakäyttökoodisi on 4821. Älä jaa sitä kenellekään."),
        ("account-security-noreply@x.example", "Sign-in", "Use this security code: 7B2K9Q to finish signing in."),
        ("security@x.example", "G-428190 is your verification code", "Do not share it."),
        ("noreply@x.example", "Vahvistuskoodi", "Hei,\n\nvahvistuskoodisi on 123 456.\n"),
        ("noreply@x.example", "Password reset", "We received a request to reset your password.\n\nReset password\n"),
        ("support@x.example", "Reset your password", "Click below. If you did not request this, ignore this mail."),
        ("noreply@x.example", "Salasanan palautus", "Saimme pyynnön vaihtaa salasanasi. Linkki on voimassa tunnin."),
        ("tuki@x.example", "Unohditko salasanasi?", "Jos et pyytänyt uutta salasanaa, älä tee mitään."),
        ("no-reply@x.example", "Your sign-in link", "Here is the login link you requested: https://x.example/a/9fk2"),
    ],
)
def test_a_machine_that_hands_over_a_secret_is_told(author: str, subject: str, text: str) -> None:
    assert _is_secret(author, subject, text)


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("tom@x.example", "Password reset", "Hi Anna, I had to reset your password. If you did not request it, call."),
        ("anna@tuulikas.fi", "Ovikoodi", "Hei, vahvistuskoodi oveen on 4821. Terveisin Anna"),
        ("noreply@x.example", "Order 482913", "Your order 482913 was sent. Tracking code 99887766."),
        ("noreply@x.example", "Password policy", "From May on passwords must be changed every 90 days."),
        ("noreply@x.example", "Invoice 2024", "Your invoice 10023 is due. Security code of the card is not kept."),
        ("info@x.example", "Tarjous", "Uusi salasanapolitiikka koskee kaikkia toimittajia 1.5.2024 alkaen."),
        ("support@x.example", "Maintenance", "The reset password page is closed on Saturday from 8 to 12."),
    ],
)
def test_what_people_and_shops_write_stays(author: str, subject: str, text: str) -> None:
    assert not _is_secret(author, subject, text)


def test_a_support_desk_that_answers_somebody_stays() -> None:
    text = "You asked to get in. The password reset was sent again; the link is valid for an hour.\n\n> I can't"
    assert not _is_secret("support@x.example", "Re: Password reset", text, "In-Reply-To: <1@tuulikas.fi>")
