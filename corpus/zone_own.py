"""The author's own stretch looked into: greeting, closing, signature, footers, and text that a machine wrote.

Worked from the ends inwards: footers lie lowest, then the signature, then the closing; the greeting comes first.
"""

from __future__ import annotations

import re
from itertools import islice

from corpus.document import Address, ZoneKind, ZonePart
from corpus.zone_lines import Lines
from corpus.zone_markers import Markers, markers, word_starts

Label = tuple[ZoneKind, ZonePart | None, int, Address | None]

_GREETING: Label = (ZoneKind.OWN, ZonePart.GREETING, 0, None)
_CLOSING: Label = (ZoneKind.OWN, ZonePart.CLOSING, 0, None)
_SIGNATURE: Label = (ZoneKind.SIGNATURE, None, 0, None)
_FOOTER: Label = (ZoneKind.FOOTER, None, 0, None)

_RULE = re.compile(r"[-_=*~#+. ]{2,}$")
_ATTACHMENT = re.compile(
    r"(?:- |\(see attached|<<|\[image|<embedded|\[attachment|attachment|\(attachment|\[cid:).{0,200}"
    r"(?:\.\w{2,4}\W*$|>>|\]|>)|<embedded|\(see attached",
    re.I,
)
_PHONE = re.compile(r"(?:\+|\(?\d)[\d\s().\xa0/-]{5,}\d|(?<!\w)x ?-?\d[\d-]{2,}|\b\d-\d{4}\b|\bext\.? ?\d", re.I)
_DIGIT = re.compile(r"\d")
_POSTCODE = re.compile(r"\b\d{5}\b")
_ADDRESS = re.compile(r"\S@\S+\.\w|https?://|www\.")
_TAIL = 16  # lines of a closing and signature together
_DASHES = frozenset({"—", "–", "---"})
_LONG_RULE = "____"
_SHORT_TAIL = 4  # lines below a rule or above "Sent from my phone" that belong to it
_NARROW = 60  # characters of a line in a signature
_WIDE = 78  # characters of such a line that holds a number or an address
_SEPARATOR = re.compile(r"[,/|(]| - ")
_NO_NAME = re.compile(r"[?!:;@=0-9]")
_PARTICLES = frozenset({"de", "van", "von", "der", "den", "af", "and", "&", "la", "x"})
_STRAY = 2  # paragraphs that may stand below or between footers without looking like one
_ENOUGH = 3  # phrases of a disclaimer
_SHORT_PARAGRAPH = 15  # characters; no footer is shorter
_LONG_PARAGRAPH = 60  # characters; no disclaimer is shorter
_WORD = re.compile(r"\w+")
_SPARSE = 180  # characters to a phrase, above which a paragraph only speaks of what disclaimers speak of
_WITHIN = 200  # characters of a line in which a footer must show itself
_OPENING = 6  # lines in which a machine says what it is


def label_own(lines: Lines, labels: list[Label], first: int, end: int) -> None:
    """Refine the labels of one own stretch, lines `first` to `end` (exclusive), in place."""
    marks = markers()
    paragraphs = _paragraphs(lines, first, end)
    if not paragraphs:
        return
    bottom = _label_footers(lines, labels, paragraphs, end, marks)
    bottom = _above_attachments(lines, bottom, first)
    top = paragraphs[0][0]
    if bottom >= top:
        bottom = _label_signature(lines, labels, top, bottom, marks)
    if not any(lines.content[:first]) and bottom >= top and _is_greeting(lines, top, bottom, marks):
        labels[top] = _GREETING


def written_by_machine(lines: Lines, labels: list[Label], subject: str) -> bool:
    """Whether the opening says that a machine wrote this: a bounce, a receipt, an absence notice."""
    marks = markers()
    own = (line for line, label in zip(lines.content, labels, strict=True) if line and label[0] is ZoneKind.OWN)
    start = list(islice(own, 2 * _OPENING + 1))
    if not start:
        return False
    opening = "\n".join((subject, *start[:_OPENING])).lower()
    if marks.auto.within(opening):
        return True
    if len(start) > 2 * _OPENING or not marks.away.within(opening):
        return False
    rest = " ".join(start).lower()
    return bool(marks.meanwhile.within(rest, word_starts(rest)))


def _paragraphs(lines: Lines, first: int, end: int) -> list[tuple[int, int]]:
    """Runs of non-blank lines as (first, last)."""
    found: list[tuple[int, int]] = []
    start = -1
    for i in range(first, end):
        if lines.content[i]:
            if start < 0:
                start = i
        elif start >= 0:
            found.append((start, i - 1))
            start = -1
    if start >= 0:
        found.append((start, end - 1))
    return found


def _label_footers(
    lines: Lines, labels: list[Label], paragraphs: list[tuple[int, int]], end: int, marks: Markers
) -> int:
    """Label what hangs below the author's words; gives the last line above it."""
    if not _may_have_footers(lines, paragraphs, marks):
        return paragraphs[-1][1]
    top = end
    others = 0  # paragraphs that are none, since the last that was one
    for first, last in reversed(paragraphs):
        start = _footer_start(lines, first, last, marks)
        if start is not None:
            top, others = start, 0
        elif not _RULE.match(lines.content[first]):
            others += 1
            if others > _STRAY:
                break
    if top == end:
        return paragraphs[-1][1]
    above = lines.after_blank(top - 1, -1)
    if above >= paragraphs[0][0] and top - above <= 2 and _RULE.match(lines.content[above]):
        top = above
    labels[top:end] = [_FOOTER] * (end - top)
    return lines.after_blank(top - 1, -1)


def _may_have_footers(lines: Lines, paragraphs: list[tuple[int, int]], marks: Markers) -> bool:
    """Whether the paragraphs in which a footer is looked for hold its words at all: one look settles most mails."""
    telling = (first for first, _ in reversed(paragraphs) if not _RULE.match(lines.content[first]))
    lowest = list(islice(telling, _STRAY + 1))
    top = lowest[-1] if len(lowest) > _STRAY else paragraphs[0][0]
    tail = "\n".join(lines.content[top : paragraphs[-1][1] + 1]).lower()
    starts = word_starts(tail)
    found = marks.hanging.within(tail, starts)
    if not found or len(found) >= _ENOUGH:
        return bool(found)
    return bool(marks.footer.within(tail, starts) or marks.list_footer.within(tail, starts))


def _footer_start(lines: Lines, first: int, last: int, marks: Markers) -> int | None:
    """The line of a paragraph from which it is a footer, or None."""
    paragraph = "\n".join(lines.content[first : last + 1]).lower()
    if len(paragraph) < _SHORT_PARAGRAPH:
        return None
    starts = word_starts(paragraph)
    at = min(map(paragraph.index, marks.footer.within(paragraph, starts)), default=-1)
    if at - paragraph.rfind("\n", 0, max(at, 0)) > _WITHIN:
        at = -1  # far within a long line: a newsletter that is one line, its footer with it
    if at < 0:
        found = marks.disclaimer.within(paragraph, starts) if len(paragraph) >= _LONG_PARAGRAPH else []
        if len(found) < _ENOUGH or len(paragraph) > _SPARSE * len(found):
            return _list_footer_start(lines, first, last, marks)
        at = min(map(paragraph.index, found))
    return first + paragraph.count("\n", 0, at)


def _list_footer_start(lines: Lines, first: int, last: int, marks: Markers) -> int | None:
    """The rule above a mailing list's name and address, or None."""
    for i in range(first, last):
        content = lines.content[i]
        if len(content) > len(_LONG_RULE) and content[0] in "-_=*~#" and _RULE.match(content):
            below = "\n".join(lines.content[i + 1 : i + 4]).lower()
            if marks.list_footer.within(below, word_starts(below)):
                return i
    return None


def _above_attachments(lines: Lines, bottom: int, first: int) -> int:
    """The last line above the names of attached files that some mail programs put below the text."""
    while bottom >= first and (not lines.content[bottom] or _ATTACHMENT.match(lines.content[bottom])):
        bottom -= 1
    return bottom


def _label_signature(lines: Lines, labels: list[Label], top: int, bottom: int, marks: Markers) -> int:
    """Label signature and closing at the end of lines `top` to `bottom`; gives the last line above them."""
    start = _marked_signature(lines, top, bottom, marks)
    if start is not None:
        _paint(labels, start, bottom, _SIGNATURE)
        bottom = lines.after_blank(start - 1, -1)
        if bottom < top:
            return bottom
    closing = _closing_line(lines, top, bottom, marks)
    start = _signature_block(lines, top if closing is None else closing + 1, bottom, marks, closed=closing is not None)
    attached = start is not None and start - 1 == closing  # "Regards / Anna Aho / Buyer" is a closing, with a phone not
    if start is not None and not (attached and not any(map(_reaches, lines.content[start : bottom + 1]))):
        _paint(labels, start, bottom, _SIGNATURE)
        bottom = lines.after_blank(start - 1, -1)
    if closing is None and bottom > top and _is_name(lines.content[bottom]):
        above = lines.content[bottom - 1]
        closing = bottom if not above or above[-1] in ".!?" else None
    if closing is None:
        return bottom
    _paint(labels, closing, bottom, _CLOSING)
    return lines.after_blank(closing - 1, -1)


def _paint(labels: list[Label], first: int, last: int, label: Label) -> None:
    labels[first : last + 1] = [label] * (last + 1 - first)


def _marked_signature(lines: Lines, top: int, bottom: int, marks: Markers) -> int | None:
    """Where a signature begins that says so itself: "-- ", the HTML, "Sent from my iPhone"."""
    start = None
    for i in range(bottom, max(top, bottom - _TAIL) - 1, -1):
        content = lines.content[i]
        if i in lines.signature or content == "--":
            start = i
        elif not content or bottom - i > _SHORT_TAIL:
            continue
        elif content in _DASHES or (content.startswith(_LONG_RULE) and _RULE.match(content)):
            if all(line and _fits_signature(line) for line in lines.content[i + 1 : bottom + 1]):
                start = i
        elif len(content) < _WIDE and content.lower().lstrip("*_<[ ").startswith(marks.sent_from):
            start = i
    return start


def _closing_line(lines: Lines, top: int, bottom: int, marks: Markers) -> int | None:
    """The line with the closing phrase, where no more than a signature follows it."""
    for i in range(bottom, max(top, bottom - _TAIL) - 1, -1):
        content = lines.content[i]
        if not content:
            continue
        if len(content) <= _NARROW and _closes(content.lstrip("-*_ "), marks):
            return i
        if not _fits_signature(content):
            return None
    return None


def _closes(content: str, marks: Markers) -> bool:
    """Whether a line is a closing phrase with hardly more than a name after it."""
    phrase = marks.closing.match(content.lower())
    if phrase is None:
        return False
    rest = content[phrase.end() :]
    return len(rest.split()) <= 4 and not any(c in "?:" or c.isdigit() for c in rest)


def _fits_signature(content: str) -> bool:
    """Whether a line may stand in a signature: short, or with a number or address; no sentence."""
    if content[-1] in ".!?:" and len(content.split()) > 5:
        return False
    return len(content) <= _NARROW or (len(content) <= _WIDE and _reaches(content))


def _reaches(content: str) -> bool:
    """Whether a line holds a telephone number, an address or a link."""
    if _DIGIT.search(content) and (_PHONE.search(content) or _POSTCODE.search(content)):
        return True
    return ("@" in content or "://" in content or "www." in content) and _ADDRESS.search(content) is not None


def _is_contact(content: str, marks: Markers) -> bool:
    """Whether a line tells how to reach the writer, or what the writer is."""
    if _reaches(content):
        return True
    words = _WORD.findall(content.lower())
    return any(word in marks.standing or word.endswith(marks.standing_ends) for word in words)


def _signature_block(lines: Lines, top: int, bottom: int, marks: Markers, *, closed: bool) -> int | None:
    """The first line of a name-and-address block that ends on line `bottom`, or None.

    It may take several paragraphs. Without a closing above it, one of them must begin with a name.
    """
    start, named = None, False
    last = bottom
    while last >= top and bottom - last < _TAIL:
        first = last
        while first > top and lines.content[first - 1] and not _RULE.match(lines.content[first]):
            first -= 1
        begin = _block_start(lines, first, last, marks, closed=closed)
        if begin is None:
            if start is not None and first == last and not named and _is_name(lines.content[last]):
                start, named = first, True
            break
        start = begin
        named = named or _is_name(_head(_bare(lines, begin, last)[0]))
        if begin > first:
            break
        last = lines.after_blank(first - 1, -1)
    return start if named or closed else None


def _bare(lines: Lines, first: int, last: int) -> list[str]:
    """The lines of a block, a rule above it left out."""
    ruled = first < last and _RULE.match(lines.content[first]) is not None
    return lines.content[first + ruled : last + 1]


def _block_start(lines: Lines, first: int, last: int, marks: Markers, *, closed: bool) -> int | None:
    """From which line of a paragraph on it is part of a signature, or None."""
    block = _bare(lines, first, last)
    if len(block) <= _TAIL and (_is_signature(block, marks, closed=closed) or _repeats_name(lines, first, block)):
        return first
    for begin in range(max(first + 1, last - _TAIL), last):
        named = lines.content[begin - 1][-1] in ".!?," and _is_name(lines.content[begin])
        if named and _is_signature(lines.content[begin : last + 1], marks, closed=False):
            return begin
    return None


def _repeats_name(lines: Lines, first: int, block: list[str]) -> bool:
    """Whether a block begins with the full name of who has just signed: "Anna", then "Anna Aho" and a title."""
    above = lines.after_blank(first - 1, -1)
    if len(block) == 1 or above < 0 or not _is_name(lines.content[above]):
        return False
    signed, head = lines.content[above], _head(block[0])
    if not (_is_name(head) and all(map(_fits_signature, block))):
        return False
    name = signed.rstrip(".,").split()[0]
    return name in head.split() or (len(name) == 1 and head.startswith(name))


def _head(line: str) -> str:
    """What stands before a line's first separator: "Anna Aho" of "Anna Aho, CFA"."""
    return _SEPARATOR.split(line, maxsplit=1)[0].strip()


def _is_signature(block: list[str], marks: Markers, *, closed: bool) -> bool:
    """Whether a paragraph is part of a signature. Below a closing, one line of contact is enough."""
    if not all(map(_fits_signature, block)) or block[0].lower().startswith(marks.postscript):
        return False
    if all(map(_reaches, block)):
        return True
    head = _head(block[0])
    if len(block) == 1 and not closed and not (head != block[0] and " " in head and _is_name(head)):
        return False
    contacts = sum(_is_contact(line, marks) for line in block)
    if closed or contacts == 0 or len(block) == 1:
        return contacts > 0
    return _is_name(head) or 2 * contacts >= len(block)


def _is_name(content: str) -> bool:
    """Whether a line is no more than a person's name, or a nickname or initials."""
    content = content.strip("-–~*/ ")
    if not content or len(content) > 40 or not content[0].isalpha() or _NO_NAME.search(content):
        return False
    words = content.rstrip(",.").split()
    if not words or len(words) > 4:
        return False
    return (len(words) == 1 and len(content) <= 12) or all(word[0].isupper() or word in _PARTICLES for word in words)


def _is_greeting(lines: Lines, top: int, bottom: int, marks: Markers) -> bool:
    """Whether the first line addresses the reader."""
    content = lines.content[top]
    words = content.split()
    if len(content) > 60 or len(words) > 7 or top == bottom:
        return False
    if marks.greeting.match(content.lower()):
        return content[-1] in ",:!-" or len(words) <= 4
    name = content.rstrip(" ,:!-")
    if name == content:
        return len(words) <= 2 and _is_name(name) and name[0].isupper() and not name.isupper()
    if not name or len(words) > 5 or ":" in name:
        return False
    return all(word[0].isupper() or not word[0].isalpha() for word in name.split())
