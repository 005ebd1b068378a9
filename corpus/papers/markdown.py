"""Markdown (CommonMark with tables, by markdown-it): blocks without their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.paper import BlockKind, Form, Paper
from corpus.papers import plain
from corpus.papers.joining import unbroken
from corpus.papers.numbering import Outline, under_mark
from corpus.papers.shape import is_heading, may_be_heading
from corpus.papers.web import write_html
from corpus.papers.writing import Writer, tidy

_FRONT = re.compile(r"\A(---|\+\+\+)\n(.*?)\n\1[ \t]*\n", re.S)
_TITLE = re.compile(r"^title\s*[:=]\s*[\"']?(.+?)[\"']?\s*$", re.M)
_SHORT_CODE = re.compile(r"\{\{[<%].{0,200}?[>%]\}\}")
_TAG = re.compile(r"<(/?[a-zA-Z][^<>]{0,500}|!--.{0,500}?--)>", re.S)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_BOX = re.compile(r"\[([ xX])\] ")
_MARKS = re.compile(r"^(?:#{1,6} |\s{0,8}(?:[-*+]|\d{1,3}[.)]) |\||```|>)|\*\*\S|\]\(", re.M)
_FEW = 3


def is_markdown(text: str) -> bool:
    """Whether a text uses Markdown's marks, more than chance would."""
    marks = _MARKS.findall(text[:20_000])
    return len(marks) >= _FEW and any(mark.startswith("#") or mark in ("**", "](", "```", "|") for mark in marks)


def read_markdown(raw: bytes) -> Paper:
    """Read Markdown. Raises Broken where it says nothing."""
    text = plain.text_of(raw)
    front = _FRONT.match(text)
    named = _TITLE.search(front[2]) if front else None
    body = _SHORT_CODE.sub("", text[front.end() :] if front else text)
    writer = Writer()
    _Walk(writer).run(MarkdownIt("commonmark", {"html": True}).enable("table").parse(body))
    return writer.paper(Form.MARKDOWN, title=named[1] if named else "")


class _Walk:
    """Takes markdown-it's tokens in order."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.outline = Outline()
        self.marks: list[str] = []  # of the lists that are open: "•" or "1."
        self.mark = ""
        self.heading: int | None = None
        self.row: list[str] | None = None

    def run(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            match token.type:
                case "heading_open":
                    self.heading = int(token.tag[1]) - 1
                case "heading_close":
                    self.heading = None
                case "bullet_list_open" | "ordered_list_open":
                    self.marks.append("•")
                case "bullet_list_close" | "ordered_list_close":
                    self.marks.pop()
                case "list_item_open":
                    self.mark = f"{token.info}{token.markup}" if token.info else "•"
                case "tr_open":
                    self.row = []
                case "tr_close":
                    self.writer.row(self.row or [])
                    self.row = None
                case "inline":
                    self.inline(token)
                case "fence" | "code_block":
                    self.writer.add(token.content)
                case "html_block":
                    write_html(token.content, self.writer)

    def inline(self, token: Token) -> None:
        text = _words(token)
        if self.row is not None:
            self.row.append(text)
            return
        for line in unbroken(text.split("\n")):
            self.block(line, strong=_all_strong(token))

    def block(self, text: str, *, strong: bool) -> None:
        text = tidy(text).replace("\t", " ")
        mark, self.mark = self.mark, ""
        text, own = under_mark(text, mark)
        name = own.number if own else None
        title = text[own.rest :] if own else text
        if self.heading is not None and may_be_heading(title):
            self.writer.add(text, BlockKind.HEADING, number=name, level=self.heading)
            return
        level = len(self.marks) - 1 if self.marks else (self.outline.level(name) if own else 0)
        kind = BlockKind.ITEM if mark or own else BlockKind.PARAGRAPH
        if is_heading(title, strong=strong) and not self.marks:
            kind = BlockKind.HEADING
        self.writer.add(text, kind, number=name, level=max(level, 0))


def _words(token: Token) -> str:
    parts = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak":
                parts.append("\n")
            case "hardbreak":
                parts.append("\v")
            case "html_inline":
                parts.append("\v" if _BREAK.match(child.content) else "")
            case "image":
                parts.append("")
    text = _BOX.sub(lambda found: "☐ " if found[1] == " " else "☒ ", "".join(parts), count=1)
    return text.replace("\v\n", "\v")


def _all_strong(token: Token) -> bool:
    """Whether all of a paragraph stands between ** and **."""
    children = [child for child in token.children or () if child.type != "text" or child.content.strip()]
    return len(children) > 2 and children[0].type == "strong_open" and children[-1].type == "strong_close"
