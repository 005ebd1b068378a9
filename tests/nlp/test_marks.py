"""What may be relied on of marks: weights of stretches, runs of words."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from nlp.marks import NOTHING, Marked, marked

SENTENCE = "We send it by Friday noon, not on Monday."
DUE = Marked(((11, 13, 0.9), (13, 20, 0.8), (20, 25, 0.7), (34, 40, 0.3)))


def test_a_stretch_weighs_the_mean_of_what_its_letters_bear() -> None:
    assert DUE.weight(11, 13) == 0.9
    assert DUE.weight(0, 2) == 0.0
    assert 0.4 < DUE.weight(0, 25) < 0.5


def test_neighbouring_words_are_one_run_without_the_stop_behind() -> None:
    assert [SENTENCE[start:end] for start, end in DUE.stretches(SENTENCE, 0.6)] == ["by Friday noon"]


def test_the_likeliest_run_comes_first() -> None:
    both = Marked((*DUE.pieces[:3], (34, 40, 0.95)))
    assert [SENTENCE[s:e] for s, e in both.stretches(SENTENCE, 0.6)] == ["Monday", "by Friday noon"]


def test_where_nothing_is_marked_nothing_is_found() -> None:
    assert NOTHING.stretches(SENTENCE, 0.1) == []
    assert NOTHING.weight(0, 10) == 0.0


@given(st.lists(st.floats(0, 1), max_size=20))
def test_only_what_is_not_faint_is_kept(chances: list[float]) -> None:
    offsets = [(2 * n, 2 * n + 2) for n in range(len(chances))]
    assert all(p >= 0.05 for _, _, p in marked(offsets, chances).pieces)


@given(st.text(alphabet="ab ,.", max_size=60), st.floats(0.01, 1))
def test_runs_lie_in_the_sentence_and_apart(sentence: str, least: float) -> None:
    every = Marked(((0, len(sentence), 1.0),))
    runs = sorted(every.stretches(sentence, least))
    assert all(0 <= start < end <= len(sentence) for start, end in runs)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(runs))
