"""What anyone would try first: TF-IDF of words and letter n-grams with a linear classifier per label.

Gives scores in the same columns as the network, so that it is calibrated and judged the same way.
Not known here: context; each sentence stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_union

from models.train.data import Message, label_rows
from nlp.heads import COLUMNS, HEADS, WIDTH

Rows = NDArray[np.float32]


class TfIdf:
    """One linear classifier per label over TF-IDF of word 1-2-grams and letter 2-5-grams."""

    def __init__(self, messages: Sequence[Message], seed: int = 20) -> None:
        labels = np.concatenate([label_rows(m) for m in messages])
        self._features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=150_000),
        )
        features = self._features.fit_transform([s for m in messages for s in m.sentences])
        self._classifiers: dict[int, Any] = {}
        for head in HEADS:
            where = COLUMNS[head.name]
            asked = labels[:, where.start] >= 0
            for column in range(where.start, where.stop):
                one = SGDClassifier(
                    loss="log_loss", alpha=3e-6, class_weight="balanced", random_state=seed, average=True
                )
                self._classifiers[column] = one.fit(features[asked], labels[asked, column] == 1)

    def __call__(self, messages: Sequence[Message]) -> list[Rows]:
        """Scores of each message's sentences."""
        features = self._features.transform([s for m in messages for s in m.sentences])
        rows = np.zeros((features.shape[0], WIDTH), dtype=np.float32)
        for column, one in self._classifiers.items():
            rows[:, column] = one.decision_function(features)
        return np.split(rows, np.cumsum([len(m.sentences) for m in messages])[:-1])
