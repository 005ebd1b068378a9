"""Pages that are pictures are read where Tesseract is installed."""

from __future__ import annotations

import io

import forms
import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline import ocr
from pipeline.opening import Opener

LINES = ["Sopimuksen irtisanomisaika on kolme kuukautta.", "The payment term is thirty days from the invoice."]


def scan() -> bytes:
    """A PDF whose only page is a picture of text."""
    page = pypdfium2.PdfDocument(forms.pdf([forms.column(LINES, pitch=30)], size=14))[0]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawImage(ImageReader(page.render(scale=3).to_pil()), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.skipif(ocr.installed() != ocr.WANTED, reason="Tesseract with Finnish and English is not installed")
def test_a_scan_in_finnish_and_english_is_read() -> None:
    with Opener() as opener:
        paper = opener.open(scan(), "scan.pdf")
    assert paper.text.split() == " ".join(LINES).split()
    assert (paper.pages, paper.unread, paper.blocks[0].page) == (1, (), 1)
