"""What a file says is read whole, in order, and found again on its page."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import forms
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import papers, sniff
from corpus.message import parse
from corpus.paper import BlockKind, Form, Paper
from corpus.papers import mapi
from corpus.papers.joining import joined, vocabulary
from corpus.papers.numbering import Outline, numbered
from corpus.papers.writing import GAP
from errors import NeedsOcr, PaperError


def test_every_form_with_a_reader_is_handed_to_it() -> None:
    assert all(sniff.may_read(media_type, "a") for media_type in papers._READERS)


PROSE = (
    "The supplier delivers the goods to the buyer on the days that",
    "are agreed upon in the order and tells at once where a delay is",
    "to be feared, with its reason and its likely length in days and",
    "the measures that were taken against it at the supplier's cost.",
)


def texts(paper: Paper, kind: BlockKind | None = None) -> list[str]:
    return [paper.text[b.start : b.end] for b in paper.blocks if kind is None or b.kind is kind]


def check(paper: Paper) -> None:
    """Blocks are in order, part the text by blank lines, and none is blank."""
    assert paper.text == GAP.join(texts(paper))
    assert all(text.strip() for text in texts(paper))
    assert all(a.end + len(GAP) == b.start for a, b in pairwise(paper.blocks))


# PDF


def test_lines_of_a_pdf_are_paragraphs_on_their_page() -> None:
    pages = [forms.column(PROSE), forms.column(["Each party bears its own costs of this agreement."])]
    paper = papers.read(forms.pdf(pages), "x.pdf")
    check(paper)
    assert (paper.form, paper.pages) == (Form.PDF, 2)
    assert texts(paper) == [" ".join(PROSE), "Each party bears its own costs of this agreement."]
    assert [b.page for b in paper.blocks] == [1, 2]


def test_a_sentence_goes_on_over_the_page() -> None:
    paper = papers.read(forms.pdf([forms.column(PROSE[:2]), forms.column(PROSE[2:])]), "")
    assert texts(paper) == [" ".join(PROSE)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left line {n} of words that fill the column" for n in range(8)]
    right = [f"right line {n} of words that fill its column" for n in range(8)]
    placed = [*forms.column(left, left=50), *forms.column(right, left=310)]
    placed = [place for pair in zip(placed[:8], placed[8:], strict=True) for place in pair]  # as some programs write
    text = papers.read(
        forms.pdf([[(50, 60, "A TITLE OVER BOTH COLUMNS OF THIS PAPER, AS WIDE AS THEY ARE TOGETHER"), *placed]]), ""
    ).text
    places = [text.index(line.split(" of")[0]) for line in (*left, *right)]
    assert places == sorted(places)
    assert text.startswith("A TITLE")


def test_running_lines_and_page_numbers_are_dropped() -> None:
    pages = [
        [
            (60, 40, "Framework Agreement 4711"),
            *forms.column([f"Clause about matter {n}."]),
            (60, 800, f"Page {n} of 4"),
        ]
        for n in ("1", "2", "3", "4")
    ]
    paper = papers.read(forms.pdf(pages), "")
    assert paper.text.count("Framework Agreement") == 1  # said once, where it comes first
    assert "Page" not in paper.text
    assert [b.page for b in paper.blocks] == [1, 1, 2, 3, 4]


def test_a_row_of_a_table_is_cells_between_tabs() -> None:
    rows = [("Part", "Price", "Days"), ("Gear A", "1 200", "14"), ("Gear B", "2 400", "21")]
    placed = [(60 + 150 * c, 100 + 20 * r, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    assert texts(papers.read(forms.pdf([placed]), ""), BlockKind.ROW) == ["\t".join(row) for row in rows]


def test_cells_of_several_lines_stay_with_their_row() -> None:
    placed: list[forms.Placed] = []
    for row in range(5):
        top = 100 + 60 * row
        placed.append((50, top, f"Clause {row} of the draft as it stood before the talks"))
        for line, words in enumerate(
            ("the buyer asks for a shorter time and a price that", "holds for the whole year", "as before")
        ):
            placed.append((320, top + 13 * line, f"{words} {row}"))
    rows = texts(papers.read(forms.pdf([placed]), ""), BlockKind.ROW)
    assert len(rows) == 5
    assert all(text.startswith(f"Clause {n}") and text.endswith(f"as before {n}") for n, text in enumerate(rows))


def test_clause_numbers_are_known_though_a_tab_follows_them() -> None:
    placed = [
        (60, 100, "4.2"),
        (110, 100, "The price is fixed until the end of the year."),
        (60, 130, "(a)"),
        (110, 130, "It is paid in euros."),
    ]
    paper = papers.read(forms.pdf([placed]), "")
    assert [(b.number, b.level, b.kind) for b in paper.blocks] == [
        ("4.2", 1, BlockKind.ITEM),
        ("(a)", 2, BlockKind.ITEM),
    ]


def test_hyphens_at_line_ends_are_undone_but_not_those_of_spelling() -> None:
    assert (
        joined(["Sopimuksen irtisano-", "misaika on kolme kuukautta."])
        == "Sopimuksen irtisanomisaika on kolme kuukautta."
    )
    assert joined(["vuokrattu linja-", "auto"]) == "vuokrattu linja-auto"
    assert joined(["osto-", "ja myyntisopimus"]) == "osto- ja myyntisopimus"
    assert joined(["a long-", "term lease"]) == "a long-term lease"
    assert joined(["EU-", "maissa", "vuosina 2023-", "2024"]) == "EU-maissa vuosina 2023-2024"
    assert joined(["a re-", "sale"], vocabulary(["No re-sale without consent"])) == "a re-sale"


def test_a_page_that_is_a_picture_needs_ocr_and_is_named() -> None:
    kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    picture = f"<< {kind} /Width 1 /Height 1 /Length 1 >>\nstream\n0\nendstream"
    draw = "q 595 0 0 842 0 0 cm /I Do Q"
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    scan = forms.raw_pdf(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< {page} /Resources << /XObject << /I 5 0 R >> >> >>",
            f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
            picture,
        ]
    )
    with pytest.raises(NeedsOcr, match=r"page 1 of 1.*Tesseract"):
        papers.read(scan, "scan.pdf")


# DOCX


def test_clause_numbers_that_word_only_shows_are_written() -> None:
    body = "".join(
        forms.paragraph(text, listed=(1, depth))
        for text, depth in (
            ("Price", 0),
            ("It is fixed for a year.", 1),
            ("It is paid monthly.", 1),
            ("Term", 0),
            ("Two years.", 1),
        )
    )
    paper = papers.read(forms.docx(body, numbering=forms.numbering(("decimal", "%1."), ("decimal", "%1.%2"))), "")
    check(paper)
    assert [b.number for b in paper.blocks] == ["1", "1.1", "1.2", "2", "2.1"]
    assert texts(paper)[1] == "1.1 It is fixed for a year."


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>Payment within </w:t></w:r><w:del><w:r><w:delText>30</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>14</w:t></w:r></w:ins><w:r><w:t> days</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One para</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>graph</w:t></w:r></w:p>"
    )
    assert texts(papers.read(forms.docx(body), "")) == ["Payment within 14 days", "One paragraph"]


def test_tables_footnotes_and_text_boxes_of_word_are_read() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    shape = "<w:txbxContent>{0}</w:txbxContent>"
    either = f"<mc:Choice>{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>"
    box = f"<w:r><mc:AlternateContent>{either}</mc:AlternateContent></w:r>"
    body = (
        f"<w:tbl><w:tr>{cell.format('Erä')}{cell.format('Euroa')}</w:tr></w:tbl>"
        '<w:p><w:r><w:t>Hinta</w:t></w:r><w:r><w:footnoteReference w:id="3"/></w:r></w:p>'
        f"<w:p>{box.format(forms.paragraph('In the box'))}</w:p>" + forms.paragraph("Loppu")
    )
    notes = '<w:footnote w:id="3"><w:p><w:r><w:t>ilman arvonlisäveroa</w:t></w:r></w:p></w:footnote>'
    paper = papers.read(forms.docx(body, footnotes=notes), "")
    assert texts(paper) == ["Erä\tEuroa", "Hinta", "In the box", "Loppu", "1) ilman arvonlisäveroa"]
    assert paper.blocks[0].kind is BlockKind.ROW


# ODT, RTF


def test_an_odt_is_read_with_its_lists_and_rows() -> None:
    level = '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    style = f'<text:list-style style:name="L">{level}</text:list-style>'
    body = (
        '<text:h text:outline-level="2">Päätökset</text:h><text:list text:style-name="L">'
        "<text:list-item><text:p>Hyväksyttiin tarjous.</text:p></text:list-item>"
        "<text:list-item><text:p>Merkittiin<text:s text:c='1'/>tiedoksi.</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Erä</text:p></table:table-cell>"
        "<table:table-cell><text:p>100</text:p></table:table-cell></table:table-row></table:table>"
    )
    paper = papers.read(forms.odt(body, styles=style), "")
    check(paper)
    assert texts(paper) == ["Päätökset", "1. Hyväksyttiin tarjous.", "2. Merkittiin tiedoksi.", "Erä\t100"]
    assert (paper.blocks[0].kind, paper.blocks[0].level) == (BlockKind.HEADING, 1)


def test_an_rtf_is_read_whatever_its_letters_are_coded_in() -> None:
    raw = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Sopimus}}\b SOPIMUS\b0\par "
        rb"P\'e4iv\'e4 \u8364?100 {\*\bkmkstart x}{\v hidden}\par\trowd\intbl Er\'e4\cell 100\cell\row\pard "
        rb"Text{\footnote A note}\par}"
    )
    paper = papers.read(raw, "")
    check(paper)
    assert texts(paper) == ["SOPIMUS", "Päivä €100", "Erä\t100", "Text", "A note"]
    assert paper.title == "Sopimus"


# HTML, Markdown, text


def test_an_html_page_is_blocks_without_scripts() -> None:
    html = (
        "<html><head><title>Ehdot</title><script>alert(1)</script></head><body><h2>Hinnat</h2>"
        "<p>Hinta on <b>10</b>&nbsp;€.</p><ol type=a><li>ensin</li><li>sitten</li></ol>"
        "<table><tr><th>Erä</th><td>1</td></tr></table><p style='display:none'>x</p></body></html>"
    )
    paper = papers.read(html.encode(), "x")
    check(paper)
    assert texts(paper) == ["Hinnat", "Hinta on 10 €.", "a. ensin", "b. sitten", "Erä\t1"]
    assert (paper.form, paper.title) == (Form.HTML, "Ehdot")


def test_markdown_is_read_without_its_marks() -> None:
    text = (
        "# Muistio\n\nLäsnä: **Anna**, Ville\nPoissa: Olli\n\n1. Avattiin kokous.\n"
        "   - Anna [kirjaa](http://x.example).\n\n| Kuka | Mitä |\n|---|---|\n| Anna | tarjous |\n"
    )
    paper = papers.read(text.encode(), "muistio.md")
    check(paper)
    assert texts(paper) == [
        "Muistio",
        "Läsnä: Anna, Ville",
        "Poissa: Olli",
        "1. Avattiin kokous.",
        "• Anna kirjaa.",
        "Kuka\tMitä",
        "Anna\ttarjous",
    ]


def test_lines_of_plain_text_that_the_margin_broke_are_joined() -> None:
    text = "SOPIMUS\n\n" + "\n".join(PROSE) + "\n\n1. Hinta\n\nHinta on 10 euroa.\n"
    paper = papers.read(text.encode("utf-16"), "x.txt")
    check(paper)
    assert texts(paper) == ["SOPIMUS", " ".join(PROSE), "1. Hinta", "Hinta on 10 euroa."]
    assert [b.kind for b in paper.blocks][:3] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING]


# Transcripts, calendars, Outlook


def test_a_transcript_is_turns_of_its_speakers() -> None:
    vtt = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAnna Mäkelä: Aloitetaan.\n\n"
        "2\n00:00:02.000 --> 00:00:03.000\nAnna Mäkelä: Hinta ensin.\n\n"
        "00:03.000 --> 00:04.000\n<v Ville>Sopii.</v>\n"
    )
    paper = papers.read(vtt.encode(), "x.vtt")
    check(paper)
    assert [(b.speaker, paper.text[b.start : b.end]) for b in paper.blocks] == [
        ("Anna Mäkelä", "Aloitetaan. Hinta ensin."),
        ("Ville", "Sopii."),
    ]
    assert paper.people == ("Anna Mäkelä", "Ville")


def test_a_calendar_tells_what_when_where_and_who() -> None:
    ics = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Neuvottelu\\, hinta\r\n"
        "DTSTART;TZID=Europe/Helsinki:20240320T100000\r\n"
        'ATTENDEE;CN="Anna; M":mailto:a@x.example\r\n'
        "DESCRIPTION:Ensimmäinen\\nrivi ja \r\n jatko\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    paper = papers.read(ics.encode(), "x.ics")
    assert texts(paper) == ["Neuvottelu, hinta", "2024-03-20 10:00", "Anna; M", "Ensimmäinen\nrivi ja jatko"]
    assert paper.at is not None
    assert paper.at.astimezone(UTC) == datetime(2024, 3, 20, 8, tzinfo=UTC)


def test_an_outlook_message_becomes_a_mail_with_what_it_encloses() -> None:
    inner = forms.msg("Sisempi", "Enclosed words.", above="__attach_version1.0_#00000001/__substg1.0_3701000D/")
    attached = {
        "__attach_version1.0_#00000000/__substg1.0_37010102": b"%PDF-1.4 contract",
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "Sopimus ä.pdf".encode("utf-16-le"),
    }
    raw = forms.ole({**forms.msg("Hei ä", "Liitteenä sopimus.", more=attached), **inner})
    parsed = parse(papers.messages(raw)[0])
    mail, enclosed = parsed.documents
    assert (mail.subject, mail.text.strip(), mail.author and mail.author.email) == (
        "Hei ä",
        "Liitteenä sopimus.",
        "anna@tuulikas.example",
    )
    assert [a.name for a in mail.attachments] == ["Sopimus ä.pdf"]
    assert (enclosed.subject, enclosed.parent) == ("Sisempi", mail.id)
    assert papers.messages(raw) == papers.messages(raw)


def test_outlooks_packed_rtf_is_unpacked() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert mapi.unpacked_rtf(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"  # [MS-OXRTFCP], 4.1


# What numbers are


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.1 Hinta", "3.1"), ("12. Term", "12"), ("4 § Takuu", "4 §"), ("§ 4 Takuu", "§ 4"), ("(a) first", "(a)"),
        ("iv) fourth", "iv)"), ("Article 5 Price", "Article 5"), ("Liite 2: Hinnat", "Liite 2"), ("5 Hinta", "5"),
    ],
)  # fmt: skip
def test_a_number_before_a_text_is_known(text: str, number: str) -> None:
    found = numbered(text)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    "text", ["12 months", "2024 Budget", "10 June 2026", "12.3.2024 Helsinki", "3 % interest", "50 € each"]
)
def test_days_amounts_and_years_are_no_clause_numbers(text: str) -> None:
    assert numbered(text) is None


def test_letters_lie_below_numbers_and_i_follows_h() -> None:
    outline = Outline()
    marks = ["2", "2.1", "(a)", "(i)", "(ii)", "(b)", "2.2", "(g)", "(h)", "(i)", "(j)", "3"]
    assert [outline.level(mark) for mark in marks] == [0, 1, 2, 3, 3, 2, 1, 2, 2, 2, 2, 0]


# Whatever the bytes are

_WHOLE = [
    forms.docx(forms.paragraph("Hinta", listed=(1, 0)), numbering=forms.numbering(("decimal", "%1."))),
    forms.odt("<text:p>Hinta</text:p>"),
    rb"{\rtf1\ansi Hinta\'e4 {\b x}\par\u8364?}",
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR",
    b"WEBVTT\n\n00:01.000 --> 00:02.000\nA: b\n",
    b"<html><body><h1>x</h1><table><tr><td>a<td>b</table>",
    b"# x\n\n- a\n- b\n\n|a|b|\n|-|-|\n|c|d|\n",
    forms.ole(forms.msg("x", "y")),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_WHOLE),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), max_size=4),
    st.integers(0, 10_000),
)
def test_damaged_files_are_read_or_refused_with_a_reason(raw: bytes, damage: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(raw)
    for at, put in damage:
        place = at % len(data)
        data[place : place + len(put)] = put
    try:
        check(papers.read(bytes(data[: len(data) - cut % 40]), "x"))
    except PaperError as error:
        assert error.detail


@given(st.text(max_size=400))
def test_any_text_is_read_or_empty(text: str) -> None:
    try:
        check(papers.read(text.encode("utf-8", "surrogatepass"), "x.md"))
    except PaperError as error:
        assert error.detail
