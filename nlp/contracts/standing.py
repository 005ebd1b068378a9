"""How far a contract's paper has come: a draft, a text that nobody is seen to have signed, or a signed one.

Told by the file's name and title, by marks of signing in the text, and by a line near its end that gives a place and a
day. A signature that is a picture is not seen: such a paper counts as unsigned.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from languages import codes, data
from nlp.amounts import written_days

_HEAD = 160  # code points in which a text may call itself a draft
_TAIL = 3000  # code points at a text's end that are looked through for who signed, and when
_LINE = re.compile(r"(?:^|(?<=[.!] ))[^\n.!]{0,60}", re.MULTILINE)
_PLACE = re.compile(r"\W{0,10}(?:[^\W\d_a-zåäö][\w-]{1,30}(?: (?=[^\W\d_a-zåäö]))?){1,3}[,:]? {0,4}")
_MARKS = re.compile(r"[\s_,()-]+|\.(?!\d)")


class Standing(IntEnum):
    """How far a paper has come; the further, the more it counts."""

    DRAFT = 0
    UNSIGNED = 1
    SIGNED = 2


class _Words(NamedTuple):
    """Words of all languages: papers of one relationship come in several."""

    draft: re.Pattern[str]
    signed_name: re.Pattern[str]
    signed: re.Pattern[str]
    undated: re.Pattern[str]
    number: re.Pattern[str]


def standing(text: str, language: str, *names: str) -> Standing:
    """How far the contract with this text has come; `names` are its file's name and its title."""
    words = _words()
    called = _plain(*names)
    if words.draft.search(called):
        return Standing.DRAFT
    if words.signed_name.search(called) or words.signed.search(text.lower()) or _is_dated(text[-_TAIL:], language):
        return Standing.SIGNED
    return Standing.DRAFT if words.draft.search(text[:_HEAD].lower()) else Standing.UNSIGNED


def edition(*names: str) -> tuple[int, ...]:
    """The number of a version that a file's name or title gives: (2, 1) for "v2.1"; empty where none does."""
    found = _words().number.search(_plain(*names))
    return tuple(map(int, found["number"].split("."))) if found else ()


def _is_dated(tail: str, language: str) -> bool:
    """Whether a line or sentence of a text's end begins with a place and a day, as over a signature."""
    days = {day.start for day in written_days(tail, language)}
    for line in _LINE.finditer(tail):
        place = _PLACE.match(tail, line.start(), line.end())
        if place and place.end() in days and not _words().undated.search(place.group().lower()):
            return True
    return False


def _plain(*names: str) -> str:
    """Names in lower case with spaces for the marks that join their words."""
    return " ".join(_MARKS.sub(" ", name.lower()) for name in names)


@cache
def _words() -> _Words:
    tables = [data(code, "contracts")["versions"] for code in codes()]
    joined = {name: "|".join(table[name] for table in tables) for name in tables[0]}
    return _Words(
        draft=re.compile(joined["draft"]),
        signed_name=re.compile(joined["signed_name"]),
        signed=re.compile(joined["signed"]),
        undated=re.compile(joined["undated"]),
        number=re.compile(rf"\b(?:{joined['numbered']}) ?(?P<number>\d{{1,3}}(?:\.\d{{1,3}}){{0,2}})\b"),
    )
