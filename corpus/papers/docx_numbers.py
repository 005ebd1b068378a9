"""The numbers that Word shows before paragraphs but does not write down (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus.papers.office import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_PLACE = re.compile(r"%(\d)")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MAX_LEVEL = 9
_MAX_COUNT = 100_000


class _Level(NamedTuple):
    start: int
    form: str  # decimal, lowerLetter …, bullet, none
    text: str  # "%1.%2."


class Numbers:
    """Counts a document's numbered paragraphs, in order."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}  # by abstract numbering
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}  # a list's abstract numbering, and starts of its own
        self._counts: dict[str, dict[int, int]] = {}  # by abstract numbering
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        for abstract in root.findall(f"{W}abstractNum"):
            levels = {number(level.get(f"{W}ilvl")): _level(level) for level in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for listed in root.findall(f"{W}num"):
            above = listed.find(f"{W}abstractNumId")
            starts = {}
            for override in listed.findall(f"{W}lvlOverride"):
                if (start := override.find(f"{W}startOverride")) is not None:
                    starts[number(override.get(f"{W}ilvl"))] = number(start.get(VAL), 1)
            self._lists[listed.get(f"{W}numId", "")] = (above.get(VAL, "") if above is not None else "", starts)

    def next(self, listed: str, depth: int) -> str | None:
        """What stands before the next paragraph of a list at a depth: "3.1", "(a)", "•"; None where nothing does."""
        abstract, starts = self._lists.get(listed, ("", {}))
        levels = self._levels.get(abstract, {})
        depth = min(max(depth, 0), _MAX_LEVEL - 1)
        level = levels.get(depth)
        if level is None:
            return None
        if level.form == "bullet":
            return "•"
        counts = self._counts.setdefault(abstract, {})
        start = level.start
        if depth in starts and (listed, depth) not in self._started:
            self._started.add((listed, depth))
            counts.pop(depth, None)
            start = starts[depth]
        counts[depth] = min(counts[depth] + 1 if depth in counts else start, _MAX_COUNT)
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        shown = _PLACE.sub(lambda found: _shown(int(found[1]) - 1, levels, counts), level.text).strip()
        return shown if level.form != "none" and shown else None


def _shown(depth: int, levels: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
    level = levels.get(depth, _Level(1, "decimal", ""))
    return counted(counts.get(depth, level.start), level.form)


def counted(count: int, form: str) -> str:
    """A count as a form writes it."""
    count = min(max(count, 0), _MAX_COUNT)
    match form:
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (count - 1) % 26) * min(1 + (count - 1) // 26, 10) if count else ""
            return letters.upper() if form == "upperLetter" else letters
        case "lowerRoman" | "upperRoman":
            roman = _roman(count)
            return roman.upper() if form == "upperRoman" else roman
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    out, rest = [], min(count, 3999)
    for value, letters in _ROMAN:
        times, rest = divmod(rest, value)
        out.append(letters * times)
    return "".join(out)


def _level(level: Element) -> _Level:
    start, form, text = (level.find(f"{W}{name}") for name in ("start", "numFmt", "lvlText"))
    return _Level(
        number(start.get(VAL), 1) if start is not None else 1,
        form.get(VAL, "decimal") if form is not None else "decimal",
        text.get(VAL, "")[:100] if text is not None else "",
    )


def number(value: str | None, default: int = 0) -> int:
    """A whole number of an attribute, or the default."""
    return int(value) if value and _WHOLE.fullmatch(value) else default
