"""Documents in, findings out: split, read own text in context, say what each sentence does.

Notable: a document's own sentences are read in one pass, headed by its kind and subject, whatever stands between them;
sentences of other zones are found but not read. Own text that was read before (newsletters, resent mail) costs a
look-up: rows of probabilities are kept for the last `REMEMBERED` texts.

Not known here: which documents are worth reading, people's identities, anything over several documents.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.document import Document, DocumentKind, ZoneKind
from errors import ModelError
from nlp.dates import due
from nlp.debtors import NOBODY, People, debtor, people
from nlp.encoder import Encoder, built, tokenizer_of
from nlp.findings import Act, Due, Finding, Sentiment
from nlp.heads import COLUMNS, DEBTOR, DUE, HEADS, MARKS, OTHER, WIDTH, Calibration, Heads, Reading, probabilities, read
from nlp.marks import NOTHING, Marked, marked
from nlp.relating import HINT, Relator, packed
from nlp.relating import relator as shipped
from nlp.sentences import split
from nlp.windows import MASK, Window, heading, windows
from nlp.words import GAP, Words

MODELS = Path(__file__).parent.parent / "models"
REMEMBERED = 8192  # own texts
_WAY = "2"  # of reading: raise when findings say something else with the same weights
OWED = 0.1  # the chance of a promise or request from which a sentence is kept for the ledger
SURE = 0.7  # words that the model calls a due with so much chance are one, even where the grammar knows none
# The models know three kinds.
_READ_AS = {
    DocumentKind.TRANSCRIPT: DocumentKind.NOTES,
    DocumentKind.LETTER: DocumentKind.EMAIL,
    DocumentKind.OTHER: DocumentKind.EMAIL,
}
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # any will do: what it leads to is thrown away

Rows = NDArray[np.float32]


class Config(msgspec.Struct, frozen=True):
    """What a model's config.json must say for serving; the rest of it is for people."""

    digest: str
    words: str  # digest of the layer of words beside it
    attention_heads: int
    heads: dict[str, tuple[str, ...]]
    calibration: Calibration


class Span(msgspec.Struct, frozen=True):
    """A sentence of a document and the zone it stands in."""

    start: int
    end: int
    zone: ZoneKind


class Answers(NamedTuple):
    """What the models say of a text's sentences.

    `rows` of probabilities; per sentence its words' marks by name; its trace, empty where it bears on no promise.
    """

    rows: Rows
    marks: dict[int, dict[str, Marked]]
    traces: dict[int, bytes]


class Analyzer:
    """The models, loaded and ready. Safe to use from several threads."""

    def __init__(
        self, tokenizer: Tokenizer, encoder: Encoder, heads: Heads, words: Words, relator: Relator, version: str
    ) -> None:
        # Of the weights and of how they are asked: findings of another version are to be read again.
        self.version = version
        self._tokenizer, self._encoder, self._heads, self._words = tokenizer, encoder, heads, words
        self._relator = relator
        self._read: OrderedDict[bytes, Answers] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        cores: int | None = None,
        *,
        exact: bool = False,
        relator: Relator | None = None,
    ) -> Self:
        """The models in `folder` (default: the shipped ones), on `cores` cores (default: all this process may use).

        The layer of words stands beside the folder; `relator` draws the traces (default: the shipped one). In 8 bits,
        or the encoder in floating point where `exact`. Raises ModelError where a folder holds no model, one of other
        labels, or one that needs another that is not there.
        """
        folder = folder or MODELS / "reader"
        try:
            config = msgspec.json.decode((folder / "config.json").read_bytes(), type=Config)
        except (OSError, msgspec.DecodeError) as error:
            raise ModelError(f"no model in {folder}: {error}.") from error
        if config.heads != {head.name: head.labels for head in HEADS}:
            raise ModelError(f"the model in {folder} was trained for other labels.")
        weights = folder / "model.safetensors"
        if exact:
            encoder = Encoder(built(weights, config.attention_heads, exact=True), cores)
        else:
            encoder = Encoder.load(weights, config.digest, config.attention_heads, MODELS / "derived", cores)
        words = Words.load(folder.parent / "words", config.words)
        heads = Heads.load(weights, config.calibration)
        relator = relator or shipped()
        version = f"{config.digest}+{config.words}+{relator.version[:12]}-{_WAY}"
        return cls(tokenizer_of(folder), encoder, heads, words, relator, version)

    def analyze(self, documents: Sequence[Document]) -> list[tuple[Finding, ...]]:
        """What is said of each document's sentences, in the text's order; those outside own text have no labels."""
        spans = [sentences(document) for document in documents]
        texts = [own_text(document, own) for document, own in zip(documents, spans, strict=True)]
        answers = self._read_all(texts)
        return [self._findings(*triple) for triple in zip(documents, spans, answers, strict=True)]

    def forget(self) -> None:
        """Read again what was read before: for measuring."""
        with self._lock:
            self._read.clear()

    def occluded(self, text: tuple[str, ...], sentence: int) -> tuple[list[tuple[int, int]], Rows]:
        """One sentence of a text (see `own_text`; counted from 0 after the heading) without each of its words.

        Returns the words' offsets in the sentence, and rows of probabilities: of the sentence as it is, then with each
        word masked. Of a sentence longer than a window, the words that are read.
        """
        encoded = self._tokenizer.encode_batch_fast(list(text), add_special_tokens=False)
        head, *bodies = [e.ids for e in encoded]
        found = [(w, s) for w in windows(head, bodies) for s in w.spans if s.sentence == sentence]
        if not found:
            return [], np.zeros((0, WIDTH), dtype=np.float32)
        ((window, span),) = found
        own = self._tokenizer.encode(text[sentence + 1], add_special_tokens=False)
        words: dict[int, list[int]] = {}
        for n, word in enumerate(own.word_ids[: span.end - span.start]):
            words.setdefault(-1 if word is None else word, []).append(n)
        variants = [Window(window.ids, (span,))]
        for tokens in words.values():
            ids = list(window.ids)
            for n in tokens:
                ids[span.start + n] = MASK
            variants.append(Window(tuple(ids), (span,)))
        offsets = [(own.offsets[tokens[0]][0], own.offsets[tokens[-1]][1]) for tokens in words.values()]
        sentences = [text[sentence + 1], *(_without(text[sentence + 1], *place) for place in offsets)]
        scores = self._encoder.scores(variants, self._heads).rows
        return offsets, probabilities(scores, self._words.scores(sentences), self._heads.calibration)

    def _read_all(self, texts: Sequence[tuple[str, ...]]) -> list[Answers]:
        """What the models say of each text's sentences, from memory where it was read before."""
        keys = [hashlib.blake2b("\0".join(text).encode(), digest_size=16).digest() for text in texts]
        with self._lock:
            known = {key: self._read[key] for key in keys if key in self._read}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known |= dict(zip(new, self._score(list(new.values())), strict=True))
        with self._lock:
            for key in keys:
                self._read[key] = known[key]
                self._read.move_to_end(key)
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return [known[key] for key in keys]

    def _score(self, texts: Sequence[tuple[str, ...]]) -> list[Answers]:
        """What the models say of each text's sentences. Of a sentence without a token nothing holds."""
        encoded = iter(self._tokenizer.encode_batch([t for text in texts for t in text], add_special_tokens=False))
        bodies = [[next(encoded) for _ in text] for text in texts]
        cut = [(n, w) for n, (head, *rest) in enumerate(bodies) for w in windows(head.ids, [one.ids for one in rest])]
        answers = [Answers(np.zeros((len(text) - 1, WIDTH), dtype=np.float32), {}, {}) for text in texts]
        if cut:
            scores = self._encoder.scores([window for _, window in cut], self._heads)
            places = [(n, span.sentence) for n, window in cut for span in window.spans]
            words = self._words.scores([texts[n][sentence + 1] for n, sentence in places])
            rows = probabilities(scores.rows, words, self._heads.calibration)
            traces = self._traces(scores.states, rows)
            for (n, sentence), row, chances, trace in zip(places, rows, scores.marks, traces, strict=True):
                answers[n].rows[sentence] = row
                answers[n].traces[sentence] = trace
                offsets = bodies[n][sentence + 1].offsets[: len(chances)]
                answers[n].marks[sentence] = {
                    name: marked(offsets, chances[:, column].tolist()) for column, name in enumerate(MARKS)
                }
        return answers

    def _traces(self, states: Rows, rows: Rows) -> list[bytes]:
        """The traces of sentences, empty for those that bear on no promise."""
        traces = self._relator.traces(states)
        acts = rows[:, COLUMNS["acts"]]
        owed = acts[:, [tuple(Act).index(Act.COMMIT), tuple(Act).index(Act.REQUEST)]].max(axis=1)
        bears = (self._relator.hints(traces, acts) >= HINT) | (owed >= OWED)
        return [packed(trace) if keep else b"" for trace, keep in zip(traces, bears, strict=True)]

    def _findings(self, document: Document, spans: Sequence[Span], answers: Answers) -> tuple[Finding, ...]:
        readings = read(answers.rows, self._heads.calibration.threshold(document.language))
        among = people(document) if any(one.debtor == OTHER for one in readings) else NOBODY
        own = iter(enumerate(readings))
        found = []
        for span in spans:
            if span.zone is not ZoneKind.OWN:
                found.append(Finding(start=span.start, end=span.end, zone=span.zone))
                continue
            n, reading = next(own)
            said = finding(document, span, reading, answers.marks.get(n, {}), among)
            found.append(_traced(said, answers.traces.get(n, b""), document, answers.marks.get(n, {})))
        return tuple(found)


def _without(sentence: str, start: int, end: int) -> str:
    """A sentence as the layer of words reads it without one of them: spaces at its sides stay."""
    word = sentence[start:end]
    begin, stop = start + len(word) - len(word.lstrip()), end - len(word) + len(word.rstrip())
    return sentence[:begin] + GAP + sentence[max(begin, stop) :]


def sentences(document: Document) -> list[Span]:
    """All sentences of a document, zone by zone."""
    return [
        Span(start, end, zone.kind)
        for zone in document.zones
        for start, end in split(document.text, zone.start, zone.end, document.language)
    ]


def own_text(document: Document, spans: Sequence[Span]) -> tuple[str, ...]:
    """What the encoder reads of a document: what heads it, then its own sentences. Lone surrogates become "?"."""
    own = (document.text[span.start : span.end] for span in spans if span.zone is ZoneKind.OWN)
    texts = (heading(_READ_AS.get(document.kind, document.kind), document.subject), *own)
    return tuple(text.encode("utf-8", "replace").decode("utf-8") for text in texts)


def finding(
    document: Document, span: Span, reading: Reading, marks: Mapping[str, Marked], among: People = NOBODY
) -> Finding:
    """A reading of one own sentence with what only its words say: the due, and the debtor's name."""
    sentence = document.text[span.start : span.end]
    confidence = dict(reading.confidence)
    when = None
    if reading.debtor is not None:
        when = due_of(sentence, document, span.start, marks.get(DUE, NOTHING))
    if when is not None:
        confidence["due"] = max(confidence[Act.COMMIT], confidence[Act.REQUEST])
    return Finding(
        start=span.start,
        end=span.end,
        sentiment=reading.sentiment,
        acts=reading.acts,
        issue=reading.issue,
        severity=reading.severity,
        signal=reading.signal,
        debtor=debtor(reading.debtor, sentence, document.language, marks.get(DEBTOR, NOTHING), among),
        due=when,
        conditional=reading.conditional,
        confidence=confidence,
        leanings=reading.leanings,
    )


def _traced(said: Finding, trace: bytes, document: Document, marks: Mapping[str, Marked]) -> Finding:
    """A finding that may bear on a promise with its trace and the day that it names; others as they are."""
    if not trace:
        return said
    sentence = document.text[said.start : said.end]
    named = None if said.due else due_of(sentence, document, said.start, marks.get(DUE, NOTHING))
    return msgspec.structs.replace(said, trace=trace, day=named)


def due_of(sentence: str, document: Document, start: int, mark: Marked) -> Due | None:
    """A sentence's due, counted from the document's time where the writer was; offsets into the document's text.

    The model says which words are the due, the grammar what they mean. Words that no calendar resolves, or of which
    the time is unknown, stand as they are, resolved to nothing.
    """
    here = timezone(timedelta(minutes=document.utc_offset or 0))
    at = (document.at or NO_TIME).astimezone(here)
    found = due(sentence, document.language, at, promised=True, weigh=mark.weight)
    if found is None:
        sure = mark.stretches(sentence, SURE)
        if not sure:
            return None
        first, last = sure[0]
        words = Due(words=sentence[first:last], start=first, end=last, iso="?")
        found = due(sentence, None, at, promised=True, weigh=mark.weight) or words
    found = msgspec.structs.replace(found, start=found.start + start, end=found.end + start)
    return found if document.at else msgspec.structs.replace(found, iso="?", first=None, last=None)


def tone(findings: Sequence[Finding]) -> Sentiment:
    """A whole document's sentiment: that of its sentences which weighs most, neutral where none has any."""
    weight = {
        label: sum(f.confidence.get("sentiment", 0.0) for f in findings if f.sentiment is label)
        for label in (Sentiment.NEGATIVE, Sentiment.POSITIVE)
    }
    most = max(weight, key=weight.__getitem__)
    return most if weight[most] > 0 else Sentiment.NEUTRAL


def as_json(given: Finding) -> dict[str, Any]:
    """A finding as `suhde analyze` and POST /v1/analyze print it. `due_date` is null where no calendar resolves it."""
    return {
        "start": given.start,
        "end": given.end,
        "zone": given.zone.value,
        "sentiment": given.sentiment.value,
        "acts": [act.value for act in given.acts],
        "issue": given.issue.value if given.issue else None,
        "severity": given.severity,
        "signal": given.signal.value if given.signal else None,
        "debtor": given.debtor,
        "due": given.due.words if given.due else None,
        "due_date": given.due.iso if given.due and given.due.iso != "?" else None,
        "conditional": given.conditional,
        "confidence": given.confidence,
    }
