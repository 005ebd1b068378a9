"""Minutes read: passages into sentences, sentences into items, each with who does it and by when.

A sentence is an item where its features (`evidence`) weigh enough; the weights are learned from labelled minutes and
stand in `weights.toml`, figures only. Rows of a table of tasks are items as they stand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple

import msgspec

from corpus.document import Document, DocumentKind, Zone, ZoneKind
from corpus.genre import Genre
from corpus.paper import BlockKind, Paper
from nlp.analyze import Analyzer
from nlp.dates import due
from nlp.findings import WRITER, Act, Due, Finding
from nlp.minutes.cast import Cast, initials, owners, participants
from nlp.minutes.evidence import Sentence, features, is_empty
from nlp.minutes.items import Item, ItemType, Minutes
from nlp.minutes.outline import Outline, Passage, outline
from nlp.minutes.words import Words, low, words
from nlp.sentences import split

_NOON = time(12, tzinfo=UTC)
_UNKNOWN = date(2000, 1, 1)  # any will do: what it leads to is thrown away
_ACTS = (ItemType.DECISION, ItemType.ACTION, ItemType.AGREEMENT)
_OWN = frozenset({ItemType.PROPOSAL, ItemType.OPEN_QUESTION, ItemType.REJECTION, ItemType.AGREEMENT, ItemType.ISSUE})
_SILENT = frozenset({"participants", "absent", "date"})  # roles under which nothing is an item
_ASIDE = re.compile(r"\(([^()\n]{1,50})\)")
_TAIL = re.compile(r"(?:\s[-–—]\s|:\s)([^-–—:]{2,60})$")
_TRAILING = re.compile(r"(?:\s*\([^()\n]{0,30}\))?[\s.*_]*$")
_CAPITALS = 0.7  # the share of capitals in captions that shout
_NAMED_HEADING = 4  # words
_DOER = 4  # words before a verb that may name who does it
_OWNERS = 40  # code points of what stands behind a sentence and may be its owners


class Reader(NamedTuple):
    """One paper while it is read."""

    paper: Paper
    genre: Genre
    words: Words
    outline: Outline
    cast: Cast


class Scored(NamedTuple):
    """A sentence and what is said for and against it."""

    sentence: Sentence
    features: dict[str, float]


def read(paper: Paper, genre: Genre, analyzer: Analyzer | None) -> Minutes:
    """What a paper says of a meeting. `analyzer` is the model; without one, words and structure alone decide."""
    reader = opened(paper, genre)
    found = [item for scored in sentences(reader, analyzer) if (item := _item(scored, reader))]
    found += [_task(passage, reader) for passage in reader.outline.passages if passage.cells]
    ordered = _with_next_meeting(sorted(found, key=lambda item: item.start), reader)
    return Minutes(participants=reader.cast.participants, day=genre.day, language=genre.language, items=tuple(ordered))


def opened(paper: Paper, genre: Genre) -> Reader:
    """A paper with its structure and its people."""
    said = words(genre.language)
    found = outline(paper, said)
    return Reader(paper, genre, said, found, _cast(paper, found, said))


def sentences(reader: Reader, analyzer: Analyzer | None) -> list[Scored]:
    """The sentences of a paper that may be items, with their features."""
    document = _document(reader)
    passages = [p for p in reader.outline.passages if _is_read(p)]
    findings: dict[int, Finding] = {}
    if analyzer is not None:
        findings = {f.start: f for f in analyzer.analyze([document])[0]}
    found = []
    for passage in passages:
        spans = split(document.text, passage.start, passage.end, document.language)
        for n, (start, end, read_at) in enumerate(_whole(document.text, spans, reader)):
            if not is_empty(text := document.text[start:end]):
                sentence = _sentence(reader, passage, text, start, findings.get(read_at), first=n == 0)
                found.append(Scored(sentence, features(sentence, reader.words, spoken=reader.outline.spoken)))
    return found


def _whole(text: str, spans: Sequence[tuple[int, int]], reader: Reader) -> list[tuple[int, int, int]]:
    """Sentences with the name that they address before them and the owners that stand behind them.

    Start, end, and where the words begin that the model has read.
    """
    found: list[tuple[int, int, int]] = []
    addressed: int | None = None
    for start, end in spans:
        if text[end - 1] == "," and addressed is None:
            addressed = start
        elif found and end - start <= _OWNERS and addressed is None and _is_owners(text[start:end], reader):
            found[-1] = (found[-1][0], end, found[-1][2])
        else:
            found.append((start if addressed is None else addressed, end, start))
            addressed = None
    return found


def _is_owners(text: str, reader: Reader) -> bool:
    bare = text.strip(" ()-–—.*[]")
    named = owners(bare, reader.cast, reader.words)
    return bool(named) and any(reader.cast.known(part) for part in named)


def _is_read(passage: Passage) -> bool:
    if passage.cells or {passage.label, passage.section} & _SILENT:
        return False
    return passage.label != "skip" and passage.section != "skip"


def _document(reader: Reader) -> Document:
    """The paper as the model reads it: passages are own text; broken lines are joined, shouting is lowered."""
    text, zones = [], []
    at = 0
    for passage in reader.outline.passages:
        if not _is_read(passage) or passage.start < at:
            continue
        said = reader.paper.text[passage.start : passage.end]
        if passage.kind is not BlockKind.PARAGRAPH or reader.outline.spoken:
            said = re.sub(r"\s", " ", said)
        text += [reader.paper.text[at : passage.start], _lowered(said)]
        zones.append(Zone(kind=ZoneKind.OWN, start=passage.start, end=passage.end))
        at = passage.end
    text.append(reader.paper.text[at:])
    day = reader.genre.day
    return Document(
        id="", kind=DocumentKind.NOTES, text="".join(text), zones=tuple(zones), subject=reader.paper.title,
        at=datetime.combine(day, _NOON) if day else None, language=reader.genre.language,
    )  # fmt: skip


def _lowered(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 20 or sum(c.isupper() for c in letters) < _CAPITALS * len(letters):
        return text
    return re.sub(r"(?:^|[.?!]\s+)\w", lambda m: m.group().upper(), low(text))


def _cast(paper: Paper, found: Outline, said: Words) -> Cast:
    people, groups, lists = [], [], []
    for passage in found.passages:
        if passage.label == "participants" or (passage.section == "participants" and not passage.label):
            lists.append(paper.text[passage.start : passage.end])
            named, of = participants(lists[-1], said)
            people += named
            groups += of
    people += [*paper.people, *(name for name in found.speakers if not _is_initials(name, people))]
    given = initials("\n".join(lists), people)
    return Cast(people, [g for g in groups if g not in given], said, given)


def _is_initials(name: str, people: Sequence[str]) -> bool:
    return name.isupper() and len(name) <= 4 and bool(people)


def _sentence(
    reader: Reader, passage: Passage, text: str, start: int, finding: Finding | None, *, first: bool
) -> Sentence:
    end = start + len(text)
    named = reader.cast.named(text)
    opening = len(text) - len(text.lstrip(" *_\"'-–—>#("))
    subject = next((n for n in named if n[0] <= opening), None)
    when = _due(text, reader)
    rest = low(text[subject[1] :]).lstrip(" ,*>-–:") if subject else ""
    return Sentence(
        text=text, start=start, end=end, passage=passage, finding=finding, first=first,
        subject=subject[2] if subject else None,
        does=bool(_doers(text, reader)) or (subject is not None and reader.words.does.match(rest) is not None),
        owned=bool(_owners(text, reader)),
        dated=(when.end - when.start) / len(text) if when else 0.0,
    )  # fmt: skip


def _owners(text: str, reader: Reader) -> tuple[str, ...]:
    """Who is named in brackets or at the end of a line as the one who does it."""
    for aside in _ASIDE.finditer(text):
        if found := tuple(who for who in owners(aside[1], reader.cast, reader.words) if reader.cast.known(who)):
            return found
    bare = text[: len(text) - len(_trail(text))]
    tail = _TAIL.search(bare)
    return owners(tail[1], reader.cast, reader.words) if tail else ()


def _trail(text: str) -> str:
    found = _TRAILING.search(text)
    return found.group() if found else ""


def _due(text: str, reader: Reader) -> Due | None:
    day = reader.genre.day
    found = due(text, reader.genre.language, datetime.combine(day or _UNKNOWN, _NOON), promised=True)
    if found is None or day:
        return found
    return msgspec.structs.replace(found, iso="?", first=None, last=None)


def chances(given: Mapping[str, float]) -> dict[str, float]:
    """How likely a sentence with these features is an item of each group, and of each type of the group "act"."""
    return {
        name: 1 / (1 + exp(-max(-30.0, min(30.0, sum(each.get(key, 0.0) * value for key, value in given.items())))))
        for name, each in _weights()["weights"].items()
    }


def _item(scored: Scored, reader: Reader) -> Item | None:
    found = chances(scored.features)
    bars = _weights()["bars"]["spoken" if reader.outline.spoken else "written"]
    over = {name: found[name] / bar for name, bar in bars.items() if found[name] >= bar}
    if not over:
        return None
    group = max(over, key=over.__getitem__)
    kind = ItemType(max(_ACTS, key=lambda t: found[t])) if group == "act" else ItemType(group)
    sentence = scored.sentence
    when = _due(sentence.text, reader) if kind in _ACTS or kind is ItemType.PROPOSAL else None
    if when:
        when = msgspec.structs.replace(when, start=when.start + sentence.start, end=when.end + sentence.start)
    return Item(
        type=kind, start=sentence.start, end=sentence.end, who=_who(sentence, kind, reader), due=when,
        confidence=round(found[group], 3),
    )  # fmt: skip


def _who(sentence: Sentence, kind: ItemType, reader: Reader) -> tuple[str, ...]:
    """Who is to do it, or who says so."""
    if found := _owners(sentence.text, reader):
        return found
    own = _first_person(sentence.text, reader.words)
    speaker = sentence.passage.speaker
    if speaker and (own or kind in _OWN):
        return (reader.cast.known(speaker) or speaker,)
    if kind in _ACTS and (found := _doers(sentence.text, reader)):
        return found
    if sentence.subject:
        return _subjects(sentence.text, reader)
    debtor = sentence.finding.debtor if sentence.finding else None
    if debtor and debtor not in ("writer", "reader"):
        return (reader.cast.known(debtor) or debtor,)
    if named := reader.cast.named(sentence.text):
        return (named[0][2],)
    if speaker and debtor != "reader":
        return (reader.cast.known(speaker) or speaker,)
    return _of_heading(sentence.passage, reader)


def _doers(text: str, reader: Reader) -> tuple[str, ...]:
    """Who stands before a verb of doing at the beginning of a clause: somebody known, else who has a capital."""
    others: list[str] = []
    said = low(text)
    for verb in reader.words.does.finditer(said):
        begins = max((m.end() for m in reader.words.clause.finditer(said, 0, verb.start())), default=0)
        before = text[begins : verb.start()].strip(" *_\"'>#-–—(:,")
        if not before or len(before.split()) > _DOER or low(before.split()[0]) in reader.words.people["not"]:
            continue
        if named := [who for _, _, who in reader.cast.named(before)]:
            return tuple(dict.fromkeys(named))
        if before[0].isupper():
            others.append(before)
    return tuple(others[:1])


def _subjects(text: str, reader: Reader) -> tuple[str, ...]:
    """The people that a sentence begins with, and those that follow with no word of their own between."""
    found: list[str] = []
    last = 0
    for start, end, who in reader.cast.named(text):
        if found and len(text[last:start].split()) > 2:
            break
        found.append(who)
        last = end
    return tuple(dict.fromkeys(found))


def _first_person(text: str, said: Words) -> bool:
    tokens = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", low(text)))
    return bool(tokens & (said.people["self"] | said.people["all"]))


def _of_heading(passage: Passage, reader: Reader) -> tuple[str, ...]:
    """A person or group that the heading over a passage names."""
    for heading in reversed(passage.headings):
        if len(heading.split()) <= _NAMED_HEADING and (who := reader.cast.known(heading)):
            return (who,)
    return ()


def _task(passage: Passage, reader: Reader) -> Item:
    """A row of a table of tasks."""
    cells = {name: (start, end) for name, start, end in passage.cells}
    text = reader.paper.text
    who: tuple[str, ...] = ()
    when = None
    if at := cells.get("owner"):
        who = owners(text[slice(*at)], reader.cast, reader.words) or ((text[slice(*at)].strip(),) if text[slice(*at)].strip() else ())
    if at := cells.get("due"):
        when = _due(text[slice(*at)], reader)
        when = when and msgspec.structs.replace(when, start=when.start + at[0], end=when.end + at[0])
    return Item(type=ItemType.ACTION, start=passage.start, end=passage.end, who=who, due=when, confidence=0.9)


def _with_next_meeting(items: Sequence[Item], reader: Reader) -> Iterator[Item]:
    """Items due "by the next meeting" get the day that the notes give it."""
    day = _next_meeting(reader)
    for item in items:
        text = low(reader.paper.text[item.start : item.end])
        found = reader.words.next_meeting.search(text)
        if found and (item.due is None or item.due.iso == "?"):
            start, end = item.start + found.start(), item.start + found.end()
            due_ = Due(words=reader.paper.text[start:end], start=start, end=end, iso=day.isoformat() if day else "?", first=day, last=day)
            yield msgspec.structs.replace(item, due=due_)
        else:
            yield item


def _next_meeting(reader: Reader) -> date | None:
    for passage in reader.outline.passages:
        if "next_meeting" in (passage.label, passage.section):
            found = _due(reader.paper.text[passage.start : passage.end], reader)
            if found and found.first and (not reader.genre.day or found.first > reader.genre.day):
                return found.first
    return None


@cache
def _weights() -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = tomllib.loads(
        (Path(__file__).parent / "weights.toml").read_text(encoding="utf-8")
    )
    return found
