"""What may be relied on when someone asks which words carried a finding."""

from __future__ import annotations

import pytest

from corpus.document import Document
from corpus.message import from_fields
from nlp.analyze import MODELS, Analyzer
from nlp.findings import Act
from nlp.occlusion import carriers

TEXT = "Hi Anna,\n\nThe second pump is late again. We will send a new plan by Friday.\n\n> Could you call me?\n"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    return Analyzer.load()


@pytest.fixture(scope="module")
def pumps() -> Document:
    return from_fields({"id": "1", "date": "2024-03-04", "subject": "Pumps", "text": TEXT})


def test_each_label_is_carried_by_words_of_its_own_sentence(analyzer: Analyzer, pumps: Document) -> None:
    (findings,) = analyzer.analyze([pumps])
    for finding, labels in zip(findings, carriers(analyzer, pumps, findings), strict=True):
        assert bool(labels) == finding.speaks
        for words in labels.values():
            assert words[0].weight == max(w.weight for w in words) == 1.0
            assert all(finding.start <= w.start < w.end <= finding.end for w in words)
            assert all(not TEXT[w.start].isspace() and not TEXT[w.end - 1].isspace() for w in words)


def test_a_plain_promise_is_carried_by_the_words_that_promise(analyzer: Analyzer, pumps: Document) -> None:
    (findings,) = analyzer.analyze([pumps])
    (n,) = [n for n, f in enumerate(findings) if Act.COMMIT in f.acts]
    words = {TEXT[w.start : w.end] for w in carriers(analyzer, pumps, findings)[n][Act.COMMIT]}
    assert words & {"will", "send", "We"}


def test_a_sentence_that_is_cut_otherwise_today_gets_no_words(analyzer: Analyzer, pumps: Document) -> None:
    (findings,) = analyzer.analyze([pumps])
    moved = [type(f)(start=f.start + 1, end=f.end, acts=(Act.COMMIT,)) for f in findings]
    assert carriers(analyzer, pumps, moved) == [{}] * len(findings)
