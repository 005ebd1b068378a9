"""What may be relied on of the heads: every sentence is answered from its own tokens alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.heads import DECISIONS, HEADS, MARKS, WIDTH, Calibration, Heads, probabilities

HIDDEN = 8
random = np.random.default_rng(5)
TENSORS = {
    f"{layer}.{part}": random.normal(size=(rows, columns) if part == "weight" else (rows,)).astype(np.float32)
    for layer, rows, columns in (
        ("heads", WIDTH, 2 * HIDDEN),
        ("query", WIDTH, HIDDEN),
        ("value", WIDTH, HIDDEN),
        ("marks", len(MARKS), HIDDEN),
    )
    for part in ("weight", "bias")
}
PLAIN = Calibration(
    scale=(1.0,) * WIDTH,
    words=(0.5,) * WIDTH,
    shift=(0.0,) * WIDTH,
    thresholds={"": dict.fromkeys(DECISIONS, 0.5)},
)
heads = Heads(TENSORS, PLAIN)


def slowly(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One sentence's scores and marks, word for word as the documentation says."""

    def layer(name: str, x: np.ndarray) -> np.ndarray:
        return np.asarray(x @ TENSORS[f"{name}.weight"].T + TENSORS[f"{name}.bias"])

    query, value = layer("query", tokens), layer("value", tokens)
    share = np.exp(query) / np.exp(query).sum(axis=0)
    whole = layer("heads", np.concatenate((tokens.mean(axis=0), tokens.max(axis=0))))
    return whole + (share * value).sum(axis=0), 1 / (1 + np.exp(-layer("marks", tokens)))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=8))
def test_sentences_are_scored_each_from_its_own_tokens(shape: list[tuple[int, int]]) -> None:
    edges, end = [], 0
    for gap, length in shape:
        edges.append((end + gap, end + gap + length))
        end += gap + length
    hidden = np.random.default_rng(end).normal(size=(end + 1, HIDDEN)).astype(np.float32)
    scores = heads.scores(hidden, np.array(edges))
    for (start, stop), row, marks in zip(edges, scores.rows, scores.marks, strict=True):
        expected, marked = slowly(hidden[start:stop])
        assert np.abs(row - expected).max() < 1e-4
        assert np.abs(marks - marked).max() < 1e-5


def test_probabilities_of_a_choice_add_up_to_one() -> None:
    scores, words = random.normal(size=(2, 20, WIDTH)).astype(np.float32)
    rows = probabilities(scores, words, PLAIN)
    start = 0
    for head in HEADS:
        part = rows[:, start : start + len(head.labels)]
        assert not head.exclusive or np.abs(part.sum(axis=1) - 1).max() < 1e-5
        assert ((part >= 0) & (part <= 1)).all()
        start += len(head.labels)


def test_what_the_words_say_counts_as_much_as_the_calibration_gives_them() -> None:
    scores, words = random.normal(size=(2, 20, WIDTH)).astype(np.float32)
    nothing = np.zeros_like(scores)
    assert np.allclose(
        probabilities(scores, words, PLAIN), probabilities(scores + words / 2, nothing, PLAIN), atol=1e-6
    )
