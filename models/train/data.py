"""Gold sets as windows of token ids with labels.

A set is `NAME.jsonl` (messages with their sentences) and `NAME.tsv` (labels, one line a sentence that says
anything), as described in the gold folder's GUIDE.md. All `*-train-*` sets of the folders given are read, so more
data is one more pair of files. Where a message is real mail that is not ours to pass on, its line holds no text but
says in which archive it stands (see archives).

Notable: of the messages in which no sentence has a label two thirds are left out, or "nothing" is all that is
learned. A head that a sentence does not answer (the debtor of a sentence without promise) is -1 there.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.train.archives import restored
from nlp.heads import COLUMNS, HEADS, WIDTH
from nlp.windows import Window, heading, windows

ACTS = dict(zip("crqpadf", range(7), strict=True))
ISSUES = {code: n for n, code in enumerate(("del", "qua", "pay", "con", "sup", "com", "res", "oth"), start=1)}
KEEP_UNLABELLED = 1 / 3


class Labels(msgspec.Struct, frozen=True):
    """One sentence's answers: a class per softmax head and 0 or 1 per sigmoid; -1 where the question is not asked."""

    sentiment: int = 1
    acts: tuple[int, ...] = (0,) * 7
    issue: int = 0
    severity: int = -1
    signal: int = 0
    debtor: int = -1
    conditional: int = -1

    def row(self) -> list[float]:
        """The answers as a row as wide as the scores: one-hot for a softmax head, -1 throughout where not asked."""
        row = [0.0] * WIDTH
        for head in HEADS:
            value, where = getattr(self, head.name), COLUMNS[head.name]
            if head.name == "acts":
                row[where] = [float(v) for v in value]
            elif not head.exclusive:
                row[where] = [float(value)]
            elif value < 0:
                row[where] = [-1.0] * len(head.labels)
            else:
                row[where.start + value] = 1.0
        return row


NOTHING = Labels()


class Message(msgspec.Struct, frozen=True):
    """A message of a gold set: what heads it, its sentences' places, texts and labels."""

    id: str
    kind: str
    subject: str
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[str, ...]
    labels: tuple[Labels, ...]


class Example(msgspec.Struct, frozen=True):
    """One window, the labels (spans × WIDTH) of the sentences scored in it, and a teacher's scores of them if any."""

    window: Window
    labels: NDArray[np.float32]
    taught: NDArray[np.float32] | None = None


def _labels(fields: Sequence[str]) -> Labels:
    sentiment, acts, issue, signal, debtor, _, _, conditional = (*fields, *["."] * 8)[:8]
    owed = "c" in acts or "r" in acts
    return Labels(
        sentiment="-0+".index(sentiment) if sentiment != "." else 1,
        acts=tuple(int(code in acts) for code in ACTS),
        issue=0 if issue == "." else ISSUES[issue[:3]],
        severity=-1 if issue == "." else int(issue[3]) - 1,
        signal=".ot".index(signal),
        debtor={"w": 0, "y": 1}.get(debtor, 2) if owed and debtor != "." else -1,
        conditional=int(conditional == "if") if owed else -1,
    )


def read(stem: Path, mail: Path | None = None) -> list[Message]:
    """The messages of a set, `stem` being its path without suffix; those without text are looked up in `mail`.

    Raises FileNotFoundError where an archive is missing, ValueError where it holds another text than was labelled.
    """
    lines = [line.split("\t") for line in Path(f"{stem}.tsv").read_text(encoding="utf-8").split("\n") if line.strip()]
    labels = {sid: _labels(fields) for sid, *fields in lines}
    rows = Path(f"{stem}.jsonl").read_text(encoding="utf-8").split("\n")
    records = restored([json.loads(row) for row in rows if row.strip()], mail)
    return [_message(record, labels) for record in records]


def _message(record: dict[str, Any], labels: dict[str, Labels]) -> Message:
    spans = tuple((s["start"], s["end"]) for s in record["sentences"])
    texts = tuple(record["text"][start:end] for start, end in spans)
    given = tuple(labels.get(s["id"], NOTHING) for s in record["sentences"])
    return Message(record["id"], record.get("kind", "email"), record.get("subject", ""), spans, texts, given)


def training_sets(folders: Iterable[Path]) -> list[Path]:
    """The stems of all training sets in these folders. Never a `*-dev` set."""
    found = [p.with_suffix("") for folder in folders for p in sorted(folder.glob("*-train-*.jsonl"))]
    return [stem for stem in found if not stem.name.endswith("-dev")]


def balanced(messages: Iterable[Message], random_: random.Random) -> Iterator[Message]:
    """The messages, two thirds of those without any label left out."""
    for message in messages:
        if any(label != NOTHING for label in message.labels) or random_.random() < KEEP_UNLABELLED:
            yield message


def message_windows(message: Message, tokenizer: Tokenizer) -> list[Window]:
    """A message as the encoder reads it."""
    texts = [heading(message.kind, message.subject), *message.sentences]
    head, *bodies = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    return windows(head, bodies)


def label_rows(message: Message) -> NDArray[np.float32]:
    """A message's labels, sentences × WIDTH."""
    return np.array([label.row() for label in message.labels], dtype=np.float32).reshape(-1, WIDTH)


def examples(messages: Iterable[Message], tokenizer: Tokenizer) -> list[Example]:
    """The windows of these messages, in order."""
    made = []
    for m in messages:
        rows = label_rows(m)
        made += [Example(w, rows[[s.sentence for s in w.spans]]) for w in message_windows(m, tokenizer)]
    return made


def batches(made: Sequence[Example], tokens: int, random_: random.Random) -> list[list[Example]]:
    """Shuffled batches of windows of like length, each of at most `tokens` tokens with padding."""
    order = sorted(range(len(made)), key=lambda i: len(made[i].window.ids) + random_.uniform(0, 12))
    found: list[list[Example]] = [[]]
    for example in (made[i] for i in order):
        longest = max(len(e.window.ids) for e in (*found[-1], example))
        if found[-1] and longest * (len(found[-1]) + 1) > tokens:
            found.append([])
        found[-1].append(example)
    random_.shuffle(found)
    return found
