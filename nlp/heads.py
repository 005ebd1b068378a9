"""The heads on a pooled sentence: which questions are asked, and what a row of scores says.

`HEADS` is the whole label set; the recipe trains it and serving reads it. To ask one more question, add a head.
A softmax head chooses one of its labels, a sigmoid head says yes or no to each.

Not known here: the encoder, the text, the thresholds' origin.
"""

from __future__ import annotations

import msgspec

from nlp.findings import READER, WRITER, Act, IssueCategory, Sentiment, SignalKind

NONE = "none"
OTHER = "other"


class Head(msgspec.Struct, frozen=True):
    """One question. `exclusive`: exactly one label holds (softmax), else each may (sigmoids)."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool


HEADS = (
    Head("sentiment", tuple(Sentiment), exclusive=True),
    Head("acts", tuple(Act), exclusive=False),
    Head("issue", (NONE, *IssueCategory), exclusive=True),
    Head("severity", ("1", "2", "3"), exclusive=True),
    Head("signal", (NONE, *SignalKind), exclusive=True),
    Head("debtor", (WRITER, READER, OTHER), exclusive=True),
    Head("conditional", ("conditional",), exclusive=False),
)
WIDTH = sum(len(h.labels) for h in HEADS)


def columns() -> dict[str, slice]:
    """Where each head's labels stand in a row of scores."""
    found: dict[str, slice] = {}
    start = 0
    for head in HEADS:
        found[head.name] = slice(start, start + len(head.labels))
        start += len(head.labels)
    return found
