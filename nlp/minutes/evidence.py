"""What speaks for and against a sentence of minutes being an item: cues of words and form, and the model's finding.

Each feature is a figure of about 0 … 1 (cue points are divided by four); `weights.toml` says what it counts for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus.paper import BlockKind
from nlp.findings import Act, Finding, Sentiment
from nlp.minutes.outline import Passage
from nlp.minutes.words import Cue, Words, low

_SCALE = 4.0  # of cue points
_LOUDEST = 6.0
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)|<?https?://\S{1,500}|<[^<>\n]{1,300}>|\bwww\.\S{1,300}")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_OPENING = re.compile(r"[\s*_\"'“”»>#(\[–—-]*(?:#?\d{1,6}\s?[-–:.]\s?)?")
_DIFFERS = ("model", "holds", "opens")  # features that count for something else where people talk
_MOSTLY = 0.5
_FEW, _SOME, _MANY = 3, 6, 30  # words


class Sentence(NamedTuple):
    """A sentence of minutes as it is judged. `text` is as written, without line breaks; [start, end) its place."""

    text: str
    start: int
    end: int
    passage: Passage
    finding: Finding | None
    first: bool  # of its passage
    answers: bool  # what was said before is a question
    subject: str | None  # the known person or group that it begins with
    does: bool  # a verb of doing follows the subject
    owned: bool  # it names, in brackets or at its end, who does it
    dated: float  # the share of it that says when it is due


def features(sentence: Sentence, words: Words, *, spoken: bool) -> dict[str, float]:
    """The figures of one sentence; those that are 0 are left out."""
    said = low(_LINK.sub(lambda m: m[1] or " ", sentence.text))
    opening = _OPENING.match(said)
    said = said[opening.end() if opening else 0 :]
    found: dict[str, float] = {"bias": 1.0, "spoken": float(spoken)}
    for place, cues in (("opens", words.opens), ("holds", words.holds)):
        for name, each in cues.items():
            found[f"{place} {name}"] = _points(each, said, first=place == "opens") / _SCALE
    found |= _of_form(sentence, said, words)
    found |= _of_structure(sentence)
    found |= _of_model(sentence.finding)
    if spoken:
        found |= {f"spoken {name}": value for name, value in found.items() if name.startswith(_DIFFERS)}
    return {name: value for name, value in found.items() if value}


def is_empty(text: str) -> bool:
    """Whether nothing is left of a sentence without its links."""
    return len(_WORD.findall(_LINK.sub(" ", text))) < 2 and not _WORD.findall(_LINK.sub(lambda m: m[1] or " ", text))


def _points(cues: tuple[Cue, ...], said: str, *, first: bool) -> float:
    points = [cue.points for cue in cues if (cue.pattern.match(said) if first else cue.pattern.search(said))]
    return min(sum(points), _LOUDEST)


def _of_form(sentence: Sentence, said: str, words: Words) -> dict[str, float]:
    count = len(_WORD.findall(said))
    stripped = said.rstrip(" *_\"')”")
    return {
        "question": float("?" in stripped[-3:]),
        "question inside": float("?" in said and not stripped.endswith("?")),
        "passive": float(words.passive.match(said) is not None),
        "passive inside": float(_inside(words.passive, words, said)),
        "imperative": float(_inside(words.imperative, words, said, first=True)),
        "past": float(words.past.search(said) is not None),
        "done": float(words.done.search(said) is not None),
        "to do": float(words.to_do.match(said) is not None),
        "quiet": float(words.quiet_opens.match(said) is not None or words.quiet_holds.search(said) is not None),
        "subject": float(sentence.subject is not None),
        "does": float(sentence.does),
        "subject does": float(sentence.does and sentence.subject is not None),
        "owned": float(sentence.owned),
        "dated": float(sentence.dated > 0),
        "only a day": float(sentence.dated > _MOSTLY),
        "next meeting": float(sentence.dated > 0 and sentence.passage.section == "next_meeting"),
        "next": float(words.next_meeting.search(said) is not None),
        "link": float(len(_LINK.sub("", sentence.text)) < len(sentence.text) / 2),
        "ends with colon": float(stripped.endswith(":")),
        "few words": float(count <= _FEW),
        "some words": float(_FEW < count <= _SOME),
        "many words": float(count > _MANY),
    }


def _inside(pattern: re.Pattern[str], words: Words, said: str, *, first: bool = False) -> bool:
    """Whether a clause behind the first begins so, or, where `first` counts too, the first."""
    starts = [m.end() for m in words.clause.finditer(said)]
    return any(pattern.match(said, at) for at in ([0, *starts] if first else starts))


def _of_structure(sentence: Sentence) -> dict[str, float]:
    passage = sentence.passage
    found = {
        "first": float(sentence.first),
        "answers": float(sentence.answers),
        "item": float(passage.kind is BlockKind.ITEM),
        "speaker": float(passage.speaker is not None),
        "box": float(passage.box is not None),
        "done": float(passage.box == "x"),
    }
    if passage.label:
        found[f"label {passage.label}"] = 1.0 if sentence.first else 0.5
    if passage.section:
        found[f"section {passage.section}"] = 1.0
        found[f"section {passage.section} owned"] = float(sentence.owned or sentence.subject is not None)
    return found


def _of_model(finding: Finding | None) -> dict[str, float]:
    if finding is None:
        return {}
    chances: Mapping[str, float] = finding.confidence
    found = {f"model {act.value}": chances.get(act, 0.0) for act in Act}
    found["model issue"] = chances.get("issue", 0.0)
    found["model severity"] = (finding.severity or 0) / 3
    found["model negative"] = chances.get("sentiment", 0.0) if finding.sentiment is Sentiment.NEGATIVE else 0.0
    found["model conditional"] = float(finding.conditional)
    for act in finding.acts:
        found[f"act {act.value}"] = 1.0
    return found
