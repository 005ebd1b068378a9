"""What a reader of zones may rely on."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Zone, ZoneKind, ZonePart
from corpus.html import to_text
from corpus.zones import zone


def said(text: str, kind: ZoneKind, zones: tuple[Zone, ...] | None = None) -> list[str]:
    """The non-blank lines of one kind."""
    found = zone(text) if zones is None else zones
    return [line for z in found if z.kind is kind for line in text[z.start : z.end].split("\n") if line.strip()]


def part(text: str, wanted: ZonePart) -> list[str]:
    """The non-blank lines of one part."""
    return [line for z in zone(text) if z.part is wanted for line in text[z.start : z.end].split("\n") if line.strip()]


PIECES = [
    "Hi Anna,", "Hei,", "the pumps leave on Friday.", "", " ", "> quoted", ">> older",
    "On 4.3.2024 Anna <a@b.fi> wrote:",
    "Anna kirjoitti 4.3.2024 klo 9.12:", "-----Original Message-----", "From: Anna <a@b.fi>", "To: Tom", "Subject: x",
    "-- ", "Best regards", "Tom", "+358 40 000 0001", "________________________________", "Sent from my iPhone",
    "This message is confidential. If you are not the intended recipient, delete it.", "\xa0", ":", ">", "x:",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20))))
def test_zones_are_ordered_disjoint_and_cover_the_text(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    zones = zone(text)
    assert "".join(text[z.start : z.end] for z in zones) == text
    assert all(z.start < z.end for z in zones)
    assert all(before.end == after.start for before, after in pairwise(zones))
    assert all((z.depth > 0) == (z.kind in (ZoneKind.QUOTE, ZoneKind.FORWARD)) for z in zones)


def test_an_empty_text_has_no_zones() -> None:
    assert zone("") == ()


REPLY = "Thanks, Friday is fine.\n\n"
OLD = "Can you deliver on Friday?\n\nAnna\n"


HEADERS = {
    "outlook": """-----Original Message-----
From: Anna Aho <anna@aho.example>
Sent: Monday, March 4, 2024 9:12 AM
To: Tom
Subject: Pumps
""",
    "outlook with a rule": """________________________________
From: Anna Aho <anna@aho.example>
Sent: Monday
To: Tom
Subject: Pumps
""",
    "Finnish Outlook": """________________________________
Lähettäjä: Anna Aho <anna@aho.example>
Lähetetty: maanantai 4. maaliskuuta 2024 9.12
Vastaanottaja: Tom
Aihe: Pumput
""",
    "Finnish Thunderbird": """-------- Alkuperäinen viesti --------
Lähettäjä: Anna Aho <anna@aho.example>
Pvm: 4.3.2024 9.12
Vastaanottaja: Tom
Aihe: Pumput
""",
    "German Outlook": """Von: Anna Aho <anna@aho.example>
Gesendet: Montag, 4. März 2024 09:12
An: Tom
Betreff: Pumpen
""",
    "Gmail": "On Mon, Mar 4, 2024 at 9:12 AM Anna Aho <anna@aho.example> wrote:\n",
    "Gmail wrapped": "On Mon, Mar 4, 2024 at 9:12 AM Anna Aho <\nanna@aho.example> wrote:\n",
    "Finnish Apple": "Anna Aho <anna@aho.example> kirjoitti 4.3.2024 kello 9.12:\n",
    "Finnish Gmail": "ma 4. maalisk. 2024 klo 9.12 Anna Aho (anna@aho.example)\nkirjoitti:\n",
    "old Gmail": "2024-03-04 9:12 GMT+02:00 Anna Aho <anna@aho.example>:\n",
    "GroupWise": '>>> "Anna Aho" <anna@aho.example> 03/04/24 09:12AM >>>\n',
    "Notes": """
"Anna Aho" <anna@aho.example> on 03/04/2024 09:12:33 AM
To:\t<tom@x.example>
cc:\t

Subject:\tPumps
""",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_what_stands_below_a_header_is_quoted_and_its_author_known(header: str) -> None:
    text = REPLY + header + "\n" + OLD
    zones = zone(text)
    assert said(text, ZoneKind.OWN, zones) == ["Thanks, Friday is fine."]
    quote = [z for z in zones if z.kind is ZoneKind.QUOTE]
    assert quote[0].part is ZonePart.HEADER
    assert quote[0].author is not None
    assert (quote[0].author.name, quote[0].author.email) == ("Anna Aho", "anna@aho.example")
    assert quote[-1].depth == 1
    assert "Can you deliver on Friday?" in said(text, ZoneKind.QUOTE, zones)


def test_a_notes_header_with_name_and_date_lines_is_one_header() -> None:
    text = (
        "FYI, comments below.\n\n\n\n\tAnna Aho\n\tSent by: Liisa\n\t03/04/2024 09:12 AM\n\t\t\n"
        "\t\t To: Tom Smith/HEL/ACME@ACME, Bo \nEk/HEL/ACME@ACME\n\t\t cc: \n\t\t Subject: Pumps\n\nHello\n"
    )
    header = next(z for z in zone(text) if z.part is ZonePart.HEADER)
    assert text[header.start : header.end].strip().startswith("Anna Aho")
    assert text[header.start : header.end].rstrip().endswith("Subject: Pumps")
    assert header.author is not None and header.author.name == "Anna Aho"


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------\n",
        "Begin forwarded message:\n\n",
        "---------------------- Forwarded by Tom Smith/HEL on 03/05/2024 \n09:58 AM ---------------------------\n\n\n",
        "Välitetty viesti alkaa:\n\n",
        "----- Välittänyt Tom Smith 05.03.2024 09:58 -----\n",
    ],
)
def test_a_message_that_is_passed_on_is_a_forward(marker: str) -> None:
    text = "Please handle.\n\n" + marker + "From: Anna Aho <anna@aho.example>\nDate: 4.3.2024\nSubject: Pumps\n\n" + OLD
    zones = zone(text)
    assert said(text, ZoneKind.OWN, zones) == ["Please handle."]
    assert not said(text, ZoneKind.QUOTE, zones)
    assert all(z.author and z.author.email == "anna@aho.example" for z in zones if z.kind is ZoneKind.FORWARD)


def test_the_subject_tells_a_forward_from_a_reply_where_the_header_does_not() -> None:
    text = "Tiedoksi.\n\nLähettäjä: Anna <a@b.example>\nLähetetty: 4.3.2024\nAihe: Pumput\n\nMoi\n"
    assert {z.kind for z in zone(text, subject="VL: Pumput")} == {ZoneKind.OWN, ZoneKind.FORWARD}
    assert {z.kind for z in zone(text, subject="VS: Pumput")} == {ZoneKind.OWN, ZoneKind.QUOTE}


def test_what_a_forwarded_message_quotes_is_a_quote_one_deeper() -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Anna <a@b.example>\nSubject: x\n\nYes.\n\n"
        "On 3.3.2024 10:00 Bo Ek <bo@ek.example> wrote:\n> Really?\n"
    )
    last = zone(text)[-1]
    assert (last.kind, last.depth, last.author and last.author.email) == (ZoneKind.QUOTE, 2, "bo@ek.example")


def test_answers_between_quoted_lines_are_the_authors_own() -> None:
    text = "On 4.3.2024 9:12 Anna <a@b.example> wrote:\n> Friday?\n\nYes.\n\n> Price,\n>> as we had\n\nAs agreed.\n"
    assert said(text, ZoneKind.OWN) == ["Yes.", "As agreed."]


def test_the_tail_of_a_wrapped_quoted_line_stays_quoted() -> None:
    text = "Ok.\n\n> The delivery that we talked about yesterday at the meeting in Turku is\nmissing, they say.\n> Bo\n"
    assert said(text, ZoneKind.OWN) == ["Ok."]


def test_text_below_the_attribution_of_a_reply_is_own_when_the_quotation_was_cut_away() -> None:
    text = "ma, 2024-03-04 kello 9.12 +0200, Anna Aho kirjoitti:\n[clip]\n\nHyvä, tehdään näin.\n"
    zones = zone(text, subject="Re: Pumput")
    assert "Hyvä, tehdään näin." in said(text, ZoneKind.OWN, zones)


def test_a_memo_or_an_agenda_is_no_header() -> None:
    text = "Agenda\nDate: Monday\nSubject: pumps\n\nAs I wrote: the price stays.\nTime: 10.00\n"
    assert {z.kind for z in zone(text)} == {ZoneKind.OWN}


def test_greeting_closing_and_signature_are_told_apart() -> None:
    text = (
        "Hi Anna,\n\nthe pumps leave on Friday.\n\nBest regards,\nTom\n\n"
        "Tom Smith\nSales Manager\nAcme Ltd\n+44 20 0000 0000\n"
    )
    assert part(text, ZonePart.GREETING) == ["Hi Anna,"]
    assert part(text, ZonePart.CLOSING) == ["Best regards,", "Tom"]
    assert said(text, ZoneKind.SIGNATURE) == ["Tom Smith", "Sales Manager", "Acme Ltd", "+44 20 0000 0000"]


def test_a_finnish_greeting_closing_and_signature_are_told_apart() -> None:
    text = (
        "Moi Anna,\n\npumput lähtevät perjantaina.\n\nYstävällisin terveisin\n\n"
        "Tuomo Seppä\nmyyntipäällikkö\nPumppu Oy\np. 040 000 0001\n"
    )
    assert part(text, ZonePart.GREETING) == ["Moi Anna,"]
    assert part(text, ZonePart.CLOSING) == ["Ystävällisin terveisin"]
    assert said(text, ZoneKind.SIGNATURE) == ["Tuomo Seppä", "myyntipäällikkö", "Pumppu Oy", "p. 040 000 0001"]


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Lähetetty iPhonesta", "-- \nTom\nhttps://tom.example"])
def test_a_marked_signature_is_no_own_text(line: str) -> None:
    text = f"Ok, Friday.\n\n{line}\n"
    assert said(text, ZoneKind.OWN) == ["Ok, Friday."]
    assert said(text, ZoneKind.SIGNATURE) == line.split("\n")


def test_a_list_of_facts_at_the_end_is_no_signature() -> None:
    text = "The lots are:\n- Lot 1, 2 February 2024\n- Lot 2, 15 March 2024\n"
    assert not said(text, ZoneKind.SIGNATURE)


@pytest.mark.parametrize(
    "footer",
    [
        "This e-mail is confidential and intended only for the addressee. If you have received it in error, delete it.",
        (
            "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle.\n"
            "Jos olet saanut sen vahingossa, tuhoa se."
        ),
        "_______________________________________________\nPumps mailing list\npumps@lists.acme.example",
        "__________________________________________________\nDo You Yahoo!?\nFree mail for all",
    ],
)
def test_disclaimers_list_footers_and_advertisements_are_footers(footer: str) -> None:
    text = f"The pumps leave on Friday.\n\nTom\n\n{footer}\n"
    assert said(text, ZoneKind.FOOTER) == footer.split("\n")
    assert "The pumps leave on Friday." in said(text, ZoneKind.OWN)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until 12 March with limited access to e-mail. For urgent matters, contact Bo.\n",
        "Olen kesälomalla 31.7. saakka. Kiireellisissä asioissa ottakaa yhteyttä Boon.\n",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to bo@x.example failed.\n",
    ],
)
def test_what_a_machine_wrote_is_automatic(text: str) -> None:
    assert {z.kind for z in zone(text)} == {ZoneKind.AUTO}


def test_a_person_who_mentions_an_absence_is_no_machine() -> None:
    text = "Hi,\n\nthe offer is attached. Please send the order by Friday.\nI am out of the office on Monday.\n\nTom\n"
    assert ZoneKind.AUTO not in {z.kind for z in zone(text)}


def test_the_mails_headers_can_say_that_a_machine_sent_it() -> None:
    assert [z.kind for z in zone("Ticket 17 was closed.", automatic=True)] == [ZoneKind.AUTO]


def test_html_quotes_are_quotes_and_what_lies_between_them_is_own() -> None:
    html = (
        '<div>First.</div><div class="gmail_quote"><div class="gmail_attr">Am Montag Anna &lt;a@b.example&gt;</div>'
        '<blockquote class="gmail_quote">Friday?</blockquote><div>Yes.</div>'
        '<blockquote class="gmail_quote">Price?</blockquote><div>As agreed.</div></div>'
    )
    text, hints = to_text(html)
    zones = zone(text, hints)
    assert said(text, ZoneKind.OWN, zones) == ["First.", "Yes.", "As agreed."]
    assert said(text, ZoneKind.QUOTE, zones) == ["Am Montag Anna <a@b.example>", "Friday?", "Price?"]


def test_long_and_hostile_text_costs_linear_time() -> None:
    n = 10_000
    texts = [
        "To: a,\n b,\n" * n,
        "x   To:   y\n" * n,
        "On 1.2.2003 a@b.c wrote:\n" * n,
        "a@" * 10 * n + " wrote:",
        "> a\nb\n" * n,
    ]
    texts.append("\n".join(">" * (i % 500) + " On 1.2.2003 a@b.c wrote:" for i in range(n)))
    start = time.process_time()
    for text in texts:
        zone(text)
    assert time.process_time() - start < 10
