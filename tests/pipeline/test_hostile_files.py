"""Files that were made to hurt, or are broken: each has a clear outcome, and the next file is read as ever."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import forms
import pytest

from corpus.paper import Form, Paper
from errors import (
    Broken,
    Encrypted,
    MissingReader,
    NeedsOcr,
    PaperError,
    ReaderDied,
    TooLargeUnpacked,
    TooManyPages,
    TooSlow,
    Unsupported,
)  # fmt: skip
from pipeline.opening import Limits, Opener, mails, opened_all

_HINTA = forms.paragraph("Hinta on 10 euroa.")
_CATALOG, _PAGES = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
_ENTITY = "<w:p><w:r><w:t>&{};</w:t></w:r></w:p>"
_XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_LAUGHS = "<!DOCTYPE d [" + '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    with Opener(Limits(seconds=20), ocr=False) as one:
        yield one


def zip_bomb() -> bytes:
    body = "<w:p>" + " " * (70 * 1024 * 1024) + "</w:p>"
    return forms.docx(body)


def many_entries() -> bytes:
    return forms.docx(_HINTA, more={f"word/media/{n}": "" for n in range(10_001)})


def bottomless_docx() -> bytes:
    return forms.docx("<w:sdt>" * 20_000 + _HINTA + "</w:sdt>" * 20_000)


def encrypted_docx() -> bytes:
    return forms.ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(300)})


def encrypted_odt() -> bytes:
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return forms.odt("<text:p>x</text:p>", manifest=entry)


def encrypted_zip() -> bytes:
    raw = bytearray(forms.docx(_HINTA))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(magic)
        while place >= 0:
            raw[place + at] |= 1
            place = raw.find(magic, place + 4)
    return bytes(raw)


def truncated_docx() -> bytes:
    return forms.docx(_HINTA * 50)[:-300]


def spreadsheet() -> bytes:
    return forms.zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})


def page_tree_in_a_circle() -> bytes:
    return forms.raw_pdf([_CATALOG, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def many_pages() -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(3, 10_003))
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"
    return forms.raw_pdf([_CATALOG, f"<< /Type /Pages /Kids [{kids}] /Count 10000 >>", *[page] * 10_000])


def huge_picture() -> bytes:
    kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    draw = "q 595 0 0 842 0 0 cm /I Do Q"
    return forms.raw_pdf(
        [
            _CATALOG,
            _PAGES,
            f"<< {_PAGE} /Resources << /XObject << /I 5 0 R >> >> >>",
            f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
            f"<< {kind} /Width 100000 /Height 100000 /Length 1 >>\nstream\n0\nendstream",
        ]
    )


def endless_rtf() -> bytes:
    return b"{\\rtf1 " + b"{" * 200_000 + b"x" + b"}" * 200_000 + b"}"


def looping_ole() -> bytes:
    raw = bytearray(forms.ole({"__properties_version1.0": bytes(9000), **forms.msg("x", "y")}))
    raw[-512:-4] = b"\x01\0\0\0" * 127  # every sector is followed by sector 1
    return bytes(raw)


def deep_msg() -> bytes:
    streams = forms.msg("0", "x")
    above = ""
    for depth in range(14):
        above += "__attach_version1.0_#00000000/__substg1.0_3701000D/"
        streams |= forms.msg(str(depth), "x", above=above)
    return forms.ole(streams)


class Refused(NamedTuple):
    """A file and the error that it ends in."""

    make: Callable[[], bytes]
    name: str
    error: type[PaperError]
    says: str


REFUSED = [
    Refused(zip_bomb, "bomb.docx", TooLargeUnpacked, "unpacks to more than"),
    Refused(many_entries, "many.docx", TooLargeUnpacked, "more than 10,000 files"),
    Refused(bottomless_docx, "deep.docx", Broken, "nested deeper"),
    Refused(lambda: forms.docx(_ENTITY.format("x"), doctype=_XXE), "xxe.docx", Broken, "document type"),
    Refused(lambda: forms.docx(_ENTITY.format("a9"), doctype=_LAUGHS), "lol.docx", Broken, "document type"),
    Refused(lambda: forms.odt("<text:p>&x;</text:p>", doctype=_XXE), "xxe.odt", Broken, "document type"),
    Refused(lambda: forms.odt("<text:p>&a9;</text:p>", doctype=_LAUGHS), "lol.odt", Broken, "document type"),
    Refused(encrypted_docx, "secret.docx", Encrypted, "password"),
    Refused(encrypted_odt, "secret.odt", Encrypted, "password"),
    Refused(encrypted_zip, "secret.docx", Encrypted, "password"),
    Refused(truncated_docx, "cut.docx", Broken, "cut short"),
    Refused(spreadsheet, "contract.docx", Unsupported, "openxmlformats|spreadsheet"),
    Refused(lambda: forms.pdf([[(60, 60, "x")]], encrypt="secret"), "secret.pdf", Encrypted, "password"),
    Refused(lambda: forms.pdf([forms.column(["x" * 60] * 40)])[:200], "cut.pdf", Broken, "cut short|without pages"),
    Refused(page_tree_in_a_circle, "circle.pdf", Broken, "without pages|damaged|no text"),
    Refused(many_pages, "long.pdf", TooManyPages, "10,000 pages"),
    Refused(huge_picture, "huge.pdf", NeedsOcr, "page 1 of 1"),
    Refused(endless_rtf, "deep.rtf", Broken, "nested deeper"),
    Refused(lambda: b"MZ" + bytes(2000), "contract.pdf", Unsupported, "executable"),
    Refused(lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "scan.pdf", Unsupported, "image/png"),
    Refused(lambda: forms.ole({"WordDocument": bytes(5000)}), "old.doc", Unsupported, "old Office"),
    Refused(lambda: forms.ole(forms.msg("x", "y")), "x.docx", Unsupported, "mail in it"),
    Refused(looping_ole, "loop.msg", PaperError, "mail in it|damaged"),
    Refused(deep_msg, "deep.msg", Broken, "nested deeper"),
    Refused(lambda: b"", "empty.pdf", Broken, "empty"),
    Refused(lambda: b" \r\n\t" * 500, "blank.txt", Broken, "empty"),
    Refused(lambda: bytes(3_000_000), "zeros.pst", Broken, "empty"),
    Refused(lambda: b"From: a@x.example\nTo: b@x.example\nSubject: x\n\nHello", "x.pdf", Unsupported, "a mail"),
    Refused(lambda: forms.zipped({"../../x.txt": "x"}), "x.docx", Unsupported, "archive"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.make.__name__}-{case.name}")
def test_a_hostile_file_is_refused_with_its_reason(opener: Opener, case: Refused) -> None:
    with pytest.raises(case.error, match=case.says):
        opener.open(case.make(), case.name)
    assert opener.open(b"Hinta on 10 euroa.", "x.txt").text == "Hinta on 10 euroa."


def form_that_draws_itself() -> bytes:
    draw, inner = "BT /F 12 Tf 60 700 Td (Price) Tj ET /X Do", "/X Do"
    again = "/Resources << /XObject << /X 5 0 R >> >>"
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {again} /Length {len(inner)} >>"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return forms.raw_pdf(
        [
            _CATALOG,
            _PAGES,
            f"<< {_PAGE} /Resources << /Font << /F {font} >> /XObject << /X 5 0 R >> >> >>",
            f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
            f"{form}\nstream\n{inner}\nendstream",
        ]
    )


def macros() -> bytes:
    return forms.docx(_HINTA, more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0Sub AutoOpen()"})


def escaping_names() -> bytes:
    return forms.docx(_HINTA, more={"../../../../tmp/suhde-escaped": "x", "/tmp/suhde-escaped": "x"})


def deep_html() -> bytes:
    return b"<html><body>" + b"<div>" * 200_000 + b"Hinta on 10 euroa."


def endless_meeting() -> bytes:
    entry = b"SUMMARY:Viikkopalaveri\nDTSTART:20240101T090000Z\nRRULE:FREQ=SECONDLY\n"
    return b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + entry + b"END:VEVENT\nEND:VCALENDAR\n"


def endless_alarms() -> bytes:
    return b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Palaveri\n" + b"BEGIN:VALARM\n" * 100_000


def repeated_row() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="1000000000"><text:p>Hinta</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000000">{cell * 2}</table:table-row>'
    return forms.odt(f"<table:table>{row}</table:table>")


class Survived(NamedTuple):
    """A file that looks dangerous and is read all the same."""

    make: Callable[[], bytes]
    name: str
    form: Form
    text: str


SURVIVED = [
    Survived(form_that_draws_itself, "recursive.pdf", Form.PDF, "Price"),
    Survived(lambda: forms.pdf([[(60, 60, "Price")]]), "wrong-suffix.docx", Form.PDF, "Price"),
    Survived(lambda: b"rubbish\n" + forms.pdf([[(60, 60, "Price")]]), "late.pdf", Form.PDF, "Price"),
    Survived(macros, "macros.docm", Form.DOCX, "Hinta on 10 euroa."),
    Survived(escaping_names, "../../etc/passwd", Form.DOCX, "Hinta on 10 euroa."),
    Survived(deep_html, "deep.html", Form.HTML, "Hinta on 10 euroa."),
    Survived(endless_meeting, "endless.ics", Form.ICS, "Viikkopalaveri\n\n2024-01-01 09:00\n\nRRULE FREQ=SECONDLY"),
    Survived(endless_alarms, "alarms.ics", Form.ICS, "Palaveri"),
    Survived(repeated_row, "rows.odt", Form.ODT, "Hinta\tHinta"),
    Survived(lambda: b"{\\rtf1 a\\bin2000000000 b", "bin.rtf", Form.RTF, "a"),
    Survived(lambda: b"{\\rtf1 " + b"\\'" * 50_000 + b"a\\u-1?\\u55357?b}", "odd.rtf", Form.RTF, ""),
    Survived(lambda: b"Hin\0ta\0", "nul.txt", Form.TEXT, "Hinta"),
    Survived(lambda: b"\xff\xfeH\0\x3d\xd8i\0", "surrogate\udc80.txt", Form.TEXT, "H\N{REPLACEMENT CHARACTER}i"),
    Survived(lambda: b"[" * 10_000 + b"*" * 10_000, "marks.md", Form.MARKDOWN, ""),
]  # fmt: skip


@pytest.mark.parametrize("case", SURVIVED, ids=lambda case: case.name.encode("ascii", "replace").decode())
def test_a_file_that_looks_dangerous_is_read(opener: Opener, case: Survived) -> None:
    paper = opener.open(case.make(), case.name)
    assert (paper.form, case.text in paper.text) == (case.form, True)
    assert not Path("/tmp/suhde-escaped").exists()


def flate_bomb() -> bytes:
    packed = zlib.compress(b"0 0 m 9 9 l S " * 15_000_000).decode("latin-1")
    return forms.raw_pdf(
        [
            _CATALOG,
            _PAGES,
            f"<< {_PAGE} >>",
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed}\nendstream",
        ]
    )


def test_a_file_that_takes_too_long_or_too_much_is_given_up() -> None:
    with Opener(Limits(seconds=2, memory=400 * 1024 * 1024), ocr=False) as opener:
        with pytest.raises((TooSlow, ReaderDied)):
            opener.open(flate_bomb(), "bomb.pdf")
        assert opener.open(b"Hinta", "x.txt").text == "Hinta"


def test_a_process_that_cannot_start_is_an_error_not_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Opener(ocr=False) as opener, pytest.raises(ReaderDied):
        opener.open(b"Hinta", "x.txt")


def test_a_gigabyte_of_zeros_is_no_pst(tmp_path: Path) -> None:
    path = tmp_path / "mail.pst"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(Broken, match=r"no \.pst"):
        list(mails(path))
    with path.open("r+b") as file:
        file.write(b"!BDN")
    with pytest.raises((Broken, MissingReader, ReaderDied)):
        list(mails(path))


def test_mail_in_a_msg_comes_out_of_the_guarded_process() -> None:
    assert b"Subject: x" in next(mails(forms.ole(forms.msg("x", "y"))))


def test_the_process_is_warm_and_replaced_when_it_is_gone(opener: Opener) -> None:
    opener.open(b"Hinta", "x.txt")
    before = children()
    opener.open(b"Hinta", "x.txt")
    with pytest.raises(Broken):
        opener.open(b"", "x.txt")
    assert children() == before != set()
    for pid in before:
        os.kill(pid, 9)
    for _ in range(2):  # the one that was being asked is lost, the next is asked afresh
        try:
            assert opener.open(b"Hinta", "x.txt").text == "Hinta"
        except ReaderDied:
            continue


def children() -> set[int]:
    """The processes of this one that read files."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == os.getpid() and b"pipeline.opener" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
        except (OSError, IndexError, ValueError):
            continue
    return found


def test_many_files_keep_their_order_and_hurt_only_themselves() -> None:
    files = [(b"Hinta %d" % n, "x.txt") if n % 3 else (b"", "empty.txt") for n in range(30)]
    outcomes = list(opened_all(files, workers=2))
    for number, outcome in enumerate(outcomes):
        if number % 3:
            assert isinstance(outcome, Paper)
            assert outcome.text == f"Hinta {number}"
        else:
            assert isinstance(outcome, Broken)


def test_damaged_pdfs_are_read_or_refused_with_a_reason(opener: Opener) -> None:
    whole = forms.pdf([forms.column(["Hinta on 10 euroa."] * 20)] * 3)
    dice = Random(6)
    for _ in range(60):
        raw = bytearray(whole[: len(whole) - dice.randrange(3) * 200])
        for _ in range(dice.randrange(1, 12)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            assert opener.open(bytes(raw), "x.pdf").text
        except PaperError as error:
            assert error.detail


def test_a_zip_that_lies_about_its_sizes_is_not_believed(opener: Opener) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (70 << 20))
    raw = bytearray(out.getvalue())
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.find(magic) + at
        raw[place : place + 4] = b"\x10\0\0\0"
    with pytest.raises(PaperError):
        opener.open(bytes(raw), "x.docx")
