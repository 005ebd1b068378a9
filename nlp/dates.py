"""When something is due: which time expression of a sentence says so, and what it means from the message's date.

The words are data (`languages/<code>/dates.toml`), the reading is this: forms find expressions (`timex.grammar`), they
are counted from the anchor (`timex.meaning`), neighbours become one (`timex.join`), and the words around them say which
is a due (`timex.context`, `timex.clauses`): "by" and "mennessä" make a deadline, "not" and "since" none, and the time
of a fact is none, or the last to be chosen where the sentence is known to promise.
What it does not know: times that the sentence before names ("by then" is open), seasons, and recurring days as days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from errors import BadLine
from languages import codes
from nlp.findings import Due
from nlp.timex.calendar import DAY, WEEK, monday
from nlp.timex.clauses import clause_around, in_condition, is_aside, is_mere, tells_fact
from nlp.timex.context import (
    Context,
    clause_end,
    context,
    happenings,
    is_standing,
    marker_after,
    marker_before,
    takes_place_before,
)
from nlp.timex.grammar import find, grammar
from nlp.timex.holidays import day_after
from nlp.timex.join import Expression, join
from nlp.timex.sense import OPEN, Anchor, Sense, days

# Which of several a sentence has as its due: "every week" before a deadline, this before a day, a day before "soon",
# "soon" before the day of a fact, and this before "when".
_RECURRING, _DEADLINE, _DAY, _PART, _OPEN, _HAPPENING = 40, 30, 20, 14, 10, 0
_LONGEST = 1000  # code points of a sentence that are read; what is longer is no sentence
_MANY = 12  # expressions of a sentence that are weighed; what has more is a table
_YEARS = range(1000, 9000)  # of messages; with others, dates would run off the calendar's ends
_AFTERNOON = 6  # the latest bare hour that is one of the afternoon
_EARLY, _EVENING = 9, 21  # a bare hour after the first is one of the night only in mail of the evening

UNLIKELY = 0.3  # no due is less likely, where a model weighs
NEARLY = 0.9  # of the likeliest one's weight: then what the words say decides

Weigh = Callable[[int, int], float]

_FROM_NOW = frozenset({"counted", "clock"})  # meanings that a message's time gives a day

_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s{2,}")


class _Candidate(NamedTuple):
    start: int
    end: int
    sense: Sense
    rank: int


def due(
    sentence: str, language: str | None, anchor: datetime, *, promised: bool = False, weigh: Weigh | None = None
) -> Due | None:
    """The due words of a sentence and what they mean.

    `language` is the code of a pack; None tries each. `anchor` is the message's date, aware, in its writer's own
    offset. `promised` says that the sentence is known to promise or ask, so that even the time of what looks like a
    fact may be its due. `weigh` says how likely the stretch [start, end) of the sentence is its due; then that
    chooses, and what is unlikely is none. Offsets in the result are code points into `sentence`. None where the
    sentence says no due in its first 1,000 code points.
    """
    if anchor.year not in _YEARS:
        return None
    for code in [language] if language else codes():
        found = _due(sentence, Anchor(anchor, code), promised=promised, weigh=weigh)
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


def _due(sentence: str, anchor: Anchor, *, promised: bool, weigh: Weigh | None) -> Due | None:
    rules, around = grammar(anchor.language), context(anchor.language)
    if not rules.triggers.search(_lower(sentence[:_LONGEST])):
        return None
    kept = _kept(sentence[:_LONGEST])
    even = _SPACE.sub(" ", "".join(map(sentence.__getitem__, kept)))
    low = _lower(even)
    matches = find(low, even, rules)[: 2 * _MANY]
    expressions = join(matches, low, anchor)
    if (fiscal := _books_begin(low, expressions, around)) != anchor.fiscal:
        anchor = anchor._replace(fiscal=fiscal)
        expressions = join(matches, low, anchor)
    candidates = [c for e in expressions[:_MANY] if (c := _candidate(e, low, anchor, around, promised=promised))]
    if all(c.rank <= _OPEN for c in candidates):
        candidates += _happenings(low, expressions, around, promised=promised)
    if weigh is not None:
        candidates = _likeliest(candidates, kept, weigh)
    if not candidates:
        return None
    best = max(candidates, key=lambda c: (c.rank, -c.start))
    said = _settled(_with_clock(best, expressions, low, around), anchor)
    start, end = kept[best.start], kept[best.end - 1] + 1
    return Due(words=sentence[start:end], start=start, end=end, iso=said.iso, first=said.first, last=said.last)


def _likeliest(candidates: Sequence[_Candidate], kept: Sequence[int], weigh: Weigh) -> list[_Candidate]:
    """The candidates about as likely a due as the likeliest, none where none is likely."""
    weights = [weigh(kept[c.start], kept[c.end - 1] + 1) for c in candidates]
    least = max(UNLIKELY, NEARLY * max(weights, default=0.0))
    return [c for c, weight in zip(candidates, weights, strict=True) if weight >= least]


def _kept(sentence: str) -> Sequence[int]:
    """The places of all code points but those that repeat white space: line ends of wrapped lines, indents."""
    if not _SPACES.search(sentence):
        return range(len(sentence))
    repeated = {at for run in _SPACES.finditer(sentence) for at in range(run.start() + 1, run.end())}
    return [at for at in range(len(sentence)) if at not in repeated]


def _lower(sentence: str) -> str:
    """In lower case, each letter in its place."""
    low = sentence.lower()
    return low if len(low) == len(sentence) else "".join(c.lower() if len(c.lower()) == 1 else c for c in sentence)


def _books_begin(low: str, expressions: Sequence[Expression], around: Context) -> int:
    """The month in which the fiscal year begins, where the sentence says so; else January."""
    for pattern, months in ((around.year_ends, 1), (around.year_starts, 0)):
        if said := pattern.search(low):
            for found in expressions:
                if found.start == said.end() and found.sense.last and found.meaning in ("date", "month"):
                    return (found.sense.last.month - 1 + months) % 12 + 1
    return 1


def _candidate(found: Expression, low: str, anchor: Anchor, around: Context, *, promised: bool) -> _Candidate | None:
    """An expression with the words around it as a due, or None where they say that it is none."""
    start, before = marker_before(low, found.start, around)
    end, behind = marker_after(low, found.end, around)
    clause = clause_around(low, found.start, found.end, around)
    condition = in_condition(clause, around)
    if found.meaning == "past" or {before, behind} & _none(promised=promised, condition=condition):
        return None
    if (found.meaning == "slashed" or "loose" in found.values) and not before and not behind:
        return None
    said = _shifted(found, {before, behind}, anchor)
    if before == "from" and said.last and around.moves and around.moves.search(low, 0, start):
        said = days(said.last)
    if found.meaning in _FROM_NOW and is_standing(low, around):
        said = OPEN
    if found.meaning == "counted" and (base := around.base.match(low, found.end)):
        said, end = OPEN, clause_end(low, base.end(), around)
    if said.last is not None and said.last < anchor.day:
        return None
    if said is OPEN and not promised and takes_place_before(low, found.start, around):
        return None
    deadline = "deadline" in (before, behind) or "by" in found.values
    fact = behind == "told" or tells_fact(clause, found.values, around, deadline=deadline, promised=promised)
    if (fact and not promised) or (condition and is_mere(clause, around)):
        return None
    rank = _rank(found, said, deadline=deadline)
    if condition or is_aside(clause, around):
        rank = rank // 2 + 2  # after every day of the main clause, and before what is open there
    return _Candidate(start, end, said, rank // 10 if fact else rank)


def _none(*, promised: bool, condition: bool) -> set[str]:
    """The kinds of words that make an expression none: not "if not by Friday", nor "due" in what is promised."""
    return {"past"} | (set() if condition else {"not"}) | (set() if promised else {"told"})


def _shifted(found: Expression, markers: set[str | None], anchor: Anchor) -> Sense:
    """What an expression means after "after", "the day after", "the week of" or "the week after"."""
    said = found.sense
    if "after" in markers and found.meaning == "holiday":
        return day_after(said, anchor)
    if "next" in markers and said.last:
        return days(said.last + DAY)
    if markers & {"week", "later"} and said.first:
        first = monday(said.first) + ("later" in markers) * WEEK
        return Sense("week", first, first + WEEK - DAY)
    return said


def _rank(found: Expression, said: Sense, *, deadline: bool) -> int:
    if said is OPEN:
        return _RECURRING if found.meaning == "recurring" else _DAY if found.meaning in _FROM_NOW else _OPEN
    if deadline:
        return _DEADLINE
    return _PART if found.meaning == "daypart" else _DAY


def _happenings(low: str, expressions: Sequence[Expression], around: Context, *, promised: bool) -> list[_Candidate]:
    """Dues that wait for something without a date; none where a date stands in them."""
    dated = [(e.start, e.end) for e in expressions if e.sense is not OPEN]
    return [
        _Candidate(start, end, OPEN, _HAPPENING)
        for start, end in islice(happenings(low, around, promised=promised), _MANY)
        if not any(first < end and start < last for first, last in dated)
    ]


def _with_clock(best: _Candidate, expressions: Sequence[Expression], low: str, around: Context) -> Sense:
    """The due with the hour that its clause says further on ("maanantaina olen teillä klo 10"), where it is a day."""
    said = best.sense
    if said.precision != "day" or said.clock is not None or said.point is not None:
        return said
    end = clause_end(low, best.end, around)
    for found in expressions:
        if found.meaning == "clock" and best.end <= found.start < end:
            time = found.sense
            return said._replace(clock=time.clock, exact=time.exact, hint=time.hint or said.hint)
    return said


def _settled(said: Sense, anchor: Anchor) -> Sense:
    """With a day where only a clock was said, and morning or afternoon chosen where the hour leaves it open."""
    if said.clock is None:
        return said
    hour, minute = said.clock
    day = said.first or anchor.day
    if said.first is None and _is_tomorrow(said, anchor):
        day += DAY
    elif not said.exact and hour < 12 and (said.hint == "pm" or (said.hint is None and _is_afternoon(said, anchor))):
        hour += 12
    if said.hint == "night" and hour < _AFTERNOON:
        day += DAY
    last = day if said.last is None else max(day, said.last)
    return said._replace(precision="day", first=day, last=last, clock=(hour, minute))


def _is_tomorrow(said: Sense, anchor: Anchor) -> bool:
    """Whether a clock without a day is past, and comes no more today but by night."""
    hour, minute = said.clock or (0, 0)
    now = (anchor.at.hour, anchor.at.minute)
    if said.exact or (hour, minute) >= now or hour <= _AFTERNOON:
        return said.exact and (hour, minute) < now
    return (hour + 12, minute) < now or (hour > _EARLY and anchor.at.hour < _EVENING)


def _is_afternoon(said: Sense, anchor: Anchor) -> bool:
    """Whether a bare hour up to 12 is one of the afternoon: 1 to 6 are, and those of today that are past."""
    hour, minute = said.clock or (0, 0)
    today = said.first is None or (said.first == anchor.day and said.bare)
    return hour <= _AFTERNOON or (today and (hour, minute) < (anchor.at.hour, anchor.at.minute))
