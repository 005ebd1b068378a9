"""HTML mail to plain text, and what its markup says about whose words are whose.

The tree is walked without recursion and each node is visited once, so deep or long input costs linear time.
Nothing is fetched; scripts, styles and hidden content are dropped.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import accumulate

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode


class HintKind(StrEnum):
    """What markup says about a stretch of text."""

    QUOTE = "quote"  # an earlier message, one level deeper for every hint around it
    HEADER = "header"  # the lines that introduce an earlier message
    SIGNATURE = "signature"


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the reduced text that markup marks. Offsets are code points; whole lines."""

    kind: HintKind
    start: int
    end: int


_EMBEDDED = frozenset({"object", "embed", "iframe", "svg", "math", "canvas", "select", "textarea"})
_DROPPED = _EMBEDDED | {"script", "style", "head", "title", "meta", "link", "template", "noscript"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = _HEADINGS | {"p", "ul", "ol", "dl", "table", "blockquote", "pre", "fieldset"}
_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "caption"})
_SECTIONS = frozenset({"body", "section", "article", "header", "footer", "main", "nav", "aside", "form", "figure"})
_BLOCKS = _PARAGRAPHS | _TABLE_PARTS | _SECTIONS | {"div", "li", "dt", "dd", "address", "center", "figcaption", "hr"}
_RULE = "_" * 32  # how Outlook's own plain text shows the rule above a reply's header
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$))",
    re.I,
)
_TOP_BORDER = re.compile(r"border-top\s*:\s*solid", re.I)
_HEADER_IDS = frozenset({"divrplyfwdmsg", "x_divrplyfwdmsg", "outlookmessageheader"})
_HEADER_CLASSES = frozenset({"gmail_attr", "moz-cite-prefix", "outlookmessageheader", "moz-email-headers-table"})
_QUOTE_CLASSES = frozenset({"yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote", "mail_quote"})
_SIGNATURE_CLASSES = frozenset({"gmail_signature", "moz-signature", "protonmail_signature_block", "signature"})
_SIGNATURE_IDS = frozenset({"signature", "x_signature", "applemailsignature", "ms-outlook-mobile-signature"})
_TAG = re.compile(r"<[^<>]*>")
_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,15})")
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_UNNESTED = _VOID | {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "o:p"}  # may be left open
_MAX_OPEN = 1_500
_MAX_HINTS = 2_000
_MAX_FEEDS = 3
_PARAGRAPH = 2  # line feeds around a paragraph: one blank line


def to_text(html: str) -> tuple[str, tuple[Hint, ...]]:
    """Reduce HTML to readable plain text.

    Takes the decoded HTML; gives text with LF line ends (paragraphs parted by a blank line, list items as "- ", a
    table's row as one line, links by their text) and the hints that its markup gives, in order of their start.
    """
    if too_deep(html):
        return _TAG.sub(" ", html).strip(), ()
    root = LexborHTMLParser(html).body
    if root is None:
        return "", ()
    writer = _Writer()
    _walk(root, writer)
    return writer.result()


def too_deep(html: str) -> bool:
    """Whether more elements stand open at once than any mail program leaves: building their tree is quadratic."""
    if html.count("<") <= _MAX_OPEN:
        return False
    standing = 0
    for closing, tag in _NESTING_TAG.findall(html):
        if tag.lower() not in _UNNESTED:
            standing = max(standing - 1, 0) if closing else standing + 1
            if standing > _MAX_OPEN:
                return True
    return False


class _Writer:
    """Collects text; remembers what must come before the next words: line feeds, a space, a bullet or a tab."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._due = 0  # line feeds
        self._space = False
        self._glue = ""  # a bullet, or the tab between two cells; what follows stays on its line
        self._row = 0  # part at which the table row began
        self._row_broken = False  # a cell of this row took several lines
        self._hints: list[tuple[HintKind, int, int]] = []

    def text(self, words: str) -> None:
        squeezed = _SPACE.sub(" ", words)
        if squeezed in ("", " "):
            self._space = self._space or bool(squeezed)
            return
        space = (self._space or squeezed[0] == " ") and not self._due and not self._glue
        self._settle()
        self._parts.append((" " if space and self._parts else "") + squeezed.strip(" "))
        self._space = squeezed[-1] == " "

    def preformatted(self, words: str) -> None:
        self._settle()
        self._parts.append(words.replace("\r\n", "\n").replace("\r", "\n"))

    def feed(self, lines: int) -> None:
        """At least this many line feeds before the next text."""
        if not self._glue:
            self._due = max(self._due, lines)
            self._space = False

    def line_break(self) -> None:
        """One more line feed, as <br> asks for."""
        if not self._glue:
            self._due = min(self._due + 1, _MAX_FEEDS)
            self._space = False

    def item(self) -> None:
        self.feed(1)
        self._glue = "- "

    def row(self) -> None:
        self.feed(1)
        self._row, self._row_broken = len(self._parts), False

    def cell(self) -> None:
        if len(self._parts) > self._row and not self._row_broken:
            self._due, self._glue = 0, "\t"

    def end_item(self) -> None:
        """Items and rows follow one another without a blank line, whatever paragraphs they hold."""
        self._glue = ""
        self._due = min(self._due, 1)

    def mark(self) -> int:
        return len(self._parts)

    def hint(self, kind: HintKind, mark: int) -> None:
        if mark < len(self._parts) and len(self._hints) < _MAX_HINTS:
            self._hints.append((kind, mark, len(self._parts)))

    def _settle(self) -> None:
        if self._due and self._parts:
            self._row_broken = self._row_broken or len(self._parts) > self._row
            self._parts.append("\n" * self._due)
        if self._glue:
            self._parts.append(self._glue)
        self._due, self._glue, self._space = 0, "", False

    def result(self) -> tuple[str, tuple[Hint, ...]]:
        offsets = [0, *accumulate(map(len, self._parts))]
        text = "".join(self._parts)
        hints = []
        for kind, first, end in self._hints:
            start = offsets[first] + (len(self._parts[first]) if self._parts[first].isspace() else 0)
            hints.append(Hint(kind=kind, start=start, end=offsets[end]))
        return text, tuple(sorted(hints, key=lambda hint: (hint.start, -hint.end)))


def _walk(root: LexborNode, out: _Writer) -> None:
    """Visit the tree in document order, each element once on the way in and once on the way out."""
    stack: list[LexborNode | tuple[str, int, int, HintKind | None]] = [root]
    pre = 0
    while stack:
        entry = stack.pop()
        if isinstance(entry, tuple):
            tag, lines, mark, kind = entry
            pre -= tag == "pre"
            _close(tag, lines, out)
            if kind is not None:
                out.hint(kind, mark)
            continue
        tag = entry.tag or ""
        if tag == "-text":
            words = entry.text_content or ""
            (out.preformatted if pre else out.text)(words)
        elif tag == "br":
            out.line_break()
        elif not (tag in _DROPPED or tag.startswith("-")):
            attributes = {name: value or "" for name, value in entry.attributes.items()}
            if is_hidden(attributes):
                continue
            children = list(entry.iter(include_text=True))
            lines = _lines_around(tag, attributes)
            _open(tag, lines, out)
            pre += tag == "pre"
            stack.append((tag, lines, out.mark(), _kind(tag, attributes, children)))
            stack.extend(reversed(children))


def _lines_around(tag: str, attributes: dict[str, str]) -> int:
    """How many line feeds part an element from its neighbours. Word's paragraphs have no margin."""
    if tag in _PARAGRAPHS:
        return 1 if attributes.get("class", "").startswith("Mso") else _PARAGRAPH
    return 1 if tag in _BLOCKS else 0


def _open(tag: str, lines: int, out: _Writer) -> None:
    if lines:
        out.feed(lines)
    if tag == "li":
        out.item()
    elif tag == "tr":
        out.row()
    elif tag in ("td", "th"):
        out.cell()
    elif tag == "hr":
        out.text(_RULE)
        out.feed(1)


def _close(tag: str, lines: int, out: _Writer) -> None:
    if tag in ("li", "td", "th", "tr"):
        out.end_item()
    if lines:
        out.feed(lines)


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an element's attributes keep it from being shown."""
    return "hidden" in attributes or ("style" in attributes and _HIDDEN.search(attributes["style"]) is not None)


def _kind(tag: str, attributes: dict[str, str], children: list[LexborNode]) -> HintKind | None:
    """What an element's name, class, id and style say about whose words it holds."""
    classes = set(attributes.get("class", "").lower().split())
    name = attributes.get("id", "").lower()
    if name in _HEADER_IDS or classes & _HEADER_CLASSES:
        return HintKind.HEADER
    if tag == "div" and _TOP_BORDER.search(attributes.get("style", "")):
        return HintKind.HEADER
    if name in _SIGNATURE_IDS or classes & _SIGNATURE_CLASSES:
        return HintKind.SIGNATURE
    if tag == "blockquote" or classes & _QUOTE_CLASSES:
        return HintKind.QUOTE
    if "gmail_quote" in classes and not any(child.tag == "blockquote" for child in children):
        return (
            HintKind.QUOTE
        )  # a forward; in a reply only the blockquote inside is quoted, the rest may be the author's
    return None
