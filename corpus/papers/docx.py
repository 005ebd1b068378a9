"""DOCX (ECMA-376 part 1): as it reads with all tracked changes accepted; notes last, text boxes where they stand.

Notable: clause numbers that Word only shows are counted and written. What it does not read: comments, pictures,
macros, fields' instructions, the hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from corpus.paper import BlockKind, Form, Paper
from corpus.papers.docx_numbers import VAL, Numbers, W, number
from corpus.papers.numbering import Outline, numbered
from corpus.papers.office import Element, Package, parsed, told
from corpus.papers.page_numbers import is_page_number
from corpus.papers.shape import is_heading, may_be_heading
from corpus.papers.writing import Writer, tidy
from errors import Broken, Unsupported

_RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# What is not there once changes are accepted, or never is read.
_DROPPED = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "fldData", "sdtPr")}
_BOX = f"{W}txbxContent"
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_HEADING = re.compile(r"(?:heading|otsikko|title|otsake)\s*(\d)?$", re.I)
_SHORT_CELL = 500  # code points; what is longer is no cell but a column of text
_FEW = 8  # paragraphs in a cell
_OFF = ("0", "false", "off", "none")


class _Style(NamedTuple):
    heading: int | None  # depth from 0
    listed: str | None
    depth: int
    bold: bool


class _Read(NamedTuple):
    text: str
    notes: list[tuple[str, str]]  # kind and id of the notes it refers to
    boxes: list[Element]
    bold: bool


def read_docx(raw: bytes) -> Paper:
    """Read a DOCX or DOCM. Raises Broken, Encrypted, TooLargeUnpacked or Unsupported."""
    package = Package(raw)
    main = _target(package, "_rels/.rels", "officeDocument") or "word/document.xml"
    if not main.startswith("word/") and "word/document.xml" not in package.names:
        raise Unsupported("an office file that is no text document (a spreadsheet or slides).")
    return _Reader(package, main).paper()


def _target(package: Package, relations: str, kind: str) -> str | None:
    """The part that a relation of a kind leads to, its name within the package."""
    return next(iter(_targets(package, relations, kind)), None)


def _targets(package: Package, relations: str, kind: str) -> list[str]:
    root = package.optional_xml(relations)
    if root is None:
        return []
    wanted = (f"{_OFFICE}/{kind}", f"{_STRICT}/{kind}")
    found = [
        r.get("Target", "") for r in root.iter(_RELATED) if r.get("Type") in wanted and r.get("TargetMode") is None
    ]
    folder = relations.partition("_rels/")[0]
    names = [target[1:] if target.startswith("/") else folder + target for target in found]
    return [name for name in names if name in package.names]


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self.main = main
        self.relations = f"{main.rpartition('/')[0]}/_rels/{main.rpartition('/')[2]}.rels"
        self.styles = _styles(self.related("styles"))
        self.numbers = Numbers(self.related("numbering"))
        self.writer = Writer()
        self.outline = Outline()
        self.page = 0
        self.carried = ""  # a paragraph whose end was deleted goes on in the next
        self.notes: list[tuple[str, str]] = []

    def related(self, kind: str) -> Element | None:
        name = _target(self.package, self.relations, kind)
        return self.xml(name) if name else None

    def xml(self, name: str) -> Element:
        data = self.package.part(name)
        return parsed(data.replace(_STRICT_W, W[1:-1].encode()), name)

    def paper(self) -> Paper:
        root = self.xml(self.main)
        body = root.find(f"{W}body")
        if body is None:
            raise Broken("a DOCX without a body.")
        rendered = any(True for _ in root.iter(f"{W}lastRenderedPageBreak"))
        self.page = int(rendered)
        self.running_head()
        self.blocks(body)
        self.add_notes()
        properties = self.package.optional_xml("docProps/core.xml")
        return self.writer.paper(
            Form.DOCX,
            pages=self.page,
            title=told(properties, "title"),
            at=_time(told(properties, "modified") or told(properties, "created")),
            people=[told(properties, "creator")],
        )

    def running_head(self) -> None:
        """The words of the first running head, once: they often name the paper and its day."""
        for name in _targets(self.package, self.relations, "header"):
            lines = [_content(p).text for p in self.xml(name).iter(f"{W}p")]
            shown = [line for line in lines if line.strip() and not is_page_number(tidy(line))]
            if shown:
                for line in dict.fromkeys(shown):
                    self.writer.add(line, page=self.page)
                return

    def blocks(self, parent: Element) -> None:
        for child in _unwrapped(parent, f"{W}p", f"{W}tbl"):
            if child.tag == f"{W}p":
                self.paragraph(child)
            else:
                self.table(child)

    def paragraph(self, element: Element) -> None:
        read = _content(element)
        self.page += sum(1 for _ in element.iter(f"{W}lastRenderedPageBreak")) if self.page else 0
        self.notes += read.notes
        text = self.carried + read.text
        self.carried = ""
        properties = element.find(f"{W}pPr")
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.carried = text
            return
        if text.strip():
            self.write(text, properties, read.bold)
        for box in read.boxes:
            self.blocks(box)

    def write(self, text: str, properties: Element | None, bold: bool) -> None:
        style = self.style(properties)
        shown = self.numbers.next(style.listed, style.depth) if style.listed else None
        text = tidy(text).replace("\t", " ")
        if shown:
            text = f"{shown} {text}"
        found = numbered(text)
        mark = None if shown == "•" or found is None else found.number
        if shown and shown != "•" and mark is None:
            mark = shown.rstrip(".")
        level = self.outline.level(mark) if shown is None and found else style.depth
        title = text[found.rest :] if found else text
        bold = bold or style.bold
        if style.heading is not None and may_be_heading(title):
            kind, level = BlockKind.HEADING, style.heading
        elif is_heading(title, strong=bold):
            kind = BlockKind.HEADING
        else:
            kind = BlockKind.ITEM if shown or found else BlockKind.PARAGRAPH
        self.writer.add(text, kind, page=self.page, number=mark, level=level)

    def style(self, properties: Element | None) -> _Style:
        """A paragraph's style with what it says itself."""
        if properties is None:
            return self.styles.get("", _Style(None, None, 0, False))
        named = properties.find(f"{W}pStyle")
        style = self.styles.get(named.get(VAL, "") if named is not None else "", _Style(None, None, 0, False))
        heading = properties.find(f"{W}outlineLvl")
        if heading is not None and number(heading.get(VAL), 9) < 9:
            style = style._replace(heading=number(heading.get(VAL)))
        return _listed(properties, style)

    def table(self, element: Element) -> None:
        for row in _unwrapped(element, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            cells = [list(_unwrapped(cell, f"{W}p", f"{W}tbl")) for cell in _unwrapped(row, f"{W}tc")]
            if len(cells) > 1 and all(map(_is_cell, cells)):
                self.writer.row([self.cell(cell) for cell in cells], page=self.page)
            else:
                for cell in _unwrapped(row, f"{W}tc"):
                    self.blocks(cell)

    def cell(self, paragraphs: list[Element]) -> str:
        """A cell's text, with the numbers that stand before its paragraphs."""
        parts = []
        for paragraph in paragraphs:
            read = _content(paragraph)
            self.notes += read.notes
            if read.text.strip():
                style = self.style(paragraph.find(f"{W}pPr"))
                shown = self.numbers.next(style.listed, style.depth) if style.listed else None
                parts.append(f"{shown} {read.text}" if shown else read.text)
        return " ".join(parts)

    def add_notes(self) -> None:
        for kind in ("footnote", "endnote"):
            root = self.related(f"{kind}s")
            if root is None:
                continue
            found = {note.get(f"{W}id", ""): note for note in root.iter(f"{W}{kind}")}
            for count, wanted in enumerate([ident for k, ident in self.notes if k == kind], 1):
                if wanted in found:
                    text = " ".join(_content(p).text.strip() for p in found[wanted].iter(f"{W}p"))
                    if text.strip():
                        self.writer.note(f"{count}) {tidy(text)}")


def _unwrapped(parent: Element, *tags: str) -> Iterator[Element]:
    """The nearest elements with one of these tags, out of whatever is put around them, tracked insertions among it."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in tags:
            yield child
        elif child.tag == _ALTERNATIVE:
            stack.append(iter(list(child)[:1]))
        elif child.tag not in _DROPPED:
            stack.append(iter(child))


def _is_cell(blocks: list[Element]) -> bool:
    """Whether a table's cell holds a few words, not a column of text, a table or a text box."""
    if len(blocks) > _FEW or any(block.tag != f"{W}p" for block in blocks):
        return False
    reads = [_content(block) for block in blocks]
    return sum(len(read.text) for read in reads) <= _SHORT_CELL and not any(read.boxes for read in reads)


def _content(paragraph: Element) -> _Read:
    """A paragraph's words, what it refers to, and the text boxes that are anchored in it."""
    parts: list[str] = []
    notes: list[tuple[str, str]] = []
    boxes: list[Element] = []
    letters = bold = 0
    stack: list[tuple[Iterator[Element], bool]] = [(iter(paragraph), False)]
    while stack:
        inside, strong = stack[-1]
        child = next(inside, None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if tag in (f"{W}t", _MATH_TEXT):
            parts.append(child.text or "")
            letters += len(child.text or "")
            bold += len(child.text or "") if strong else 0
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = tag.removeprefix(W).removesuffix("Reference")
            notes.append((kind, child.get(f"{W}id", "")))
        elif tag == _BOX:
            boxes.append(child)
        elif tag == f"{W}r":
            properties = child.find(f"{W}rPr")
            if properties is None or not _is_on(properties.find(f"{W}vanish")):
                stack.append((iter(child), properties is not None and _is_on(properties.find(f"{W}b"))))
        elif tag == _ALTERNATIVE:
            stack.append((iter(list(child)[:1]), strong))
        elif tag not in _DROPPED:
            stack.append((iter(child), strong))
    return _Read("".join(parts), notes, boxes, bold > 0 and bold >= 0.9 * letters)


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get(VAL, "1") not in _OFF


def _styles(root: Element | None) -> dict[str, _Style]:
    """The paragraph styles by id, what they inherit worked in; "" is the usual one."""
    if root is None:
        return {}
    elements = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    out: dict[str, _Style] = {}
    for ident, element in elements.items():
        line = [element]
        while (above := line[-1].find(f"{W}basedOn")) is not None and len(line) < 20:
            if (parent := elements.get(above.get(VAL, ""))) is None:
                break
            line.append(parent)
        style = _Style(None, None, 0, False)
        for ancestor in reversed(line):
            style = _own(ancestor, style)
        out[ident] = style
        if element.get(f"{W}default") in ("1", "true") and element.get(f"{W}type") == "paragraph":
            out[""] = style
    return out


def _own(element: Element, style: _Style) -> _Style:
    name = element.find(f"{W}name")
    found = _HEADING.match(name.get(VAL, "")) if name is not None else None
    if found:
        style = style._replace(heading=max(number(found[1], 1) - 1, 0))
    properties = element.find(f"{W}pPr")
    if properties is not None:
        level = properties.find(f"{W}outlineLvl")
        if level is not None:
            depth = number(level.get(VAL), 9)
            style = style._replace(heading=depth if depth < 9 else None)
        style = _listed(properties, style)
    bold = element.find(f"{W}rPr/{W}b")
    return style if bold is None else style._replace(bold=_is_on(bold))


def _listed(properties: Element, style: _Style) -> _Style:
    """A style with the list that paragraph properties name; list 0 means none."""
    found = properties.find(f"{W}numPr")
    if found is None:
        return style
    listed, depth = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    if listed is not None:
        style = style._replace(listed=listed.get(VAL) if listed.get(VAL) != "0" else None)
    return style._replace(depth=number(depth.get(VAL))) if depth is not None else style


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
