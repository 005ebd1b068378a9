"""ODT (OASIS OpenDocument 1.3): as it reads with all tracked changes accepted; notes last.

What it does not read: annotations, pictures, what fields compute, the hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from corpus.paper import BlockKind, Form, Paper
from corpus.papers.docx_numbers import counted, number
from corpus.papers.numbering import Outline, numbered
from corpus.papers.office import Element, Package, told
from corpus.papers.page_numbers import is_page_number
from corpus.papers.shape import is_heading, may_be_heading
from corpus.papers.writing import Writer, tidy
from errors import Broken, Encrypted

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT = f"{{{_NS}text:1.0}}"
_OFFICE = f"{{{_NS}office:1.0}}"
_TABLE = f"{{{_NS}table:1.0}}"
_STYLE = f"{{{_NS}style:1.0}}"
_TEXT_BOX = f"{{{_NS}drawing:1.0}}text-box"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_DROPPED = {
    f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation", f"{_OFFICE}forms",
    f"{_TEXT}hidden-text", f"{_TEXT}sequence-decls", f"{_TEXT}number",
}  # fmt: skip
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_MAX_SPACES = 100
_MAX_DEPTH = 10
_SHORT_CELL = 500  # code points


class _Level(NamedTuple):
    form: str  # as style:num-format; "" shows nothing, "•" is a bullet
    before: str
    after: str
    shown: int  # how many levels, this one counted in
    start: int


def read_odt(raw: bytes) -> Paper:
    """Read an ODT. Raises Broken, Encrypted or TooLargeUnpacked."""
    package = Package(raw)
    if "META-INF/manifest.xml" in package.names:
        manifest = package.xml("META-INF/manifest.xml")
        if any(isinstance(e.tag, str) and e.tag.endswith("}encryption-data") for e in manifest.iter()):
            raise Encrypted("the ODT opens with a password only.")
    return _Reader(package).paper()


class _Reader:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.content = package.xml("content.xml")
        self.styles = package.optional_xml("styles.xml")
        self.lists = dict(_list_styles(self.content))
        if self.styles is not None:
            self.lists = dict(_list_styles(self.styles)) | self.lists
        self.bold = _bold_styles(self.content)
        self.writer = Writer()
        self.outline = Outline()
        self.counts: dict[str, list[int]] = {}
        self.page = int(any(True for _ in self.content.iter(f"{_TEXT}soft-page-break")))

    def paper(self) -> Paper:
        body = self.content.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise Broken("an ODF file that is no text document.")
        self.running_head()
        self.blocks(body)
        meta = self.package.optional_xml("meta.xml")
        return self.writer.paper(
            Form.ODT,
            pages=self.page,
            title=told(meta, "title"),
            at=_time(told(meta, "date") or told(meta, "creation-date")),
            people=[told(meta, "initial-creator"), told(meta, "creator")],
        )

    def running_head(self) -> None:
        found = self.styles.iter(f"{_STYLE}header") if self.styles is not None else iter(())
        for head in found:
            lines = [self.text(p) for p in head.iter() if p.tag in _PARAGRAPHS]
            shown = [line for line in lines if line.strip() and not is_page_number(tidy(line))]
            if shown:
                for line in dict.fromkeys(shown):
                    self.writer.add(line, page=self.page)
                return

    def blocks(self, parent: Element, lists: tuple[str, ...] = ()) -> None:
        for child in parent:
            if child.tag in _PARAGRAPHS:
                self.paragraph(child, "", len(lists))
            elif child.tag == f"{_TEXT}list":
                self.listed(child, lists)
            elif child.tag == f"{_TABLE}table":
                self.table(child)
            elif child.tag == f"{_TEXT}soft-page-break":
                self.page += 1
            elif child.tag not in _DROPPED:
                self.blocks(child, lists)

    def listed(self, element: Element, lists: tuple[str, ...]) -> None:
        style = element.get(f"{_TEXT}style-name") or (lists[-1] if lists else "")
        depth = len(lists)
        counts = self.counts.setdefault(style, [])
        if (
            not depth
            and element.get(f"{_TEXT}continue-numbering") != "true"
            and not element.get(f"{_TEXT}continue-list")
        ):
            counts.clear()
        for item in element:
            if item.tag != f"{_TEXT}list-item":
                self.blocks(item, (*lists, style))
                continue
            mark = self.mark(style, depth, counts, item.get(f"{_TEXT}start-value")) if _has_words(item) else ""
            for child in item:
                if child.tag in _PARAGRAPHS:
                    self.paragraph(child, mark, depth)
                    mark = ""
                elif child.tag == f"{_TEXT}list":
                    self.listed(child, (*lists, style))

    def mark(self, style: str, depth: int, counts: list[int], start: str | None) -> str:
        """What stands before an item."""
        levels = self.lists.get(style, {})
        level = levels.get(depth + 1, _Level("•", "", "", 1, 1))
        while len(counts) <= depth:
            counts.append(levels[len(counts) + 1].start - 1 if len(counts) + 1 in levels else 0)
        del counts[depth + 1 :]
        counts[depth] = number(start) if start else counts[depth] + 1
        if level.form in ("", "•"):
            return level.form
        first = max(depth + 1 - level.shown, 0)
        shown = [
            counted(counts[d], _FORMS.get(levels[d + 1].form, "decimal"))
            for d in range(first, depth + 1)
            if d + 1 in levels and levels[d + 1].form not in ("", "•")
        ]
        return level.before + ".".join(shown) + level.after

    def paragraph(self, element: Element, mark: str, depth: int) -> None:
        text = self.text(element)
        for box in element.iter(_TEXT_BOX):
            self.blocks(box)
        if not text.strip():
            return
        text = tidy(f"{mark} {text}" if mark else text).replace("\t", " ")
        found = numbered(text)
        name = None if mark == "•" or found is None else found.number
        title = text[found.rest :] if found else text
        bold = element.get(f"{_TEXT}style-name", "") in self.bold
        if element.tag == f"{_TEXT}h" and may_be_heading(title):
            level = max(number(element.get(f"{_TEXT}outline-level"), 1) - 1, 0)
            self.writer.add(text, BlockKind.HEADING, page=self.page, number=name, level=level)
            return
        level = depth if mark else (self.outline.level(name) if found else 0)
        kind = BlockKind.ITEM if mark or found else BlockKind.PARAGRAPH
        kind = BlockKind.HEADING if is_heading(title, strong=bold) else kind
        self.writer.add(text, kind, page=self.page, number=name, level=level)

    def text(self, element: Element) -> str:
        """A paragraph's words; its notes are put by."""
        parts = [element.text or ""]
        for child in element:
            if child.tag == f"{_TEXT}s":
                parts.append(" " * min(number(child.get(f"{_TEXT}c"), 1), _MAX_SPACES))
            elif child.tag == f"{_TEXT}tab":
                parts.append("\t")
            elif child.tag == f"{_TEXT}line-break":
                parts.append("\n")
            elif child.tag == f"{_TEXT}soft-page-break":
                self.page += 1
            elif child.tag == f"{_TEXT}note":
                self.note(child)
            elif child.tag not in _DROPPED and child.tag != _TEXT_BOX:
                parts.append(self.text(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def note(self, element: Element) -> None:
        citation, body = element.find(f"{_TEXT}note-citation"), element.find(f"{_TEXT}note-body")
        if body is not None:
            words = " ".join(self.text(p) for p in body.iter() if p.tag in _PARAGRAPHS)
            mark = (citation.text or "").strip() if citation is not None else ""
            self.writer.note(f"{mark}) {words}" if mark else words)

    def table(self, element: Element) -> None:
        for row in element.iter(f"{_TABLE}table-row"):
            cells = [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
            texts = [self.cell(cell) for cell in cells]
            if len(cells) > 1 and None not in texts:
                self.writer.row([text or "" for text in texts], page=self.page)
                continue
            for cell in cells:
                self.blocks(cell)

    def cell(self, element: Element) -> str | None:
        """A cell's text; None where it holds more than words."""
        if any(e.tag in (f"{_TABLE}table", _TEXT_BOX, f"{_TEXT}note", f"{_TEXT}list") for e in element.iter()):
            return None
        text = " ".join(self.text(p) for p in element.iter() if p.tag in _PARAGRAPHS)
        return text if len(text) <= _SHORT_CELL else None


def _has_words(item: Element) -> bool:
    """Whether a list's item is one itself, not only what holds the next level."""
    return any(child.tag in _PARAGRAPHS for child in item)


def _list_styles(root: Element) -> Iterator[tuple[str, dict[int, _Level]]]:
    for style in (*root.iter(f"{_TEXT}list-style"), *root.iter(f"{_TEXT}outline-style")):
        levels = {}
        for level in style:
            depth = number(level.get(f"{_TEXT}level"), 1)
            bullet = level.tag == f"{_TEXT}list-level-style-bullet"
            levels[min(depth, _MAX_DEPTH)] = _Level(
                "•" if bullet else level.get(f"{_STYLE}num-format", ""),
                "" if bullet else level.get(f"{_STYLE}num-prefix", "")[:10],
                "" if bullet else level.get(f"{_STYLE}num-suffix", "")[:10],
                number(level.get(f"{_TEXT}display-levels"), 1),
                number(level.get(f"{_TEXT}start-value"), 1),
            )
        yield style.get(f"{_STYLE}name", ""), levels


def _bold_styles(root: Element) -> frozenset[str]:
    """The automatic paragraph styles that are bold."""
    weight = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}font-weight"
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        if style.get(f"{_STYLE}family") == "paragraph"
        and any(part.get(weight) == "bold" for part in style.iter(f"{_STYLE}text-properties"))
    )


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip()[:19])
    except ValueError:
        return None
    return found.replace(tzinfo=UTC)
