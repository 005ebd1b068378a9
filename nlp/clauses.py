"""A contract as a tree of clauses: numbers, headings, what each sentence stands in, definitions, cross references.

Clauses come from a paper's blocks: those that begin with a number or are headings open one, the rest go on with the
one before. Passages are what facts are read from: sentences, cut further at semicolons and lettered parts where they
are long, with white space made even.
What it does not know: which clause matters for what (`nlp.contracts`), and numbering by indentation alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from corpus.paper import Block, BlockKind, Paper
from languages import data
from nlp.sentences import split

_LONG = 420  # code points of a sentence that is cut at its parts
_PART = 60  # a part shorter than this stays with the one before
_LEADING = 100  # code points of a sentence's beginning, and of a part before, that a part is read with
_HEADING = 90  # a line longer than this is no heading
_UNDER_HEADINGS = 100  # levels
_SPACE = re.compile(r"[\s\u00a0]+|\*+|_{3,}")
_LEAD = re.compile(r"[^.;:\n]{3,70}[.:](?=\s)")
_CUT = re.compile(r";\s|[,:]?\s(?=\((?:[a-z]|[ivx]{1,4}|\d)\)\s)")


class Clause(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stretch [start, end) of a contract under one number or heading, without the clauses below it."""

    start: int  # code points into the paper's text
    end: int
    number: str | None = None  # as written: "3.1", "4 §", "(a)"
    heading: str = ""
    level: int = 0  # depth, 0 the outermost
    page: int = 0
    parent: int | None = None  # which clause it stands under, by its place in the tree


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch that says one thing. `text` has its white space made even; `offsets` lead back."""

    start: int
    end: int
    text: str
    offsets: tuple[int, ...]  # of each code point of `text` in the paper's text, and of its end
    lead: str  # of a part of a long sentence: how the sentence began, and what stood just before; lower case
    clause: int  # its place in the tree
    heading: str  # those of the clause and the ones above it, lower case
    page: int = 0

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The stretch [start, end) of `text` as offsets into the paper's text."""
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A term that a contract defines, and the stretch that says what it means."""

    term: str
    start: int
    end: int


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A mention of another clause. `clause` is its place in the tree, None where the contract has no such number."""

    start: int
    end: int
    number: str
    clause: int | None


def clauses(paper: Paper) -> tuple[Clause, ...]:
    """The clauses of a contract in order, the first holding what stands before any number or heading."""
    found: list[Clause] = []
    depths: list[int] = []  # numbered text lies deeper than any heading
    for block in paper.blocks:
        opened = _opened(paper.text, block)
        if opened is None and found:
            found[-1] = msgspec.structs.replace(found[-1], end=block.end)
            continue
        number, heading = opened or (None, "")
        depth = block.level + (0 if block.kind is BlockKind.HEADING or opened is None else _UNDER_HEADINGS)
        parent = next((n for n in range(len(found) - 1, -1, -1) if depths[n] < depth), None)
        found.append(
            Clause(
                start=block.start, end=block.end, number=number, heading=heading, level=block.level, page=block.page,
                parent=parent,
            )
        )  # fmt: skip
        depths.append(depth)
    return tuple(found)


def passages(paper: Paper, tree: Sequence[Clause], language: str) -> tuple[Passage, ...]:
    """What a contract says, passage by passage, in order."""
    found: list[Passage] = []
    at = 0
    for block in paper.blocks:
        while at + 1 < len(tree) and tree[at + 1].start <= block.start:
            at += 1
        heading = _path(tree, at)
        for start, end in split(paper.text, block.start, block.end, language):
            lead = ""
            for first, last in _parts(paper.text, start, end):
                text, offsets = _even(paper.text, first, last)
                if not text:
                    continue
                found.append(
                    Passage(
                        start=first, end=last, text=text, offsets=offsets, lead=lead, clause=at, heading=heading,
                        page=block.page,
                    )
                )  # fmt: skip
                lead = f"{lead[:_LEADING] or text[:_LEADING].lower()} … {text[-_LEADING:].lower()}"
    return tuple(found)


def definitions(said: Sequence[Passage], language: str) -> tuple[Definition, ...]:
    """The terms a contract defines: '"Services" means …', '(the "Supplier")', '”Palvelu” tarkoittaa …'."""
    found = []
    for passage in said:
        for pattern in _patterns(language, "definitions"):
            for match in pattern.finditer(passage.text):
                start, end = passage.place(*match.span())
                found.append(Definition(term=match["term"].strip(), start=start, end=end))
    return tuple(sorted(found, key=lambda d: d.start))


def references(said: Sequence[Passage], tree: Sequence[Clause], language: str) -> tuple[Reference, ...]:
    """Mentions of other clauses, with the clause meant where its number is plain."""
    places = {_plain(clause.number): n for n, clause in reversed(list(enumerate(tree))) if clause.number}
    found = []
    for passage in said:
        for pattern in _patterns(language, "references"):
            for match in pattern.finditer(passage.text):
                start, end = passage.place(*match.span())
                number = match["number"]
                place = places.get(_plain(number))
                found.append(Reference(start=start, end=end, number=number, clause=place))
    return tuple(sorted(found, key=lambda r: r.start))


@cache
def _patterns(language: str, topic: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in data(language, "contracts")["structure"][topic])


def _opened(text: str, block: Block) -> tuple[str | None, str] | None:
    """The number and heading of the clause that a block opens; None where it opens none."""
    heading = block.kind is BlockKind.HEADING
    if block.kind in (BlockKind.ROW, BlockKind.CUE) or not (heading or block.number):
        return None
    said = text[block.start : block.end].lstrip("*# ")
    rest = said.removeprefix(block.number or "").lstrip(".:)-–— \u00a0\t")
    return block.number, rest[:_HEADING] if heading else _lead(rest)


def _lead(rest: str) -> str:
    """The heading with which a numbered clause begins, where it does: "Term. This Agreement …"."""
    if len(rest) <= _HEADING and "\n" not in rest and not rest.endswith((".", ";", ",")):
        return rest
    lead = _LEAD.match(rest)
    words = lead.group().strip(".: ").split() if lead else []
    named = [w for w in words if w[0].isupper() or not w[0].isalpha()]
    return " ".join(words) if words and len(words) <= 8 and len(named) * 2 > len(words) else ""


def _plain(number: str | None) -> str:
    """A number without its word and marks: "Section 2(b)" and "2 (b)." are "2b"."""
    return re.sub(r"[^\w.]|^[^\W\d]{2,}\s", "", (number or "").strip().lower()).strip(".")


def _path(tree: Sequence[Clause], at: int) -> str:
    """The headings above a place, lower case, nearest first."""
    found: list[str] = []
    place: int | None = at if tree else None
    while place is not None:
        found.append(tree[place].heading)
        place = tree[place].parent
    return " / ".join(h for h in found if h).lower()


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or the parts of a long one."""
    if end - start <= _LONG:
        yield start, end
        return
    begin = start
    for cut in _CUT.finditer(text, start, end):
        if cut.end() - begin >= _PART and end - cut.end() >= _PART:
            yield begin, cut.start() + 1
            begin = cut.end()
    yield begin, end


def _even(text: str, start: int, end: int) -> tuple[str, tuple[int, ...]]:
    """A stretch with single spaces and no marks of emphasis, and where each code point stood."""
    out: list[str] = []
    places: list[int] = []
    at = start
    for gap in _SPACE.finditer(text, start, end):
        out.append(text[at : gap.start()])
        places.extend(range(at, gap.start()))
        if gap.group()[0] != "*" and out and places:
            out.append(" ")
            places.append(gap.start())
        at = gap.end()
    out.append(text[at:end])
    places.extend(range(at, end))
    return "".join(out), (*places, end)
