"""Page numbers: lines that hold nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import languages

_FEW = 3  # numbers in a row that are taken for a paper's old page numbers
_DIGITS = re.compile(r"\d{1,4}")


@cache
def _pattern() -> re.Pattern[str]:
    """ "3", "- 3 -", "Page 3 of 10", "Sivu 3 (10)", "iv"."""
    packs = [languages.data(code, "papers") for code in languages.codes()]
    before = "|".join(re.escape(word) for pack in packs for word in pack["pages"])
    between = "|".join(["/", r"\(", *(re.escape(word) for pack in packs for word in pack["of"])])
    number = r"\d{1,4}|[ivxl]{1,6}"
    return re.compile(
        rf"[\W_]{{0,4}}(?:(?:{before})\s?)?(?:{number})(?:\s?(?:{between})\s?\d{{1,4}}\)?)?[\W_]{{0,4}}", re.IGNORECASE
    )


def is_page_number(text: str) -> bool:
    """Whether a line is a page's number and nothing else."""
    return len(text) <= 30 and _pattern().fullmatch(text) is not None


def counted(texts: Sequence[str]) -> frozenset[int]:
    """Which of a paper's lines are page numbers that count up through it, left there by a conversion."""
    found: list[int] = []
    wanted = None
    for at, text in enumerate(texts):
        if len(text) > 30 or not is_page_number(text) or not (digits := _DIGITS.search(text)):
            continue
        number = int(digits[0])
        if number == wanted or (wanted is None and number <= _FEW):
            found.append(at)
            wanted = number + 1
    return frozenset(found) if len(found) >= _FEW else frozenset()
