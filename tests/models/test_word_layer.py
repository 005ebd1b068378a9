"""What may be relied on when the layer of words is learned."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch, which is not installed")
pytest.importorskip("sklearn", reason="training needs scikit-learn, which is not installed")

from models.train.calibrate import Scored, fit
from models.train.data import Labels, Message, label_rows
from models.train.words import learn
from nlp.findings import Act
from nlp.heads import COLUMNS, WIDTH

COMMIT = COLUMNS["acts"].start + list(Act).index(Act.COMMIT)
PROMISES = ("Lähetämme laskun huomenna.", "We will send the plan.", "Toimitan varaosat perjantaina.")
OTHERS = ("Kiitos viestistä!", "The weather was fine.", "Kokous oli pitkä.")


def message(n: int) -> Message:
    sentences = (PROMISES[n % 3], OTHERS[n % 3])
    others = tuple(int(n % 7 == k) for k in range(1, 7))
    promise = Labels(
        sentiment=n % 3, acts=(1, *others), issue=n % 9, severity=n % 3, signal=n % 3, debtor=n % 3, conditional=n % 2
    )
    labels = (promise, Labels())
    spans = tuple((k * 100, k * 100 + len(s)) for k, s in enumerate(sentences))
    return Message(
        id=str(n), kind="email", subject="", spans=spans, sentences=sentences, labels=labels, marks=((None, None),) * 2
    )


MESSAGES = [message(n) for n in range(30)]


def test_promises_are_known_by_their_words_and_the_same_data_gives_the_same_file(tmp_path: Path) -> None:
    layer = learn(MESSAGES, tmp_path / "one", {"data": ["own"]})
    (scores,) = layer(MESSAGES[:1])
    assert scores[0, COMMIT] > scores[1, COMMIT]
    again = learn(MESSAGES, tmp_path / "two", {"data": ["own"]})
    assert again.digest == layer.digest == json.loads((tmp_path / "one" / "config.json").read_bytes())["digest"]


def test_words_count_as_far_as_they_know_what_the_encoder_does_not() -> None:
    random = np.random.default_rng(3)
    labels = np.concatenate([label_rows(m) for m in MESSAGES])
    truth = np.where(labels > 0, 1, -1).astype(np.float32)
    logits, nothing = random.normal(size=(2, len(labels), WIDTH)).astype(np.float32)
    weights = np.ones(WIDTH, dtype=np.float32)
    told = fit([Scored("fi", logits, truth, labels)], weights)
    silent = fit([Scored("fi", truth, 0 * nothing, labels)], weights)
    assert told.words[COMMIT] > 0.5 > abs(silent.words[COMMIT]) == 0
