"""What the clause around a time expression does: promises, tells a fact, supposes something, or gives a reason."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.timex.context import Context, clause_end
from nlp.timex.sense import Values

_ELLIPSIS = 1  # words; a clause of so few goes with what stands before it

_WORD = re.compile(r"[^\s,;:()]+")


class Clause(NamedTuple):
    """A clause of a sentence and the expression in it. Offsets into the sentence."""

    low: str  # the sentence in lower case
    start: int  # of the expression
    end: int
    divider: int  # where the comma or conjunction before the clause stands, and with it the clause's own first word
    opens: int  # after that
    closes: int


def clause_around(low: str, start: int, end: int, context: Context) -> Clause:
    """The clause in which the expression low[start:end] stands."""
    divider = opens = 0
    for found in context.clause.finditer(low, 0, start):
        divider, opens = found.span()
    return Clause(low, start, end, divider, opens, clause_end(low, end, context))


def tells_fact(clause: Clause, values: Values, context: Context, *, deadline: bool, promised: bool) -> bool:
    """Whether a clause tells a fact, rather than asks or promises; `values` are those of its expression."""
    low, opens = clause.low, clause.opens
    rest = low[clause.end : clause.closes]
    if len(_WORD.findall(low[opens : clause.start] + rest)) <= _ELLIPSIS:
        opens = 0
    text = f"{low[opens : clause.start]} · {rest}"
    asks = bool(context.future.search(text) or context.opener.match(low, opens))
    if context.events.search(text) and not asks:
        return True
    if not deadline and context.negated.search(text):
        return True
    if not (deadline or asks) and _is_plain(text, low, context, promised=promised):
        return True
    ahead = any(value > 0 for name in ("relative", "shift") if isinstance(value := values.get(name), int))
    return bool(context.past.search(text)) and not (asks or ahead or context.reported.search(text))


def in_condition(clause: Clause, context: Context) -> bool:
    """Whether it is an if-clause."""
    opener = context.condition.match(clause.low, clause.opens)
    return opener is not None and context.resumes.search(clause.low, opener.end(), clause.start) is None


def is_mere(clause: Clause, context: Context) -> bool:
    """Whether an if-clause is set off and neither asks ("if you could …") nor threatens ("unless …")."""
    set_off = "," in (clause.low[clause.divider : clause.divider + 1], clause.low[clause.closes : clause.closes + 1])
    return set_off and context.unmet.search(clause.low, clause.opens, clause.closes) is None


def is_aside(clause: Clause, context: Context) -> bool:
    """Whether it gives a reason or describes something."""
    return any(context.aside.match(clause.low, at) for at in (clause.divider, clause.opens))


def _is_plain(text: str, low: str, context: Context, *, promised: bool) -> bool:
    """Whether a clause that neither asks nor looks ahead says how things are, or has nobody of the two sides in it."""
    if context.states.search(text):
        return context.partners.search(text) is None
    if promised or context.persons is None:
        return False
    return not (context.persons.search(low) or context.future.search(low))
