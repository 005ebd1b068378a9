"""The lines by which mail programs introduce an earlier message, whatever their style.

Three forms: an attribution ("On Monday Anna wrote:"), a separator ("-----Original Message-----"), a block of header
fields ("From: … Sent: …"; Lotus Notes puts name and date on lines of their own above "To:"). Neighbours are one header.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

from corpus.document import Address
from corpus.zone_lines import Lines
from corpus.zone_markers import Markers, markers

_RULE = re.compile(r"[-_=*~]{5,}$")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,253}\w")
_TIME = re.compile(
    r"\d{1,2}[:.]\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d"
    r"|\d{1,2}\. \w{2,15} \d{4}|\w{3,12} \d{1,2}, \d{4}"
)
_SHORT_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? +(?:at +|klo +)?\d{1,2}[:.]\d{2}")
_NAMED_DATE = re.compile(r"(.{2,80}?) (?:on|am|le|\d\d?/\d\d?) *(?=\d{1,4}[./-]\d{1,2}[./-]\d{2,4})")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]M)?$")
_CLOCK_REST = re.compile(r"^(?:[\s,]|:\d\d|[ap]\.?m\.?(?!\w)|[+-]\d{4}|(?:GMT|UTC)(?:[+-]\d\d:\d\d)?)*", re.I)
_COLUMN = re.compile(r"(?:^|\s{2})(\w{2,12}):\s{2,}\S?")
_WIDE_COLON = re.compile(r":\s\s")  # part of a column, found faster
_NAME_END = re.compile(r"[<\[(]|/[A-Z]{2}| on \d| {2,}|\t")
_DASHES = "-_*=~"
_GROUPWISE = ">>> "
_MAX_KEY = 30  # characters of a field's name
_MAX_WRAPPED = 3  # lines above the one with the verb that may belong to an attribution
_MAX_ATTRIBUTION = 320
_MAX_PLAIN = 40  # characters of a separator without dashes: "Begin forwarded message:"
_MAX_UNMARKED = 200  # characters of an attribution below which nothing is marked as quoted
_FOLDED = 60  # characters of a line that may have been folded
_MAX_LINES = 400  # of one header: lists of recipients can be long
_GAP = 3  # blank lines within a header


class Form(Enum):
    """How a header introduces a message."""

    ATTRIBUTION = 1
    SEPARATOR = 2
    FIELDS = 3


class Header(msgspec.Struct, frozen=True, gc=False):
    """A header's lines, `first` to `last` inclusive, and who wrote what it introduces."""

    first: int
    last: int
    form: Form
    forward: bool = False  # says that the message is passed on
    author: Address | None = None


class _Search(msgspec.Struct):
    """What has been found on the way down a body."""

    lines: Lines
    marks: Markers
    found: list[Header] = []
    floor: int = 0  # the first line that belongs to no header yet
    tried: int = -1  # the last line read as a field of what proved no header


def find_headers(lines: Lines) -> list[Header]:
    """All headers of a body, in order, disjoint."""
    search = _Search(lines, markers())
    found = search.found
    telling = [i for i, content in enumerate(lines.content) if content and (":" in content or content[0] in _DASHES)]
    if lines.header:
        telling = sorted({*telling, *(i for i in lines.header if lines.content[i])})
    for i in telling:
        header = _header_at(search, i) if i >= search.floor else None
        if header is not None:
            search.floor = header.last + 1
            if found and _belong_together(lines, found[-1], header):
                header = _joined(found.pop(), header)
            found.append(header)
    return found


def _header_at(search: _Search, i: int) -> Header | None:
    """The header that line `i` is the telling line of."""
    lines, marks = search.lines, search.marks
    content = lines.content[i]
    header = None
    if content[0] in _DASHES or content[-1] == ":" or content.startswith(_GROUPWISE):
        header = _separator(lines, i, marks)
    if header is None and "  " in content:
        header = _columns(lines, i, search.floor, marks)
    if header is None and i > search.tried and _field(content, marks) is not None:
        header = _fields(search, i)
    if header is None and content[-1] in ":*_> ":
        header = _attribution(lines, i, search.floor, marks)
    if header is None and i in lines.header:
        header = _hinted(lines, i)
    return header


def _belong_together(lines: Lines, before: Header, header: Header) -> bool:
    """Whether a separator and what follows it introduce the same message. An organisation's name may stand between."""
    if before.form is not Form.SEPARATOR or header.first - before.last > _GAP + 1:
        return False
    between = [line for line in lines.content[before.last + 1 : header.first] if line]
    return not between or (len(between) == 1 and header.form is Form.FIELDS and _is_name(between[0]))


def _joined(before: Header, header: Header) -> Header:
    return Header(
        first=before.first,
        last=header.last,
        form=header.form,
        forward=before.forward or header.forward,
        author=header.author or before.author,
    )


def _separator(lines: Lines, i: int, marks: Markers) -> Header | None:
    """A line such as "-----Original Message-----", perhaps with its end wrapped onto the next line."""
    content = lines.content[i]
    dashed = content[0] in _DASHES
    ruled = content[-1] in _DASHES
    words = content[:_MAX_UNMARKED].strip("-_*=~> \xa0:").lower()
    wrapped = dashed and not ruled and i + 1 < len(lines) and lines.content[i + 1].endswith("--")
    last = i + 1 if wrapped else i
    if words.startswith(marks.forwarded) and (dashed or len(words) <= _MAX_PLAIN):
        _, _, rest = content.strip("-").partition("--")  # Yahoo leaves all the header on this line
        field = _field(rest.strip("- "), marks)
        author = parse_author(field[1][:_MAX_ATTRIBUTION]) if field else None
        return Header(first=i, last=last, form=Form.FIELDS if field else Form.SEPARATOR, forward=True, author=author)
    if dashed and words.startswith(marks.original) and (wrapped or ruled or len(words) < _FOLDED):
        return Header(first=i, last=last, form=Form.SEPARATOR)
    said = (dashed and ruled and marks.wrote.search(words[-20:])) or content.startswith(_GROUPWISE)
    if said and _TIME.search(words):
        return Header(first=i, last=i, form=Form.ATTRIBUTION, author=_attribution_author(content.strip("-> "), marks))
    return None


def _hinted(lines: Lines, i: int) -> Header:
    """Lines that the HTML marks as a header, in whatever language."""
    last = i
    while last + 1 in lines.header:
        last += 1
    last = lines.after_blank(last, -1)
    joined = " ".join(lines.content[i : last + 1])
    form = Form.FIELDS if last > i else Form.ATTRIBUTION
    return Header(first=i, last=last, form=form, author=parse_author(joined[:_MAX_ATTRIBUTION]))


def _field(content: str, marks: Markers) -> tuple[str, str] | None:
    """The role and value of a header field, or None."""
    colon = content.find(":", 0, _MAX_KEY)
    if colon < 1:
        return None
    key = content[:colon].strip("*_ \t\xa0•|").lower()
    role = "other" if key.startswith("x-") else marks.fields.get(key)
    return None if role is None else (role, content[colon + 1 :].strip("*_ \t\xa0"))


def _fields(search: _Search, i: int) -> Header | None:
    """A block of header fields that begins at line `i`."""
    lines, marks, floor = search.lines, search.marks, search.floor
    roles, last = _read_fields(lines, i, marks)
    first, name = _name_and_date(lines, i, floor, marks)
    above = search.found[-1] if search.found else None
    below_separator = above is not None and above.form is Form.SEPARATOR and i - above.last <= _GAP + 1
    if not _is_header(set(roles), introduced=first < i or below_separator):
        search.tried = last
        return None
    sender = roles.get("from") or name
    return Header(
        first=_with_rule(lines, first, floor),
        last=last,
        form=Form.FIELDS,
        author=parse_author(sender) if sender else None,
    )


def _is_header(roles: set[str], *, introduced: bool) -> bool:
    """Whether fields of these roles make a header rather than a memo's or a list's lines."""
    if "from" in roles:
        return len(roles) > 1
    addressed = bool(roles & {"to", "cc"})
    if introduced:
        return addressed or "subject" in roles
    return addressed and "subject" in roles and ("sent" in roles or {"to", "cc"} <= roles)


def _read_fields(lines: Lines, i: int, marks: Markers) -> tuple[dict[str, str], int]:
    """The fields from line `i` on by role, and their last line. Values may be folded, fields parted by blank lines."""
    roles: dict[str, str] = {}
    last, role = i, ""
    for j in range(i, min(len(lines), i + _MAX_LINES)):
        content = lines.content[j]
        if not content:
            if j - last >= _GAP:
                break
            continue
        field = _field(content, marks) if lines.depth[j] == lines.depth[i] else None
        if field is not None:
            if field[0] in roles and field[0] in ("from", "subject", "sent"):
                break
            role = field[0]
            roles.setdefault(role, field[1])
        elif not (j - last == 1 and _continues(lines, j, role, marks)) and not (role == "from" and content[0] in "[@"):
            break
        last = j
    return roles, last


def _continues(lines: Lines, j: int, role: str, marks: Markers) -> bool:
    """Whether line `j` goes on with the value of the field above it."""
    content, before = lines.content[j], lines.content[j - 1]
    below = lines.content[j + 1] if j + 1 < len(lines) else ""
    if role in ("to", "cc", "bcc", "from"):
        if before[-1] in ",;(<:" or "@" in content or content[-1] in ",;":
            return True
        return len(before) > _FOLDED and ("/" in content or (below != "" and _field(below, marks) is not None))
    return role == "subject" and len(before) >= _FOLDED and not below and len(content) < len(before)


def _name_and_date(lines: Lines, i: int, floor: int, marks: Markers) -> tuple[int, str]:
    """The first line and the name of what Lotus Notes puts above "To:": a name, a date, whom to answer."""
    for j in range(i - 1, max(floor, i - 8) - 1, -1):
        content = lines.content[j]
        if not content:
            continue
        if lines.depth[j] != lines.depth[i] or len(content) > 100:
            break
        wrapped = _CLOCK.match(content) is not None and j - 1 >= floor
        dated = f"{lines.content[j - 1]} {content}" if wrapped else content
        if _SHORT_DATE.search(dated):
            first = j - 1 if wrapped else j
            named = _NAMED_DATE.match(dated)
            if named or not dated[0].isdigit():
                return first, named[1] if named else dated
            return _name_above(lines, first, floor, marks)
        field = _field(content, marks)
        if not (field and field[0] == "other") and not content.lower().startswith(marks.respond):
            break
    return i, ""


def _name_above(lines: Lines, dated: int, floor: int, marks: Markers) -> tuple[int, str]:
    """The line with the name above a line that holds only a date, "Sent by:" perhaps between, and the name."""
    above = lines.after_blank(dated - 1, -1)
    sent_by = _field(lines.content[above], marks) if above >= floor else None
    if sent_by and sent_by[0] == "other":
        dated, above = above, above - 1
    if above < max(floor, dated - 2) or lines.depth[above] != lines.depth[dated] or not _is_name(lines.content[above]):
        return dated, sent_by[1] if sent_by else ""
    return above, lines.content[above]


def _is_name(content: str) -> bool:
    """Whether a line may be no more than a correspondent's name or address."""
    return 0 < len(content) <= 80 and content[-1] not in "!?:;" and len(content.split()) <= 8


def _with_rule(lines: Lines, first: int, floor: int) -> int:
    """The line of a rule right above a header, else the header's own first line."""
    above = lines.after_blank(first - 1, -1)
    if (
        above >= max(floor, first - 2)
        and _RULE.match(lines.content[above])
        and lines.depth[above] == lines.depth[first]
    ):
        return above
    return first


def _columns(lines: Lines, i: int, floor: int, marks: Markers) -> Header | None:
    """Notes' header in two columns: the sender and date on the left, "To:", "cc:", "Subject:" on the right."""
    if not _column(lines.content[i], marks):
        return None
    first = i
    while first > floor and lines.content[first - 1] and first > i - 4:
        first -= 1
    roles: set[str] = set()
    left: list[str] = []
    beside = False
    last = first
    for content in lines.content[first : first + _MAX_LINES]:
        if not content:
            break
        right = _column(content, marks)
        if right:
            role = marks.fields[right[1].lower()]
            if role in roles:
                break
            roles.add(role)
            content = content[: right.start()]
            beside = beside or content != ""
        left.append(content.split("   ", 1)[0])
        last += 1
    if not (beside and {"to", "subject"} <= roles):
        return None
    return Header(first=first, last=last - 1, form=Form.FIELDS, author=parse_author(" ".join(left)))


def _column(content: str, marks: Markers) -> re.Match[str] | None:
    """A header field that begins within a line."""
    right = _COLUMN.search(content) if _WIDE_COLON.search(content) else None
    return right if right and right[1].lower() in marks.fields else None


def _attribution(lines: Lines, i: int, floor: int, marks: Markers) -> Header | None:
    """A sentence such as "On 4 March Anna <a@b.fi> wrote:", perhaps wrapped over several lines."""
    content = lines.content[i].rstrip("*_> \xa0")
    if not content.endswith(":") or not (content.endswith(">:") or _verb_near(lines, i, floor, marks)):
        return None
    first = _attribution_start(lines, i, floor, marks)
    joined = " ".join(lines.content[first : i + 1])
    if len(joined) > _MAX_ATTRIBUTION:
        return None
    below = lines.after_blank(i + 1)
    dated = _TIME.search(joined) is not None
    addressed = _EMAIL.search(joined) is not None
    if marks.wrote.search(joined.lower()) is None:
        likely = dated and addressed and content.endswith(">:")
    elif below < len(lines) and lines.depth[below] > lines.depth[i] and below - i <= _GAP:
        likely = True
    else:
        likely = (dated or (addressed and first > 0)) and len(joined) < _MAX_UNMARKED
    if not likely:
        return None
    return Header(first=first, last=i, form=Form.ATTRIBUTION, author=_attribution_author(joined, marks))


def _verb_near(lines: Lines, i: int, floor: int, marks: Markers) -> bool:
    """Whether the lines of which an attribution that ends on line `i` may consist hold its verb at all."""
    near = " ".join(lines.content[max(floor, i - _MAX_WRAPPED) : i + 1]).lower()
    return any(map(near.__contains__, marks.verbs))


def _attribution_start(lines: Lines, i: int, floor: int, marks: Markers) -> int:
    """The line on which the attribution that ends on line `i` begins."""
    for j in range(i, max(floor, i - _MAX_WRAPPED) - 1, -1):
        content = lines.content[j]
        apart = lines.depth[j] != lines.depth[i] and not (lines.depth[j] and lines.depth[i])
        if not content or apart or (j < i and content[-1] in ".!?:"):
            break
        if marks.opener.match(content.lower()) and any(map(str.isdigit, "".join(lines.content[j : i + 1]))):
            return j
    above = lines.content[i - 1] if i > floor and lines.depth[i - 1] == lines.depth[i] else ""
    verb_first = (
        marks.wrote.match(lines.content[i].lower())
        or lines.content[i][0] in "<("
        or not marks.wrote.search(lines.content[i].lower())
    )
    if above and verb_first and (_TIME.search(above) or _EMAIL.search(above)):
        return i - 1
    return i


def _attribution_author(joined: str, marks: Markers) -> Address | None:
    """Who an attribution names: the words between its date and its verb, before the date, or after the verb."""
    verbs = list(marks.wrote.finditer(joined.lower()))
    if verbs and _EMAIL.search(joined, verbs[-1].end()):
        return parse_author(joined[verbs[-1].end() :])  # "Am 28.10.2021 schrieb Anna Aho <a@b.fi>:"
    said = joined[: verbs[-1].start()] if verbs else joined
    end = max((match.end() for match in _TIME.finditer(said)), default=0)
    return parse_author(_CLOCK_REST.sub("", said[end:]) or said)


def parse_author(value: str) -> Address | None:
    """The mailbox that a header field or a name line names.

    Takes `Anna Aho <a@b.fi>`, `"Aho, Anna" [mailto:a@b.fi]`, `Anna Aho@ENRON on 12/21/2000`; gives None where there is
    neither a name nor an address.
    """
    email = _EMAIL.search(value)
    name = value[: email.start()] if email else value
    if email and "." not in email.group().rpartition("@")[2]:  # a Notes name: Anna Aho/HOU/ECT@ECT
        name, email = value.split("@")[0], None
    name = _NAME_END.split(name, maxsplit=1)[0].strip(" \"'<[(:,;*")
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}"
    if not name and not email:
        return None
    return Address(email=email.group().lower() if email else "", name=name[:200])
