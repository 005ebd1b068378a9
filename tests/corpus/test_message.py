"""Parsing a message: what it says, who wrote it when, and what came with it, however it is broken."""

from __future__ import annotations

import base64
import contextlib
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import archive
from corpus.document import Address, Document, DocumentKind, Sending, TimeSource, ZoneKind
from corpus.message import canonical, from_fields, parse, raw_id
from errors import BadLine, MessageError, NotAMessage, TooDeep, TooLarge, TooManyParts, Unparsable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIXTURES = Path(__file__).parents[3] / "shared" / "data" / "mail" / "fixtures"
HEAD = b"From: Anna Virta <anna@corp.fi>\nTo: tom@partner.com\nSubject: Offer\nDate: Mon, 7 May 2001 10:00:00 +0300\n"


def document(raw: bytes) -> Document:
    return parse(raw, now=NOW).documents[0]


def plain(content_type: str, body: bytes, encoding: str = "8bit") -> bytes:
    fields = f"Content-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n\n"
    return HEAD + fields.encode() + body


def multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return HEAD + f'Content-Type: multipart/{kind}; boundary="b"\n\n'.encode() + body + b"--b--\n"


PLAIN = b"Content-Type: text/plain\n\nHello Tom"
HTML = b"Content-Type: text/html\n\n<p>Hello <b>Tom</b></p>"


# What it says


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "päivää €"),
        ("iso-8859-1", "päivää €"),
        ("us-ascii", "päivää €"),
        ("no-such-charset", "päivää €"),
        ("rot13", "päivää €"),
    ],
)
@pytest.mark.parametrize("written", ["utf-8", "cp1252"])
def test_text_is_read_right_whatever_charset_its_label_claims(charset: str, data: str, written: str) -> None:
    assert document(plain(f"text/plain; charset={charset}", data.encode(written))).text == data


def test_other_charsets_are_read_as_labelled() -> None:
    assert document(plain("text/plain; charset=koi8-r", "привет".encode("koi8-r"))).text == "привет"
    assert document(plain("text/plain; charset=iso-2022-jp", "御中".encode("iso-2022-jp"))).text == "御中"


def test_nul_bytes_and_carriage_returns_never_reach_the_text() -> None:
    assert document(plain("text/plain", b"a\0b\r\nc\rd")).text == "ab\nc\nd"
    assert "\0" not in document(plain("text/html", b"<p>a\0b &#0; &#xD800;</p>")).text


def test_broken_base64_gives_what_it_can() -> None:
    encoded = base64.b64encode(b"Hello Tom, see you.")
    assert document(plain("text/plain", b"!!" + encoded.rstrip(b"="), "base64")).text == "Hello Tom, see you."


def test_quoted_printable_is_undone() -> None:
    assert document(plain("text/plain; charset=utf-8", b"p=C3=A4iv=\n=C3=A4=ZZ", "quoted-printable")).text == "päivä=ZZ"


def test_flowed_text_is_joined_to_paragraphs_with_its_quotes_kept() -> None:
    body = b"I will send \nit.\n\n>> older \n>> words\n> quoted\n-- \nAnna"
    expected = "I will send it.\n\n>> older words\n> quoted\n-- \nAnna"
    assert document(plain("text/plain; format=flowed", body)).text == expected


def test_flowed_text_with_delsp_is_joined_without_its_spaces() -> None:
    assert document(plain("text/plain; format=flowed; delsp=yes", b"long \nword")).text == "longword"


def test_of_alternatives_the_plain_text_is_taken() -> None:
    assert document(multipart("alternative", PLAIN, HTML)).text == "Hello Tom"


@pytest.mark.parametrize("stub", [b"", b"Please view the HTML version."])
def test_an_empty_or_stub_plain_text_gives_way_to_the_html(stub: bytes) -> None:
    rich = b"Content-Type: text/html\n\n<p>" + b"We ship on Friday as agreed with Tom. " * 5 + b"</p>"
    found = document(multipart("alternative", b"Content-Type: text/plain\n\n" + stub, rich))
    assert found.text.startswith("We ship on Friday")


def test_several_texts_are_joined_and_text_files_are_attachments() -> None:
    note = b'Content-Type: text/plain; name="a.log"\nContent-Disposition: attachment\n\nlog'
    found = document(multipart("mixed", PLAIN, note, b"Content-Type: text/plain\n\nfooter"))
    assert found.text == "Hello Tom\n\nfooter"
    assert [(a.name, a.size) for a in found.attachments] == [("a.log", 3)]


def test_html_labelled_plain_and_plain_labelled_html_are_mended() -> None:
    assert document(plain("text/plain", b"<html><body><p>Hello</p></body></html>")).text.strip() == "Hello"
    assert document(plain("text/html", b"one\n\ntwo")).text == "one\n\ntwo"


def test_a_multipart_whose_header_was_lost_or_whose_end_is_missing_is_still_read() -> None:
    assert document(HEAD + b"\n--b\n" + PLAIN + b"\n--b--\n").text == "Hello Tom"
    assert document(multipart("mixed", PLAIN).removesuffix(b"--b--\n")).text.strip() == "Hello Tom"


# What came with it


def test_attachments_are_listed_and_their_bytes_kept_by_digest() -> None:
    name = b"Content-Disposition: attachment; filename*0*=utf-8''tarj%C3%B6; filename*1=us.pdf\n"
    part = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n" + name + b"\nJVBERg=="
    parsed = parse(multipart("mixed", PLAIN, part), now=NOW)
    (file,) = parsed.documents[0].attachments
    assert (file.name, file.media_type, file.size) == ("tarjöus.pdf", "application/pdf", 4)
    assert parsed.blobs == {file.digest: b"%PDF"}


def test_a_file_name_keeps_no_folders_and_no_control_characters() -> None:
    part = b'Content-Type: application/x\nContent-Disposition: attachment; filename="..\\\\..\\\\etc/pa\x07sswd"\n\nx'
    assert document(multipart("mixed", PLAIN, part)).attachments[0].name == "passwd"


def test_an_enclosed_message_is_a_document_of_its_own() -> None:
    inner = b"From: bob@third.org\nSubject: inner\nDate: Sun, 6 May 2001 10:00:00 +0000\n\nInner text"
    outer, child = parse(multipart("mixed", PLAIN, b"Content-Type: message/rfc822\n\n" + inner), now=NOW).documents
    assert (child.parent, child.text, child.subject) == (outer.id, "Inner text", "inner")
    assert child.id == raw_id(inner)


def test_tnef_is_left_as_a_file() -> None:
    part = b'Content-Type: application/ms-tnef; name="winmail.dat"\n\nx\x9f\x3e\x22'
    assert [a.name for a in document(multipart("mixed", PLAIN, part)).attachments] == ["winmail.dat"]


# Headers


def test_encoded_words_are_joined_also_where_they_split_a_character() -> None:
    raw = HEAD.replace(b"Offer", b"=?utf-8?q?p=C3?=\n =?utf-8?q?=A4iv=C3=A4?= =?x?z?bad?= x") + b"\nHi"
    assert document(raw).subject == "päivä =?x?z?bad?= x"


def test_8_bit_headers_are_read() -> None:
    raw = HEAD.replace(b"Anna Virta", "Änna Virta".encode("cp1252")).replace(b"Offer", "Päivä".encode()) + b"\nHi"
    assert (document(raw).author, document(raw).subject) == (Address("anna@corp.fi", "Änna Virta"), "Päivä")


def test_a_line_lost_from_a_field_does_not_end_the_header() -> None:
    raw = b"Subject: a long\nsubject that was not folded\nFrom: anna@corp.fi\n\nHi"
    found = document(raw)
    assert (found.subject, found.author, found.text) == (
        "a long subject that was not folded",
        Address("anna@corp.fi"),
        "Hi",
    )


def test_message_ids_lose_brackets_and_folds() -> None:
    raw = HEAD + b"Message-ID: <a@x>\nIn-Reply-To: Your mail of Monday <b@x>\nReferences: <c@\n x> <b@x>\n\nHi"
    found = document(raw)
    assert (found.message_id, found.in_reply_to, found.references) == ("a@x", ("b@x",), ("c@x", "b@x"))


# When


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Mon, 7 May 2001 10:00:00 +0300", datetime(2001, 5, 7, 7, tzinfo=UTC)),
        ("7 May 01 10:00 GMT", datetime(2001, 5, 7, 10, tzinfo=UTC)),
        ("Mon, 07 May 2001 10:00:00", datetime(2001, 5, 7, 10, tzinfo=UTC)),
        ("Wed, 01 May 0102 17:51:08 -0700", datetime(2002, 5, 2, 0, 51, 8, tzinfo=UTC)),
        ("Mon May  7 10:00:00 PDT 2001", datetime(2001, 5, 7, 17, tzinfo=UTC)),
        ("2001-05-07T10:00:00+03:00", datetime(2001, 5, 7, 7, tzinfo=UTC)),
        ("7. toukokuuta 2001 klo 10.00", datetime(2001, 5, 7, 10, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_mail_programs_write_them(date: str, at: datetime) -> None:
    found = document(f"From: a@b.fi\nDate: {date}\n\nHi".encode())
    assert (found.at, found.time_source) == (at, TimeSource.DATE)


def test_the_writers_offset_is_kept_where_it_was_given() -> None:
    assert document(HEAD + b"\nHi").utc_offset == 180
    assert document(b"From: a@b.fi\nDate: Mon, 7 May 2001 10:00:00 +0000\n\nHi").utc_offset == 0
    assert document(b"From: a@b.fi\nDate: Mon, 7 May 2001 10:00:00 -0000\n\nHi").utc_offset is None


BOGUS = [b"Mon, 31 Dec 1979 16:00:00 -0800", b"Mon, 4 Jan 2044 14:48:58 -0800", b"Not supplied", b""]


@pytest.mark.parametrize("date", [*BOGUS, b"7 May 2003 10:00"])
def test_a_bogus_date_gives_way_to_the_newest_received(date: bytes) -> None:
    received = b"Received: from a by b; Tue, 8 May 2001 10:00:00 +0000\nReceived: x; Mon, 7 May 2001 10:00:00 +0000\n"
    found = document(received + b"From: a@b.fi\nDate: " + date + b"\n\nHi")
    assert (found.at, found.time_source) == (datetime(2001, 5, 8, 10, tzinfo=UTC), TimeSource.RECEIVED)


@pytest.mark.parametrize("date", BOGUS)
def test_a_bogus_date_with_no_better_evidence_leaves_the_time_unknown(date: bytes) -> None:
    found = document(b"From: a@b.fi\nDate: " + date + b"\n\nHi")
    assert (found.at, found.time_source) == (None, TimeSource.UNKNOWN)


# Who


def test_the_person_behind_a_list_that_rewrote_the_sender_is_the_author() -> None:
    raw = (
        b"From: Anna Virta via Partners <partners@lists.org>\nReply-To: anna@corp.fi\n"
        b"List-Post: <mailto:partners@lists.org>\nList-Id: Partners <partners.lists.org>\n\nHi"
    )
    found = document(raw)
    assert (found.author, found.list_id, found.sending) == (
        Address("anna@corp.fi", "Anna Virta"),
        "partners.lists.org",
        Sending.LIST,
    )


def test_a_list_that_hides_the_address_leaves_the_name() -> None:
    raw = b"From: Anna Virta via Partners <partners@lists.org>\nList-Post: <mailto:partners@lists.org>\n\nHi"
    assert document(raw).author == Address("", "Anna Virta")


def test_names_that_an_exchange_export_kept_apart_are_put_back() -> None:
    raw = (
        b"From: vince.kaminski@firm.com\nTo: anna.virta@firm.com, tom@partner.com\n"
        b"X-From: Kaminski, Vince J </O=FIRM/OU=NA/CN=RECIPIENTS/CN=VKAMINS>\n"
        b'X-To: Virta, Anna </O=FIRM/OU=NA/CN=RECIPIENTS/CN=AVIRTA>, "Tom Berg" <tom@partner.com>@FIRM\n\nHi'
    )
    found = document(raw)
    assert found.author == Address("vince.kaminski@firm.com", "Vince J Kaminski")
    assert found.to == (Address("anna.virta@firm.com", "Anna Virta"), Address("tom@partner.com", "Tom Berg"))


# Bounds


def test_the_id_does_not_depend_on_line_ends_or_trailing_blank_lines() -> None:
    raw = HEAD + b"\nHi\n"
    assert raw_id(raw) == raw_id(raw.replace(b"\n", b"\r\n") + b"\r\n\r\n") == document(raw).id
    assert canonical(raw.replace(b"\n", b"\r\n")) == raw.rstrip()


def nested(depth: int) -> bytes:
    opened = b"".join(f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n'.encode() for i in range(depth))
    return HEAD + opened + b"\nHi"


def test_what_is_built_to_hurt_is_refused_with_its_reason() -> None:
    with pytest.raises(TooDeep):
        parse(nested(2_000))
    with pytest.raises(TooDeep):
        parse(b"Content-Type: message/rfc822\n\n" * 5_000)
    with pytest.raises(TooManyParts):
        parse(multipart("mixed", *[PLAIN] * 2_000))
    with pytest.raises(TooLarge):
        parse(HEAD + b"\n" + b"x" * 65 * 1024 * 1024)
    with pytest.raises(TooLarge):
        parse(HEAD + b"\n" + b"x" * 5_000_000)
    with pytest.raises(NotAMessage):
        parse(b"Just words.\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"=?a?q?" * 100_000,
        b"From: " + b'"\\' * 100_000,
        b"To: " + b"(" * 200_000,
        b"To: " + b"a@" * 100_000,
        b"References: " + b"a" * 200_000,
        b"Content-Type: text/plain" + b'; a="' * 50_000,
        b"Subject: " + b" \n" * 100_000 + b"\n",
        b"From: a@b.fi\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * 200_000,
        b"From: a@b.fi\nX: " + b" " * 500_000 + b"x",
    ],
)
def test_hostile_headers_cost_no_more_than_a_moment(raw: bytes) -> None:
    started = datetime.now(UTC)
    with contextlib.suppress(MessageError):
        parse(raw + b"\nFrom: a@b.fi\n\nHi")
    assert (datetime.now(UTC) - started).total_seconds() < 2


# Whatever comes


def check(raw: bytes) -> None:
    try:
        parsed = parse(raw, now=NOW)
    except MessageError as error:
        assert not isinstance(error, Unparsable), error
        return
    for found in parsed.documents:
        assert [z.start for z in found.zones] == [0, *(z.end for z in found.zones)][: len(found.zones)]
        assert (found.zones[-1].end if found.zones else 0) == len(found.text)
        assert "\0" not in found.text + found.subject
        found.text.encode()
        assert {a.digest for a in found.attachments} <= parsed.blobs.keys()


@given(st.binary(max_size=2_000))
def test_any_bytes_give_documents_or_a_message_error(raw: bytes) -> None:
    check(raw)
    check(HEAD + raw)
    check(multipart("mixed", raw, HTML))


def fixtures() -> list[bytes]:
    if not FIXTURES.exists():
        pytest.skip("../shared/data/mail/fixtures is not there")
    return [item.raw for item in archive.read([FIXTURES]) if isinstance(item, archive.Found)]


def test_every_fixture_gives_documents_or_a_message_error() -> None:
    for raw in fixtures():
        check(raw)


NOISE = [b"\n", b"=", b"\0", b"\xff", b"--", b'"', b"<", b": "]


def test_every_fixture_with_bytes_changed_gives_documents_or_a_message_error() -> None:
    chance = random.Random(7)
    for raw in fixtures()[::3]:
        mutated = bytearray(raw[:20_000])
        for _ in range(1 + len(mutated) // 200):
            at = chance.randrange(len(mutated))
            mutated[at : at + chance.randrange(3)] = chance.choice(NOISE)
        check(bytes(mutated))


# Records


def test_a_record_keeps_its_text_so_that_offsets_fit() -> None:
    text = "Hi Tom,\r\n\r\nI will send it.\0\r\n> old\r\n"
    when = "2001-05-07T10:00:00+03:00"
    found = from_fields({"id": 1, "date": when, "from": "Anna <a@b.fi>", "to": ["t@p.com"], "text": text})
    assert len(found.text) == len(text)
    assert found.zones[-1].end == len(text)
    assert (found.at, found.utc_offset) == (datetime(2001, 5, 7, 7, tzinfo=UTC), 180)
    assert (found.author, found.to) == (Address("a@b.fi", "Anna"), (Address("t@p.com"),))


def test_a_record_with_broken_characters_is_read() -> None:
    found = from_fields({"text": "a\ud800b", "subject": "\ud800", "from": "\0"})
    assert (found.text, found.subject) == ("a\ufffdb", "\ufffd")


def test_a_contract_is_all_its_own_text() -> None:
    found = from_fields({"kind": "contract", "text": "> 1. Scope\n"})
    assert (found.kind, [z.kind for z in found.zones]) == (DocumentKind.CONTRACT, [ZoneKind.OWN])


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({}, "text"),
        ({"text": 3}, "text"),
        ({"text": "x", "kind": "poem"}, "kind"),
        ({"text": "x", "date": "yesterday"}, "date"),
        ({"text": "x", "to": {"a": 1}}, "to"),
        ({"text": "x", "from": ["a"]}, "from"),
    ],
)
def test_a_record_that_cannot_be_used_says_which_field_is_wrong(record: dict[str, object], field: str) -> None:
    with pytest.raises(BadLine, match=f"'{field}'"):
        from_fields(record)
