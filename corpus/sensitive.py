"""Numbers that name a person or an account: found by their own rules, and hidden under marks of the same length.

Finnish personal identity codes (with the signs of the century in force since 2023), IBANs (ISO 13616), payment cards
(ISO/IEC 7812, Luhn) and telephone numbers. All but the last carry check digits, so hardly anything else is taken for
one.

Not known here: identity codes and telephone numbers of other countries, where those are written without a `+`, save
those of North America.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

MARK = "•"


class Kind(StrEnum):
    """What a number names."""

    PERSON = "person"
    ACCOUNT = "account"
    CARD = "card"
    PHONE = "phone"


class Found(NamedTuple):
    """A stretch [start, end) of text, code points."""

    start: int
    end: int
    kind: Kind


_GAP = r"[ \u00a0-]?"
_DIGIT = re.compile(r"[0-9]")
_PERSON = re.compile(
    r"(?<!\w)([0-3]\d)([01]\d)(\d\d)([+\u2212\u2013A-FU-Y-])(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)", re.I | re.A
)
_CENTURIES = {"+": 1800, **dict.fromkeys("-\u2212\u2013YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# Looked at without being passed over: another account may follow within the longest that this one could be.
_ACCOUNT = re.compile(rf"(?<![^\W_])(?=([A-Z]{{2}}{_GAP}\d\d(?:{_GAP}[A-Z0-9]){{11,30}}))", re.I | re.A)
# Lengths by country: the register of ISO 13616.
_REGISTER = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27
GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24
ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29 VA22 VG24
XK20
"""
_LENGTHS = {part[:2]: int(part[2:]) for part in _REGISTER.split()}
_CARD = re.compile(r"(?<![\w.+/-])\d(?:[ \u00a0-]?\d){12,18}(?![\w-]|[.,]\d)", re.A)
# Numbers by which card companies begin theirs, and how long those are.
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|(?:6011|64[4-9]\d|65\d\d|352[89]|35[3-8]\d)\d{12}|(?:62|50|5[6-8]|6[37])\d{14,17}",
    re.A,
)
_PHONE = re.compile(
    r"(?<![\w.,/:+-])(?:"
    r"\+\d{1,3}(?:[ \u00a0()./-]{0,2}\d){6,12}"  # +358 (0)40 123 4567
    r"|\(?0(?:4\d\d?|50|457)\)?(?:[ \u00a0/-]?\d){6,8}"  # mobiles, in any grouping
    r"|\(?0(?:[235689]|1[03-9]|2\d|[37]\d|[68]00)\)?[ \u00a0/-]{1,2}\d{3}(?:[ \u00a0-]?\d){2,5}"  # area, number
    r"|(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}"  # North America
    r")(?!\w|[-/.,:]\d)",
    re.A,
)  # fmt: skip


def find(text: str) -> tuple[Found, ...]:
    """The numbers in a text, in order; of two that overlap the first."""
    if _DIGIT.search(text) is None:
        return ()
    kept: list[Found] = []
    for one in sorted((*_people(text), *_accounts(text), *_cards(text), *_phones(text))):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def masked(text: str) -> str:
    """The text with each of their letters and digits hidden; offsets stay what they are."""
    found = find(text)
    if not found:
        return text
    pieces, at = [], 0
    for one in found:
        hidden = "".join(MARK if c.isalnum() else c for c in text[one.start : one.end])
        pieces += [text[at : one.start], hidden]
        at = one.end
    return "".join((*pieces, text[at:]))


def _people(text: str) -> Iterator[Found]:
    for found in _PERSON.finditer(text):
        day, month, year, sign, number, check = found.groups()
        try:
            date(_CENTURIES[sign.upper()] + int(year), int(month), int(day))
        except ValueError:
            continue
        if _CHECKS[int(day + month + year + number) % 31] == check.upper():
            yield Found(found.start(), found.end(), Kind.PERSON)


def _accounts(text: str) -> Iterator[Found]:
    for found in _ACCOUNT.finditer(text):
        length = _LENGTHS.get(found[1][:2].upper(), 0)
        ends = [found.start() + n + 1 for n, c in enumerate(found[1]) if c.isalnum()]
        if length and len(ends) >= length and not text[ends[length - 1] : ends[length - 1] + 1].isalnum():
            end = ends[length - 1]
            if _is_account("".join(filter(str.isalnum, text[found.start() : end])).upper()):
                yield Found(found.start(), end, Kind.ACCOUNT)


def _is_account(code: str) -> bool:
    """Whether the check digits are right: ISO/IEC 7064, mod 97-10."""
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def _cards(text: str) -> Iterator[Found]:
    for found in _CARD.finditer(text):
        digits = "".join(filter(str.isdigit, found[0]))
        if _ISSUERS.fullmatch(digits) and _is_card(digits):
            yield Found(found.start(), found.end(), Kind.CARD)


def _is_card(digits: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(d), 10)) if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _phones(text: str) -> Iterator[Found]:
    return (Found(found.start(), found.end(), Kind.PHONE) for found in _PHONE.finditer(text))
