"""Relationships made by a recipe, with nothing in common by default but what relationships are like: each has habits of
its own, busy and slow times, troubles that come in bunches. What is planted is said by `Recipe`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import numpy as np

from insights.contracts import Contract, ContractFact
from insights.directory import Unit
from insights.insight import (
    Commitment,
    CommitmentEvent,
    CommitmentStep,
    DueDay,
    Issue,
    IssueEvent,
    IssueStep,
    OpenQuestion,
    Party,
    RelationshipKind,
    Side,
    Signal,
    Source,
)
from insights.mood import MonthMood, Mood
from insights.practices.dossier import Dossier, Outside
from insights.timeline import Insights
from nlp.findings import Act, IssueCategory, SignalKind

START = datetime(2021, 1, 4, 9, tzinfo=UTC)
UNITS = tuple(Unit(name=name, domains=(f"{name.lower()}.ours.example",)) for name in ("North", "South"))
_CATEGORIES = (IssueCategory.DELIVERY, IssueCategory.QUALITY, IssueCategory.PAYMENT, IssueCategory.COMMUNICATION)
_PEOPLE = 8  # of each unit
_MONTH = 30  # days


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How relationships are made. Rates are a month's; every planted effect is off by default."""

    relationships: int = 40
    months: int = 24
    promises: float = 1.2
    questions: float = 2.0
    kept: float = 0.8
    in_time: float = 0.75
    issues: float = 0.05  # of each category
    escalations: float = 0.08
    kept_in_south: float | None = None  # planted: the share that one of two units keeps
    in_time_with_suppliers: float | None = None  # planted
    delivery_with_first: float | None = None  # planted: the rate of one category with one counterparty
    escalated_when_slow: float = (
        1.0  # planted: by how much slow times (a quarter as many answers in time) raise the rate
    )
    kept_before_loss: float | None = None  # planted: the share kept in the 60 days before a contract is lost


def made(recipe: Recipe, seed: int) -> list[Dossier]:
    """Dossiers by a recipe; the same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    return [_Maker(recipe, rng, number).dossier() for number in range(recipe.relationships)]


def last_day(recipe: Recipe) -> date:
    """The day as of which everything has come to its end."""
    return (START + timedelta(days=recipe.months * _MONTH + 365)).date()


class _Maker:
    def __init__(self, recipe: Recipe, rng: np.random.Generator, number: int) -> None:
        self._recipe, self._rng, self._number = recipe, rng, number
        self._supplier = number % 2 == 0
        self._lost = number % 4 < 2
        self._kept, self._in_time = self._habit(recipe.kept), self._habit(recipe.in_time)
        if self._supplier and recipe.in_time_with_suppliers is not None:
            self._in_time = self._habit(recipe.in_time_with_suppliers)
        self._touchy = rng.gamma(2.0, 0.5)  # how often this counterparty escalates, beside the others
        self._busy = np.repeat(rng.gamma(3.0, 1 / 3, -(-recipe.months // 3)), 3)[: recipe.months]
        self._slow = np.repeat(rng.random(-(-recipe.months // 4)) < 0.5, 4)[: recipe.months]
        self._count = 0
        self._letters: list[Outside] = []

    def dossier(self) -> Dossier:
        """Everything that happened in the relationship."""
        recipe = self._recipe
        parts: dict[str, list[object]] = {"commitments": [], "questions": [], "issues": [], "signals": [], "mood": []}
        for month in range(recipe.months):
            parts["commitments"] += self._promises(month)
            parts["questions"] += self._questions(month)
            parts["issues"] += self._issues(month)
            parts["signals"] += self._signals(month)
            parts["mood"].append(self._mood(month))
            self._letters += [Outside(id=self._name("l"), day=self._day(month).date()) for _ in range(3)]
        contracts = (self._contract(),) if recipe.kept_before_loss is not None else ()
        self._letters.sort(key=lambda letter: letter.day)
        return Dossier(
            relationship=f"r{self._number}.example",
            kind=RelationshipKind.SUPPLIER if self._supplier else RelationshipKind.CUSTOMER,
            insights=Insights(contracts=contracts, **{k: tuple(v) for k, v in parts.items()}),  # type: ignore[arg-type]
            letters=tuple(self._letters),
        )

    def _promises(self, month: int) -> Iterator[Commitment]:
        for _ in range(self._rng.poisson(self._recipe.promises * self._busy[month])):
            at, south = self._day(month), bool(self._rng.random() < 0.5)
            share = self._kept
            if south and self._recipe.kept_in_south is not None:
                share = self._recipe.kept_in_south
            due = at + timedelta(days=int(self._rng.integers(1, 30)))
            if self._recipe.kept_before_loss is not None and self._lost and month >= self._recipe.months - 3:
                share = self._recipe.kept_before_loss
            step = CommitmentStep(event=CommitmentEvent.FULFILLED, source=self._source(due))
            unit = UNITS[south].domains[0]
            who = f"p{self._rng.integers(_PEOPLE)}@{unit}"
            yield Commitment(
                id=self._name("c"),
                debtor=Party(id=who, name=who, side=Side.US, email=who),
                creditor=self._them(),
                action="send it",
                made=self._source(at),
                due=DueDay(words="", first=due.date(), last=due.date()),
                history=(step,) if self._rng.random() < share else (),
                confidence=0.9,
            )

    def _questions(self, month: int) -> Iterator[OpenQuestion]:
        share = self._in_time * (0.25 if self._slow[month] and self._recipe.escalated_when_slow != 1 else 1.0)
        for _ in range(self._rng.poisson(self._recipe.questions * self._busy[month])):
            at = self._day(month)
            late = self._rng.random() >= share
            yield OpenQuestion(
                id=self._name("q"),
                asked=self._source(at),
                by=self._them(),
                act=Act.QUESTION if self._rng.random() < 0.5 else Act.REQUEST,
                answered=at + (timedelta(days=8) if late else timedelta(hours=5)),
                confidence=0.9,
            )

    def _issues(self, month: int) -> Iterator[Issue]:
        for category in _CATEGORIES:
            rate = self._recipe.issues * self._busy[month]
            if category is IssueCategory.DELIVERY and not self._number and self._recipe.delivery_with_first is not None:
                rate = self._recipe.delivery_with_first
            for _ in range(self._rng.poisson(rate)):
                yield self._issue(category, self._day(month), escalated=False)
        slow = self._recipe.escalated_when_slow if self._slow[month] else 1.0
        for _ in range(self._rng.poisson(self._recipe.escalations * self._touchy * slow)):
            yield self._issue(IssueCategory.OTHER, self._day(month), escalated=True)

    def _issue(self, category: IssueCategory, at: datetime, *, escalated: bool) -> Issue:
        steps = (
            [IssueStep(event=IssueEvent.ESCALATED, source=self._source(at + timedelta(days=1)))] if escalated else []
        )
        if self._rng.random() < 0.7:
            over = at + timedelta(days=float(self._rng.exponential(25)) + 2)
            steps.append(IssueStep(event=IssueEvent.RESOLVED, source=self._source(over)))
        return Issue(
            id=self._name("i"), category=category, severity=2, opened=self._source(at), raised_by=self._them(),
            history=tuple(steps), confidence=0.9,
        )  # fmt: skip

    def _signals(self, month: int) -> Iterator[Signal]:
        for _ in range(self._rng.poisson(0.1)):
            at = self._source(self._day(month))
            yield Signal(id=self._name("s"), kind=SignalKind.THREAT, source=at, by=self._them(), confidence=0.9)

    def _mood(self, month: int) -> MonthMood:
        score = float(np.clip(self._rng.normal(0.1, 0.3), -1, 1))
        return MonthMood(
            id=self._name("m"), month=f"{self._start(month):%Y-%m}", mood=Mood.NEUTRAL, score=score, low=-1.0, high=1.0,
            sentences=int(self._rng.integers(5, 60)), confidence=0.9,
        )  # fmt: skip

    def _contract(self) -> Contract:
        """One that ends with the last month: lost, or renewed and followed by mail."""
        end = self._start(self._recipe.months)
        source = self._source(START)
        if not self._lost:
            self._letters.append(Outside(id=self._name("l"), day=(end + timedelta(days=90)).date()))
        fact = ContractFact(value=str(end.date()), source=source, confidence=0.9)
        renews = ContractFact(value=not self._lost, source=source, confidence=0.9)
        return Contract(id=self._name("k"), source=source, language="en", end_date=fact, auto_renewal=renews)

    def _habit(self, share: float) -> float:
        """A relationship's own share, around that of all."""
        odds = np.log(share / (1 - share)) + self._rng.normal(0, 0.5)
        return float(1 / (1 + np.exp(-odds)))

    def _them(self) -> Party:
        return Party(id=f"r{self._number}.example", name="Them", side=Side.THEM)

    def _source(self, at: datetime) -> Source:
        name = self._name("d")
        return Source(document=name, at=at, quote="", start=0, end=0)

    def _day(self, month: int) -> datetime:
        return self._start(month) + timedelta(hours=int(self._rng.integers(_MONTH * 24)))

    def _start(self, month: int) -> datetime:
        return START + timedelta(days=month * _MONTH)

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._number}-{self._count}"
