"""The numbers and bullets that stand before clauses, headings and items, and how deep each lies."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import languages

_BULLET = re.compile(r"([•●○◦▪■□▫◆➢➤✓✔‣∙·*–—-]|o(?= [A-ZÅÄÖ]))[ \t\n]+(?=\S)")
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,6})([.)]?)[ \t\n\u00a0]+(?=\S)")
# A number whose white was lost: 1.1“Price”, 1.Price.
_GLUED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,6})\.?(?=[“”\"]|[A-ZÅÄÖ][a-zåäö])|(\d{1,2})\.(?=[A-ZÅÄÖ][a-zåäö])")
_PARAGRAPH_SIGN = re.compile(r"(§{1,2} ?\d{1,3}[a-z]?|\d{1,3} ?§)[.:]?[ \t\n]*(?=\S|$)")
_LETTER = re.compile(
    r"(\([a-zåäö]{1,2}\)|\([A-ZÅÄÖ]\)|\([ivxl]{1,6}\)|\([IVXL]{1,6}\)|\(\d{1,2}\)|[a-z]\)|[ivx]{1,5}\))[ \t\n]+(?=\S)"
)
_LETTER_DOT = re.compile(
    r"(?:([a-zåäö]|[ivx]{2,5}|[A-H]|[IVX]{1,5})\.[ \t\n]+(?=[A-ZÅÄÖ“”\"])|([a-h])\.[ \t\n]+(?=[a-zåäö]{2}))"
)
# What a tab may part from its clause.
_BARE = re.compile(
    r"[(\[]?(?:\d{1,3}(?:\.\d{1,3}){0,6}|[A-Za-zåäöÅÄÖ]{1,2}|[ivxlIVXL]{1,6})[.)\]]{1,2}"
    r"|§ ?\d{1,3}[.:]?|\d{1,3} ?§[.:]?"
)
_ROMAN = re.compile(r"[ivxl]+", re.I)
_UNITS = re.compile(r"(?:%|€|\$|EUR|USD|[a-zåäö]|[^\W\d]{3,}\.? \d{4}\b)")


class Number(NamedTuple):
    """What stands before a text: the number as written (None for a bullet) and where the text behind it starts."""

    number: str | None
    rest: int


@cache
def _divisions() -> re.Pattern[str]:
    """ "Article 4", "Liite 2": the words are the language packs'."""
    words = {word for code in languages.codes() for word in languages.data(code, "papers")["divisions"]}
    longest = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(
        rf"((?:{longest})\s(?:\d{{1,3}}(?:\.\d{{1,3}}){{0,4}}|[IVXL]{{1,6}}|[A-ZÅÄÖ](?![\w])))(?:[.:]|\s?[–—-](?=\s)|(?=\s|$))\s*",
        re.I,
    )


def numbered(text: str) -> Number | None:
    """The number or bullet with which a text starts, or None.

    A lone number without point counts only before a capital: "12 months" is none, "12 Hinnat" is. A day is none.
    """
    if found := _BULLET.match(text):
        return Number(None, found.end())
    if found := _PARAGRAPH_SIGN.match(text):
        return Number(found[1], found.end())
    if found := _DECIMAL.match(text):
        bare = "." not in found[1] and not found[2]
        if bare and (len(found[1]) > 2 or _UNITS.match(text, found.end()) or not text[found.end()].isalpha()):
            return None
        return Number(found[1] + found[2].replace(".", ""), found.end())
    if found := _GLUED.match(text):
        return Number(found[1] or found[2], found.end())
    if found := _LETTER.match(text):
        return Number(found[1], found.end())
    if found := _LETTER_DOT.match(text):
        return Number(found[1] or found[2], found.end())
    if found := _divisions().match(text):
        return Number(found[1], found.end())
    return None


def bare(text: str) -> bool:
    """Whether a text is a number or bullet and nothing else, as where a tab parts it from its clause."""
    if len(text) > 24:
        return False
    found = numbered(f"{text} Xyz")
    return _BARE.fullmatch(text) is not None or (found is not None and found.rest > len(text))


class Outline:
    """Tells how deep numbers lie, seeing them in order: 1 → 0, 1.2 → 1, (a) one below the number before it."""

    def __init__(self) -> None:
        self._depth = 0  # of the last number of digits
        self._styles: list[str] = []  # of the letters below it, outermost first
        self._last = ""

    def level(self, number: str | None) -> int:
        """The depth of the next number; of a bullet: of the level that is open."""
        if number is None:
            return self._depth + len(self._styles)
        inner = number.strip("() §")
        if inner[:1].isdigit() and not number.startswith("("):
            self._depth, self._styles = inner.count("."), []
            return self._depth
        if " " in number:
            self._depth, self._styles = 0, []
            return 0
        style = self._style(number, inner)
        self._last = inner
        if style in self._styles:
            del self._styles[self._styles.index(style) + 1 :]
        else:
            self._styles.append(style)
        return self._depth + len(self._styles)

    def _style(self, number: str, inner: str) -> str:
        roman = bool(_ROMAN.fullmatch(inner)) and not _follows(self._last, inner)
        if inner.isdigit():
            kind = "1"
        elif roman and (len(inner) > 1 or inner in "iIvVxX"):
            kind = "i" if inner.islower() else "I"
        else:
            kind = "a" if inner.islower() else "A"
        return number.replace(inner, kind)


def _follows(last: str, letters: str) -> bool:
    """Whether letters come right after the last ones in the alphabet: h, i; hh, ii."""
    same = len(last) == len(letters) and last == last[:1] * len(last) and letters == letters[0] * len(letters)
    return same and ord(letters[0]) == ord(last[0]) + 1


def under_mark(text: str, mark: str) -> tuple[str, Number | None]:
    """A list item's text with the mark that its form gives it ("" for none), and the number with which it starts.

    A bullet gives way to a number that the text itself has.
    """
    own = numbered(text)
    if mark and not (own and mark == "•"):
        text = f"{mark} {text}"
        own = numbered(text)
    return text, own
