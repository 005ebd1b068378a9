"""Whose words are whose: a mail's body as zones.

Lines → headers of earlier messages → a level for each line → the author's stretches, labelled from their ends inwards
(footers, signature, closing, greeting) → zones.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from corpus.document import Address, Zone, ZoneKind, ZonePart
from corpus.html import Hint
from corpus.zone_headers import Form, Header, find_headers
from corpus.zone_lines import Lines, split
from corpus.zone_markers import markers
from corpus.zone_own import Label, label_own, written_by_machine

_OWN: Label = (ZoneKind.OWN, None, 0, None)
_AUTO: Label = (ZoneKind.AUTO, None, 0, None)


def zone(text: str, hints: Sequence[Hint] = (), *, automatic: bool = False, subject: str = "") -> tuple[Zone, ...]:
    """The zones of a decoded body: ordered, disjoint, covering the text exactly.

    Takes the body with LF line ends, what its HTML told (`corpus.html.to_text`), whether its headers say that a machine
    sent it, and its subject, whose prefix tells a forward from a reply. Offsets are code points.
    """
    if not text:
        return ()
    lines = split(text, hints)
    headers = find_headers(lines)
    labels = [_OWN] * len(lines)
    if headers or any(lines.depth):
        labels = _levels(lines, headers, forwards=_is_forward(subject))
    for first, end in _own_runs(labels):
        label_own(lines, labels, first, end)
    if automatic or written_by_machine(lines, labels, subject):
        labels = [_AUTO if label[0] is ZoneKind.OWN else label for label in labels]
    return _zones(text, lines, labels)


def _is_forward(subject: str) -> bool:
    """Whether a subject's first prefix is that of a forwarded message."""
    prefix, colon, _ = subject.partition(":")
    return bool(colon) and prefix.strip().lower() in markers().forward_prefixes


class _Standing(msgspec.Struct):
    """What is open where reading has come to: which headers hold for which depth of quote marks.

    A line stands as deep as it is marked quoted (">", blockquote), and one deeper for each header above it that is
    followed by unmarked text: what such a header introduces goes on to the end of its depth.
    """

    opened: list[tuple[int, ZoneKind, Address | None]] = []  # headers over unmarked text: their depth, what they open
    marked: dict[int, tuple[ZoneKind, Address | None]] = {}  # by depth of marked text: what was said above it

    def leave(self, depth: int) -> None:
        """Close what does not reach out of a depth."""
        while self.opened and self.opened[-1][0] > depth:
            self.opened.pop()

    def introduce(self, header: Header, kind: ZoneKind, depth: int, *, marked: bool) -> Label:
        """Take in a header that stands at a depth, over marked or unmarked text; gives the label of its lines."""
        self.leave(depth)
        if marked:
            self.marked[depth + 1] = (kind, header.author)
        else:
            self.opened.append((depth, kind, header.author))
        return (kind, ZonePart.HEADER, len(self.opened) + depth + marked, header.author)

    def label(self, depth: int) -> Label:
        """The label of a line that is no header."""
        self.leave(depth)
        for deeper in [known for known in self.marked if known > depth + 1 or depth == 0]:
            del self.marked[deeper]
        if self.opened and self.opened[-1][0] == depth:
            kind, author = self.opened[-1][1:]
        elif depth:
            kind, author = self.marked.get(depth, (ZoneKind.QUOTE, None))
        else:
            return _OWN
        return (kind, None, len(self.opened) + depth, author)


def _levels(lines: Lines, headers: Sequence[Header], *, forwards: bool) -> list[Label]:
    """A label for each line, the author's own not yet looked into. Blank lines go with what is above them."""
    standing = _Standing()
    labels: list[Label] = []
    after = 0
    own_above = False
    label = _OWN
    for header in (*headers, None):
        first = header.first if header else len(lines)
        known = None  # the depth that `label` is for
        for i in range(after, first):
            depth = lines.depth[i]
            if depth != known and (depth or lines.content[i]):
                label, known = standing.label(depth), depth
                own_above = own_above or label is _OWN
            elif label[1] is not None:
                label = (label[0], None, *label[2:])
            labels.append(label)
        if header is None:
            break
        passed_on = forwards or (not own_above and header.form is not Form.ATTRIBUTION)
        outermost = not standing.opened and not standing.marked
        kind = ZoneKind.FORWARD if header.forward or (outermost and passed_on) else ZoneKind.QUOTE
        depth = lines.depth[first]
        label = standing.introduce(header, kind, depth, marked=_is_marked_below(lines, header))
        after = header.last + 1
        labels.extend([label] * (after - first))
    return labels


def _is_marked_below(lines: Lines, header: Header) -> bool:
    """Whether a header introduces text that is marked as quoted, so that unmarked text below is not part of it.

    An attribution that the HTML itself marks may stand above answers that lie between quoted stretches.
    """
    below = lines.after_blank(header.last + 1)
    if below < len(lines) and lines.depth[below] > lines.depth[header.first]:
        return True
    return header.form is Form.ATTRIBUTION and header.first in lines.header and any(lines.depth[below:])


def _own_runs(labels: list[Label]) -> list[tuple[int, int]]:
    """The author's stretches as [first, end) of lines."""
    runs = []
    first = -1
    for i, label in enumerate(labels):
        if label is _OWN:
            first = i if first < 0 else first
        elif first >= 0:
            runs.append((first, i))
            first = -1
    if first >= 0:
        runs.append((first, len(labels)))
    return runs


def _zones(text: str, lines: Lines, labels: list[Label]) -> tuple[Zone, ...]:
    """Neighbouring lines of one label as one zone."""
    zones = []
    start, before = 0, labels[0]
    for at, label in zip(lines.start, labels, strict=True):
        if label is before or label == before or at == len(text):
            continue
        zones.append(_zone(before, start, at))
        start, before = at, label
    zones.append(_zone(before, start, len(text)))
    return tuple(zones)


def _zone(label: Label, start: int, end: int) -> Zone:
    kind, part, depth, author = label
    return Zone(kind=kind, start=start, end=end, part=part, author=author, depth=depth)
