"""Numbers of persons, accounts, cards and telephones are hidden from whoever has no right to see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import fresh_database
from fastapi.testclient import TestClient
from served import THEM, US, load_plain, mail
from sqlalchemy import Engine, text

import store.write
from api.app import create_app
from corpus.archive import Found, Where
from pipeline.connect import connect
from pipeline.prepare import prepare
from settings import Settings
from store import keys
from store.keys import Scope

NUMBERS = ("010103A9019", "FI21 1234 5600 0007 85", "4111 1111 1111 1111", "040 123 4567")
TEXT = f"Hi Anna,\nher code is {NUMBERS[0]}, the account {NUMBERS[1]}, the card {NUMBERS[2]}.\nCall me: {NUMBERS[3]}"


@pytest.fixture(scope="module")
def house(engine: Engine, homes: Path) -> Iterator[tuple[Engine, Settings, str]]:
    """A database with one mail that holds such numbers, and the mail's id."""
    settings = Settings(home=homes / "masking", own_domains=("kettu.example",), database_url=None, access="keys")
    database = fresh_database(engine)
    raw = mail(1, THEM, US, datetime(2024, 3, 4, tzinfo=UTC), TEXT, f"About {NUMBERS[0]}")
    batch = prepare(settings.raw, [Found(raw=raw, where=Where(archive="test"))]).messages
    with database.begin() as connection:
        store.write.store(connection, batch)
    connect(database, settings)
    with database.connect() as connection:
        identity = str(connection.scalar(text("SELECT id FROM document")))
    yield database, settings, identity
    database.dispose()


def _answers(house: tuple[Engine, Settings, str], *scopes: Scope) -> list[str]:
    database, settings, identity = house
    with database.begin() as connection:
        _, words = keys.create(connection, "somebody", scopes, datetime.now(UTC))
    client = TestClient(create_app(database, settings, load_plain), base_url="http://127.0.0.1")
    paths = (f"/v1/documents/{identity}", f"/documents/{identity}", "/v1/search?q=account", "/search?q=account")
    found = [client.get(path, headers={"authorization": f"Bearer {words}"}) for path in paths]
    assert [one.status_code for one in found] == [200] * len(paths)
    return [one.text for one in found]


def test_who_may_read_texts_sees_no_number(house: tuple[Engine, Settings, str]) -> None:
    for answer in _answers(house, Scope.TEXT):
        assert not [number for number in NUMBERS if number in answer]
        assert "•••• •••• •••• ••••" in answer


@pytest.mark.parametrize("scopes", [(Scope.TEXT, Scope.SENSITIVE), (Scope.ADMIN,)])
def test_who_may_see_numbers_does(house: tuple[Engine, Settings, str], scopes: tuple[Scope, ...]) -> None:
    document, page, *_ = _answers(house, *scopes)
    assert all(number in document and number in page for number in NUMBERS)


def test_without_keys_nobody_sees_them_and_offsets_hold(house: tuple[Engine, Settings, str]) -> None:
    database, settings, identity = house
    app = create_app(database, settings.model_copy(update={"access": "open"}), load_plain)
    client = TestClient(app, base_url="http://127.0.0.1")
    shown = client.get(f"/v1/documents/{identity}").json()["document"]
    assert shown["id"] == identity
    assert shown["message_id"] == "1@kettu.example"
    assert len(shown["text"]) == len(TEXT)
    assert [zone["end"] for zone in shown["zones"]][-1] == len(TEXT)
    assert not [number for number in NUMBERS if number in shown["text"]]
    assert "her code is •••••••••••, the account •••• ••••" in shown["text"]
