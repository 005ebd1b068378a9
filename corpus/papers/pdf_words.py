"""The words of a PDF page with their places, by PDFium's characters."""

from __future__ import annotations

import ctypes
import math
from functools import lru_cache
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_BREAKS = frozenset((0, 9, 10, 11, 12, 13, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0x200B, 0x3000, 0xFFFE, 0xFFFF))
_HYPHEN = 2  # PDFium's sign for a hyphen at a line's end
_SURROGATES = range(0xD800, 0xE000)
_PRIVATE = range(0xE000, 0xF900)
_BULLETS = {0xF0B7: 0x2022, 0xF0A7: 0x2022, 0xF06F: 0x2022, 0xF0D8: 0x2022, 0xF0FC: 0x2022, 0xF02D: 0x2D}
_TURNED = 0.15  # radians off the page's own direction: a watermark or a stamp in the margin
_FORCE_BOLD = 1 << 18
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "-bd")
_MAX_CHARACTERS = 200_000  # of a page; newspapers come to 30,000


class Word(NamedTuple):
    """A word and its box in points; `top` and `bottom` grow downwards from the top of the page as it is shown."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: bool

    @property
    def size(self) -> float:
        """The height of its line: ascent and descent of its font."""
        return self.bottom - self.top


class Words(NamedTuple):
    """A page's words in the order of its content, and how many of its characters no font says the meaning of."""

    words: list[Word]
    unmapped: int


class _Placement:
    """Turns PDF's coordinates (from below, before rotation) into the page's as it is shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.rotation = page.get_rotation()
        self.left, self.bottom, self.right, self.top = page.get_cropbox()

    def box(self, rect: Any) -> tuple[float, float, float, float]:
        match self.rotation:
            case 90:
                return (
                    rect.bottom - self.bottom,
                    rect.left - self.left,
                    rect.top - self.bottom,
                    rect.right - self.left,
                )
            case 180:
                return (
                    self.right - rect.right,
                    rect.bottom - self.bottom,
                    self.right - rect.left,
                    rect.top - self.bottom,
                )
            case 270:
                return (self.top - rect.top, self.right - rect.right, self.top - rect.bottom, self.right - rect.left)
            case _:
                return (rect.left - self.left, self.top - rect.top, rect.right - self.left, self.top - rect.bottom)

    def upright(self, angle: float) -> bool:
        off = (angle - math.radians(self.rotation)) % (2 * math.pi)
        return off < _TURNED or off > 2 * math.pi - _TURNED


def words(page: pypdfium2.PdfPage) -> Words:
    """The words of a page that stand upright. PDFium may end the process on a broken one: call it in a guarded one."""
    text = page.get_textpage()
    try:
        return _Collector(page, text.raw).run()
    finally:
        text.close()


class _Collector:
    def __init__(self, page: pypdfium2.PdfPage, handle: Any) -> None:
        self.place = _Placement(page)
        self.handle = handle
        self.fonts = _FontNames(handle)
        self.found: list[Word] = []
        self.unmapped = 0
        self.letters: list[int] = []
        self.box = (0.0, 0.0, 0.0, 0.0)
        self.first = 0

    def run(self) -> Words:
        rect = pdfium.FS_RECTF()
        by_reference = ctypes.byref(rect)
        unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
        for index in range(min(pdfium.FPDFText_CountChars(self.handle), _MAX_CHARACTERS)):
            code = unicode_of(self.handle, index)
            if code in _BREAKS or not box_of(self.handle, index, by_reference):
                self.unmapped += code in (0, 0xFFFE, 0xFFFF)
                self.end()
                continue
            self.letter(index, code, self.place.box(rect))
        self.end()
        return Words(self.found, self.unmapped)

    def letter(self, index: int, code: int, box: tuple[float, float, float, float]) -> None:
        if code in _PRIVATE:
            self.unmapped += code not in _BULLETS
            code = _BULLETS.get(code, code)
        if self.letters and not self.follows(box):
            self.end()
        if not self.letters:
            self.first, self.box = index, box
        else:
            left, top, right, bottom = self.box
            self.box = (min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
        self.letters.append(ord("-") if code == _HYPHEN else code)

    def follows(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a character stands right behind the last one, on its line (or is raised a little)."""
        _, top, right, bottom = self.box
        height = max(bottom - top, 1.0)
        middle = (box[1] + box[3]) / 2
        return top <= middle <= bottom and -0.6 * height < box[0] - right < 0.4 * height

    def end(self) -> None:
        if not self.letters:
            return
        text = _text(self.letters)
        self.letters = []
        if text and self.place.upright(pdfium.FPDFText_GetCharAngle(self.handle, self.first)):
            self.found.append(Word(text, *self.box, self.fonts.bold(self.first)))


def _text(codes: list[int]) -> str:
    text = "".join(chr(code) for code in codes if 0x20 < code < 0x110000)
    if any(code in _SURROGATES for code in codes):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class _FontNames:
    """Whether a character's font is a bold one, by the font's name and flags."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.buffer = ctypes.create_string_buffer(100)
        self.flags = ctypes.c_int()

    def bold(self, index: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(self.handle, index, self.buffer, 100, ctypes.byref(self.flags))
        return bool(self.flags.value & _FORCE_BOLD) or (0 < length <= 100 and _is_bold(self.buffer.value))


@lru_cache(maxsize=1_000)
def _is_bold(name: bytes) -> bool:
    lower = name.decode("latin-1").lower()
    return any(mark in lower for mark in _BOLD_NAMES)
