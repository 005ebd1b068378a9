"""Somebody is found in a document by part, address and name, and nobody else is."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from corpus.message import parse
from insights.traces import Subject, Trace, addresses, is_named, mention_in_bytes, trace

ANNA = Subject(addresses=frozenset({"anna.virtanen@acme.fi"}), names=("Anna Virtanen",))


def _trace(author: str, to: str, text: str) -> Trace | None:
    raw = f"From: {author}\nTo: {to}\nSubject: Hei\n\n{text}\n"
    return trace(parse(raw.encode()).documents[0], ANNA)


@pytest.mark.parametrize(
    ("author", "to", "text", "found"),
    [
        ("anna.virtanen@acme.fi", "b@x.fi", "Hei", Trace.PART),
        ("b@x.fi", "Anna <Anna.Virtanen@acme.fi>", "Hei", Trace.PART),
        ("b@x.fi", "c@x.fi", "Ok.\n\n-----Original Message-----\nFrom: Anna Virtanen\nTo: b@x.fi\n\nHei", Trace.PART),
        ("b@x.fi", "c@x.fi", "Kysy: anna.virtanen@acme.fi.", Trace.ADDRESS),
        ("b@x.fi", "c@x.fi", "Soitin Anna Virtaselle eilen.", Trace.NAME),
        ("joanna.virtanen@acme.fi", "b@x.fi", "Kiitos Anna!", None),
        ("b@x.fi", "c@x.fi", "Soitin Hanna Virtaselle ja Anna Korhoselle, t. Jukka Virtanen", None),
    ],
)
def test_how_somebody_stands_in_a_mail(author: str, to: str, text: str, found: Trace | None) -> None:
    assert _trace(author, to, text) is found


@pytest.mark.parametrize(
    "text", ["ANNA VIRTANEN", "Virtanen, Anna", "Virtanen Anna", "Anna Maria Virtasen", "Anna\nVirtanen"]
)
def test_a_full_name_is_found_in_any_order_and_form(text: str) -> None:
    assert is_named(f"Paikalla: {text} ja muut", "Anna Virtanen")


def test_addresses_are_read_out_of_running_text() -> None:
    text = "Kirjoita <a.b@x.fi>, 'c@y.co.uk'. Ei: @nimi, a@b, http://x.fi/@d; lisäksi (E.F+g@Z.FI)"
    assert list(addresses(text)) == ["a.b@x.fi", "c@y.co.uk", "e.f+g@z.fi"]


def test_bytes_are_looked_into_through_what_packs_them() -> None:
    plain = "x" * 300 + " anna.virtanen@acme.fi " + "y" * 300
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("sheet.xml", plain)
    for raw in (
        plain.encode(),
        plain.encode("utf-16-le"),
        base64.encodebytes(plain.encode()),
        b"Bcc: anna.virta=\nnen@acme.fi\n",
        packed.getvalue(),
        base64.encodebytes(packed.getvalue()),
    ):
        assert mention_in_bytes(raw, ANNA) is Trace.ADDRESS
    assert mention_in_bytes(b"Subject: =?utf-8?Q?Anna_Virtanen?=\n\n", ANNA) is Trace.NAME
    assert mention_in_bytes(b"joanna.virtanen@acme.fi", ANNA) is None
