"""How a document's own text goes into the encoder: in windows of sentences, headed by its kind and subject.

Training and serving both build their input here, so they cannot differ.

A window is `<s> kind: subject </s> sentence </s> sentence </s> …`. Each sentence is tokenised by itself and knows
which tokens are its own; it is read in the context of the whole window but pooled from these alone. A document
that fits one window is one window. In a longer one each next window first repeats the last sentences of the one
before, as context only: every sentence is scored exactly once.

Not known here: what the tokens mean, what a zone is, which sentences are worth reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

BEGIN, END, MASK = 0, 2, 4  # token ids of <s>, </s> and <mask>
LIMIT = 256  # tokens a window holds at most
HEADER = 32  # tokens of kind and subject that are kept
OVERLAP = 32  # tokens of context repeated from the window before


class Span(msgspec.Struct, frozen=True):
    """The tokens [start, end) of a window that are those of the document's sentence `sentence`."""

    sentence: int
    start: int
    end: int


class Window(msgspec.Struct, frozen=True):
    """Token ids for one pass, and the sentences to be scored from them. Context sentences have no span."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]


def heading(kind: str, subject: str) -> str:
    """The text that heads a window."""
    return f"{kind}: {subject}" if subject else kind


def windows(head: Sequence[int], sentences: Sequence[Sequence[int]], limit: int = LIMIT) -> list[Window]:
    """Cut a document into windows.

    `head` and `sentences` are token ids without specials. A sentence too long for a window is cut at the window's
    end; one without tokens gets no span (there is nothing to pool).
    """
    start = [BEGIN, *head[:HEADER], END]
    room = limit - len(start) - 1
    bodies = [tuple(s[:room]) for s in sentences]
    made: list[Window] = []
    first = 0
    while first < len(bodies):
        ids = start + _context(bodies[:first], room - len(bodies[first]))
        spans: list[Span] = []
        while first < len(bodies) and (not spans or len(ids) + len(bodies[first]) + 1 <= limit):
            if bodies[first]:
                spans.append(Span(first, len(ids), len(ids) + len(bodies[first])))
                ids += [*bodies[first], END]
            first += 1
        if spans:
            made.append(Window(tuple(ids), tuple(spans)))
    return made


def by_length(cut: Sequence[Window], tokens: int) -> Iterator[list[int]]:
    """Which windows to read together, longest first, so that hardly a token of a batch is padding.

    A batch holds at most `tokens` tokens, padding included, or a single window.
    """
    order = sorted(range(len(cut)), key=lambda n: -len(cut[n].ids))
    while order:
        rows = max(1, tokens // len(cut[order[0]].ids))
        yield order[:rows]
        order = order[rows:]


def _context(before: Sequence[tuple[int, ...]], room: int) -> list[int]:
    """The last sentences before a window, as many as fit into the overlap and the room left."""
    taken: list[int] = []
    for body in reversed(before):
        if len(taken) + len(body) + 1 > min(OVERLAP, room):
            break
        taken = [*body, END, *taken]
    return taken
