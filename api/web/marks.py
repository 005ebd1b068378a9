"""A document's text cut at its zones and at what was found in it, for a page to mark them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from api.web.words import show_fact, show_severity, show_share, show_value
from corpus.document import Document, Zone, ZoneKind
from insights.contracts import FACTS, Contract, ContractFact
from insights.insight import Source
from insights.notes import Notes
from nlp.findings import Finding, Sentiment

_NAMES = {
    ZoneKind.OWN: "own words",
    ZoneKind.QUOTE: "quoted",
    ZoneKind.FORWARD: "forwarded",
    ZoneKind.SIGNATURE: "signature",
    ZoneKind.FOOTER: "footer",
    ZoneKind.AUTO: "automatic",
}
Label = tuple[str, str]  # (kind, words)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text that says something, and what."""

    start: int
    end: int
    tone: str  # how it is coloured
    labels: tuple[Label, ...]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text with the same marks throughout. `labels` are those of the marks that end with it."""

    text: str
    start: int
    marked: bool = False
    tone: str = ""
    anchored: bool = False  # a mark begins here
    labels: tuple[Label, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A zone, or several of other people's words in a row; `folded` ones are opened on demand."""

    name: str
    kind: str
    folded: bool
    lines: int
    pieces: tuple[Piece, ...]


def blocks(document: Document, findings: Sequence[Finding], reading: Contract | Notes | None = None) -> list[Block]:
    """The whole text in blocks, in order, with what sentences say and what a contract or minutes say as such."""
    marks = [*map(_of_finding, findings), *_of_reading(reading)]
    found = []
    for group in _groups(document.zones):
        start, end = group[0].start, group[-1].end
        kind = group[0].kind
        text = document.text[start:end]
        if text.strip():
            inside = [m for m in marks if start <= m.start < end and m.start < m.end]
            found.append(
                Block(
                    name=_name(group[0]),
                    kind=kind.value,
                    folded=kind is not ZoneKind.OWN and not inside,
                    lines=len(text.strip().splitlines()),
                    pieces=tuple(_pieces(document.text, start, end, inside)),
                )
            )
    return found


def _groups(zones: Sequence[Zone]) -> list[list[Zone]]:
    """Zones of one kind that follow each other; greeting and closing are parts of the own words."""
    groups: list[list[Zone]] = []
    for zone in zones:
        if groups and groups[-1][0].kind is zone.kind:
            groups[-1].append(zone)
        else:
            groups.append([zone])
    return groups


def _name(zone: Zone) -> str:
    author = zone.author and (zone.author.name or zone.author.email)
    return f"{_NAMES[zone.kind]}, {author}" if author else _NAMES[zone.kind]


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text between `start` and `end`, cut wherever a mark begins or ends; marks may lie in each other."""
    edges = sorted({start, end, *(m.start for m in marks), *(min(m.end, end) for m in marks)})
    for first, last in pairwise(edges):
        over = [m for m in marks if m.start < last and first < m.end]
        yield Piece(
            text=text[first:last],
            start=first,
            marked=bool(over),
            tone=" ".join(dict.fromkeys(m.tone for m in over)),
            anchored=any(m.start == first for m in over),
            labels=tuple(dict.fromkeys(label for m in over if min(m.end, end) == last for label in m.labels)),
        )


def _of_finding(f: Finding) -> Mark:
    tone = f"{f.sentiment.value} issue" if f.issue else f.sentiment.value
    return Mark(start=f.start, end=f.end, tone=tone, labels=tuple(_labels(f)))


def _of_reading(reading: Contract | Notes | None) -> Iterator[Mark]:
    match reading:
        case Contract():
            yield _mark(reading.source)
            for name in FACTS:
                if (fact := getattr(reading, name)) is not None:
                    yield _of_fact(name, fact)
            for name, fact in reading.unsure.items():
                yield _of_fact(name, fact, "unsure: ")
            for duty in reading.obligations:
                who = f"duty of {duty.party}" if duty.party else "duty of both"
                yield _mark(duty.source, ("fact", _sure(who, duty.confidence)))
        case Notes():
            for item in reading.items:
                yield _mark(item.source, ("fact", _sure(item.type.value.replace("_", " "), item.confidence)))


def _of_fact(name: str, fact: ContractFact, before: str = "") -> Mark:
    words = f"{before}{show_fact(name)} {show_value(name, fact.value)}"
    return _mark(fact.source, ("fact", _sure(words, fact.confidence)))


def _mark(source: Source, *labels: Label) -> Mark:
    return Mark(start=source.start, end=source.end, tone="fact", labels=labels)


def _labels(f: Finding) -> Iterator[Label]:
    for act in f.acts:
        words = [act.value]
        if act in ("commit", "request"):
            words += [f"by {f.debtor}"] if f.debtor else []
            words += [f"due {f.due.iso if f.due.iso != '?' else f.due.words}"] if f.due else []
            words += ["on a condition"] if f.conditional else []
        yield "act", _sure(" ".join(words), f.confidence.get(act.value))
    if f.issue:
        yield "issue", _sure(f"{f.issue.value} issue, {show_severity(f.severity or 1)}", f.confidence.get("issue"))
    if f.signal:
        yield f.signal.value, _sure(f.signal.value, f.confidence.get("signal"))
    if f.sentiment is not Sentiment.NEUTRAL:
        yield f.sentiment.value, _sure(f.sentiment.value, f.confidence.get("sentiment"))


def _sure(words: str, confidence: float | None) -> str:
    return words if confidence is None else f"{words} · {show_share(confidence)}"
