"""When something is due: which time expression of a sentence says so, and what it means from the message's date.

The words are data (`languages/<code>/dates.toml`), the reading is this: forms find expressions (`timewords`), meanings
count them from the anchor (`timesense`), neighbours become one (`timejoin`), and here the words around them say which
is a due: "by" and "mennessä" make a deadline, "not" and "since" none, and a plain time is no due beside a plain fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from errors import BadLine
from languages import codes
from nlp.calendar import DAY, monday
from nlp.findings import Due
from nlp.timejoin import Expression, join
from nlp.timesense import OPEN, Anchor, Sense, after
from nlp.timewords import Grammar, expand, find, grammar

_RANK_DEADLINE, _RANK_DAY, _RANK_OPEN, _RANK_HAPPENING = 30, 20, 10, 0
_LONGEST_MARKER = 6  # words
_ELLIPSIS = 1  # words; a clause of so few goes with what stands before it
_AFTERNOON = 6  # the latest bare hour that is one of the afternoon

_CLAUSE_END = re.compile(r"[,;:.!?](?=\s|$)")
_WORDS = re.compile(r"[^\s,;:()]+")


class _Markers(NamedTuple):
    """Phrases around an expression, by what they make of it."""

    before: dict[str, str]
    after: dict[str, str]


class _Reading(NamedTuple):
    """The patterns by which a sentence's clauses are told apart and judged."""

    clause: re.Pattern[str]
    past: re.Pattern[str]
    events: re.Pattern[str]
    future: re.Pattern[str]
    conditional: re.Pattern[str]
    reported: re.Pattern[str]
    deliver: re.Pattern[str]
    negated: re.Pattern[str]
    opener: re.Pattern[str]
    assume: bool
    happenings: re.Pattern[str]
    nouns: re.Pattern[str]
    base: re.Pattern[str]
    year_ends: re.Pattern[str]
    year_starts: re.Pattern[str]


class _Candidate(NamedTuple):
    start: int
    end: int
    sense: Sense
    rank: int


def due(sentence: str, language: str | None, anchor: datetime) -> Due | None:
    """The due words of a sentence and what they mean.

    `language` is the code of a pack; None tries each. `anchor` is the message's date, aware, in its writer's own
    offset. Offsets in the result are code points into `sentence`. None where the sentence says no due.
    """
    for code in [language] if language else codes():
        found = _due(sentence, Anchor(anchor, code))
        if found is not None:
            return found
    return None


def answer(record: Mapping[str, object]) -> dict[str, object]:
    """One line of `suhde dates`: {"id", "lang", "anchor", "sentence"} to {"id", "due", "iso", "from", "to"}.

    `due`, `iso`, `from` and `to` are null where there is none. Raises BadLine that names the field that is wrong.
    """
    sentence, language, written = record.get("sentence"), record.get("lang"), record.get("anchor")
    if not isinstance(sentence, str):
        raise BadLine('"sentence" must be a string.')
    if language is not None and language not in codes():
        raise BadLine(f'"lang" must be one of {", ".join(codes())}, or null.')
    try:
        anchor = datetime.fromisoformat(written if isinstance(written, str) else "")
    except ValueError:
        raise BadLine('"anchor" must be an ISO 8601 date and time with an offset.') from None
    if anchor.tzinfo is None:
        raise BadLine('"anchor" must have an offset from UTC, as in 2001-05-14T09:30:00+02:00.')
    found = due(sentence, str(language) if language else None, anchor)
    return {
        "id": record.get("id"),
        "due": found and found.words,
        "iso": found and found.iso,
        "from": found and found.first and found.first.isoformat(),
        "to": found and found.last and found.last.isoformat(),
    }


def _due(sentence: str, anchor: Anchor) -> Due | None:
    rules = grammar(anchor.language)
    low = _lower(sentence)
    if not rules.triggers.search(low):
        return None
    reading = _reading(anchor.language)
    expressions = join(find(low, sentence, rules), low, anchor)
    if (fiscal := _fiscal_month(low, expressions, reading)) != anchor.fiscal:
        anchor = anchor._replace(fiscal=fiscal)
        expressions = join(find(low, sentence, rules), low, anchor)
    candidates = [c for e in expressions if (c := _candidate(e, low, anchor, reading))]
    candidates += _happenings(low, reading, expressions, candidates)
    if not candidates:
        return None
    best = max(candidates, key=lambda c: (c.rank, -c.start))
    words = _settled(_with_clock(best, expressions, low, reading), anchor)
    return Due(
        words=sentence[best.start : best.end],
        start=best.start,
        end=best.end,
        iso=words.iso,
        first=words.first,
        last=words.last,
    )


def _with_clock(best: _Candidate, expressions: list[Expression], low: str, reading: _Reading) -> Sense:
    """The due with the hour that its clause says further on ("maanantaina olen teillä klo 10"), where it is a day."""
    said = best.sense
    if said.precision != "day" or said.clock is not None or said.point is not None:
        return said
    for found in expressions:
        if found.meaning == "clock" and found.start >= best.end and not reading.clause.search(low, best.end, found.start):
            return said._replace(clock=found.sense.clock, exact=found.sense.exact, hint=found.sense.hint or said.hint)
    return said


def _fiscal_month(low: str, expressions: list[Expression], reading: _Reading) -> int:
    """The month in which the fiscal year begins, where the sentence says so; else January."""
    for pattern, edge in ((reading.year_ends, 1), (reading.year_starts, 0)):
        if said := pattern.search(low):
            for found in expressions:
                if found.start == said.end() and found.sense.last and found.meaning in ("date", "month"):
                    return (found.sense.last.month - 1 + edge) % 12 + 1
    return 1


def _lower(sentence: str) -> str:
    low = sentence.lower()
    return low if len(low) == len(sentence) else "".join(c.lower() if len(c.lower()) == 1 else c for c in sentence)


@cache
def _markers(language: str) -> _Markers:
    pack = grammar(language).pack
    return _Markers(
        {phrase: kind for kind, phrases in pack["before"].items() for phrase in phrases},
        {phrase: kind for kind, phrases in pack["after"].items() for phrase in phrases},
    )


@cache
def _reading(language: str) -> _Reading:
    rules = grammar(language)
    facts, events, pack = rules.pack["facts"], rules.pack["events"], rules.pack
    nouns = events["nouns"].replace("{noun}", events["noun"])
    past = rf"(?<!\w)(?:{facts['past']})(?!\w)"
    if facts.get("past_ending"):
        past += rf"|\b(?!(?:{facts['past_ending_not']})\b){facts['past_ending']}\b"
    return _Reading(
        clause=re.compile(pack["clause"]),
        past=re.compile(past),
        events=re.compile(rf"(?<!\w){facts['events']}(?!\w)"),
        future=re.compile(rf"(?:(?<!\w)|(?=['’]))(?:{facts['future']})(?!\w)"),
        conditional=re.compile(rf"\W*(?:{facts['conditional']})(?!\w)"),
        reported=re.compile(rf"(?<!\w)(?:{facts['reported']})(?!\w)"),
        deliver=re.compile(rf"(?<!\w)(?:{facts['deliver']})(?!\w)"),
        negated=re.compile(rf"(?<!\w)(?:{facts['negated']})(?!\w)"),
        opener=re.compile(rf"\W*(?:{facts['request_openers']})(?!\w)"),
        assume=bool(facts.get("assume")),
        happenings=re.compile(rf"(?<!\w)(?:{'|'.join(expand(o, rules) for o in events['opens'])})(?=\s)"),
        nouns=re.compile(rf"(?<!\w)(?:{expand(nouns, rules)})(?!\w)"),
        base=re.compile(pack["join"]["base"]),
        year_ends=re.compile(pack["fiscal"]["ends"]),
        year_starts=re.compile(pack["fiscal"]["starts"]),
    )


def _candidate(found: Expression, low: str, anchor: Anchor, reading: _Reading) -> _Candidate | None:
    """The expression with the words around it as a due, or None where they say that it is none."""
    if found.meaning == "past":
        return None
    markers = _markers(anchor.language)
    start, before = _marker_before(low, found.start, markers.before)
    end, behind = _marker_after(low, found.end, markers.after)
    if "not" in (before, behind) or "past" in (before, behind):
        return None
    deadline = "deadline" in (before, behind) or bool(found.values.get("by"))
    if (found.meaning == "slashed" or found.values.get("loose")) and not before and not behind:
        return None
    said = found.sense
    if before == "after" and found.meaning == "holiday" or behind == "after" and found.meaning == "holiday":
        said = after(said, anchor)
    if before == "week" and said.first:
        first = monday(said.first)
        said = Sense("week", first, first + 6 * DAY)
    if found.meaning == "counted" and (base := reading.base.match(low, found.end)):
        clause = reading.clause.search(low, base.end())
        end = clause.start() if clause else len(low.rstrip(" .!?"))
        said = OPEN
    if said.last is not None and said.last < anchor.day:
        return None
    if not _is_said(found, low, reading, deadline=deadline):
        return None
    rank = _RANK_DEADLINE if deadline else _RANK_OPEN if found.meaning == "daypart" else _RANK_DAY
    if said is OPEN:
        rank = _RANK_DAY if found.meaning == "counted" else _RANK_OPEN
    if _is_condition(found, low, reading):
        rank = rank // 2 + 2  # a day of an if-clause comes after every day of the main clause, before what is open
    return _Candidate(start, end, said, rank)


def _marker_before(low: str, at: int, phrases: Mapping[str, str]) -> tuple[int, str | None]:
    """The longest phrase that ends where an expression starts: from where it counts, and its kind."""
    words = list(_WORDS.finditer(low, max(0, at - 40), at))[-_LONGEST_MARKER:]
    for word in words:
        if low[word.start() : at].strip() in phrases and low[word.start():at].endswith(" "):
            return word.start(), phrases[low[word.start() : at].strip()]
    return at, None


def _marker_after(low: str, at: int, phrases: Mapping[str, str]) -> tuple[int, str | None]:
    words = list(_WORDS.finditer(low, at, min(len(low), at + 40)))[:_LONGEST_MARKER]
    for word in reversed(words):
        end = word.end()
        while end > at and low[end - 1] in ".!?":
            end -= 1
        if low[at:end].strip() in phrases and low[at:at+1] in " ":
            return end, phrases[low[at:end].strip()]
    return at, None


def _is_said(found: Expression, low: str, reading: _Reading, *, deadline: bool) -> bool:
    """Whether the clause around an expression asks or promises, rather than tells a fact."""
    start = max((m.end() for m in reading.clause.finditer(low, 0, found.start)), default=0)
    stop = reading.clause.search(low, found.end)
    rest = low[found.end : stop.start() if stop else len(low)]
    if len(_WORDS.findall(low[start : found.start] + rest)) <= _ELLIPSIS:
        start = 0
    clause = low[start : found.start] + " · " + rest
    if found.sense is OPEN and reading.events.search(low, 0, found.start):
        return False
    future = bool(reading.future.search(clause) or reading.opener.match(low, start))
    ahead = int(found.values.get("relative", 0)) > 0 or int(found.values.get("shift", 0)) > 0
    if reading.past.search(clause) and not (future or ahead or reading.reported.search(clause)):
        return False
    if reading.events.search(clause) and not future:
        return False
    if reading.negated.search(clause) and not deadline:
        return False
    if future or reading.assume or deadline:
        return True
    return bool(reading.future.search(low) or reading.opener.match(low) or reading.deliver.search(low))


def _is_condition(found: Expression, low: str, reading: _Reading) -> bool:
    """Whether an expression stands in an if-clause, whose time is no due where the main clause has one."""
    start = max((m.end() for m in reading.clause.finditer(low, 0, found.start)), default=0)
    return reading.conditional.match(low, start) is not None


def _happenings(
    low: str, reading: _Reading, expressions: list[Expression], others: list[_Candidate]
) -> list[_Candidate]:
    """Dues that wait for something without a date."""
    if any(other.rank > _RANK_OPEN for other in others):
        return []
    found: list[_Candidate] = []
    for opening in reading.happenings.finditer(low):
        stop = _CLAUSE_END.search(low, opening.end())
        end = stop.start() if stop else len(low.rstrip())
        said = low[: opening.start()]
        told = _tells(said, low, reading) or (reading.events.search(said) and not reading.future.search(said))
        if said.strip() and not told:
            found.append(_Candidate(opening.start(), end, OPEN, _RANK_HAPPENING))
    for noun in reading.nouns.finditer(low):
        if not _tells(low, low, reading):
            found.append(_Candidate(noun.start(), noun.end(), OPEN, _RANK_HAPPENING))
    dated = [(e.start, e.end) for e in expressions if e.sense is not OPEN]
    return [c for c in found if not any(start < c.end and c.start < end for start, end in dated)]


def _tells(clause: str, low: str, reading: _Reading) -> bool:
    if reading.past.search(clause):
        return True
    return not (reading.assume or reading.future.search(low) or reading.opener.match(low))


def _settled(said: Sense, anchor: Anchor) -> Sense:
    """With a day where only a clock was said, and morning or afternoon chosen where the hour leaves it open."""
    if said.clock is None:
        return said
    hour, minute = said.clock
    today = said.first is None or (said.first == anchor.day and said.bare)
    day = said.first or anchor.day
    if not said.exact and hour <= 12:
        if said.hint == "pm" and hour < 12 or said.hint is None and hour <= _AFTERNOON:
            hour += 12
        elif said.hint is None and today and hour < 12 and (hour, minute) <= (anchor.at.hour, anchor.at.minute):
            hour += 12
    if said.hint == "night" and hour < _AFTERNOON:
        day += DAY
    last = day if said.last is None or said.last < day else said.last
    return said._replace(precision="day", first=day, last=last, clock=(hour % 24, minute), point=None)
