"""A document's text cut at its zones and findings, for a page to mark them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from api.web.words import show_severity, show_share
from corpus.document import Document, Zone, ZoneKind
from nlp.findings import Finding, Sentiment

_NAMES = {
    ZoneKind.OWN: "own words",
    ZoneKind.QUOTE: "quoted",
    ZoneKind.FORWARD: "forwarded",
    ZoneKind.SIGNATURE: "signature",
    ZoneKind.FOOTER: "footer",
    ZoneKind.AUTO: "automatic",
}


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text, and what was found in it."""

    text: str
    start: int
    finding: Finding | None = None
    labels: tuple[tuple[str, str], ...] = ()  # (kind, words)


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A zone, or several of other people's words in a row; `folded` ones are opened on demand."""

    name: str
    kind: str
    folded: bool
    lines: int
    pieces: tuple[Piece, ...]


def blocks(document: Document, findings: Sequence[Finding]) -> list[Block]:
    """The whole text in blocks, in order."""
    found = []
    for group in _groups(document.zones):
        start, end = group[0].start, group[-1].end
        kind = group[0].kind
        text = document.text[start:end]
        if text.strip():
            inside = [f for f in findings if start <= f.start < end]
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


def _pieces(text: str, start: int, end: int, findings: Sequence[Finding]) -> Iterator[Piece]:
    place = start
    for finding in findings:
        first, last = max(finding.start, place), min(finding.end, end)
        if first >= last:
            continue
        if place < first:
            yield Piece(text=text[place:first], start=place)
        yield Piece(text=text[first:last], start=finding.start, finding=finding, labels=tuple(_labels(finding)))
        place = last
    if place < end:
        yield Piece(text=text[place:end], start=place)


def _labels(f: Finding) -> Iterator[tuple[str, str]]:
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
