"""What may be relied on of training data: labels find their sentences, texts stay where they belong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.message import raw_id
from models.train.archives import restored
from models.train.data import Places, read, training_sets

ROOT = Path(__file__).parents[2]
OWN = ROOT / "models" / "train" / "data"
MAIL = ROOT.parent / "shared" / "data" / "mail"
RAW = b"From: a@example.org\nTo: b@example.org\nSubject: Pumps\nMessage-ID: <1@x>\n\nWe send it\nby Friday. Thanks!\n"
TEXT = "We send it\nby Friday. Thanks!"


def write(folder: Path, record: Mapping[str, object], labels: str) -> Path:
    (folder / "en-train-x.jsonl").write_text(json.dumps(record) + "\n")
    (folder / "en-train-x.tsv").write_text(labels)
    return folder / "en-train-x"


@pytest.fixture
def here(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "one.mbox").write_bytes(b"From a@example.org Mon Mar  4 10:00:00 2024\n" + RAW + b"\n")
    return {
        "id": "m1",
        "archive": "one.mbox",
        "document": raw_id(RAW),
        "characters": len(TEXT),
        "sentences": [{"id": "m1.1", "start": 0, "end": 21}, {"id": "m1.2", "start": 22, "end": 29}],
    }


def test_labels_of_real_mail_find_their_text_in_the_archive(tmp_path: Path, here: dict[str, object]) -> None:
    stem = write(tmp_path, here, "m1.1\t0\tc\t.\t.\tw\tby Friday\t2024-03-08\t.\n")
    (message,) = read(stem, tmp_path)
    assert message.sentences == ("We send it\nby Friday.", "Thanks!")
    assert message.subject == "Pumps"
    assert [label.acts[0] for label in message.labels] == [1, 0]


def test_an_archive_that_is_missing_or_has_changed_is_no_silent_loss(tmp_path: Path, here: dict[str, object]) -> None:
    with pytest.raises(FileNotFoundError):
        restored([here], None)
    with pytest.raises(FileNotFoundError):
        restored([here], tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="as it was labelled"):
        restored([{**here, "characters": 3}], tmp_path)


@pytest.mark.parametrize(
    ("sentence", "labels", "due", "name"),
    [
        ("We send it\nby  Friday.", "c . . w|by Friday|2024-03-08", ((11, 21),), None),
        ("We send it.", "c . . w|.|.", (), None),
        ("Mikolta tulee lista.", "c . . n:Mikko|.|.", (), ((0, 7),)),
        ("It is late.", ". del2 . .|.|.", None, None),
    ],
)
def test_marks_are_the_words_that_say_when_and_who(
    tmp_path: Path, sentence: str, labels: str, due: Places | None, name: Places | None
) -> None:
    acts_to_debtor, words, day = labels.split("|")
    fields = ["m.1", "0", *acts_to_debtor.split(), words, day, "."]
    record = {"id": "m", "text": sentence, "sentences": [{"id": "m.1", "start": 0, "end": len(sentence)}]}
    (message,) = read(write(tmp_path, record, "\t".join(fields) + "\n"))
    assert message.marks == ((due, name),)


def test_own_sets_are_whole_and_hold_no_dev_set() -> None:
    stems = training_sets([OWN])
    assert stems
    for stem in stems:
        assert not stem.name.endswith("-dev")
        if '"archive"' in stem.with_suffix(".jsonl").read_text(encoding="utf-8")[:200] and not MAIL.is_dir():
            continue
        messages = read(stem, MAIL)
        known = {f"{m.id}" for m in messages}
        rows = stem.with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
        assert {row.split("\t")[0].rpartition(".")[0] for row in rows} <= known
        assert all(text.strip() for m in messages for text in m.sentences)
