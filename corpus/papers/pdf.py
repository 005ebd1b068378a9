"""PDF, by PDFium: text with places, form fields filled in, pages that are pictures by OCR where there is one.

Notable: reading order, columns, running lines and paragraphs are found from where the words stand. What it does not
know: ruled lines (a table is known by its white), tags of tagged PDF, right-to-left scripts.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.paper import Form, Paper
from corpus.papers import pdf_flow, pdf_running, shape
from corpus.papers.pdf_lines import Line, lines
from corpus.papers.pdf_words import Word, Words, words
from corpus.papers.writing import Writer
from errors import Broken, Encrypted, NeedsOcr, TooManyPages

MAX_PAGES = 1_000
# A page with less than this many letters beside its running lines, and a picture or drawing on it, is not read.
_FEW_LETTERS = 25
_UNMAPPED = 0.3  # of a page's characters that have no meaning: its text is as good as a picture
_STAMP = 120  # letters that signing services and faxes print on a scan
_WHOLE = 0.85  # of the page: a scan, not a picture in a text
_PICTURE = 0.3  # of the page that a picture covers at least
_MANY_PATHS = 300  # letters drawn as shapes
_MAX_OBJECTS = 5_000  # of a page that are looked at
_DPI = 300  # at which Tesseract reads best
_MAX_PIXELS = 40_000_000  # A4 at 300 dpi has 9 million
_WIDGET = 20  # FPDF_ANNOT_WIDGET: a form field
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|Z)?")
_PROGRAM = re.compile(r"^(?:Microsoft Word - |untitled$)|\.(?:docx?|odt|rtf|pdf|html?|indd)$", re.I)

# Reads a picture: its pixels (grey, one byte each, row by row), width, height and dots per inch, to words with places
# in points. Raises NeedsOcr where it cannot.
Ocr = Callable[[bytes, int, int, int], list[Word]]


def read_pdf(raw: bytes, ocr: Ocr | None = None) -> Paper:
    """Read a PDF. Raises Encrypted, Broken, TooManyPages, or NeedsOcr, which names the pages.

    A few pages that are pictures among others with text do not fail the paper: `Paper.unread` names them.
    """
    document = _opened(raw)
    try:
        return _Reader(document, ocr).paper()
    finally:
        document.close()


def _opened(raw: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(raw)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        reason = getattr(error, "err_code", None)
        if reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Encrypted("the PDF opens with a password only.") from error
        raise Broken("the PDF is damaged or cut short.") from error
    if not count:
        document.close()
        raise Broken("a PDF without pages.")
    if count > MAX_PAGES:
        document.close()
        raise TooManyPages(f"{count:,} pages; the limit is {MAX_PAGES:,}.")
    return document


class _Reader:
    def __init__(self, document: pypdfium2.PdfDocument, ocr: Ocr | None) -> None:
        self.document = document
        self.ocr = ocr
        self.scans: set[int] = set()  # pages, from 1, that only show pictures of text

    def paper(self) -> Paper:
        pages = [self.lines(number) for number in range(1, len(self.document) + 1)]
        bodies = pdf_running.bodies(pages)
        unread = self.unread([body.lines for body in bodies])
        found, notes = pdf_flow.pieces(bodies)
        writer = Writer()
        shape.write(found, writer)
        for note in notes:
            writer.note(note.text, page=note.page)
        information = self.document.get_metadata_dict()
        title = information.get("Title", "")
        return writer.paper(
            Form.PDF,
            pages=len(pages),
            title="" if _PROGRAM.search(title) else title,
            at=_date(information.get("CreationDate", "")),
            people=[information.get("Author", "")],
            unread=unread,
        )

    def lines(self, number: int) -> list[Line]:
        try:
            page = self.document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise Broken(f"page {number} of the PDF is damaged.") from error
        try:
            page = self.filled(page, number)
            found = words(page)
            if _is_picture(page, found):
                self.scans.add(number)
                if self.ocr:
                    found = Words(self.recognised(page, self.ocr), 0)
            return lines(found.words)
        finally:
            page.close()

    def filled(self, page: pypdfium2.PdfPage, number: int) -> pypdfium2.PdfPage:
        """The page with the values of its form fields as text."""
        if not any(_is_field(page.raw, index) for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), 1_000))):
            return page
        if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
            return page
        page.close()
        return self.document[number - 1]

    def recognised(self, page: pypdfium2.PdfPage, ocr: Ocr) -> list[Word]:
        width, height = page.get_size()
        dpi = min(_DPI, int(72 * (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5))
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        try:
            rows = bytes(bitmap.buffer)
            pixels = b"".join(rows[y * bitmap.stride :][: bitmap.width] for y in range(bitmap.height))
            return ocr(pixels, bitmap.width, bitmap.height, dpi)
        finally:
            bitmap.close()

    def unread(self, pages: Sequence[Sequence[Line]]) -> tuple[int, ...]:
        """The pages that stay unread. Raises NeedsOcr where they are most of the paper."""
        if self.ocr or not self.scans:
            return ()
        blank = sum(not page for number, page in enumerate(pages, 1) if number not in self.scans)
        if 2 * len(self.scans) > len(pages) - blank or not any(pages):
            shown = _ranges(sorted(self.scans))
            raise NeedsOcr(f"{'page' if len(self.scans) == 1 else 'pages'} {shown} of {len(pages)}: pictures of text.")
        return tuple(sorted(self.scans))


def _is_field(page: Any, index: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    if not annotation:
        return False
    subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return bool(subtype == _WIDGET)


def _is_picture(page: pypdfium2.PdfPage, found: Words) -> bool:
    """Whether the page's text is a picture, or drawn, or in a font that does not say what its letters mean."""
    letters = sum(len(word.text) for word in found.words)
    if letters >= _FEW_LETTERS and found.unmapped <= _UNMAPPED * (letters + found.unmapped):
        return letters < _STAMP and _covered(page) > _WHOLE
    if found.unmapped > _FEW_LETTERS:
        return True
    return _covered(page) > _PICTURE


def _covered(page: pypdfium2.PdfPage) -> float:
    """How much of the page pictures cover, or 1 where very many shapes are drawn."""
    width, height = page.get_size()
    area, paths = 0.0, 0
    for kind, (left, bottom, right, top) in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
        else:
            area += max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(top, height) - max(bottom, 0.0))
    return 1.0 if paths > _MANY_PATHS else area / max(width * height, 1.0)


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    sides = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MAX_OBJECTS)):
        found = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(found)
        wanted = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM)
        if kind in wanted and pdfium.FPDFPageObj_GetBounds(found, *map(ctypes.byref, sides)):
            left, bottom, right, top = (side.value for side in sides)
            yield kind, (left, bottom, right, top)


def _ranges(numbers: Sequence[int]) -> str:
    """ "1-3, 7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def _date(text: str) -> datetime | None:
    """A PDF's date (ISO 32000-1, 7.9.4); without an offset it is read as UTC."""
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups()[:6])
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    try:
        zone = timezone(-offset if found[7] == "-" else offset) if found[7] else UTC
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
