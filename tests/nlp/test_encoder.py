"""What serving promises of the encoder: right windows, right places, and as good as the torch reference."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.analyze import MODELS, Config
from nlp.encoder import Encoder, built, tokenizer_of
from nlp.heads import DECISIONS, Heads, decisions, probabilities
from nlp.windows import LIMIT, Window, heading, windows
from nlp.words import Words

FOLDER = MODELS / "reader"
GOLD = Path(__file__).parents[3] / "shared" / "gold"
TEXTS = (
    "Toimitus on jo toista kertaa myöhässä.",
    "Lähetämme korjatun laskun perjantaihin mennessä.",
    "Sopiiko tapaaminen tiistaina kello kymmenen?",
    "We will send the revised quote by Friday.",
    "Could you return the signed copy?",
    "The second pump has failed again and the line stands still.",
    "Thank you, the pilot went very well.",
)
ids = st.lists(st.integers(5, 40_000), max_size=300)


@given(ids, st.lists(ids, max_size=12))
def test_every_sentence_is_scored_exactly_once_from_its_own_tokens(head: list[int], bodies: list[list[int]]) -> None:
    made = windows(head, bodies)
    spans = [(w, s) for w in made for s in w.spans]
    assert [s.sentence for _, s in spans] == [n for n, body in enumerate(bodies) if body]
    assert all(len(w.ids) <= LIMIT for w in made)
    for window, span in spans:
        own = list(window.ids[span.start : span.end])
        assert own == bodies[span.sentence][: len(own)] and own


def test_a_long_document_repeats_context_between_its_windows() -> None:
    made = windows([7, 8], [[n] * 20 for n in range(100, 140)])
    assert len(made) > 1
    assert all(w.ids[w.spans[0].start - 2] == 100 + w.spans[0].sentence - 1 for w in made[1:])


@pytest.fixture(scope="module")
def config() -> Config:
    if not (FOLDER / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    return msgspec.json.decode((FOLDER / "config.json").read_bytes(), type=Config)


@pytest.fixture(scope="module")
def shipped(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    derived = tmp_path_factory.mktemp("derived")
    return Encoder.load(FOLDER / "model.safetensors", config.digest, config.attention_heads, derived)


@pytest.fixture(scope="module")
def heads(config: Config) -> Heads:
    return Heads.load(FOLDER / "model.safetensors", config.calibration)


def cut(texts: tuple[str, ...]) -> list[Window]:
    tokenizer = tokenizer_of(FOLDER)
    head, *bodies = [
        e.ids for e in tokenizer.encode_batch([heading("email", "Toimitus"), *texts], add_special_tokens=False)
    ]
    return windows(head, bodies)


def test_a_sentence_scores_the_same_in_whatever_company_its_window_is_batched(shipped: Encoder, heads: Heads) -> None:
    one, many = cut(TEXTS[:2]), [w for n in range(1, 8) for w in cut(TEXTS[:n])]
    alone, together = shipped.scores(one, heads).rows, shipped.scores([*many, *one], heads).rows
    assert np.abs(together[-2:] - alone).max() < 1e-3


def test_the_derived_graph_reads_back_as_it_was_built(config: Config, heads: Heads, tmp_path: Path) -> None:
    weights = FOLDER / "model.safetensors"
    first = Encoder.load(weights, config.digest, config.attention_heads, tmp_path).scores(cut(TEXTS), heads).rows
    (kept,) = tmp_path.iterdir()
    assert (kept / "encoder.xml").is_file()
    again = Encoder.load(weights, config.digest, config.attention_heads, tmp_path).scores(cut(TEXTS), heads).rows
    assert np.abs(first - again).max() < 1e-3


def test_a_folder_that_cannot_be_written_is_no_hindrance(config: Config, heads: Heads, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    encoder = Encoder.load(FOLDER / "model.safetensors", config.digest, config.attention_heads, blocked / "derived")
    assert encoder.scores(cut(TEXTS), heads).rows.shape[0] == len(TEXTS)


def test_serving_agrees_with_torch_on_the_written_dev_sets(config: Config, shipped: Encoder, heads: Heads) -> None:
    torch = pytest.importorskip("torch", reason="torch, the reference, is not installed")
    pytest.importorskip("transformers", reason="transformers, the reference, is not installed")
    if not GOLD.is_dir():
        pytest.skip("no ../shared/gold beside the repository")
    from models.train.data import message_windows, read
    from models.train.network import Batch, restore

    torch.set_num_threads(2)
    reader, words = restore(FOLDER), Words.load(MODELS / "words", config.words)
    differing, total, furthest = 0, 0, 0.0
    for name in ("fi-dev", "en-biz-dev"):
        cut_up = [(m, w) for m in read(GOLD / name)[:40] for w in message_windows(m, tokenizer_of(FOLDER))]
        made = [window for _, window in cut_up]
        with torch.inference_mode():
            logits = [reader(Batch([window]))[0].numpy() for window in made]
        said = words.scores([m.sentences[span.sentence] for m, window in cut_up for span in window.spans])
        reference = probabilities(np.concatenate(logits), said, config.calibration)
        served = probabilities(shipped.scores(made, heads).rows, said, config.calibration)
        thresholds = config.calibration.threshold(name[:2])
        ours, theirs = decisions(served), decisions(reference)
        for label in DECISIONS:
            differing += int(((ours[label] >= thresholds[label]) != (theirs[label] >= thresholds[label])).sum())
            total += len(served)
        furthest = max(furthest, float(np.abs(served - reference).max()))
    assert 1 - differing / total >= 0.99
    assert furthest < 0.25


def test_the_exact_graph_is_the_network_to_the_last_digits(config: Config, heads: Heads) -> None:
    torch = pytest.importorskip("torch", reason="torch, the reference, is not installed")
    pytest.importorskip("transformers", reason="transformers, the reference, is not installed")
    from models.train.network import Batch, restore

    with torch.inference_mode():
        reference, marks, _ = (part.numpy() for part in restore(FOLDER)(Batch(cut(TEXTS))))
    exact = Encoder(built(FOLDER / "model.safetensors", config.attention_heads, exact=True))
    scores = exact.scores(cut(TEXTS), heads)
    assert np.abs(scores.rows - reference).max() < 1e-3
    assert np.abs(np.concatenate(scores.marks) - 1 / (1 + np.exp(-marks))).max() < 1e-3


def test_the_config_says_where_the_weights_come_from() -> None:
    if not (FOLDER / "config.json").is_file():
        pytest.skip("models/reader holds no weights")
    written = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))
    assert written["provenance"]["base_licence"] == "MIT"
    assert not [name for name in written["data"] if name.endswith("-dev")]
