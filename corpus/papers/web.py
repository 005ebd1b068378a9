"""HTML: headings, paragraphs, lists and tables as blocks. Nothing is fetched; scripts and the hidden are dropped."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.charsets import clean, decode
from corpus.html import is_hidden, to_text, too_deep
from corpus.paper import BlockKind, Form, Paper
from corpus.papers import plain
from corpus.papers.docx_numbers import counted, number
from corpus.papers.numbering import Outline, under_mark
from corpus.papers.shape import is_heading, may_be_heading, write
from corpus.papers.writing import Writer, tidy
from errors import Broken

_DROPPED = frozenset({
    "script", "style", "head", "title", "meta", "link", "template", "noscript", "object", "embed", "iframe", "svg",
    "math", "canvas", "select", "textarea", "nav", "button", "audio", "video", "map",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "form", "figure", "figcaption", "address",
    "center", "blockquote", "pre", "fieldset", "dl", "dt", "dd", "ul", "ol", "li", "table", "thead", "tbody", "tfoot",
    "tr", "td", "th", "caption", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "body", "html", "details", "summary",
})  # fmt: skip
_HEADINGS = {f"h{n}": n - 1 for n in range(1, 7)}
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.I)
_SPACE = re.compile(r"\s+")
_SHORT_CELL = 500  # code points
_MAX_DEPTH = 60  # of lists; below it, they are read as if they lay at it


def read_html(raw: bytes) -> Paper:
    """Read an HTML page. Raises Broken where it says nothing."""
    found = _CHARSET.search(raw[:4096])
    text = plain.text_of(raw) if not found else clean(decode(raw, found[1].decode("ascii", "replace")))
    writer = Writer()
    title = write_html(text, writer)
    return writer.paper(Form.HTML, title=title)


def write_html(html: str, writer: Writer) -> str:
    """Add a page's blocks to a paper; gives its title."""
    if too_deep(html):  # its tree would take quadratic time to build: its words without their markup
        write(list(plain.pieces(to_text(html)[0])), writer)
        return ""
    tree = LexborHTMLParser(html)
    if tree.body is None:
        raise Broken("no page in it.")
    title = tree.css_first("title")
    _Walk(writer).run(tree.body)
    return (title.text() or "").strip()[:500] if title else ""


class _List:
    """A list that is open: how its items are counted."""

    def __init__(self, node: LexborNode) -> None:
        attributes = node.attributes
        self.form = _FORMS.get(attributes.get("type") or "", "decimal") if node.tag == "ol" else "bullet"
        self.count = number(attributes.get("start"), 1) - 1

    def mark(self, item: LexborNode) -> str:
        """What stands before the next item."""
        self.count = number(item.attributes.get("value"), self.count + 1)
        return "•" if self.form == "bullet" else f"{counted(self.count, self.form)}."


class _Walk:
    """Visits a page's nodes once, without recursion; a block ends where another begins."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.outline = Outline()
        self.parts: list[str] = []
        self.heading: int | None = None
        self.lists: list[_List] = []
        self.mark = ""
        self.pre = 0
        self.bold = self.letters = self.strong = 0

    def run(self, root: LexborNode) -> None:
        stack: list[LexborNode | str] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                self.leave(node)
                continue
            tag = node.tag or ""
            if tag == "-text":
                self.words(node.text_content or "")
            elif tag == "br":
                self.parts.append("\n")
            elif tag == "tr" and (cells := _cells(node)):
                self.end()
                self.writer.row(cells)
            elif not (tag in _DROPPED or tag.startswith("-") or _is_hidden(node)):
                self.enter(tag, node)
                stack.append(tag)
                stack.extend(reversed(list(node.iter(include_text=True))))
        self.end()

    def words(self, text: str) -> None:
        self.parts.append(text if self.pre else _SPACE.sub(" ", text))
        self.letters += len(text.strip())
        self.strong += len(text.strip()) if self.bold else 0

    def enter(self, tag: str, node: LexborNode) -> None:
        if tag in _BLOCKS:
            self.end()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.lists.append(_List(node))
        elif tag == "li":
            self.mark = self.lists[-1].mark(node) if self.lists else "•"
        self.pre += tag == "pre"
        self.bold += tag in ("b", "strong")

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end()
        if tag in _HEADINGS:
            self.heading = None
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.mark = ""
        self.pre -= tag == "pre"
        self.bold -= tag in ("b", "strong")

    def end(self) -> None:
        text = tidy("".join(self.parts)).replace("\t", " ")
        strong = 0 < 0.9 * self.letters <= self.strong
        self.parts.clear()
        self.letters = self.strong = 0
        if not text:
            return
        mark, self.mark = self.mark, ""
        text, own = under_mark(text, mark)
        name = own.number if own else None
        title = text[own.rest :] if own else text
        if self.heading is not None and may_be_heading(title):
            self.writer.add(text, BlockKind.HEADING, number=name, level=self.heading)
            return
        level = min(len(self.lists), _MAX_DEPTH) - 1 if mark else (self.outline.level(name) if own else 0)
        kind = BlockKind.ITEM if mark or own else BlockKind.PARAGRAPH
        kind = BlockKind.HEADING if is_heading(title, strong=strong and not mark) and not self.lists else kind
        self.writer.add(text, kind, number=name, level=max(level, 0))


def _cells(row: LexborNode) -> list[str]:
    """The cells of a table's row; none where it is there for the layout: one cell, long ones, ones that hold blocks."""
    cells = [child for child in row.iter() if child.tag in ("td", "th")]
    if len(cells) < 2 or any(cell.css_first("table, li, h1, h2, h3, h4") for cell in cells):
        return []
    texts = [" ".join(cell.text(separator=" ").split()) for cell in cells]
    return texts if all(len(text) <= _SHORT_CELL for text in texts) else []


def _is_hidden(node: LexborNode) -> bool:
    return is_hidden({name: value or "" for name, value in node.attributes.items()})
