"""Written relationships as letters: the stories under `data/stories`, and the cases of `data/pairs.jsonl`.

A story is a YAML of letters and papers with its truth beside them (the form of the shared stories). Mails go through
the same reading as any mail does; who answers whom is taken from the story, and papers are read from their Markdown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from corpus import papers
from corpus.document import Address, Document, DocumentKind, Zone, ZoneKind
from corpus.filing import filed
from corpus.message import digest, parse
from insights.insight import Party, Side
from insights.letters import Direction, Letter
from insights.papers import known_sides
from nlp.analyze import Analyzer
from pipeline.papers import Reading
from pipeline.reading import dated, read_all

US, THEM = "us", "them"


class Story(NamedTuple):
    """A relationship with its letters in order of time, and what is true of it; `keys` name letters as truth does."""

    name: str
    us: Party
    them: Party
    letters: tuple[Letter, ...]
    keys: Mapping[str, str]  # a document's key in the story → id of the letter
    truth: dict[str, Any]


def read_stories(folder: Path, analyzer: Analyzer) -> list[Story]:
    """The stories of a folder, read by the models."""
    return [
        _story(yaml.safe_load(file.read_text(encoding="utf-8")), analyzer) for file in sorted(folder.glob("*.yaml"))
    ]


def _story(told: dict[str, Any], analyzer: Analyzer) -> Story:
    people = _people(told)
    houses = {side: Party(id=told[side]["domains"][0], name=told[side]["name"], side=Side(side)) for side in (US, THEM)}
    given = {d["id"]: d for d in told["documents"]}
    documents = {key: _document(d, given, people) for key, d in given.items()}
    read = dict(zip(documents, read_all(analyzer, list(documents.values())), strict=True))
    letters = [
        known_sides(
            _letter(d, dated(documents[key], read[key].at), read[key], given, documents, people), *houses.values()
        )
        for key, d in given.items()
    ]
    letters.sort(key=lambda one: (one.at or datetime.max.replace(tzinfo=UTC), one.id))
    keys = {key: one.id for key, one in documents.items()}
    return Story(told["id"], houses[US], houses[THEM], tuple(letters), keys, told["truth"])


def _people(told: dict[str, Any]) -> dict[str, Party]:
    found = {}
    for side in (US, THEM, "others"):
        house = told.get(side) or {}
        for key, one in (house.get("people", {}) if side != "others" else house).items():
            where = Side.OTHER if side == "others" else Side(side)
            found[key] = Party(id=one["email"], name=one["name"], side=where, email=one["email"])
    return found


def _document(told: dict[str, Any], given: Mapping[str, Any], people: Mapping[str, Party]) -> Document:
    if told["type"] != "email":
        raw = told["text"].encode()
        paper = papers.read(raw, f"{told['id']}.md")
        found = filed(paper, told.get("filename", told["title"]), digest(raw), _at(told["date"]))
        return msgspec.structs.replace(found, kind=DocumentKind(told["type"]), at=_at(told["date"]))
    mail = EmailMessage()
    mail["From"] = formataddr((people[told["from"]].name, people[told["from"]].id))
    for field in ("to", "cc"):
        if told.get(field):
            mail[field.title()] = ", ".join(formataddr((people[k].name, people[k].id)) for k in told[field])
    mail["Subject"] = _subject(told, given)
    mail["Date"] = format_datetime(_at(told["date"]))
    mail["Message-ID"] = f"<{told['id']}@stories.example>"
    mail.set_content(told["text"])
    return parse(mail.as_bytes()).documents[0]


def _subject(told: dict[str, Any], given: Mapping[str, Any]) -> str:
    while "subject" not in told:
        told = given[told.get("reply_to") or told["forward"]["of"]]
    return str(told["subject"])


def _at(value: date | datetime | str) -> datetime:
    at = datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _letter(
    told: dict[str, Any],
    document: Document,
    read: Reading,
    given: Mapping[str, Any],
    documents: Mapping[str, Document],
    people: Mapping[str, Party],
) -> Letter:
    root = told
    while root.get("reply_to"):
        root = given[root["reply_to"]]
    author = people.get(told.get("from", ""))
    ours = author is None or author.side is Side.US
    return Letter(
        id=document.id,
        text=document.text,
        at=document.at,
        thread=documents[root["id"]].id,
        answers=documents[told["reply_to"]].id if told.get("reply_to") else None,
        kind=document.kind,
        direction=Direction.OUT if ours else Direction.IN,
        subject=document.subject,
        file=document.file,
        language=document.language,
        author=author,
        recipients=tuple(people[k] for field in ("to", "cc") for k in told.get(field) or ()),
        attachments=tuple(given[k].get("filename", given[k]["title"]) for k in told.get("attach") or ()),
        findings=read.findings,
        sentences=read.sentences,
        layout=document.layout,
        read=read.read,
    )


class Case(NamedTuple):
    """A promise and later sentences, each a letter of its own, with what each says of it."""

    name: str
    language: str
    promise: Letter
    asked: Letter | None  # the letter that asks for it; then `promise` is the yes
    later: tuple[tuple[Letter, str], ...]  # with its relation


CASE_US = Party(id="a.example", name="A", side=Side.US)
CASE_THEM = Party(id="b.example", name="B", side=Side.THEM)


def read_cases(file: Path, analyzer: Analyzer) -> list[Case]:
    """The cases of a file of pairs, read by the models."""
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    heard = list(_sentences(told))
    findings = analyzer.analyze([_note(case["subject"], one, case["language"]) for case, one in heard])
    letters = iter(
        [_case_letter(case, one, n, found) for n, ((case, one), found) in enumerate(zip(heard, findings, strict=True))]
    )
    return [_case(one, letters) for one in told]


def _sentences(told: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for case in told:
        promise = case["promise"]
        yield case, promise
        if promise.get("accepted"):
            yield case, {"date": promise["date"], **promise["accepted"]}
        yield from ((case, one) for one in case["later"])


def _case(told: dict[str, Any], letters: Iterator[Letter]) -> Case:
    first = next(letters)
    yes = next(letters) if told["promise"].get("accepted") else None
    later = tuple((next(letters), one["relation"]) for one in told["later"])
    return Case(told["id"], told["language"], yes or first, first if yes else None, later)


def _note(subject: str, told: dict[str, Any], language: str) -> Document:
    text = told["text"]
    return Document(
        id="", kind=DocumentKind.EMAIL, text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),),
        subject=subject, at=_at(told["date"]), author=Address(name=told["writer"], email=""), language=language,
    )  # fmt: skip


def _case_letter(case: dict[str, Any], told: dict[str, Any], number: int, findings: Iterable[Any]) -> Letter:
    side = Side.US if told["side"] == "A" else Side.THEM
    writer = Party(id=told["writer"], name=told["writer"], side=side)
    return Letter(
        id=f"{case['id']}-{number}", text=told["text"], at=_at(told["date"]), thread=case["id"],
        subject=case["subject"],
        direction=Direction.OUT if side is Side.US else Direction.IN, author=writer, language=case["language"],
        findings=tuple(findings),
    )  # fmt: skip
