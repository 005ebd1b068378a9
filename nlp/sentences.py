"""Where sentences begin and end in a zone: wrapped prose, list items, table rows, headings, greetings.

First lines are gathered into blocks: a line goes on in the next one where its first word no longer fitted on it, or
where the next begins in lower case. Then blocks are cut after full stops, question and exclamation marks, unless an
abbreviation, an ordinal or an initial stands there. All passes are linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from languages import codes, data

_WIDEST = 110  # code points; a longer line was not wrapped by a mail program
_NARROWEST = 45  # a shorter line was not either, unless its words run on
_RUNNING = 30  # a line of so many that the next goes on with in lower case was broken, not ended
_GREETING = 48
_TURNS = 3  # speakers in a block make it a chat

_SPEAKER = re.compile(r"(?<!\S)([^\W\d_a-zäöå][\w-]{1,15}):[ ]")
_LINE = re.compile(r"[^\n]+")
_QUOTE_MARK = re.compile(r"[ \t]{0,8}(?:[>|][ \t]?){1,20}")
_LIST_MARK = re.compile(
    r"(?:[-–—*•·▪●○◦‣►»+#]{1,3}[ \t]+|[-–•·●▪*](?=[^\W\d_])(?![^\W\d_]{1,40}[*])"
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})\)[ \t]+|\d{1,2}\.[ \t]+(?=[^\W_a-zåäö])"
    r"|(?:§[ \t]?)?\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t]+(?=[^\W\d_a-zåäö])|\[[ xX]?\][ \t]*)"
)
_COLUMNS = re.compile(r"\S(?:\t| {4})|\|.*\|")
_RULE = re.compile(r"[-=_*~#.+ \t]{3,}$")
_FIRST_WORD = re.compile(r"\S+")
_STOP = re.compile(
    r"(?:[.…]{1,8}|[.…]{0,4}[!?][.!?…]{0,8})[\"'”’»)\]*_]{0,4}(?:[ \t]{0,2}[:;]-?[)(DPp]{1,4})?(?=\s|$)"
    r"|[:;]-?[)(DP]{1,4}(?=\s)"
)
_WORD_BEFORE = re.compile(r"(\d[ \u00a0]?)?([^\s(\"”“»\[/]+)$")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_]){0,4}")
_NEXT = re.compile(r"[\s\"'“”»(\[*_]*")
_NEXT_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


class _Rules(NamedTuple):
    """One language's words, lower case, without their full stop."""

    abbreviations: frozenset[str]
    closing: frozenset[str]
    greetings: frozenset[str]
    small: frozenset[str]  # function words; with a capital they open a sentence


class _Line(NamedTuple):
    """A line that is not blank: its text starts after quote marks and indentation."""

    start: int
    end: int
    depth: int  # of quoting
    item: bool  # whether it opened with a list mark, now left out
    reach: int  # the column in which it ends, counted from the quote mark


def split(text: str, start: int, end: int, language: str | None) -> list[tuple[int, int]]:
    """The sentences of the zone text[start:end], in order and disjoint.

    `language` is the code of a pack; None uses the rules of all. Returns offsets into `text` (code points), without
    the white space around a sentence and without quote and list marks before it.
    """
    rules = _rules(language)
    spans: list[tuple[int, int]] = []
    for first, last in _turns(text, _blocks(text, start, end, rules)):
        greeted = _greeting_end(text, first, last, rules, opens=not spans)
        if first < greeted < last:
            spans.append((first, greeted))
            first = _skip(text, greeted, last)
        spans.extend(_cut(text, first, last, rules))
    return spans


@cache
def _rules(language: str | None) -> _Rules:
    languages = [language] if language else codes()

    def words(topic: str, key: str) -> frozenset[str]:
        return frozenset(word for code in languages for word in data(code, topic)[key].split())

    return _Rules(
        abbreviations=words("sentences", "abbreviations"),
        closing=words("sentences", "closing"),
        greetings=words("sentences", "greetings"),
        small=words("words", "words"),
    )


def _blocks(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Stretches of text that one line begins and wrapped lines go on with."""
    lines = list(_lines(text, start, end))
    width = max((line.reach for line in lines if line.reach <= _WIDEST), default=0)
    block: list[_Line] = []
    for line in lines:
        if block and not _goes_on(text, block[-1], line, width, rules, first=len(block) == 1):
            yield block[0].start, block[-1].end
            block = []
        block.append(line)
    if block:
        yield block[0].start, block[-1].end


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    for found in _LINE.finditer(text, start, end):
        first, last = found.span()
        depth = 0
        if (quote := _QUOTE_MARK.match(text, first, last)) and ">" in quote.group():
            depth, first = quote.group().count(">"), quote.end()
        margin = first
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first == last or (last - first >= 3 and _RULE.match(text, first, last)):
            continue
        mark = _LIST_MARK.match(text, first, last)
        if mark and mark.end() < last:
            first = mark.end()
        yield _Line(first, last, depth, mark is not None, last - margin)


def _goes_on(text: str, last: _Line, line: _Line, width: int, rules: _Rules, *, first: bool) -> bool:
    """Whether `line` goes on with the sentence of the line before it."""
    if line.item or line.depth != last.depth or text.count("\n", last.end, line.start) != 1:
        return False
    if last.reach > _WIDEST or any(_COLUMNS.search(text, row.start, row.end) for row in (last, line)):
        return False
    if first and last.reach <= _GREETING and _is_greeting(text, last, rules):
        return False
    word = _FIRST_WORD.match(text, line.start)
    full = word is not None and last.reach + 1 + len(word.group()) > width
    if last.reach >= _NARROWEST and full:
        return True
    return last.reach >= _RUNNING and text[line.start].islower() and text[last.end - 1] not in ".!?:;,"


def _is_greeting(text: str, line: _Line, rules: _Rules) -> bool:
    if text[line.end - 1] == ",":
        return True
    word = _NEXT_WORD.match(text, line.start)
    return word is not None and word.group().lower() in rules.greetings


def _greeting_end(text: str, start: int, end: int, rules: _Rules, *, opens: bool) -> int:
    """Where the greeting ends that a block begins with ("Hei Ilpo, luin …"), or `start` where it begins with none.

    Where the zone opens, a name with a comma greets too ("Ilpo, luin …").
    """
    at = start
    greetings = names = 0
    while greetings + names < 4 and (word := _NEXT_WORD.match(text, at, end)):
        lower = word.group().lower()
        if not names and lower in rules.greetings:
            greetings += 1
        elif text[at].isupper() and lower not in rules.small and (greetings or opens):
            names += 1
        else:
            break
        at = word.end()
        if at < end and text[at] == ",":
            return at + 1 if greetings or names == 1 else start
        if at < end and text[at] == " ":
            at += 1
    greets = (greetings and names) or greetings > 1
    return at - 1 if greets and text[at - 1] == " " else start


def _turns(text: str, blocks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Blocks in which a chat was pasted without its line ends, cut before each speaker ("Arttu: … Jorma: …")."""
    for start, end in blocks:
        if text.count(":", start, end) >= _TURNS:
            speakers = list(_SPEAKER.finditer(text, start, end))
            if len(speakers) >= _TURNS and len({s[1] for s in speakers}) < len(speakers):
                for speaker in speakers:
                    if speaker.start() > start:
                        yield start, speaker.start() - 1
                    start = speaker.start()
        yield start, end


def _cut(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """The sentences of one block."""
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() >= end:
            break
        if _ends(text, begin, stop, end, rules):
            yield begin, stop.end()
            begin = _skip(text, stop.end(), end)
    if begin < end:
        yield begin, end


def _skip(text: str, at: int, end: int) -> int:
    """Over white space, and over quote marks where a new line begins."""
    while at < end and text[at].isspace():
        if text[at] == "\n" and (mark := _QUOTE_MARK.match(text, at + 1, end)):
            at = mark.end()
        else:
            at += 1
    return at


def _ends(text: str, begin: int, stop: re.Match[str], end: int, rules: _Rules) -> bool:
    """Whether the stop ends a sentence that began at `begin`."""
    sign = stop.group()
    at = _skip(text, stop.end(), end)
    opening = _NEXT.match(text, at, end)
    at = opening.end() if opening else at
    if at >= end:
        return True
    following = text[at]
    if "!" in sign or "?" in sign:
        return not following.islower() or sign[-1] not in "\"'”’»)]"
    if sign[0] in ":;" or sign[0] == "…" or sign[:2] == "..":
        return following.isupper()
    return _full_stop_ends(text, begin, stop.start(), at, end, rules)


def _full_stop_ends(text: str, begin: int, at: int, following: int, end: int, rules: _Rules) -> bool:
    before = _WORD_BEFORE.search(text, max(begin, at - 24), at)
    if before is None:
        return True
    number, word = before[1], before[2].lower()
    capital = text[following].isupper()
    if before[2][0].isupper() and _INITIALS.fullmatch(word):
        return _opens_sentence(text, following, end, rules)
    if word in rules.abbreviations and not number:
        return False
    if word in rules.closing or word in rules.abbreviations:
        return capital
    if word[-1].isdigit():
        return capital or (text[following].isdigit() and len(word) > 3)
    if _INITIALS.fullmatch(word):
        return _opens_sentence(text, following, end, rules)
    return capital or len(word) > 1


def _opens_sentence(text: str, at: int, end: int, rules: _Rules) -> bool:
    """Whether the word at `at` is a small word with a capital, so that no name goes on there."""
    word = _NEXT_WORD.match(text, at, end)
    return word is not None and text[at].isupper() and word.group().lower() in rules.small
