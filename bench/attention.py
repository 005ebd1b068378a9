"""How often nothing is called something: changes of level and silences over made-up relationships that never change.

    python -m bench.attention [--series N]

Then how often a change that was planted is found, and how soon; and how long the portfolio of 5,000 made-up
relationships takes, on an embedded database.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import exp, sqrt
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import Engine, text

from insights.attention import ReasonKind, Rules
from insights.shifts import Shift, Week, shifts
from insights.silence import unusual_from
from store.database import open_database, url
from store.portfolio import Wanted, portfolio

START = date(2019, 1, 7)
_WEEKS = 5 * 52
_TURN = 78  # the week from which a planted level holds
_GAPS = 112
_HOUSES = 5000


def main() -> None:
    """Print the tables."""
    series = int(sys.argv[sys.argv.index("--series") + 1]) if "--series" in sys.argv else 1000
    print(f"Changes of level: {series} series of five years, asked at the end of each month\n")
    for name, weekly, rho in (
        ("weeks apart from each other", 10, 0.0), ("weeks that hang together, 0.3", 10, 0.3),
        ("weeks that hang together, 0.5", 10, 0.5), ("a busy relationship, 0.3", 40, 0.3),
        ("a quiet one, 0.3", 3, 0.3),
    ):  # fmt: skip
        alarms = sum(bool(_told(Random(n), weekly, rho, 1.0)) for n in range(series))
        print(f"  {name:34} ever told to have changed: {alarms / series:.3f}")
    for times in (1.5, 2.0, 3.0, 5.0):
        found = [s for n in range(series // 4) if (s := _planted(_told(Random(n), 10, 0.3, times)))]
        late = median((s.known - _week(_TURN)).days for s in found) if found else float("nan")
        print(f"  angry sentences × {times}: found {len(found) / (series // 4):.2f}, after {late:.0f} days (median)")
    print(f"\nSilence: {series} parties, each judged from its 13th gap on\n")
    for name, draw in _SHAPES.items():
        judged, flagged = _silences(draw, series)
        print(f"  {name:34} gaps called unusual: {flagged / judged:.4f}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        engine = open_database(url(Path(home), None))
        print("\n" + _speed(engine))
        engine.dispose()


def _week(number: int) -> date:
    return START + timedelta(weeks=number)


def _told(chance: Random, weekly: float, rho: float, times: float) -> list[Shift]:
    """The changes told of five years of a mood: 4 of 100 sentences angry (`times` as many later), 3 pleased."""
    weeks, state = [], chance.gauss(0, 1)
    for n in range(_WEEKS):
        state = rho * state + sqrt(1 - rho * rho) * chance.gauss(0, 1)
        said = 1 + _poisson(chance, weekly)
        angry = min(0.04 * exp(0.7 * state) * (times if n >= _TURN else 1.0), 0.9)
        total = sum((chance.random() < 0.03) - (chance.random() < angry) for _ in range(said))
        weeks.append(Week(_week(n), 0.75 * total, said))
    return list(shifts(weeks))


def _planted(told: list[Shift]) -> Shift | None:
    """The first change that was told within a year and a half of the planted one, and of that time."""
    near = [s for s in told if abs((s.since - _week(_TURN)).days) <= 120]
    return next((s for s in near if (s.known - _week(_TURN)).days <= 550), None)


def _poisson(chance: Random, mean: float) -> int:
    count, product, limit = 0, chance.random(), exp(-mean)
    while product > limit:
        count += 1
        product *= chance.random()
    return count


_SHAPES: dict[str, Callable[[Random], float]] = {
    "exponential, mean 10 days": lambda c: c.expovariate(0.1),
    "exponential, mean 3 days": lambda c: c.expovariate(1 / 3),
    "log-normal, sigma 1": lambda c: c.lognormvariate(1, 1),
    "log-normal, sigma 1.4": lambda c: c.lognormvariate(1, 1.4),
    "Pareto, alpha 2": lambda c: 2 * c.paretovariate(2),
    "bursts: 7 of 10 the next day": lambda c: 1.0 if c.random() < 0.7 else c.expovariate(1 / 15),
}


def _silences(draw: Callable[[Random], float], parties: int) -> tuple[int, int]:
    judged = flagged = 0
    for n in range(parties):
        chance = Random(n)
        gaps: list[float] = []
        for _ in range(_GAPS):
            gap = float(int(draw(chance)) + 1)
            limit = unusual_from(gaps)
            if limit is not None:
                judged += 1
                flagged += gap > limit
            gaps.append(gap)
    return judged, flagged


def _speed(engine: Engine) -> str:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO relationship (id, name, kind, domains, people, documents, first, last)"
                " SELECT 'r' || n, 'House ' || n, (ARRAY['customer', 'supplier', NULL])[1 + n % 3], '{}', '{}',"
                "  1 + n % 400, timestamptz '2019-01-01', timestamptz '2024-12-31'"
                " FROM generate_series(1, CAST(:houses AS int)) n"
            ),
            {"houses": _HOUSES},
        )
        connection.execute(text("SELECT setseed(0.5)"))
        connection.execute(
            text(
                "WITH made AS (SELECT n, 'r' || 1 + floor(:houses * random() * random())::int AS house,"
                "  (CAST(:kinds AS text[]))[1 + n % 10] AS kind, date '2019-01-01' + (random() * 2190)::int AS since,"
                "  (random() * 90)::int AS days FROM generate_series(1, 200000) n)"
                " INSERT INTO concern (relationship_id, insight_id, kind, side, since, until, due, told, data)"
                " SELECT house, n, kind, 'us', since, CASE WHEN days > 10 THEN since + days END,"
                "  CASE WHEN n % 10 < 4 THEN since END, since, jsonb_build_object('kind', kind, 'insight', n::text,"
                "   'since', since, 'side', 'us', 'title', 'what was promised', 'sources', '[]'::jsonb,"
                "   'confidence', 0.9) FROM made"
            ),
            {"houses": _HOUSES, "kinds": [kind.value for kind in ReasonKind]},
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return "\n".join(_timed(engine))


def _timed(engine: Engine) -> Iterator[str]:
    yield f"Portfolio: {_HOUSES} relationships, 200,000 stretches, the first 50 with their reasons, moods and sums"
    wants = {
        "today": (date(2024, 12, 31), Wanted()),
        "as of 2021-06-30": (date(2021, 6, 30), Wanted()),
        "only with a threat": (date(2024, 12, 31), Wanted(reason=ReasonKind.THREAT)),
        "by a part of the name": (date(2024, 12, 31), Wanted(name="house 49")),
    }
    for name, (day, wanted) in wants.items():
        spent = []
        for _ in range(11):
            with engine.connect() as connection:
                begun = time.perf_counter()
                found = portfolio(connection, day, Rules(), wanted)
                spent.append(1000 * (time.perf_counter() - begun))
        yield f"  {name:24} {found.total:5} found, {median(spent):6.1f} ms (median of 11, worst {max(spent):.1f})"


if __name__ == "__main__":
    main()
