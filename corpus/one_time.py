"""Mails that hold a secret for one use: codes to sign in with, and ways into an account whose password was forgotten.

They are nobody's business dealings, and whoever reads them may become somebody else: they are not kept. A mail that is
lost this way is lost for good, so three things must come together: a machine's address, the name of the secret, and the
secret itself or what only such mails say. What people write of passwords stays.

Not known here: other languages than those of `languages/`, and secrets that lie in a picture.
"""

from __future__ import annotations

import re
from functools import cache

import languages
from corpus.document import Document, DocumentKind, Sending
from corpus.people import is_role

_LONGEST = 6_000  # code points: such mails are short, with all that stands at their foot
_BEFORE, _AFTER = 24, 80  # code points between a code and its name: "482913 is your code", "your code is:"
# Four to eight digits, also in two halves, or as G-123456; or six to eight letters and digits with both among them.
_CODE = re.compile(r"(?<![\w.,/€$-])(?:[A-Z]{1,3}-)?(?:\d{4,8}|\d{3}[ -]\d{3,4})(?![\w€$%]|[.,/:-]\d)", re.A)
_MIXED = re.compile(r"(?<![\w.,/-])(?=[A-Z]{0,7}\d)(?=\d{0,7}[A-Z])[A-Z0-9]{6,8}(?![\w-])", re.A)
_SENTENCE = re.compile(r"[.!?\n]")
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_one_time_secret(document: Document) -> bool:
    """Whether a mail was sent by a machine to hand over a secret for one use."""
    if document.kind is not DocumentKind.EMAIL or len(document.text) > _LONGEST or not _from_machine(document):
        return False
    said = f"{document.subject}\n{document.text}"
    lower = said.lower()
    if _has_code(said, lower):
        return True
    return any(p in lower for p in _phrases("resets")) and any(p in lower for p in _phrases("calls"))


def _from_machine(document: Document) -> bool:
    """Whether the sender is no person, and answers none."""
    if document.in_reply_to or document.references or document.author is None:
        return False
    return document.sending in (Sending.AUTOMATIC, Sending.BULK) or is_role(document.author.email)


def _has_code(said: str, lower: str) -> bool:
    if len(lower) != len(said):  # some capitals are two letters when small
        said = lower.upper()
    for phrase in _phrases("codes"):
        at = lower.find(phrase)
        while at >= 0:
            end = at + len(phrase)
            before = _SENTENCE.split(said[max(0, at - _BEFORE) : at])[-1]
            if _is_code(before) or _is_code(said[end : end + _AFTER]):
                return True
            at = lower.find(phrase, end)
    return False


def _is_code(words: str) -> bool:
    return any(not _YEAR.fullmatch(found[0]) for found in _CODE.finditer(words)) or _MIXED.search(words) is not None


@cache
def _phrases(topic: str) -> tuple[str, ...]:
    return tuple(p for code in languages.codes() for p in languages.data(code, "secrets")[topic])
