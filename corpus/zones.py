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
    labels, runs = [_OWN] * len(lines), [(0, len(lines))]
    if headers or any(lines.depth):
        labels = _levels(lines, headers, forwards=_is_forward(subject) if subject else None)
        runs = _own_runs(labels)
    for first, end in runs:
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

    def introduce(self, header: Header, kind: ZoneKind, depth: int, *, marked: int | None) -> Label:
        """Take in a header that stands at a depth; gives the label of its lines.

        `marked` is the depth of the marked text that it introduces; None if what it introduces is not marked.
        """
        self.leave(depth)
        if marked is None:
            self.opened.append((depth, kind, header.author))
        else:
            self.marked[marked] = (kind, header.author)
        return (kind, ZonePart.HEADER, len(self.opened) + (depth if marked is None else marked), header.author)

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


def _levels(lines: Lines, headers: Sequence[Header], *, forwards: bool | None) -> list[Label]:
    """A label for each line, the author's own not yet looked into. Blank lines go with what is above them.

    `forwards` tells whether the subject is a forward's; None where there is no subject.
    """
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
        label = _introduce(standing, lines, header, own_above=own_above, forwards=forwards)
        after = header.last + 1
        labels.extend([label] * (after - first))
    return labels


def _introduce(standing: _Standing, lines: Lines, header: Header, *, own_above: bool, forwards: bool | None) -> Label:
    """The label of a header's lines, which then holds for what they introduce.

    The outermost message is passed on if the header or the subject says so, or if the author wrote nothing above it;
    though below the "Anna wrote:" of a reply, the author must have cut the quotation away and written there.
    """
    depth = lines.depth[header.first]
    marked = _marked_depth(lines, header)
    attribution = header.form is Form.ATTRIBUTION
    outermost = not standing.opened and not standing.marked
    if outermost and attribution and marked is None and not own_above and forwards is False:
        marked = depth + 1
    wordless = not own_above and (marked is None or not attribution)
    passed_on = header.forward or (outermost and (forwards or wordless))
    return standing.introduce(header, ZoneKind.FORWARD if passed_on else ZoneKind.QUOTE, depth, marked=marked)


def _marked_depth(lines: Lines, header: Header) -> int | None:
    """The depth of the marked text that a header introduces; None where unmarked text follows, all of it introduced.

    A header with which a marked stretch begins tells who is quoted there. An attribution that the HTML itself marks may
    stand above answers that lie between quoted stretches.
    """
    depth = lines.depth[header.first]
    above, below = lines.after_blank(header.first - 1, -1), lines.after_blank(header.last + 1)
    if below < len(lines) and lines.depth[below] > depth:
        return depth + 1
    if header.form is Form.ATTRIBUTION and header.first in lines.header and any(lines.depth[below:]):
        return depth + 1
    if depth and (above < 0 or lines.depth[above] < depth):
        return depth
    return None


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
