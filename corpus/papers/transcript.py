"""Transcripts: WebVTT (W3C), SubRip, and plain text in turns of speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from corpus.charsets import clean, decode
from corpus.paper import BlockKind, Form, Paper
from corpus.papers.writing import Writer
from errors import Broken

_TIMES = re.compile(r"^\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->", re.M)
_BLANK = re.compile(r"\n[ \t]*\n")
_VOICE = re.compile(r"<v(?:\.[^ >]{0,40})? ([^>]{1,80})>")
_TAG = re.compile(r"<[^<>\n]{0,200}>")
_NAME = r"[^\W\d_](?:[^:\n\t<>.?!]|\.(?=[ \w])){0,45}"
_SPEAKER = re.compile(rf"({_NAME}):\s+(?=\S)")
_CHANGE = re.compile(r"^\s*>>+\s*(?:>>>:)?\s*", re.M)  # captions mark a new speaker so
_TURN = re.compile(
    rf"^[ \t]*(?:\[?(?:\d{{1,2}}:)?\d{{1,2}}:\d{{2}}(?:[.,]\d{{1,3}})?\]?[ \t-]*)?({_NAME}):[ \t]+(\S.*)$", re.M
)
_MAX_TURN = 2_000  # code points after which a speaker's next cue begins a new block
_FEW, _SHARE = 6, 0.6  # turns, and their share of a text's lines, that make it a transcript
_MAX_WORDS = 5  # of a speaker's name


class Turn(NamedTuple):
    """What one speaker says in one go; a line between turns has no speaker."""

    speaker: str | None
    text: str
    spoken: bool = True

    def write(self, writer: Writer) -> None:
        """Add it to a paper."""
        writer.add(self.text, BlockKind.CUE if self.spoken else BlockKind.PARAGRAPH, speaker=self.speaker)


def read_cues(raw: bytes) -> Paper:
    """Read WebVTT or SubRip: neighbouring cues of a speaker are one block. Raises Broken."""
    text = clean(decode(raw))
    writer = Writer()
    found = list(_merged(_cues(text)))
    if not found:
        raise Broken("no cues in it.")
    for turn in found:
        turn.write(writer)
    return writer.paper(Form.TRANSCRIPT, people=[turn.speaker for turn in found if turn.speaker])


def _cues(text: str) -> Iterator[Turn]:
    last = ""
    for block in _BLANK.split(text):
        times = _TIMES.search(block)
        if not times:
            continue
        line_end = block.find("\n", times.end())
        body = block[line_end + 1 :] if line_end >= 0 else ""
        voice = _VOICE.search(body)
        words = unescape(_TAG.sub("", body))
        lines = [line.strip() for line in words.split("\n") if line.strip() and line.strip() != last]
        if not lines:  # captions that roll repeat the line before
            continue
        last = lines[-1]
        yield from _spoken(" ".join(lines), voice[1].strip() if voice else None)


def _spoken(words: str, speaker: str | None) -> Iterator[Turn]:
    if changes := list(_CHANGE.finditer(words)):
        words = words[changes[0].end() :]
        speaker = speaker or ""
    named = _SPEAKER.match(words)
    if speaker is None and named and len(named[1].split()) <= _MAX_WORDS:
        yield Turn(named[1].strip(), words[named.end() :])
    else:
        yield Turn(speaker, words)


def _merged(cues: Iterator[Turn]) -> Iterator[Turn]:
    """Cues of one speaker joined; one without a name goes on with the speaker before."""
    speaker: str | None = None
    parts: list[str] = []
    length = 0
    for cue in cues:
        goes_on = cue.speaker is None or (cue.speaker == speaker and cue.speaker != "")
        ended = length > _MAX_TURN and parts[-1].endswith((".", "?", "!"))
        if parts and (not goes_on or ended):
            yield Turn(speaker or None, " ".join(parts))
            parts, length = [], 0
        speaker = speaker if cue.speaker is None else cue.speaker
        parts.append(cue.text)
        length += len(cue.text)
    if parts:
        yield Turn(speaker or None, " ".join(parts))


def turns(text: str) -> list[Turn]:
    """A plain text as turns, where most of its lines are what named speakers say; else none."""
    lines = [line for line in text.split("\n") if line.strip()]
    found = [_TURN.match(line) for line in lines]
    names = Counter(match[1].strip() for match in found if match and len(match[1].split()) <= _MAX_WORDS)
    speakers = {name for name, count in names.items() if count > 1}
    spoken = sum(count for name, count in names.items() if name in speakers)
    if spoken < _FEW or spoken < _SHARE * len(lines) or len(speakers) > spoken / 2:
        return []
    out = []
    for line, match in zip(lines, found, strict=True):
        if match and match[1].strip() in names:
            out.append(Turn(match[1].strip(), match[2]))
        else:
            out.append(Turn(None, line, spoken=False))
    return out
