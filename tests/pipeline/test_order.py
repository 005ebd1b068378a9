"""What is derived does not depend on the order in which mails come, nor on how they come in batches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

import store.write
from bench.lots import incoming
from pipeline.connect import connect
from settings import Settings

_DERIVED = (
    "link", "person", "mailbox", "contact", "domain", "relationship", "membership", "unopened", "insight",
    "concern", "voice",
)  # fmt: skip
_START = datetime(2024, 3, 4, 9, tzinfo=UTC)
_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def _read(engine: Engine) -> dict[str, list[Any]]:
    """All that was derived, by table."""
    with engine.connect() as connection:
        return {
            table: sorted(
                row[0] for row in connection.execute(text(f"SELECT (to_jsonb(t) - 'digest')::text FROM {table} t"))
            )
            for table in _DERIVED
        }


def _file(engine: Engine, house: Settings, batches: Sequence[Sequence[bytes]]) -> dict[str, list[Any]]:
    """All that is derived where mails come in these batches, into an empty store."""
    with engine.begin() as connection:
        tables = ", ".join((*_DERIVED, "document", "source", "pending", "setting", "finding", "overruled"))
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    for batch in batches:
        with engine.begin() as connection:
            store.write.store(connection, [incoming(raw) for raw in batch])
        connect(engine, house)
    return _read(engine)


def _split(mails: Sequence[bytes], sizes: Sequence[int]) -> list[Sequence[bytes]]:
    batches, rest = [], mails
    for size in sizes:
        if rest:
            batches.append(rest[:size])
            rest = rest[size:]
    return [*batches, rest] if rest else batches


@pytest.fixture(params=[("ours.example",), ()], ids=["domains told", "domains inferred"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, own_domains=request.param, database_url=None)


_PEOPLE = (
    "Anna Salo <anna@ours.example>", "Anna <anna@ours.example>", "Veli Aho <veli@ours.example>",
    "Ben Brook <ben@theirs.example>", "B. Brook <ben@theirs.example>", "Ben Brook <ben.brook@gmail.com>",
    "Cleo Dahl <cleo@third.example>", "Cleo Dahl <cleo.dahl@theirs.example>", "News <news@third.example>",
    "noreply@robot.example", "team@ours.example",
)  # fmt: skip
_MARKS: tuple[list[str], ...] = (
    [], [], [], ["Precedence: bulk", "List-Unsubscribe: <mailto:x@y.example>"], ["List-Id: <l.ours.example>"],
)  # fmt: skip
_SUBJECTS = ("Hello", "Pump house drawings", "Re: Pump house drawings", "VS: Pump house drawings", "Data for 3.4.")
_TEXTS = (
    "I will send the drawings by Friday. The pumps are late again!",
    "When do you need them? Please call me on Monday about the second invoice.",
    "Thank you, they came today. We could offer you a better price for two years.",
    "> I will send the drawings by Friday. The pumps are late again!\n\nThat is fine for us here.",
)


@st.composite
def _mails(draw: st.DrawFn) -> list[bytes]:
    found = []
    for number in range(draw(st.integers(2, 14))):
        author, *others = draw(st.lists(st.sampled_from(_PEOPLE), min_size=2, max_size=4))
        at = _START + timedelta(hours=draw(st.integers(0, 900)))
        refers = draw(st.lists(st.integers(0, 15), max_size=2))
        head = [
            f"From: {author}", f"To: {', '.join(others)}", f"Date: {format_datetime(at)}",
            f"Subject: {draw(st.sampled_from(_SUBJECTS))}", f"Message-ID: <{number}@m>",
        ]  # fmt: skip
        head += [f"References: {' '.join(f'<{i}@m>' for i in refers)}"] if refers else []
        head += draw(st.sampled_from(_MARKS))
        found.append("\n".join([*head, "", draw(st.sampled_from(_TEXTS)), f"No {number}."]).encode())
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=_SLOW)
@given(data=st.data())
def test_any_order_and_any_batches_of_mails_give_the_same(
    database: Engine, house: Settings, data: st.DataObject
) -> None:
    mails = data.draw(_mails())
    order = data.draw(st.permutations(mails))
    sizes = data.draw(st.lists(st.integers(1, 5), max_size=14))
    assert _file(database, house, _split(order, sizes)) == _file(database, house, [mails])


def test_the_sample_gives_the_same_whether_it_comes_at_once_or_in_pieces(database: Engine, tmp_path: Path) -> None:
    box = (SAMPLE / "fi-paivakoti" / "mail.mbox").read_bytes()
    mails = re.split(rb"^From .*\n", box, flags=re.MULTILINE)[1:]
    house = Settings(home=tmp_path, own_domains=("tuulikas.fi",), database_url=None)
    whole = _file(database, house, [mails])
    pieces = [*_split(mails[::3], [5, 1, 1, 1, 1, 1]), *_split(mails[2::3], [7]), *_split(mails[1::3], [1, 2])]
    assert _file(database, house, pieces) == whole
    assert len(whole["insight"]) > 20
