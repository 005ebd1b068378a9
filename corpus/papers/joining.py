"""Lines of a paragraph made one: what was hyphenated at a line's end is whole again."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cache

import languages

_WORD = re.compile(r"[^\W\d_]+(?:[-‐\u00ad][^\W\d_]+)*")
_BROKEN = re.compile(r"(?:^|[\s(\"“”'/])([^\W\d_](?:[\w-]*[\w])?)[-‐\u00ad]$")
_NEXT = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NARROW, _WIDE = 45, 120  # code points between which lines are broken at a margin
_VOWELS = frozenset("aeiouyäöå")


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """The words of a paper in lower case, compounds with hyphens as such: they tell how a broken word is spelt."""
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


@cache
def _words(topic: str) -> frozenset[str]:
    return frozenset(word for code in languages.codes() for word in languages.data(code, "papers")[topic])


def goes_on_after(text: str) -> bool:
    """Whether a text ends with "and", "or" and the like, as all but the last item of a list may."""
    return text.rsplit(None, 1)[-1].lower() in _words("after_hyphen")


def joined(lines: Sequence[str], known: Container[str] = frozenset()) -> str:
    """One text of a paragraph's lines. `known` are the paper's words (`vocabulary`)."""
    parts: list[str] = []
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if parts:
            parts[-1], glue = _seam(parts[-1], line, known)
            parts.append(glue)
        parts.append(line)
    return "".join(parts)


def _seam(before: str, after: str, known: Container[str]) -> tuple[str, str]:
    """The line before as it stays, and what comes between it and the line after."""
    if not before.endswith(("-", "‐", "\u00ad")):
        return before, " "
    found, following = _BROKEN.search(before), _NEXT.match(after)
    if not found:  # a dash, or a hyphen after a digit: "2023-" "2024"
        return before, "" if re.search(r"\d[-‐]$", before) and after[0].isdigit() else " "
    if not following:
        return before, "" if after[0].isdigit() else " "
    if before.endswith("\u00ad"):
        return before[:-1], ""
    if following[0].lower() in _words("after_hyphen"):
        return before, " "
    return (before, "") if _spelt_with_hyphen(found[1], following[0], known) else (before[:-1], "")


def _spelt_with_hyphen(first: str, second: str, known: Container[str]) -> bool:
    """Whether the hyphen belongs to the word; one vowel on both sides of it does in Finnish ("linja-auto")."""
    if not second[0].islower():
        return True
    whole, parted = (first + second).lower(), f"{first}-{second}".lower()
    if (whole in known) != (parted in known):
        return parted in known
    last = first.lower()[-1]
    return first.lower() in _words("hyphenated") or first.isupper() or (last in _VOWELS and last == second[0])


def unbroken(lines: Sequence[str]) -> list[str]:
    """Lines that were broken at a margin joined, the others left: what is short was ended on purpose."""
    width = max(map(len, lines), default=0)
    out: list[str] = []
    last = ""
    for line in lines:
        word = line.split(None, 1)[0] if line.strip() else ""
        full = _NARROW < width <= _WIDE and len(last) + len(word) > 0.85 * width
        goes_on = word[:1].islower() and len(last) > _NARROW and not last.endswith((".", ":", ";", "!", "?"))
        if out and (full or goes_on):
            out[-1] = joined([out[-1], line])
        else:
            out.append(line)
        last = line
    return out
