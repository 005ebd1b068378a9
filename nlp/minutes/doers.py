"""Who is to do what a sentence of minutes says, or whose words it is.

Names in brackets or at a line's end ("- Lauri (~3 h)") come first; then, of what somebody is to do, who stands before a
verb of doing; then who the sentence begins with, whom the model takes for the debtor, whoever is named, who speaks, and
last the person or group that the heading names.
"""

from __future__ import annotations

import re

from nlp.findings import READER, WRITER
from nlp.minutes.cast import Cast, owners
from nlp.minutes.evidence import Sentence
from nlp.minutes.items import ItemType
from nlp.minutes.judging import ACTS
from nlp.minutes.outline import Passage
from nlp.minutes.words import Words, low

_SPEAKERS = frozenset(
    {ItemType.PROPOSAL, ItemType.OPEN_QUESTION, ItemType.REJECTION, ItemType.AGREEMENT, ItemType.ISSUE}
)  # whose who is whoever says it
_HEADING = 4  # words of a heading that may be a name
_DOER = 4  # words before a verb that may name who does it
_BETWEEN = 2  # words between names that are still one subject
_ASIDE = re.compile(r"\(([^()\n]{1,50})\)")
_TAIL = re.compile(r"(?:\s[-–—]\s|:\s)([^-–—:]{2,60})$")
_TRAIL = re.compile(r"(?:\s*\([^()\n]{0,30}\))?[\s.*_]{0,10}$")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SIGNS = " *_\"'>#-–—(:,"


def who(sentence: Sentence, kind: ItemType, cast: Cast, words: Words) -> tuple[str, ...]:
    """Who is meant, as participants are called where they are some; empty where nobody is named."""
    text, speaker = sentence.text, sentence.passage.speaker
    if found := named_owners(text, cast, words):
        return found
    speaks = (cast.known(speaker) or speaker,) if speaker else ()
    if speaks and (kind in _SPEAKERS or _first_person(text, words)):
        return speaks
    if kind in ACTS and (found := doers(text, cast, words)):
        return found
    if sentence.subject:
        return _subjects(text, cast)
    debtor = sentence.finding.debtor if sentence.finding else None
    if debtor and debtor not in (WRITER, READER):
        return (cast.known(debtor) or debtor,)
    if named := cast.named(text):
        return (named[0][2],)
    if speaks and debtor != READER:
        return speaks
    return _of_heading(sentence.passage, cast)


def named_owners(text: str, cast: Cast, words: Words) -> tuple[str, ...]:
    """Who is named in brackets or at the end of a line as the one who does it."""
    for aside in _ASIDE.finditer(text):
        if found := tuple(name for name in owners(aside[1], cast, words) if cast.known(name)):
            return found
    trail = _TRAIL.search(text)
    tail = _TAIL.search(text[: trail.start()] if trail else text)
    return owners(tail[1], cast, words) if tail else ()


def doers(text: str, cast: Cast, words: Words) -> tuple[str, ...]:
    """Who stands before a verb of doing at the beginning of a clause: somebody known, else who has a capital."""
    others: list[str] = []
    said = low(text)
    for verb in words.does.finditer(said):
        begins = max((m.end() for m in words.clause.finditer(said, 0, verb.start())), default=0)
        before = text[begins : verb.start()].strip(_SIGNS)
        if not before or len(before.split()) > _DOER or low(before.split()[0]) in words.people["not"]:
            continue
        if named := [name for _, _, name in cast.named(before)]:
            return tuple(dict.fromkeys(named))
        if before[0].isupper():
            others.append(before)
    return tuple(others[:1])


def _subjects(text: str, cast: Cast) -> tuple[str, ...]:
    """The people that a sentence begins with: names with hardly a word between them."""
    found: list[str] = []
    last = 0
    for start, end, name in cast.named(text):
        if found and len(text[last:start].split()) > _BETWEEN:
            break
        found.append(name)
        last = end
    return tuple(dict.fromkeys(found))


def _first_person(text: str, words: Words) -> bool:
    return not words.people["self"].union(words.people["all"]).isdisjoint(_TOKEN.findall(low(text)))


def _of_heading(passage: Passage, cast: Cast) -> tuple[str, ...]:
    for heading in reversed(passage.headings):
        if len(heading.split()) <= _HEADING and (name := cast.known(heading)):
            return (name,)
    return ()
