"""The portfolio: ordered in the database as the pure rules order it, whatever the day, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from conftest import fresh_database
from house import THEM, US, day, say, write
from sqlalchemy import Connection, Engine, text

import store.derived
import store.write
from insights.attention import ReasonKind, Rule, Rules, ranked
from insights.concerns import concerns
from insights.corrections import Corrected
from insights.timeline import Insights, read
from nlp.findings import Act, IssueCategory, Sentiment, SignalKind
from store.derived import Understood
from store.portfolio import Wanted, every, portfolio
from store.read import Summary
from store.reasons import Held, reasons

_LETTERS = {
    "calm": [write("a", "ben", say("All is well."))],
    "late": [write("a", "anna", say("We send the seals by Friday.", Act.COMMIT, due=4))],
    "grave": [
        write("a", "ben", say("The line stands.", issue=IssueCategory.DELIVERY, severity=3, mood=Sentiment.NEGATIVE)),
        write("b", "ben", say("When will it run?", Act.QUESTION), thread="u"),
        write("c", "ben", say("We asked Rivals Ltd too.", signal=SignalKind.THREAT), thread="v", at=30),
    ],
    "theirs": [write("a", "ben", say("We pay by Friday.", Act.COMMIT, due=4), say("We pay more later.", Act.COMMIT))],
}


def _understood(name: str) -> Understood:
    found = read(
        [msgspec.structs.replace(m, relationship=name) for m in _LETTERS[name]],
        US,
        msgspec.structs.replace(THEM, id=name),
    )
    times = [m.at for m in _LETTERS[name] if m.at is not None]
    summary = Summary(documents=len(times), quiet=0, first=min(times), last=max(times), rhythm=found.rhythm)
    return Understood(
        relationship=name, derived=found, corrected=Corrected(insights=found, numbers={}), summary=summary, digest="x"
    )


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Iterator[Engine]:
    found = fresh_database(engine)
    with found.begin() as connection:
        for name in _LETTERS:
            kind = "customer" if name in ("late", "grave") else "supplier"
            connection.execute(
                text(
                    "INSERT INTO relationship (id, name, kind, domains, people) VALUES (:id, :name, :kind, '{}', '{}')"
                ),
                {"id": name, "name": f"{name.title()} Ltd", "kind": kind},
            )
        store.derived.write(connection, [_understood(name) for name in _LETTERS])
    yield found
    found.dispose()


@pytest.fixture
def connected(filled: Engine) -> Iterator[Connection]:
    with filled.connect() as connection:
        yield connection


_RULES = (Rules(), Rules(threat=Rule(weight=0), unanswered=Rule(weight=50, stale=9), due_soon=Rule(weight=2, ahead=1)))


@pytest.mark.parametrize("rules", _RULES)
@pytest.mark.parametrize("number", [0, 3, 4, 5, 12, 30, 64, 91, 200, 400])
def test_the_database_finds_the_reasons_that_the_rules_find(connected: Connection, number: int, rules: Rules) -> None:
    on = day(number)
    told = reasons(connected, list(_LETTERS), on, rules)
    for name in _LETTERS:
        insights: Insights = _understood(name).derived
        assert told.get(name, Held()).reasons == ranked(concerns(insights), on, rules), name


def test_need_orders_the_whole_portfolio_not_just_a_page(connected: Connection) -> None:
    whole = [one.id for one in every(connected, day(10), Rules(), Wanted())]
    assert whole == ["grave", "late", "theirs", "calm"]
    walked, cursor = [], None
    while True:
        found = portfolio(connected, day(10), Rules(), Wanted(), cursor=cursor, limit=1)
        walked += [one.id for one in found.page.items]
        assert found.total == len(whole)
        cursor = found.page.next
        if cursor is None:
            break
    assert walked == whole


def test_the_order_is_that_of_the_day_and_of_the_rules(connected: Connection) -> None:
    assert next(one.id for one in every(connected, day(4), Rules(), Wanted())) == "grave"
    rules = Rules(overdue_by_them=Rule(weight=100))
    assert next(one.id for one in every(connected, day(10), rules, Wanted())) == "theirs"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(kind="supplier"), {"calm", "theirs"}),
        (Wanted(reason=ReasonKind.UNANSWERED), {"grave"}),
        (Wanted(name="LATE l"), {"late"}),
        (Wanted(name="%"), set()),
        (Wanted(kind="customer", reason=ReasonKind.OVERDUE_BY_US), {"late"}),
    ],
)
def test_filters_narrow_it(connected: Connection, wanted: Wanted, found: set[str]) -> None:
    assert {one.id for one in every(connected, day(10), Rules(), wanted)} == found


def test_a_row_says_what_is_owed_when_and_how_often(connected: Connection) -> None:
    rows = {one.id: one for one in every(connected, day(3), Rules(), Wanted())}
    assert (rows["late"].ours.coming, rows["late"].ours.next) == (1, day(4))
    assert (rows["theirs"].open_commitments, rows["theirs"].overdue) == (2, 0)
    later = {one.id: one for one in every(connected, day(10), Rules(), Wanted())}
    assert (later["theirs"].theirs.overdue, later["theirs"].open_commitments) == (1, 2)
    assert later["grave"].held == {"severe_issue": 1, "unanswered": 1}
    assert later["grave"].open_issues == 1
    assert [m.month for m in later["grave"].moods] == ["2024-03"]


def test_on_the_first_and_last_of_days_there_is_nothing(connected: Connection) -> None:
    assert every(connected, date.min, Rules(), Wanted()) == []
    assert all(not one.reasons for one in every(connected, date.max, Rules(), Wanted()))
