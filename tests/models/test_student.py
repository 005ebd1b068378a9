"""A network in the small: what standardising, halving and teaching promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from transformers import BertConfig, BertModel  # noqa: E402

from models.train.data import Example  # noqa: E402
from models.train.fit import Recipe, fit  # noqa: E402
from models.train.network import Batch, Reader  # noqa: E402
from models.train.student import halved, taught  # noqa: E402
from nlp.heads import MARKS, WIDTH  # noqa: E402
from nlp.windows import Span, Window  # noqa: E402


def reader(layers: int = 4) -> Reader:
    torch.manual_seed(1)
    shape = BertConfig(
        vocab_size=60, hidden_size=16, intermediate_size=32, num_hidden_layers=layers, num_attention_heads=2,
        max_position_embeddings=40, initializer_range=0.5,
    )  # fmt: skip
    made = Reader(BertModel(shape, add_pooling_layer=False))
    for layer in (made.heads, made.query, made.value, made.marks):
        torch.nn.init.normal_(layer.weight)
    return made.eval()


def windows() -> list[Window]:
    ids = np.random.default_rng(2).integers(5, 60, (6, 12))
    return [Window(tuple(row[: 12 - n]), (Span(0, 2, 6), Span(1, 6, 11 - n))) for n, row in enumerate(ids.tolist())]


def examples() -> list[Example]:
    return [
        Example(w, np.zeros((2, WIDTH), np.float32), np.zeros((w.spans[-1].end - 2, len(MARKS)), np.float32))
        for w in windows()
    ]


def test_standardising_and_folding_leave_the_answers_as_they_are() -> None:
    made, batch = reader(), Batch(windows())
    before = made(batch)
    made.standardise([batch])
    assert made.spread.std() > 0
    assert torch.allclose(made(batch).scores, before.scores, atol=1e-4)
    made.fold()
    assert torch.allclose(made(batch).marks, before.marks, atol=1e-4)


def test_a_student_keeps_the_lowest_and_the_topmost_layer() -> None:
    teacher = reader(6)
    student = halved(teacher)
    assert student.encoder.config.num_hidden_layers == 3
    weights, old = student.state_dict(), teacher.state_dict()
    for kept, was in ((0, 0), (2, 5)):
        name = "encoder.encoder.layer.{}.output.dense.weight"
        assert torch.equal(weights[name.format(kept)], old[name.format(was)])


def test_each_window_is_taught_what_the_teacher_says_of_it_alone() -> None:
    teacher = reader()
    for example in taught(teacher, examples()):
        said = teacher(Batch([example.window]))
        assert example.taught is not None
        assert example.taught.states.shape == (len(example.window.ids), 16)
        assert np.allclose(example.taught.scores, said.scores.detach(), atol=1e-4)
        assert np.allclose(example.taught.states, said.states.detach(), atol=1e-2)


def test_a_student_comes_nearer_to_its_teacher(tmp_path: Path) -> None:
    teacher = reader()
    made = taught(teacher, examples())
    teacher.standardise([Batch(windows())])
    student = halved(teacher)
    target = torch.from_numpy(np.concatenate([e.taught.states for e in made if e.taught])).float()

    def distance() -> float:
        with torch.inference_mode():
            return float((student(Batch([e.window for e in made])).states - target).square().mean())

    before = distance()
    fit(student, made, Recipe(epochs=25, rate=3e-3, frozen_layers=0, mask=0), tmp_path)
    assert distance() < 0.8 * before
