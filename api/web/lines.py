"""Entries of a timeline in words, as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import msgspec

from api.web.steps import say
from api.web.words import (
    show_count,
    show_day,
    show_deadline,
    show_due,
    show_fact,
    show_hours,
    show_month,
    show_severity,
    show_share,
    show_short,
    show_value,
)
from insights.amendments import Amendment
from insights.changes import Level, LevelChange
from insights.contracts import Contract, Deadline
from insights.contradictions import Contradiction
from insights.corrections import ways_to_close
from insights.entries import EntryKind
from insights.insight import (
    Commitment,
    CommitmentStatus,
    DueDay,
    Issue,
    MonthRhythm,
    OpenQuestion,
    Party,
    Side,
    Signal,
    Source,
)
from insights.mood import MonthMood
from insights.negotiations import Negotiation
from insights.notes import NoteItem
from insights.silence import Arrival, Lull
from store.views import Shown

NAMES = {
    EntryKind.COMMITMENT: "Promise",
    EntryKind.ISSUE: "Issue",
    EntryKind.OPPORTUNITY: "Opportunity",
    EntryKind.THREAT: "Threat",
    EntryKind.QUESTION: "Question",
    EntryKind.CONTRACT: "Contract",
    EntryKind.AMENDMENT: "Amendment?",
    EntryKind.DEADLINE: "Deadline",
    EntryKind.NEGOTIATION: "Negotiation",
    EntryKind.CONTRADICTION: "Against the contract",
    EntryKind.DECISION: "Decision",
    EntryKind.POSITION: "Position",
    EntryKind.MOOD: "Mood",
    EntryKind.VOLUME: "Traffic",
    EntryKind.CHANGE: "Change",
    EntryKind.SILENCE: "Lull",
    EntryKind.ARRIVAL: "New person",
}


_PENDING = ("open", "overdue")


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A quote, and what it shows. `shows` is empty where the entry says it."""

    shows: str  # promised 28 Aug 2024, …
    source: Source
    quote: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in words. `claim` is empty where the quote says it all."""

    shown: Shown
    name: str
    claim: str
    who: tuple[Party, ...]  # the one, or the two between whom it is, where they are named
    status: str
    due: str
    evidence: tuple[Evidence, ...]
    closings: tuple[str, ...] = ()  # how a person may close it, where it is open

    @property
    def is_correctable(self) -> bool:
        """Whether a person may say what it is: not of what is only counted or follows from something else."""
        return self.shown.kind not in (EntryKind.DEADLINE, EntryKind.VOLUME)

    @property
    def percent(self) -> str:
        """How sure the models are."""
        return show_share(self.shown.confidence)


def lines(entries: Iterable[Shown], day: date) -> list[Line]:
    """Entries in words, as of a day."""
    return [_line(one, day) for one in entries]


def by_month(found: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Lines that follow each other, by the name of their month."""
    return [(month, list(group)) for month, group in groupby(found, lambda line: show_month(line.shown.at))]


def _line(one: Shown, day: date) -> Line:
    who, claim, due = _say(one)
    return Line(
        shown=one,
        name=_name(one),
        claim=claim,
        who=tuple(party for party in who if party.name),
        status=_status(one, day),
        due=due,
        evidence=tuple(_evidence(shows, source) for shows, source in _sources(one)),
        closings=ways_to_close(one.detail) if one.status in _PENDING else (),
    )


def _name(one: Shown) -> str:
    match one.detail:
        case OpenQuestion(act="request"):
            return "Request"
        case NoteItem(type=type_):
            return type_.value.capitalize()
        case _:
            return NAMES[one.kind]


def _say(one: Shown) -> tuple[tuple[Party, ...], str, str]:
    """Who, what, and when it is due."""
    match one.detail:
        case Commitment(debtor=debtor, creditor=creditor, action=action, conditional=conditional) as promise:
            said = promise.made.quote.startswith(action.rstrip(" .…"))  # then the quote below says it all
            claim = ", ".join(filter(None, ("" if said else action, "on a condition" if conditional else "")))
            return (debtor, creditor), claim, " → ".join(map(show_due, _dues(promise)))
        case Issue() as issue:
            return (issue.raised_by,), _trouble(issue), ""
        case Signal(by=party, about=about):
            return (party,), about, ""
        case OpenQuestion(by=party, due=due):
            return (party,), "", show_due(due) if due else ""
        case NoteItem(who=who, side=side):
            return _named(who, side), "", ""
        case MonthMood(month=month, mood=mood, sentences=sentences):
            return (), f"{month}: {mood.value}, by {sentences} sentences", ""
        case MonthRhythm() as rhythm:
            return (), _traffic(rhythm), ""
        case LevelChange() | Lull() | Arrival() as turn:
            return _turn(turn)
        case _:
            return _say_of_terms(one)


def _say_of_terms(one: Shown) -> tuple[tuple[Party, ...], str, str]:
    """The same of contracts, and of what is said about their terms."""
    match one.detail:
        case Contract() as contract:
            return _named(tuple(p.name for p in contract.parties), None), show_term(contract), ""
        case Amendment(fact=fact, old=old, new=new):
            change = f"{show_fact(fact)}: {show_value(fact, old)} → {show_value(fact, new)}"
            return (), change, ""
        case Deadline(kind=kind, party=name, side=side, day=day):
            return _named((name,) if name else (), side), show_deadline(kind), show_day(day)
        case Negotiation(topic=topic):
            return (), topic, ""
        case Contradiction(about=about):
            return (), about.replace("_", " "), ""
        case _:
            return (), "", ""


def _turn(turn: LevelChange | Lull | Arrival) -> tuple[tuple[Party, ...], str, str]:
    match turn:
        case LevelChange():
            return (), show_change(turn), ""
        case Lull(party=party, since=since, usual=usual, longest=longest):
            gap = f"usually {usual:.0f}, at most {longest:.0f} working days"
            return (party,), f"no word since {show_day(since)}; {gap}", ""
        case Arrival(party=party):
            return (party,), "", ""


def show_change(change: LevelChange) -> str:
    """What changed, from where to where, and since when."""
    told = {
        Level.MOOD: f"mood {change.before:+.1f} → {change.after:+.1f} voices per 100 sentences",
        Level.OUR_REPLIES: f"we answer in {change.before:.0f} → {change.after:.0f} working hours",
        Level.THEIR_REPLIES: f"they answer in {change.before:.0f} → {change.after:.0f} working hours",
    }
    return f"{told[change.level]}, since the week of {show_day(change.since)}"


def show_term(contract: Contract) -> str:
    """From when until when a contract runs, as far as it says."""
    first, last, renewal = contract.effective_date, contract.end_date, contract.auto_renewal
    days = (
        f"from {show_value('effective_date', first.value)}" if first else "",
        f"until {show_value('end_date', last.value)}" if last else "",
    )
    span = " ".join(filter(None, days))
    return ", ".join(filter(None, (span, "renews itself" if renewal and renewal.value is True else "")))


def _trouble(issue: Issue) -> str:
    """What kind of trouble it is, who carries it, and how long it took."""
    carrier, answered, resolved = issue.carrier, issue.hours_to_answer, issue.hours_to_resolve
    return ", ".join(
        filter(
            None,
            (
                issue.category.value.capitalize(),
                show_severity(issue.severity),
                f"carried by {carrier.name}" if carrier else "",
                f"answered in {show_hours(answered)}" if answered is not None else "",
                f"resolved in {show_hours(resolved)}" if resolved is not None else "",
            ),
        )
    )


def _named(names: Iterable[str], side: Side | None) -> tuple[Party, ...]:
    return tuple(Party(id=name, name=name, side=side or Side.OTHER) for name in names)


def _traffic(r: MonthRhythm) -> str:
    ours, theirs = show_hours(r.our_reply_hours), show_hours(r.their_reply_hours)
    return f"{r.month}: {r.sent} sent, {r.received} received; we reply in {ours}, they in {theirs}"


def _dues(promise: Commitment) -> list[DueDay]:
    return [due for due in (promise.due, *(step.due for step in promise.history)) if due is not None]


def _status(one: Shown, day: date) -> str:
    if one.status is None:
        return ""
    if isinstance(one.detail, Commitment) and one.status == CommitmentStatus.OVERDUE:
        last = _dues(one.detail)[-1].last
        return f"overdue {show_count((day - last).days, 'day')}" if last else one.status
    if isinstance(one.detail, OpenQuestion) and one.detail.answered is None:
        return "unanswered"
    return one.status.replace("_", " ")


def _sources(one: Shown) -> Iterator[tuple[str, Source]]:
    match one.detail:
        case Commitment(made=made, history=history):
            yield "promised", made
            for step in history:
                yield f"moved to {show_due(step.due)} on" if step.due else step.event.value, step.source
        case Issue(opened=opened, history=turns):
            yield "raised", opened
            for turn in turns:
                yield turn.event.value, turn.source
        case Negotiation(positions=positions):
            for position in positions:
                yield say(position) + ",", position.source
        case Contradiction(said=said, clause=clause):
            yield "said", said
            yield "the contract says", clause
        case Signal(source=first, mentions=more):
            yield "first told" if more else "", first
            for source in more:
                yield "told again", source
        case _:
            for source in one.sources:
                yield "", source


def _evidence(shows: str, source: Source) -> Evidence:
    return Evidence(
        shows=f"{shows} {show_day(source.at)}" if shows else "", source=source, quote=show_short(source.quote)
    )
