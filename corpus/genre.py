"""What kind of document a paper is, in which language and of which day, and how sure that is.

Kinds are told by words of the file's title and beginning, of headings and labels, and by the form: turns of speakers,
numbered clauses, a greeting with a closing. Words come from each language's `notes.toml`.

Not known here: whose paper it is.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from enum import StrEnum
from functools import cache
from math import exp

import msgspec

import languages
from corpus.dating import dated
from corpus.paper import BlockKind, Form, Paper
from languages.detect import detect

_HEAD = 1200  # code points of a text's beginning; the rest is looked through for the words of contracts and letters
_BODY = 20_000
_SAMPLES = 4  # stretches of a text that are asked for its language
_TITLED = 2.0  # words of a title or file name count so many times
_LEADS = 2.0  # points of the kind that a title names first: "Meeting with Acme, framework agreement"
_OTHER = 3.5  # points of "none of these"
_SHARP = 0.6  # how fast a lead in points becomes certainty
_LABELS = (("participants", 3.0), ("date", 1.0))  # lines that begin so are those of minutes
_SPEAKER = re.compile(
    r"^[ \t*_>]{0,6}(?:\[?\d\d?:\d\d(?::\d\d)?\]?\s{1,4})?"
    r"([^\W\d_a-zäöå][^\n:*>|?!]{0,30}?)\*{0,2}\s?(?::|->)\*{0,2}[ \t]",
    re.MULTILINE,
)
_TURNS, _SHARE = 6, 0.3  # so many lines of speakers that come back, and such a share, make a conversation


class PaperKind(StrEnum):
    """What kind of document a paper is."""

    CONTRACT = "contract"
    NOTES = "notes"  # minutes, notes of a meeting or negotiation
    TRANSCRIPT = "transcript"  # what was said, turn by turn
    LETTER = "letter"
    OTHER = "other"


class Genre(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper is; each confidence is from 0 to 1."""

    kind: PaperKind
    confidence: float
    language: str | None  # None where it cannot be told, or where there is no pack for it
    day: date | None
    day_confidence: float  # 0 where there is no day


def genre(paper: Paper, name: str = "", came: date | None = None) -> Genre:
    """What kind of document a paper is; `name` is its file's, `came` the day it came."""
    points = _points(paper, name)
    kind = max(points, key=points.__getitem__)
    second = max(value for other, value in points.items() if other is not kind)
    day = dated(paper, name, came)
    return Genre(
        kind=kind,
        confidence=round(1 / (1 + exp(-_SHARP * (points[kind] - second))), 3),
        language=language(paper),
        day=day.day if day else None,
        day_confidence=day.confidence if day else 0.0,
    )


def language(paper: Paper) -> str | None:
    """The language that most of a paper's stretches are in."""
    step = max(1, len(paper.text) // _SAMPLES)
    starts = range(0, max(1, len(paper.text) - step // 2), step)
    found = Counter(said for start in starts if (said := detect(paper.text[start : start + 1500])))
    return found.most_common(1)[0][0] if found else None


def _points(paper: Paper, name: str) -> dict[PaperKind, float]:
    first = next((paper.text[b.start : b.end] for b in paper.blocks[:1] if b.kind is BlockKind.HEADING), "")
    title = f"{first} {paper.title} {re.sub(r'[_.-]', ' ', name)}".lower()
    titles = (paper.text[block.start : block.end] for block in paper.blocks if block.kind is BlockKind.HEADING)
    headings = "\n".join(titles)[:_BODY].lower()
    head, body = paper.text[:_HEAD].lower(), paper.text[:_BODY].lower()
    found: dict[PaperKind, float] = {PaperKind.OTHER: _OTHER}
    named: dict[PaperKind, int] = {}
    for kind in (PaperKind.CONTRACT, PaperKind.NOTES, PaperKind.TRANSCRIPT, PaperKind.LETTER):
        found[kind] = 0.0
        for points, pattern in _cues(kind.value):
            if (said := pattern.search(title)) is not None:
                found[kind] += _TITLED * points
                named[kind] = min(said.start(), named.get(kind, said.start()))
            inside = body if kind in (PaperKind.CONTRACT, PaperKind.LETTER) else f"{head}\n{headings}"
            found[kind] += points * min(3, len(set(pattern.findall(inside))))
    if named:
        found[min(named, key=named.__getitem__)] += _LEADS
    found[PaperKind.NOTES] += sum(points for role, points in _LABELS if _labels(role).search(head))
    if paper.form is Form.TRANSCRIPT:
        found[PaperKind.TRANSCRIPT] += 12
    found[PaperKind.TRANSCRIPT] += 10 * _is_spoken(paper)
    found[PaperKind.CONTRACT] += 4 * (sum(b.number is not None for b in paper.blocks) > len(paper.blocks) / 4)
    return found


def _is_spoken(paper: Paper) -> bool:
    """Whether much of a text are lines of speakers that come back."""
    lines = sum(1 for line in paper.text.splitlines() if line.strip())
    names = Counter(_SPEAKER.findall(paper.text[: 5 * _BODY]))
    turns = sum(times for times in names.values() if times > 1)
    return turns >= _TURNS and turns >= _SHARE * lines and len(names) > 1


@cache
def _labels(role: str) -> re.Pattern[str]:
    """Lines that begin with a label of that role."""
    words = {word for code in languages.codes() for word in languages.data(code, "notes")["says"][role]}
    each = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"^[ \t*•_#>-]{{0,8}}(?:{each})[ \t*_]{{0,3}}(?::|$)", re.MULTILINE)


@cache
def _cues(kind: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    found = []
    for code in languages.codes():
        for points, words in languages.data(code, "notes")["genre"][kind]:
            each = "|".join(
                re.escape(word.strip()).replace(r"\*", r"\w*") for word in sorted(words, key=len, reverse=True)
            )
            found.append((float(points), re.compile(rf"(?<!\w)(?:{each})(?!\w)")))
    return tuple(found)
