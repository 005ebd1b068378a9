"""The structure of minutes: what stands under which heading or label, who is speaking, what is a row of a task table.

A paper's blocks become passages: stretches that are read as one, without labels and speakers' names before them.
Captions that break a sentence are joined; one block with several labelled lines is cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.paper import Block, BlockKind, Paper
from nlp.minutes.words import Words, low, plain, role

_LABEL = re.compile(r"[\s*_>#•☐☒-]{0,8}(?P<label>[^\n:*|]{1,40}?)(?P<bold>[*_]{0,2})[ ]?:[*_]{0,2}(?!//)[ \t]*")
_SPEAKER = re.compile(
    r"[\s*_>#•-]{0,8}(?:\[?\d\d?:\d\d(?::\d\d)?(?:[.,]\d{1,3})?\]?\s+)?(?:>>\s{0,3})?"
    r"(?P<name>[^\W\d_a-zäöå][^\n:*>|?!]{0,40}?)[*_]{0,2}\s?(?:[*_]{0,2}:[*_]{0,2}(?!//)|->)[ \t]*"
)
_WORD = re.compile(r"([^\W\d_]{2,20})\s")
_TURN = re.compile(r">>+\s*")
_MARK = re.compile(r"\s*(?:[•▪◦*–-]|\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|\(?[a-z]\))\s+")
_LISTED = re.compile(r"(?P<indent>[ \t]{0,20})(?:[•▪*-]|\d{1,2}[.)])\s+(?=\S)")
_BOX = re.compile(r"[\s*•-]{0,6}(?:\[(?P<done>[ xX]?)\](?!\()|(?P<sign>[☐☒☑]))\s*")
_BOLD = re.compile(r"\s*\*\*[^*\n]{1,80}\*\*:?\s*")
_TITLE_LONGEST = 80  # code points of a line that heads what follows
_FEW = 5  # words; a line of fewer before a list heads it
_NAME_WORDS = 5
_TURNS, _SPOKEN = 6, 0.4  # so many turns with a speaker, and such a share of paragraphs, make it a conversation
_NEXT = "next_meeting"  # what holds for a heading's lines holds for the lists below them
_LOWEST = 50  # the level of a line that heads what follows and is no heading
_RUN = 4000  # code points of captions that are read as one, at most


class Passage(NamedTuple):
    """A stretch of a paper's text that is read as one."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH
    label: str | None = None  # the role that its own label gives it ("Päätös:")
    section: str | None = None  # the role of the heading or list that it stands under
    labelled: str = ""  # the label as written
    headings: tuple[str, ...] = ()  # outermost first
    speaker: str | None = None
    depth: int = 0
    box: str | None = None  # what a checkbox before it holds: "" or "x"
    cells: tuple[tuple[str, int, int], ...] = ()  # of a row in a table of tasks: role, start, end


class Outline(NamedTuple):
    """A paper in passages; `spoken` where it is mostly turns of speakers."""

    passages: tuple[Passage, ...]
    speakers: tuple[str, ...]  # in order of their first turn
    spoken: bool


def outline(paper: Paper, words: Words) -> Outline:
    """The passages of a paper, in order."""
    lines = list(_lines(paper, words))
    speakers = _speakers(paper.text, lines, words)
    turns = sum(line.speaker is not None or _named(paper.text, line, speakers) is not None for line in lines)
    spoken = turns >= max(_TURNS, _SPOKEN * sum(line.kind is BlockKind.PARAGRAPH for line in lines))
    spoken |= any(line.kind is BlockKind.CUE for line in lines)
    passages = _Walk(paper, words, speakers, spoken=spoken).passages(lines)
    return Outline(tuple(_joined(paper.text, passages)), tuple(speakers), spoken)


def _lines(paper: Paper, words: Words) -> Iterator[Block]:
    """Blocks, cut before lines that begin with a label, a speaker or a checkbox."""
    for block in paper.blocks:
        text = paper.text[block.start : block.end]
        starts = [0]
        for feed in re.finditer(r"\n", text):
            at = feed.end()
            if _begins(text, at, words):
                starts.append(at)
        said = low(text)
        starts += [m.start() for m in words.of_meeting.finditer(said) if m.start() and text[m.start()].isupper()]
        starts = sorted(set(starts))
        for first, last in zip(starts, [*starts[1:], len(text)], strict=True):
            if stripped := text[first:last].rstrip():
                listed = _LISTED.match(text, first) if block.kind is BlockKind.PARAGRAPH else None
                start, level = block.start + first, block.level
                yield Block(
                    start=start,
                    end=start + len(stripped),
                    kind=BlockKind.ITEM if listed else block.kind,
                    page=block.page,
                    number=block.number,
                    level=len(listed["indent"]) // 2 if listed else level,
                    speaker=block.speaker,
                )


def _begins(text: str, at: int, words: Words) -> bool:
    """Whether the line at `at` goes on with nothing: it has a label, a speaker, a list mark or a checkbox."""
    label = _LABEL.match(text, at)
    if label and role(label["label"], words, whole=True):
        return True
    return text.startswith(">>", at) or any(shape.match(text, at) for shape in (_SPEAKER, _BOX, _LISTED))


def _speakers(text: str, lines: Sequence[Block], words: Words) -> list[str]:
    """Names that lines begin with, told from labels by their coming back."""
    found: Counter[str] = Counter()
    for line in lines:
        if line.speaker:
            found[line.speaker] += 2
        elif name := _speaker_like(text, line, words):
            found[name] += 1
    back = {name for name, times in found.items() if times > 1}
    if sum(found[name] for name in back) >= _TURNS:
        return [name for name in found if name in back or len(name.split()) < _NAME_WORDS - 1]
    return [name for name in found if name in back]


def _speaker_like(text: str, line: Block, words: Words) -> str | None:
    match = _SPEAKER.match(text, line.start, line.end)
    if match is None or line.kind in (BlockKind.HEADING, BlockKind.ROW):
        return None
    name = match["name"].strip()
    tokens = name.split()
    if not tokens or len(tokens) > _NAME_WORDS or role(name, words, whole=True) or plain(name) in words.people["plain"]:
        return None
    return name if sum(token[0].isupper() or token[0] == "(" for token in tokens) * 2 >= len(tokens) else None


def _named(text: str, line: Block, speakers: Sequence[str]) -> str | None:
    match = _SPEAKER.match(text, line.start, line.end)
    return match["name"].strip() if match and match["name"].strip() in speakers else None


def _ticked(box: re.Match[str]) -> str:
    return "x" if (box["done"] or "").strip() or (box["sign"] or "☐") != "☐" else ""


class _Walk:
    """Goes through the lines, knowing under which headings and list items it is, and who speaks."""

    def __init__(self, paper: Paper, words: Words, speakers: Sequence[str], *, spoken: bool) -> None:
        self._paper, self._text, self._words, self._spoken = paper, paper.text, words, spoken
        self._speakers = frozenset(speakers)
        self._headings: list[tuple[int, str, str | None]] = []
        self._items: list[tuple[int, str, str | None, bool]] = []  # the last: its list stands at its own level
        self._speaker: str | None = None
        self._columns: tuple[str | None, ...] = ()
        self._next_level: int | None = None  # of the list item that comes next, where one does

    def passages(self, lines: Sequence[Block]) -> Iterator[Passage]:
        for n, line in enumerate(lines):
            following = lines[n + 1] if n + 1 < len(lines) else None
            self._next_level = following.level if following and following.kind is BlockKind.ITEM else None
            if line.kind is not BlockKind.ROW:
                self._columns = ()
            match line.kind:
                case BlockKind.HEADING:
                    self._head(line)
                case BlockKind.ROW:
                    yield from self._row(line)
                case _:
                    yield from self._passage(line)

    def _head(self, line: Block) -> None:
        title = self._text[line.start : line.end]
        self._headings = [h for h in self._headings if h[0] < line.level]
        self._headings.append((line.level, plain(title), role(title, self._words)))
        self._items, self._speaker = [], None

    def _passage(self, line: Block) -> Iterator[Passage]:
        start, end = line.start, line.end
        box = _BOX.match(self._text, start, end)
        mark = _MARK.match(self._text, start, end) if line.kind is BlockKind.ITEM and not box else None
        start = box.end() if box else mark.end() if mark else start
        speaker, start = self._turn(line, start)
        label = _LABEL.match(self._text, start, end)
        said = role(label["label"], self._words, whole=True) if label else None
        own = said
        if label and said and label.end() < end:
            start = label.end()
        depth = line.level if line.kind is BlockKind.ITEM else -1
        heads = self._heads(line, start)
        titled = heads and role(self._text[start:end], self._words) is not None
        self._items = [i for i in self._items if i[0] < depth or (i[3] and i[0] == depth and not titled)]
        if heads and line.kind is not BlockKind.ITEM:
            self._headings = [h for h in self._headings if h[0] < _LOWEST]
        section = self._section()
        if heads:
            title = self._text[start:end]
            found = role(title, self._words)
            if line.kind is BlockKind.ITEM:
                self._items.append((depth, plain(title), found, self._next_level == depth))
            else:
                inherited = self._headings[-1][2] if self._headings else None
                self._headings.append((_LOWEST, plain(title), found or (inherited if inherited == _NEXT else None)))
            own = own or found
        elif line.kind is BlockKind.ITEM:
            self._items.append((depth, plain(self._text[start:end][:_TITLE_LONGEST]), own, False))
        yield Passage(
            start, end, line.kind, own, section, plain(label["label"]) if label and said and label.end() < end else "",
            (*(h[1] for h in self._headings), *(i[1] for i in self._items[:-1])), speaker, max(depth, 0),
            _ticked(box) if box else None,
        )  # fmt: skip

    def _turn(self, line: Block, start: int) -> tuple[str | None, int]:
        """Who speaks in a line, and where the words begin."""
        if line.speaker:
            self._speaker = line.speaker
            match = _SPEAKER.match(self._text, start, line.end)
            return line.speaker, match.end() if match and match["name"].strip() == line.speaker else start
        if line.kind is BlockKind.CUE:
            self._speaker = None
        if turn := _TURN.match(self._text, start, line.end):
            self._speaker, start = None, turn.end()
        match = _SPEAKER.match(self._text, start, line.end)
        if match and match["name"].strip() in self._speakers:
            self._speaker = match["name"].strip()
            return self._speaker, match.end()
        opening = _WORD.match(self._text, start, line.end)
        if self._spoken and opening and opening[1].isupper() and opening[1] in self._speakers:
            self._speaker = opening[1]
            return self._speaker, opening.end()
        return (self._speaker if self._spoken else None), start

    def _heads(self, line: Block, start: int) -> bool:
        """Whether a line is a title of what follows: bold alone, ending with a colon, or a few words before a list."""
        text = self._text[start : line.end].rstrip()
        if len(text) > _TITLE_LONGEST:
            return False
        few = self._next_level is not None and text[-1:] not in ".?!" and len(text.split()) < _FEW
        titled = few and line.kind is BlockKind.PARAGRAPH
        return titled or text.endswith((":", ":**")) or _BOLD.fullmatch(text) is not None

    def _section(self) -> str | None:
        for _, _, said, _ in reversed(self._items):
            if said:
                return said
        if not self._headings:
            return None
        return self._headings[-1][2]

    def _row(self, line: Block) -> Iterator[Passage]:
        """A row of a table: its header tells the columns' roles; without one, two cells may be label and words."""
        cells = []
        at = line.start
        for cell in self._text[line.start : line.end].split("\t"):
            cells.append((at, at + len(cell)))
            at += len(cell) + 1
        texts = [self._text[a:b] for a, b in cells]
        roles = tuple(self._column(text) for text in texts)
        if not self._columns and sum(r is not None for r in roles) >= 2:
            self._columns = roles
            return
        headings = tuple(h[1] for h in self._headings)
        if {"owner", "due"} & set(self._columns) and len(texts) <= len(self._columns) + 1:
            found = tuple((r, a, b) for r, (a, b) in zip(self._columns, cells, strict=False) if r and b > a)
            tasks = [(b - a, a, b) for r, a, b in found if r == "task"]
            if tasks:
                _, start, end = max(tasks)
                yield Passage(start, end, line.kind, "action", self._section(), "", headings, cells=found)
            return
        if len(texts) == 2 and (said := role(texts[0], self._words, whole=True)):
            yield Passage(*cells[1], line.kind, said, self._section(), plain(texts[0]), headings)
            return
        for (start, end), text in zip(cells, texts, strict=True):
            if text.strip():
                yield Passage(start, end, line.kind, None, self._section(), "", headings)

    def _column(self, title: str) -> str | None:
        said = plain(title)
        return next((r for r in ("owner", "due", "task", "status") if said in self._words.says.get(r, ())), None)


def _joined(text: str, passages: Iterator[Passage]) -> Iterator[Passage]:
    """Captions of one speaker as one passage."""
    run: Passage | None = None
    for passage in passages:
        if run and _goes_on(text, run, passage):
            run = run._replace(end=passage.end)
            continue
        if run:
            yield run
        run = passage
    if run:
        yield run


def _goes_on(text: str, run: Passage, passage: Passage) -> bool:
    if passage.kind is not BlockKind.CUE or run.kind is not BlockKind.CUE or passage.end - run.start > _RUN:
        return False
    between = text[run.end : passage.start]
    return run.speaker == passage.speaker and not between.strip(" \n\t") and not passage.label
