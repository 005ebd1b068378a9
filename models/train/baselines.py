"""What anyone would try first: linear classifiers, on TF-IDF or on what the base encoder says of a sentence.

Both give scores in the same columns as the network, so that they are calibrated and judged the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_union
from sklearn.preprocessing import StandardScaler
from tokenizers import Tokenizer

from models.train.data import Message, label_rows, message_windows
from models.train.network import Batch, Reader, fresh, pooled
from nlp.heads import COLUMNS, HEADS, WIDTH

Rows = NDArray[np.float32]


class Linear:
    """One logistic classifier per label, trained by averaged stochastic gradient descent."""

    def __init__(self, features: Any, messages: Sequence[Message], alpha: float, seed: int = 20) -> None:
        labels = np.concatenate([label_rows(m) for m in messages])
        self._classifiers: dict[int, Any] = {}
        for head in HEADS:
            where = COLUMNS[head.name]
            asked = labels[:, where.start] >= 0
            for column in range(where.start, where.stop):
                one = SGDClassifier(
                    loss="log_loss", alpha=alpha, class_weight="balanced", random_state=seed, average=True
                )
                self._classifiers[column] = one.fit(features[asked], labels[asked, column] == 1)

    def __call__(self, features: Any, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        rows = np.zeros((features.shape[0], WIDTH), dtype=np.float32)
        for column, one in self._classifiers.items():
            rows[:, column] = one.decision_function(features)
        return np.split(rows, np.cumsum([len(m.sentences) for m in messages])[:-1])


class TfIdf:
    """TF-IDF of word 1-2-grams and letter 2-5-grams; each sentence stands alone."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=150_000),
        )
        self._linear = Linear(self._features.fit_transform(_sentences(messages)), messages, alpha=3e-6)

    def __call__(self, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        return self._linear(self._features.transform(_sentences(messages)), messages)


class Frozen:
    """The base encoder as it is, mean and maximum of a sentence's tokens, in the same windows as the network."""

    def __init__(self, messages: Sequence[Message], base: Path, tokenizer: Tokenizer) -> None:
        self._reader, self._tokenizer = fresh(base).eval(), tokenizer
        self._scaler = StandardScaler()
        self._linear = Linear(self._scaler.fit_transform(self._features(messages)), messages, alpha=1e-4)

    def __call__(self, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        return self._linear(self._scaler.transform(self._features(messages)), messages)

    def _features(self, messages: Sequence[Message]) -> Rows:
        return np.concatenate([_encoded(self._reader, message, self._tokenizer) for message in messages])


def _sentences(messages: Sequence[Message]) -> list[str]:
    return [sentence for message in messages for sentence in message.sentences]


def _encoded(reader: Reader, message: Message, tokenizer: Tokenizer) -> Rows:
    """Sentences × 2·hidden; zeros for a sentence without a token."""
    rows = np.zeros((len(message.sentences), 2 * reader.encoder.config.hidden_size), dtype=np.float32)
    windows = message_windows(message, tokenizer)
    if windows:
        batch = Batch(windows)
        with torch.inference_mode():
            hidden = reader.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
            rows[[s.sentence for w in windows for s in w.spans]] = pooled(hidden, batch).numpy()
    return rows
