"""Gold sets as windows of token ids with labels.

A set is `NAME.jsonl` (messages with their sentences) and `NAME.tsv` (labels, one line a sentence that says
anything), as described in the gold folder's GUIDE.md. All `*-train-*` sets of the folders given are read, so more
data is one more pair of files. Where a message is real mail that is not ours to pass on, its line holds no text but
says in which archive it stands (see archives).

Notable: beside its labels a sentence has marks: which of its words say when something is due, which name the debtor.
Of the messages in which no sentence has a label two thirds are left out, or "nothing" is all that is
learned. A head that a sentence does not answer (the debtor of a sentence without promise) is -1 there.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from models.train.archives import restored
from nlp.heads import COLUMNS, HEADS, MARKS, WIDTH
from nlp.windows import Window, heading, windows

ACTS = dict(zip("crqpadf", range(7), strict=True))
ISSUES = {code: n for n, code in enumerate(("del", "qua", "pay", "con", "sup", "com", "res", "oth"), start=1)}
KEEP_UNLABELLED = 1 / 3
STEM, BENDS = 3, 2  # letters at least by which an inflected name is known; those at its end that may change
_WORD = re.compile(r"\w+")


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


Places = tuple[tuple[int, int], ...]  # [start, end) of words in a sentence, code points


class Message(msgspec.Struct, frozen=True):
    """A message of a gold set: what heads it, its sentences' places, texts, labels and marks.

    A sentence's marks are, for each of MARKS, the words that bear it, or None where that is not asked of the sentence.
    """

    id: str
    kind: str
    subject: str
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[str, ...]
    labels: tuple[Labels, ...]
    marks: tuple[tuple[Places | None, ...], ...]


class Taught(NamedTuple):
    """What a teacher says of one window: logits as wide as the labels and marks, and the state of each token."""

    scores: NDArray[np.float32]
    marks: NDArray[np.float32]
    states: NDArray[np.float16]  # tokens × hidden


class Example(msgspec.Struct, frozen=True):
    """One window and what is to be said of it: labels of its sentences, marks of their tokens.

    `labels` is spans × WIDTH, `marks` tokens of all spans × MARKS (1 marked, 0 not, -1 not asked).
    """

    window: Window
    labels: NDArray[np.float32]
    marks: NDArray[np.float32]
    taught: Taught | None = None


def _labels(fields: Sequence[str]) -> Labels:
    """The labels of a line's fields; of none at all, those of a sentence that says nothing."""
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


def _marks(sentence: str, fields: Sequence[str]) -> tuple[Places | None, ...]:
    _, acts, _, _, debtor, due, *_ = (*fields, *["."] * 8)
    owed = "c" in acts or "r" in acts
    named = _named(sentence, debtor[2:]) if owed and debtor.startswith("n:") else ()
    return ((() if due == "." else _said(sentence, due)) if owed else None, named or None)


def _said(sentence: str, words: str) -> Places:
    """Where the words stand in the sentence, however it is broken into lines."""
    found = re.search(r"\s+".join(map(re.escape, words.split())), sentence)
    return (found.span(),) if found else ()


def _named(sentence: str, name: str) -> Places:
    """Where a name stands, in whatever case: its words are known by their beginnings, which seldom bend."""
    stems = tuple(word[: max(STEM, len(word) - BENDS)] for word in _WORD.findall(name.lower()))
    return tuple(m.span() for m in _WORD.finditer(sentence) if stems and m.group().lower().startswith(stems))


def read(stem: Path, mail: Path | None = None) -> list[Message]:
    """The messages of a set, `stem` being its path without suffix; those without text are looked up in `mail`.

    Raises FileNotFoundError where an archive is missing, ValueError where it holds another text than was labelled.
    """
    lines = [line.split("\t") for line in Path(f"{stem}.tsv").read_text(encoding="utf-8").split("\n") if line.strip()]
    labels = {sid: fields for sid, *fields in lines}
    rows = Path(f"{stem}.jsonl").read_text(encoding="utf-8").split("\n")
    records = restored([json.loads(row) for row in rows if row.strip()], mail)
    return [_message(record, labels) for record in records]


def _message(record: dict[str, Any], labels: dict[str, list[str]]) -> Message:
    spans = tuple((s["start"], s["end"]) for s in record["sentences"])
    texts = tuple(record["text"][start:end] for start, end in spans)
    fields = [labels.get(s["id"], []) for s in record["sentences"]]
    return Message(
        id=record["id"],
        kind=record.get("kind", "email"),
        subject=record.get("subject", ""),
        spans=spans,
        sentences=texts,
        labels=tuple(_labels(row) for row in fields),
        marks=tuple(_marks(text, row) for text, row in zip(texts, fields, strict=True)),
    )


def training_sets(folders: Iterable[Path]) -> list[Path]:
    """The stems of all training sets in these folders. Never a `*-dev` set."""
    found = [p.with_suffix("") for folder in folders for p in sorted(folder.glob("*-train-*.jsonl"))]
    return [stem for stem in found if not stem.name.endswith("-dev")]


def balanced(messages: Iterable[Message], random_: random.Random) -> Iterator[Message]:
    """The messages, two thirds of those without any label left out."""
    for message in messages:
        if any(label != NOTHING for label in message.labels) or random_.random() < KEEP_UNLABELLED:
            yield message


def training(stems: Iterable[Path], mail: Path, seed: int) -> list[Message]:
    """What is learned from: the messages of these sets, each set balanced."""
    return [m for stem in stems for m in balanced(read(stem, mail), random.Random(seed))]


def message_windows(message: Message, tokenizer: Tokenizer) -> list[Window]:
    """A message as the encoder reads it."""
    head, *bodies = [e.ids for e in _encoded(message, tokenizer)]
    return windows(head, bodies)


def _encoded(message: Message, tokenizer: Tokenizer) -> list[Encoding]:
    return tokenizer.encode_batch(
        [heading(message.kind, message.subject), *message.sentences], add_special_tokens=False
    )


def label_rows(message: Message) -> NDArray[np.float32]:
    """A message's labels, sentences × WIDTH."""
    return np.array([label.row() for label in message.labels], dtype=np.float32).reshape(-1, WIDTH)


def mark_rows(places: Sequence[Places | None], offsets: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """The marks of tokens at these offsets, tokens × MARKS."""
    rows = np.full((len(offsets), len(MARKS)), -1, dtype=np.float32)
    for column, asked in enumerate(places):
        if asked is not None:
            rows[:, column] = [any(s < end and start < e for start, end in asked) for s, e in offsets]
    return rows


def examples(messages: Iterable[Message], tokenizer: Tokenizer) -> list[Example]:
    """The windows of these messages, in order."""
    made = []
    for m in messages:
        head, *bodies = _encoded(m, tokenizer)
        labels = label_rows(m)
        marks = [mark_rows(places, body.offsets) for places, body in zip(m.marks, bodies, strict=True)]
        for window in windows(head.ids, [body.ids for body in bodies]):
            own = [marks[s.sentence][: s.end - s.start] for s in window.spans]
            made.append(Example(window, labels[[s.sentence for s in window.spans]], np.concatenate(own)))
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
