"""Any file that is no mail, read: what it is is told by its content; its name only decides between kinds of text.

    PDF ─ words ─ lines ─ running lines ─ flow ─┐
    RTF, plain text ────────────────────────────┴ shape ─┐
    DOCX, ODT, HTML, Markdown, ICS, VTT, SRT ────────────┴ writing → Paper
    MSG, PST ─────────────────────────────────────────────────────→ messages (bytes)

A reader takes hostile bytes and can be slow, large or fatal to its process (PDFium, libpff): `pipeline.opening` runs
it in a guarded one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath

from corpus import sniff
from corpus.paper import MAX_FILE, Paper
from corpus.papers import calendar, docx, markdown, odt, outlook, pdf, plain, rtf, transcript, web
from corpus.papers.pdf import Ocr
from errors import Broken, Encrypted, PaperError, TooLargeUnpacked, Unsupported

_READERS: dict[str, Callable[[bytes], Paper]] = {
    sniff.WORD: docx.read_docx,
    "application/vnd.oasis.opendocument.text": odt.read_odt,
    "application/vnd.oasis.opendocument.text-template": odt.read_odt,
    "application/rtf": rtf.read_rtf,
    "text/html": web.read_html,
    "text/calendar": calendar.read_calendar,
    "text/vtt": transcript.read_cues,
    "application/x-subrip": transcript.read_cues,
}
_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_TEXT = frozenset({"", ".txt", ".text", ".asc", ".log"})
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(raw: bytes, name: str, ocr: Ocr | None = None) -> Paper:
    """The text of a file and what it says of itself. `name` may have folders before it; it may lie or be empty.

    `ocr` reads pages that are pictures; without one they make NeedsOcr. Raises PaperError, always one that says
    what is wrong with this file: Unsupported, Broken, Encrypted, NeedsOcr, TooManyPages or TooLargeUnpacked.
    """
    if len(raw) > MAX_FILE:
        raise TooLargeUnpacked(f"more than {MAX_FILE:,} bytes.")
    try:
        return _read(raw, name, ocr)
    except PaperError:
        raise
    except RecursionError as error:
        raise Broken("nested deeper than can be read.") from error
    except (ValueError, LookupError, ArithmeticError, AttributeError, TypeError, OSError, EOFError) as error:
        # A bug of ours that this file brought to light: it goes to quarantine, where it can be looked at and retried.
        raise Broken(f"unreadable ({type(error).__name__}: {error}).") from error


def messages(raw: bytes) -> list[bytes]:
    """The messages in a .msg, as they go over the wire. A .pst is read by `pst.read_pst`.

    Raises PaperError: of other OLE files Encrypted (an office document behind a password) or Unsupported (.doc, .xls).
    """
    return [outlook.read_msg(raw)]


def _read(raw: bytes, name: str, ocr: Ocr | None) -> Paper:
    form, media_type = sniff.sniff(raw[: sniff.HEAD])
    if form is sniff.Form.EMPTY or not raw.strip(b"\0 \t\r\n\f\v"):
        raise Broken("empty.")
    if media_type == "application/pdf":
        return pdf.read_pdf(raw, ocr)
    if media_type in _READERS:
        return _READERS[media_type](raw)
    if (
        media_type == "text/plain"
        or raw.startswith(_UTF16)
        or (media_type == "application/octet-stream" and _is_text(raw))
    ):
        return _read_text(raw, name)
    raise _refusal(form, media_type, raw)


def _read_text(raw: bytes, name: str) -> Paper:
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    marked = suffix in _MARKDOWN or (suffix in _TEXT and markdown.is_markdown(plain.text_of(raw[: sniff.HEAD])))
    return markdown.read_markdown(raw) if marked else plain.read_text(raw)


def _is_text(raw: bytes) -> bool:
    """Whether bytes with NULs among them are text all the same: UTF-8 without other controls."""
    head = raw[: sniff.HEAD].replace(b"\0", b"")
    return not _CONTROLS.search(head) and head.decode("utf-8", "ignore").encode() == head


def _refusal(form: sniff.Form, media_type: str, raw: bytes) -> PaperError:
    if media_type == sniff.OLE:
        return _ole_refusal(raw)
    if form in (sniff.Form.MESSAGE, sniff.Form.MBOX):
        return Unsupported("a mail: it is ingested as one.")
    if form is not sniff.Form.OTHER:
        return Unsupported(f"an archive ({form}): what it holds is ingested, not itself.")
    if media_type == sniff.OUTLOOK_DATA:
        return Unsupported("a .pst: the mail in it is ingested.")
    return Unsupported(f"of a form that is not read ({media_type}).")


def _ole_refusal(raw: bytes) -> PaperError:
    """Why an OLE file is not read: a .msg, an old Office file, a document behind a password, or damaged."""
    try:
        outlook.read_msg(raw)
    except (Encrypted, Unsupported, Broken, TooLargeUnpacked) as error:
        return error
    return Unsupported("a .msg: the mail in it is ingested.")
