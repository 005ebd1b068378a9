"""How alike two long texts are, told without comparing them word by word.

A text is known by the runs of `RUN` words that it holds, and of these by the `KEPT` with the smallest hashes (bottom-k
sketch, Broder 1997). Of the `KEPT` smallest of two texts together, the share that both hold estimates the share of runs
in common (Jaccard); its standard error is at most 0.5 / √`KEPT` = 0.03, and texts of fewer runs are compared exactly.
"""

from __future__ import annotations

import re
from hashlib import blake2b

RUN = 3  # words
KEPT = 256  # hashes
_LONGEST = 400_000  # code points of a text that are read
_WORD = re.compile(r"\w+")

Sketch = frozenset[int]


def sketch(text: str) -> Sketch:
    """What stands for a text: hashes of some of its runs of words, whatever their case, marks and white space."""
    words = _WORD.findall(text[:_LONGEST].casefold())
    runs = {" ".join(words[n : n + RUN]) for n in range(max(1, len(words) - RUN + 1))} if words else set()
    return frozenset(sorted(map(_hash, runs))[:KEPT])


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of runs in common, 0 to 1; of texts without a word, 0."""
    shared = one & other
    if not shared:
        return 0.0
    together = sorted(one | other)[:KEPT]
    return sum(each <= together[-1] for each in shared) / len(together)


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode("utf-8", "replace"), digest_size=8).digest(), "big")
