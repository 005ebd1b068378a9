"""Mails of one relationship, and findings by lot: archives of any size, without the models' minutes.

What a sentence says is drawn by its own hash, at about the rates of labelled real mail: a quarter of the sentences say
something. So the same archive has the same findings, and what is derived from them costs what it costs on real ones;
what it says means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from random import Random

from corpus.document import Document, ZoneKind
from corpus.message import parse
from corpus.threads import strand
from nlp.findings import Act, Due, Finding, IssueCategory, Sentiment, SignalKind
from store.write import Derived, Incoming

OURS, THEIRS = "ours.example", "theirs.example"
_SENTENCE = re.compile(r"\S[^.!?\n]*[.!?]*")
_SPEAKS = 0.25  # share of sentences that say something
_PEOPLE = 20  # on each side
_WORDS = 4000  # in the vocabulary
_START = datetime(2015, 1, 5, 8, tzinfo=UTC)
_MOODS = (Sentiment.NEUTRAL, Sentiment.NEUTRAL, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.NEGATIVE)


class Lots:
    """Stands in for the models where only the cost of what follows is measured."""

    version = "lots"

    def analyze(self, documents: Sequence[Document]) -> list[tuple[Finding, ...]]:
        """Findings of each document's own text, those that say nothing included."""
        return [tuple(_findings(document)) for document in documents]


def _findings(document: Document) -> Iterator[Finding]:
    for zone in document.zones:
        if zone.kind is ZoneKind.OWN:
            for match in _SENTENCE.finditer(document.text, zone.start, zone.end):
                yield _drawn(match[0], match.start(), match.end(), document.at)


def _drawn(words: str, start: int, end: int, at: datetime | None) -> Finding:
    lot = Random(blake2b(words.encode(), digest_size=8).digest())
    if lot.random() > _SPEAKS:
        return Finding(start=start, end=end, confidence={"sentiment": 0.9})
    acts = (lot.choice(list(Act)),) if lot.random() < 0.7 else ()
    issue = lot.choice(list(IssueCategory)) if not acts and lot.random() < 0.6 else None
    signal = lot.choice(list(SignalKind)) if lot.random() < 0.05 else None
    day = (at + timedelta(days=lot.randint(1, 60))).date() if at and Act.COMMIT in acts else None
    return Finding(
        start=start,
        end=end,
        acts=acts,
        issue=issue,
        severity=lot.randint(1, 3) if issue else None,
        signal=signal,
        sentiment=lot.choice(_MOODS),
        due=None if day is None else Due(words="", start=start, end=start, iso=str(day), first=day, last=day),
        confidence={
            **dict.fromkeys(acts, 0.9),
            "issue": 0.8 * bool(issue),
            "signal": 0.8 * bool(signal),
            "sentiment": 0.9,
        },
    )


def mails(count: int, theirs: str = THEIRS, seed: int = 1, first: int = 0) -> Iterator[bytes]:
    """Mails between us and one house, in order of time, in threads of five or so; from number `first` on."""
    lot = Random(seed)
    words = ["".join(lot.choices("aeioukstnlrmpvh", k=lot.randint(3, 11))) for _ in range(_WORDS)]
    subject, at = "", _START
    ids: list[str] = []
    for number in range(count):
        at += timedelta(minutes=lot.randint(20, 700))
        if not ids or lot.random() < 0.2:
            subject, ids = " ".join(lot.choices(words, k=4)), []
        us, them = f"us{lot.randrange(_PEOPLE)}@{OURS}", f"them{lot.randrange(_PEOPLE)}@{theirs}"
        author, to = (us, them) if lot.random() < 0.5 else (them, us)
        said = ". ".join(" ".join(lot.choices(words, k=lot.randint(4, 16))).capitalize() for _ in range(8))
        head = (
            f"From: {_name(author)} <{author}>\nTo: {_name(to)} <{to}>\nDate: {format_datetime(at)}\n"
            f"Subject: {'Re: ' if ids else ''}{subject}\nMessage-ID: <{number}.{seed}@{theirs}>\n"
        )
        if ids:
            head += f"In-Reply-To: <{ids[-1]}>\nReferences: {' '.join(f'<{i}>' for i in ids[-5:])}\n"
        ids.append(f"{number}.{seed}@{theirs}")
        if number >= first:
            yield f"{head}\n{said}.\n".encode()


def _name(email: str) -> str:
    word, number = email.partition("@")[0].rstrip("0123456789"), int(re.findall(r"\d+", email)[0])
    return f"{word.capitalize()}a {chr(65 + number)}{'irsten'[: 1 + number % 6]}nen"


def incoming(raw: bytes, place: str = "bench") -> Incoming:
    """A mail as it is stored, its findings by lot."""
    document = parse(raw).documents[0]
    threads = strand(document)
    found = tuple(_findings(document))
    return Incoming(
        raw_id=document.id,
        place=place,
        documents=(
            Derived(
                document=document,
                own_print=threads.own_print,
                quoted_print=threads.quoted_print,
                sentences=len(found),
                findings=tuple(f for f in found if f.speaks),
                reader=Lots.version,
            ),
        ),
    )
