"""What it costs to derive insights: by size of the archive, and for one more mail.

    python -m bench.derive                 growth, one more mail, and enron.mbox where it is there
    python -m bench.derive --letters 2000  the same with fewer letters

Models are not asked: findings are drawn by lot at the rates of real mail (`bench.lots`). First archives of one, two and
four parts of the letters in relationships of 500, derived at once. Then one relationship of all letters, and mails that
come to it one by one, each derived by itself: the first one after a start reads all, the next ones only themselves.
Then each to a relationship of its own. Last, all relationships of `enron.mbox`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

import store.write
from bench.lots import OURS, Lots, incoming, mails
from nlp.analyze import Analyzer
from pipeline.connect import connect
from pipeline.local import batches
from pipeline.run import ingest
from settings import Settings
from store.database import open_database, url

_ENRON = Path(__file__).parents[2] / "shared" / "data" / "mail" / "enron.mbox"
_OF_ONE = 500  # letters of a relationship
_MORE = 20  # mails that come one by one


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=10_000)
    args = parser.parse_args()
    print(f"{'':<44}{'letters':>9}{'threads':>9}{'people':>9}{'insights':>9}   seconds")
    for share in (4, 2, 1):
        _many_relationships(args.letters // share)
    _one_by_one(args.letters)
    if _ENRON.exists():
        _enron()
    else:
        print("no enron.mbox: the shared data are not here", file=sys.stderr)


def _many_relationships(letters: int) -> None:
    with _Home() as home:
        for number in range(letters // _OF_ONE):
            home.file(mails(_OF_ONE, f"house{number}.example", seed=number))
        home.tell("relationships of 500, all at once", letters)


def _one_by_one(letters: int) -> None:
    with _Home() as home:
        *known, last = batches(mails(letters + _MORE), letters)
        home.file(known[0])
        home.tell("one relationship, all at once", letters)
        spent = []
        for raw in last:
            home.file([raw])
            started = time.perf_counter()
            connect(home.engine, home.settings)
            spent.append(1000 * (time.perf_counter() - started))
        print(
            f"one more mail to it: the first {spent[0]:,.0f} ms, then median {statistics.median(spent[1:]):,.0f} ms,"
            f" at most {max(spent[1:]):,.0f} ms"
        )
        home.file(mails(1, "new.example", seed=7))
        started = time.perf_counter()
        connect(home.engine, home.settings)
        print(f"one mail of a new house: {1000 * (time.perf_counter() - started):,.0f} ms")


def _enron() -> None:
    with _Home(own_domains=()) as home:
        report = ingest(home.engine, home.settings, [_ENRON], analyzer=cast(Analyzer, Lots()))
        _row("enron.mbox, findings by lot", report.stored, report.stages)


def _row(name: str, letters: int, stages: dict[str, float]) -> None:
    spent = [stages.get(stage, 0.0) for stage in ("threads", "relationships", "insights")]
    print(f"{name:<44}{letters:>9,}" + "".join(f"{seconds:>9.1f}" for seconds in spent))


class _Home:
    """A data folder of its own."""

    def __init__(self, own_domains: Sequence[str] = (OURS,)) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.settings = Settings(home=Path(self._folder.name), own_domains=tuple(own_domains), database_url=None)
        self.engine: Engine = open_database(url(self.settings.home, None))

    def __enter__(self) -> _Home:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()
        self._folder.cleanup()

    def file(self, raw: Iterable[bytes]) -> None:
        """Store mails with findings by lot."""
        for batch in batches(raw, 500):
            with self.engine.begin() as connection:
                store.write.store(connection, [incoming(one) for one in batch])

    def tell(self, name: str, letters: int) -> None:
        """Derive all, and print what it took."""
        _row(name, letters, connect(self.engine, self.settings).stages)


if __name__ == "__main__":
    main()
