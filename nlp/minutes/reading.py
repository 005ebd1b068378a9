"""Minutes read: passages into sentences, sentences into items, each with who does it and by when.

Structure first (`outline`: headings, labels, speakers, tables of tasks), then each sentence with what the model found
in it (`evidence`), then a verdict (`judging`), who (`doers`), and when: by the grammar of dates, counted from the
meeting's day; "by the next meeting" means the day that the minutes give it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import msgspec

from corpus.document import Document, DocumentKind, Zone, ZoneKind
from corpus.genre import Genre
from corpus.paper import BlockKind, Paper
from nlp.analyze import Analyzer
from nlp.dates import due
from nlp.findings import Due, Finding
from nlp.minutes.cast import Cast, initials, owners, participants
from nlp.minutes.doers import doers, named_owners, who
from nlp.minutes.evidence import Sentence, features, is_empty
from nlp.minutes.items import Item, ItemType, Minutes
from nlp.minutes.judging import ACTS, Judge
from nlp.minutes.outline import Outline, Passage, outline
from nlp.minutes.words import Words, low, words
from nlp.sentences import split

_NOON = time(12, tzinfo=UTC)
_UNKNOWN = date(2000, 1, 1)  # any will do: what it leads to is thrown away
_SILENT = frozenset({"participants", "absent", "date", "skip"})  # roles under which nothing is an item
_NEXT = "next_meeting"
_CAPITALS, _LETTERS = 0.7, 20  # the share of capitals in captions that shout, and how many letters tell
_OWNERS = 40  # code points of what stands behind a sentence and may be its owners
_TYPES = frozenset(map(str, ItemType))  # roles that say of which type the sentence behind a label is
_SAID = 0.8  # how sure it is, at least, what a label says
_OF_TABLE = 0.9  # how sure a row of a table of tasks is one
_ENDING = " *_)\"'"
_SIGNS = " *_\"'-–—>#("
_START = re.compile(r"(?:^|[.?!]\s+)\w")


class Reader(NamedTuple):
    """One paper while it is read."""

    paper: Paper
    genre: Genre
    words: Words
    outline: Outline
    cast: Cast


class Scored(NamedTuple):
    """A sentence and what speaks for and against it."""

    sentence: Sentence
    features: dict[str, float]


def read(paper: Paper, genre: Genre, analyzer: Analyzer | None, judge: Judge | None = None) -> Minutes:
    """What a paper says of a meeting.

    `analyzer` is the model; without one, words and structure alone decide. `judge` defaults to the one that comes with
    Suhde.
    """
    reader = opened(paper, genre)
    return minutes(reader, sentences(reader, analyzer), judge or Judge.load())


def minutes(reader: Reader, scored: Sequence[Scored], judge: Judge) -> Minutes:
    """The items among a paper's sentences and table rows."""
    found = [item for each in _once(scored) if (item := _item(each, reader, judge))]
    found += [_task(passage, reader) for passage in reader.outline.passages if passage.cells]
    found.sort(key=lambda item: item.start)
    return Minutes(
        participants=reader.cast.participants,
        day=reader.genre.day,
        language=reader.genre.language,
        items=tuple(_with_next_meeting(found, reader)),
    )


def _once(scored: Sequence[Scored]) -> Iterator[Scored]:
    """Of several days that follow one another as those of the next meetings, the first."""
    listed = False
    for each in scored:
        again = listed
        listed = "next meeting" in each.features and "only a day" in each.features
        if not (again and listed):
            yield each


def opened(paper: Paper, genre: Genre) -> Reader:
    """A paper with its structure and its people."""
    said = words(genre.language)
    found = outline(paper, said)
    return Reader(paper, genre, said, found, _cast(paper, found, said))


def sentences(reader: Reader, analyzer: Analyzer | None) -> list[Scored]:
    """The sentences of a paper that may be items, with their features."""
    document = document_of(reader)
    findings: dict[int, Finding] = {}
    if analyzer is not None:
        findings = {found.start: found for found in analyzer.analyze([document])[0]}
    scored: list[Scored] = []
    for passage in _read(reader):
        spans = split(document.text, passage.start, passage.end, document.language)
        for n, (start, end, heard) in enumerate(_whole(document.text, spans, reader)):
            if not is_empty(text := document.text[start:end]):
                sentence = _sentence(reader, passage, text, start, findings.get(heard), scored[-1:], first=n == 0)
                scored.append(Scored(sentence, features(sentence, reader.words, spoken=reader.outline.spoken)))
    return scored


def document_of(reader: Reader) -> Document:
    """The paper as the model reads it: passages are own text, broken lines are joined, shouting is lowered."""
    text, zones = [], []
    at = 0
    for passage in _read(reader):
        said = reader.paper.text[passage.start : passage.end]
        if passage.kind is not BlockKind.PARAGRAPH or reader.outline.spoken:
            said = re.sub(r"\s", " ", said)
        text += [reader.paper.text[at : passage.start], _lowered(said)]
        zones.append(Zone(kind=ZoneKind.OWN, start=passage.start, end=passage.end))
        at = passage.end
    text.append(reader.paper.text[at:])
    day = reader.genre.day
    return Document(
        id="",
        kind=DocumentKind.NOTES,
        text="".join(text),
        zones=tuple(zones),
        subject=reader.paper.title,
        at=datetime.combine(day, _NOON) if day else None,
        language=reader.genre.language,
    )


def _read(reader: Reader) -> Iterator[Passage]:
    for passage in reader.outline.passages:
        if not passage.cells and _SILENT.isdisjoint((passage.label, passage.section)):
            yield passage


def _lowered(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    if len(letters) < _LETTERS or sum(c.isupper() for c in letters) < _CAPITALS * len(letters):
        return text
    return _START.sub(lambda m: m.group().upper(), low(text))


def _whole(text: str, spans: Sequence[tuple[int, int]], reader: Reader) -> Iterator[tuple[int, int, int]]:
    """Sentences with the name that they address before them and the owners that stand behind them.

    Start, end, and where the words begin that the model has read.
    """
    held: tuple[int, int, int] | None = None
    addressed: int | None = None
    for start, end in spans:
        if text[end - 1] == "," and addressed is None:
            addressed = start
        elif held and addressed is None and end - start <= _OWNERS and _is_owners(text[start:end], reader):
            held = (held[0], end, held[2])
        else:
            if held:
                yield held
            held = (start if addressed is None else addressed, end, start)
            addressed = None
    if held:
        yield held


def _is_owners(text: str, reader: Reader) -> bool:
    return any(reader.cast.known(name) for name in owners(text.strip(_SIGNS + ".)[]"), reader.cast, reader.words))


def _cast(paper: Paper, found: Outline, said: Words) -> Cast:
    people, groups, lists = [], [], []
    for passage in found.passages:
        listed = passage.labelled if passage.label == "participants" else passage.section == "participants"
        if listed and (passage.label or "participants") == "participants":
            lists.append(paper.text[passage.start : passage.end])
            named, of = participants(lists[-1], said)
            people += named
            groups += of
    given = initials("\n".join(lists), people)
    initial = {low(name) for name in given}
    people += [*paper.people, *(name for name in found.speakers if not (people and name.isupper() and len(name) <= 4))]
    return Cast(people, [group for group in groups if low(group) not in initial], said, given)


def _sentence(
    reader: Reader,
    passage: Passage,
    text: str,
    start: int,
    finding: Finding | None,
    before: Sequence[Scored],
    *,
    first: bool,
) -> Sentence:
    opening = len(text) - len(text.lstrip(_SIGNS))
    subject = next((named for named in reader.cast.named(text) if named[0] <= opening), None)
    rest = low(text[subject[1] :]).lstrip(_SIGNS + ",:") if subject else ""
    when = _due(text, reader)
    return Sentence(
        text=text,
        start=start,
        end=start + len(text),
        passage=passage,
        finding=finding,
        first=first,
        answers=any(each.sentence.text.rstrip(_SIGNS).endswith("?") for each in before),
        subject=subject[2] if subject else None,
        does=reader.words.does.match(rest) is not None or bool(doers(text, reader.cast, reader.words)),
        owned=bool(named_owners(text, reader.cast, reader.words)),
        dated=(when.end - when.start) / len(text) if when else 0.0,
    )


def _due(text: str, reader: Reader) -> Due | None:
    day = reader.genre.day
    found = due(text, reader.genre.language, datetime.combine(day or _UNKNOWN, _NOON), promised=True)
    if found is None or day:
        return found
    return msgspec.structs.replace(found, iso="?", first=None, last=None)


def _moved(found: Due | None, by: int) -> Due | None:
    return found and msgspec.structs.replace(found, start=found.start + by, end=found.end + by)


def _item(scored: Scored, reader: Reader, judge: Judge) -> Item | None:
    sentence = scored.sentence
    if sentence.passage.label and not sentence.passage.labelled and not sentence.dated:
        return None  # a title of what follows
    verdict = judge.verdict(scored.features, spoken=reader.outline.spoken)
    if kind := _said(sentence):
        verdict = kind, max(_SAID, verdict[1] if verdict else 0.0)
    if verdict is None:
        return None
    kind, chance = verdict
    dated = kind in ACTS or kind is ItemType.PROPOSAL
    return Item(
        type=kind,
        start=sentence.start,
        end=sentence.end,
        who=who(sentence, kind, reader.cast, reader.words),
        due=_moved(_due(sentence.text, reader), sentence.start) if dated else None,
        confidence=round(chance, 3),
    )


def _said(sentence: Sentence) -> ItemType | None:
    """The type that a label before a sentence, or the title of its list, gives it."""
    passage = sentence.passage
    if not sentence.first:
        return None
    if passage.labelled and passage.label in _TYPES:
        return ItemType(passage.label)
    listed = passage.kind is BlockKind.ITEM and passage.section in _TYPES and not passage.label
    end = sentence.text.rstrip(_ENDING)[-1:]
    if not listed or end == ":" or (end == "?") != (passage.section == ItemType.OPEN_QUESTION):
        return None
    return ItemType(passage.section or "")


def _task(passage: Passage, reader: Reader) -> Item:
    """A row of a table of tasks."""
    cells = {name: (start, reader.paper.text[start:end].strip()) for name, start, end in passage.cells}
    _, owner = cells.get("owner", (0, ""))
    at, when = cells.get("due", (0, ""))
    return Item(
        type=ItemType.ACTION,
        start=passage.start,
        end=passage.end,
        who=owners(owner, reader.cast, reader.words) or ((owner,) if owner else ()),
        due=_moved(_due(when, reader), at),
        confidence=_OF_TABLE,
    )


def _with_next_meeting(items: Sequence[Item], reader: Reader) -> Iterator[Item]:
    """Items due by the next meeting with the day that the minutes give it."""
    day = _next_meeting(reader)
    for item in items:
        found = reader.words.next_meeting.search(low(reader.paper.text[item.start : item.end]))
        if found is None or (item.due and item.due.first):
            yield item
            continue
        start, end = item.start + found.start(), item.start + found.end()
        iso = day.isoformat() if day else "?"
        when = Due(words=reader.paper.text[start:end], start=start, end=end, iso=iso, first=day, last=day)
        yield msgspec.structs.replace(item, due=when)


def _next_meeting(reader: Reader) -> date | None:
    for passage in reader.outline.passages:
        if _NEXT in (passage.label, passage.section):
            found = _due(reader.paper.text[passage.start : passage.end], reader)
            if found and found.first and reader.genre.day and found.first > reader.genre.day:
                return found.first
    return None
