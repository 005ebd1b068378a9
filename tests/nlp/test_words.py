"""What may be relied on of the layer of words: a sentence is scored by itself, as the documentation says."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from errors import ModelError
from nlp.words import BITS, GAP, LONGEST, PARTS, Features, Words, features

LABELS = 3
random = np.random.default_rng(7)
TABLE = random.integers(-127, 128, size=(1 << BITS, LABELS), dtype=np.int8)
SCALE, RARITY = random.random(size=(2, 1 << BITS), dtype=np.float32)
BIAS = np.arange(LABELS, dtype=np.float32)
words = Words(TABLE, SCALE, RARITY, BIAS)
sentences = st.lists(st.text(st.sampled_from("abÄß .?!\n\u3000😀" + GAP), max_size=12), min_size=1, max_size=6)


def rows(group: list[Features]) -> list[int]:
    return [row for part in group for row in part.rows.tolist()]


def spelled(sentence: str) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """A sentence's words, pairs and parts, character by character."""
    text = " ".join(("", *sentence.casefold().split(), ""))
    found: list[str] = []
    grow = False
    for sign in text:
        if sign.isalnum() and ord(sign) < 1 << 16:
            found = [*found[:-1], found[-1] + sign] if grow else [*found, sign]
            grow = True
            continue
        grow = False
        if sign != " ":
            found.append(sign)
    plain = [word for word in found if word != GAP]
    pairs = [(a, b) for a, b in pairwise(found) if GAP not in (a, b)]
    stretches = (text[n : n + length] for length in PARTS for n in range(len(text) - length + 1))
    return plain, pairs, [s for s in stretches if GAP not in s and " " not in s[1:-1]]


@settings(max_examples=60)
@given(sentences)
def test_a_sentence_has_its_words_pairs_and_parts_of_words_and_no_others(texts: list[str]) -> None:
    of_words, of_parts = features(texts)
    for n, text in enumerate(texts):
        plain, pairs, parts = spelled(text)
        assert sum(int((part.sentences == n).sum()) for part in of_words) == len(plain) + len(pairs)
        assert sum(int((part.sentences == n).sum()) for part in of_parts) == len(parts)


@settings(max_examples=60)
@given(sentences)
def test_a_sentence_scores_the_same_in_any_company(texts: list[str]) -> None:
    alone = np.concatenate([words.scores([text]) for text in texts])
    assert np.allclose(words.scores(texts), alone, atol=1e-4)


def test_a_score_is_the_sum_over_features_by_rarity_words_and_parts_each_of_length_one() -> None:
    text = "Hei hei, pumppu!"
    expected = BIAS.copy()
    for group in features([text]):
        found = rows(group)
        length = np.sqrt(sum(float(RARITY[row]) ** 2 for row in found))
        expected += sum(RARITY[row] * SCALE[row] * TABLE[row].astype(np.float32) for row in found) / length
    assert np.allclose(words.scores([text])[0], expected, atol=1e-4)


def test_case_and_white_space_say_nothing() -> None:
    one, other = words.scores(["Tarjous  on\nSTRASSE 5", " tarjous on straße\u00a05 "])
    assert np.allclose(one, other, atol=1e-5)


def test_a_word_left_out_leaves_a_gap_that_nothing_reaches_over() -> None:
    whole, left = (rows(features([text])[0]) for text in ("no thanks today", f"no {GAP} today"))
    assert len(left) == 2
    assert set(left) < set(whole)


def test_a_sentence_without_a_word_or_of_any_length_is_scored() -> None:
    scores = words.scores(["", GAP, "\ud800", "x" * 3 * LONGEST, "x" * LONGEST])
    assert np.array_equal(scores[0], BIAS)
    assert np.isfinite(scores).all()
    assert np.allclose(scores[3], scores[4])
    assert words.scores([]).shape == (0, LABELS)


def test_a_layer_that_is_not_there_or_another_than_the_model_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        Words.load(tmp_path, "ab")
    save_file({"table": TABLE, "scale": SCALE, "rarity": RARITY, "bias": BIAS}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"digest": "ab"}))
    assert np.allclose(Words.load(tmp_path, "ab").scores(["Hei"]), words.scores(["Hei"]))
    with pytest.raises(ModelError):
        Words.load(tmp_path, "cd")
