"""Which sentence tells of which promise, weighed for all of a letter at once.

One sentence may close several promises ("both are attached"), but each one more must speak for itself; a promise takes
one step from a letter. The sum of what speaks for the chosen pairs is the greatest that can be had (Kuhn 1955, by
shortest augmenting paths).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SHARED = 0.9  # what it takes off a pair that its sentence tells of another promise already
_SLOTS = 3  # promises of which one sentence can tell


def assign(worth: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs (promise, sentence) that are worth most together. `worth` is promises × sentences; 0 is worth nothing.

    No pair of less than nothing is taken.
    """
    gains = np.asarray(worth, dtype=float)
    if gains.size == 0 or gains.max() <= 0:
        return []
    slots = np.concatenate([gains - _SHARED * n for n in range(_SLOTS)], axis=1)
    unassigned = np.zeros((len(gains), len(gains)))
    chosen = _cheapest(-np.concatenate((np.maximum(slots, 0), unassigned), axis=1))
    sentences = gains.shape[1]
    return [(p, s % sentences) for p, s in enumerate(chosen) if s < slots.shape[1] and slots[p, s] > 0]


def _cheapest(cost: NDArray[np.float64]) -> list[int]:
    """The column of each row, rows being at most as many as columns, so that the sum of costs is least."""
    rows, columns = cost.shape
    by_row, by_column = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=int)  # which row has a column; rows and columns count from 1
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, came = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=int)
        done = np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            done[column] = True
            open_ = ~done[1:]
            reduced = cost[owner[column] - 1] - by_row[owner[column]] - by_column[1:]
            better = open_ & (reduced < least[1:])
            least[1:][better], came[1:][better] = reduced[better], column
            column = 1 + int(np.argmin(np.where(open_, least[1:], np.inf)))
            step = least[column]
            by_row[owner[done]] += step
            by_column[done] -= step
            least[~done] -= step
        while column:
            owner[column], column = owner[came[column]], int(came[column])
    found = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found
