"""What anyone would try first: linear classifiers, on TF-IDF or on what the base encoder says of a sentence.

Both give scores in the same columns as the network, so that they are calibrated and judged the same way.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
from models.train.network import Batch, fresh, pooled
from nlp.heads import WIDTH
from nlp.windows import by_length

Rows = NDArray[np.float32]
TOKENS = 2048  # of a batch that the base encoder reads
PASSES = 20  # over the sentences; a million steps are enough (Bottou 2012)


class Linear:
    """One logistic classifier per label: stochastic gradient descent, its second half averaged, a thread per core."""

    def __init__(self, features: Any, messages: Sequence[Message], alpha: float, seed: int = 20) -> None:
        labels = np.concatenate([label_rows(m) for m in messages])

        def fitted(column: int) -> Any:
            asked = labels[:, column] >= 0
            known = features if asked.all() else features[asked]
            one = SGDClassifier(
                loss="log_loss",
                alpha=alpha,
                class_weight="balanced",
                max_iter=PASSES,
                tol=None,  # all passes, whatever the loss
                average=PASSES // 2 * known.shape[0],
                random_state=seed,
            )
            return one.fit(known, labels[asked, column] == 1)

        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:  # fitting lets go of the interpreter's lock
            self._classifiers = list(threads.map(fitted, range(WIDTH)))

    def weights(self) -> tuple[Rows, Rows]:
        """Weights, features × labels, and biases."""
        weight = np.stack([one.coef_[0] for one in self._classifiers], axis=1)
        return weight, np.concatenate([one.intercept_ for one in self._classifiers])

    def __call__(self, features: Any, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        rows = np.zeros((features.shape[0], WIDTH), dtype=np.float32)
        for column, one in enumerate(self._classifiers):
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
        self._encoder, self._tokenizer = fresh(base).eval().encoder, tokenizer
        self._scaler = StandardScaler(copy=False)
        self._linear = Linear(self._scaler.fit_transform(self._features(messages)), messages, alpha=1e-4)

    def __call__(self, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        return self._linear(self._scaler.transform(self._features(messages)), messages)

    def _features(self, messages: Sequence[Message]) -> Rows:
        """Sentences × 2·hidden; zeros for a sentence without a token."""
        firsts = np.cumsum([0, *(len(m.sentences) for m in messages)]).tolist()
        rows = np.zeros((firsts[-1], 2 * self._encoder.config.hidden_size), dtype=np.float32)
        cut = [(n, w) for n, m in zip(firsts, messages, strict=False) for w in message_windows(m, self._tokenizer)]
        for chosen in by_length([window for _, window in cut], TOKENS):
            batch = Batch([cut[n][1] for n in chosen])
            places = [cut[n][0] + span.sentence for n in chosen for span in cut[n][1].spans]
            with torch.inference_mode():
                hidden = self._encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
                rows[places] = pooled(hidden, batch).numpy()
        return rows


def _sentences(messages: Sequence[Message]) -> list[str]:
    return [sentence for message in messages for sentence in message.sentences]
