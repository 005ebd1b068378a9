"""RTF (Microsoft's specification 1.9.1): its words, paragraphs and tables, in one pass over its bytes.

What it does not read: styles' names, pictures, embedded objects, comments.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from corpus.paper import Form, Paper
from corpus.papers.shape import Piece, write
from corpus.papers.writing import Writer
from errors import Broken

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_MAX_GROUPS = 10_000
_DROPPED = frozenset(
    b"fonttbl colortbl stylesheet pict object objdata themedata colorschememapping datastore generator xmlnstbl "
    b"listtable listoverridetable rsidtbl latentstyles footer footerl footerr footerf headerl headerr headerf "
    b"fldinst bkmkstart bkmkend annotation atnid atnauthor filetbl revtbl nonshppict sp sn sv shpinst pgptbl mmathPr "
    b"wgrffmtfilter background template keywords comment category doccomm operator company manager hlinkbase".split()
)
_READ = frozenset(b"info title author creatim revtim rtf shptxt footnote pntext listtext header fldrslt".split())
_SIGNS = {
    b"par": "\n", b"sect": "\n", b"page": "\n", b"line": "\v", b"tab": "\t", b"emdash": "—", b"endash": "–",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ",
    b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
_TOGGLES = (b"b", b"v", b"deleted", b"intbl")
_TIME = (b"yr", b"mo", b"dy", b"hr", b"min")
_CODE_PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}


class _State(NamedTuple):
    """What a group's brackets keep and restore."""

    destination: bytes = b"rtf"
    dropped: bool = False
    skip: int = 1  # fallback characters after \u
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False


class Rtf(NamedTuple):
    """What an RTF file holds."""

    pieces: list[Piece]
    notes: list[str]
    title: str
    author: str
    at: datetime | None


def read_rtf(raw: bytes) -> Paper:
    """Read an RTF. Raises Broken."""
    found = parse_rtf(raw)
    writer = Writer()
    write(found.pieces, writer)
    for note in found.notes:
        writer.note(note)
    return writer.paper(Form.RTF, title=found.title, at=found.at, people=[found.author])


def parse_rtf(raw: bytes) -> Rtf:
    """The pieces of an RTF's text. Raises Broken where it is none or its groups nest without end."""
    if not raw.lstrip().startswith(b"{\\rtf"):
        raise Broken("no RTF.")
    return _Parser(raw).run()


class _Parser:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.state = _State()
        self.stack: list[_State] = []
        self.charset = "cp1252"
        self.held = bytearray()  # bytes that are not decoded yet: characters may take two
        self.to_skip = 0
        self.surrogate = 0
        self.starred = False
        self.texts: dict[bytes, list[str]] = {name: [] for name in (b"title", b"author", b"footnote")}
        self.line: list[str] = []
        self.letters = self.bold = 0
        self.cells: list[str] = []
        self.pieces: list[Piece] = []
        self.notes: list[str] = []
        self.time: dict[bytes, int] = {}

    def run(self) -> Rtf:
        at = 0
        while at < len(self.raw):
            found = _TOKEN.match(self.raw, at)
            if not found:  # a lone backslash
                at += 1
                continue
            at = found.end()
            word, value, code, sign, bracket, text = found.groups()
            if word:
                at = self.word(word, int(value) if value else None, at)
            elif code:
                self.byte(bytes.fromhex(code.decode("ascii")))
            elif sign:
                self.sign(sign)
            elif bracket:
                self.bracket(bracket)
            elif text:
                self.byte(text)
        self.paragraph()
        self.row()
        return Rtf(self.pieces, self.notes, "".join(self.texts[b"title"]), "".join(self.texts[b"author"]), self.at())

    def bracket(self, bracket: bytes) -> None:
        self.flush()
        self.to_skip = 0
        if bracket == b"{":
            if len(self.stack) >= _MAX_GROUPS:
                raise Broken(f"RTF groups nested deeper than {_MAX_GROUPS:,}.")
            self.stack.append(self.state)
        elif self.stack:
            ended, self.state = self.state, self.stack.pop()
            if ended.destination == b"footnote" and self.state.destination != b"footnote":
                self.notes.append("".join(self.texts[b"footnote"]))
                self.texts[b"footnote"].clear()
        self.starred = False

    def sign(self, sign: bytes) -> None:
        match sign:
            case b"*":
                self.starred = True
            case b"~":
                self.put(" ")
            case b"_":
                self.put("-")
            case b"\n" | b"\r":
                self.word(b"par", None, 0)
            case b"\\" | b"{" | b"}":
                self.byte(sign)

    def byte(self, data: bytes) -> None:
        taken = min(self.to_skip, len(data))
        self.to_skip -= taken
        if not self.state.dropped:
            self.held += data[taken:]

    def flush(self) -> None:
        if self.held:
            data, self.held = bytes(self.held), bytearray()
            self.put(data.decode("ascii" if data.isascii() else self.charset, "replace"))

    def put(self, text: str) -> None:
        self.flush()
        state = self.state
        if state.dropped or state.hidden or state.deleted:
            return
        if state.destination in self.texts:
            self.texts[state.destination].append(" " if text in "\n\v\t" else text)
            return
        self.line.append(text.replace("\v", "\n"))
        self.letters += len(text)
        self.bold += len(text) if state.bold else 0

    def word(self, word: bytes, value: int | None, at: int) -> int:
        self.flush()
        if word == b"bin":
            return min(at + max(value or 0, 0), len(self.raw))
        if word == b"u":
            self.unicode(value or 0)
        elif self.starred and word not in _READ:
            self.state = self.state._replace(dropped=True, destination=word)
        elif word in _DROPPED or word in _READ:
            self.state = self.state._replace(destination=word, dropped=self.state.dropped or word in _DROPPED)
        elif not self.state.dropped:
            self.control(word, value)
        self.starred = False
        return at

    def control(self, word: bytes, value: int | None) -> None:
        if word in _TOGGLES:
            self.state = _toggled(self.state, word, on=value != 0)
        elif word in (b"par", b"sect", b"page") and self.state.destination not in self.texts:
            self.paragraph()
        elif word in (b"cell", b"nestcell"):
            self.cells.append("".join(self.line))
            self.clear()
        elif word in (b"row", b"nestrow"):
            self.row()
        elif word == b"pard":
            self.state = self.state._replace(in_table=False)
        elif word == b"plain":
            self.state = self.state._replace(bold=False, hidden=False, deleted=False)
        elif word in _TIME and self.state.destination in (b"creatim", b"revtim"):
            self.time[word] = value or 0
        elif word in _SIGNS:
            self.put(_SIGNS[word])
        else:
            self.coding(word, value)

    def coding(self, word: bytes, value: int | None) -> None:
        if word == b"uc":
            self.state = self.state._replace(skip=min(max(value or 0, 0), 10))
        elif word == b"ansicpg":
            self.code_page(value or 1252)
        elif word in _CODE_PAGES:
            self.charset = _CODE_PAGES[word]

    def code_page(self, number: int) -> None:
        try:
            "".encode(f"cp{number}")
        except LookupError:
            return
        self.charset = "utf-8" if number == 65001 else f"cp{number}"

    def unicode(self, value: int) -> None:
        code = value + 0x10000 if value < 0 else value
        self.to_skip = self.state.skip
        if 0xD800 <= code < 0xDC00:
            self.surrogate = code
            return
        if 0xDC00 <= code < 0xE000 and self.surrogate:
            code = 0x10000 + ((self.surrogate - 0xD800) << 10) + code - 0xDC00
        self.surrogate = 0
        if code < 0x110000:
            self.put(chr(code))

    def paragraph(self) -> None:
        if self.state.in_table and self.state.destination not in self.texts:
            self.line.append(" ")
            return
        text = "".join(self.line)
        if text.strip():
            self.pieces.append(Piece(text.replace("\t", " "), strong=2 * self.bold > self.letters))
        self.clear()

    def clear(self) -> None:
        self.line.clear()
        self.letters = self.bold = 0

    def row(self) -> None:
        if any(cell.strip() for cell in self.cells):
            self.pieces.append(Piece("", cells=tuple(self.cells)))
        self.cells.clear()

    def at(self) -> datetime | None:
        parts = [self.time.get(name, 0) for name in _TIME]
        try:
            return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
        except ValueError:
            return None


def _toggled(state: _State, word: bytes, *, on: bool) -> _State:
    match word:
        case b"b":
            return state._replace(bold=on)
        case b"v":
            return state._replace(hidden=on)
        case b"deleted":
            return state._replace(deleted=on)
        case _:
            return state._replace(in_table=on)
