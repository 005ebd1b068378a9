"""Who may ask for what, and what is written down of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from served import load_plain
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from api.access import needed
from api.app import create_app
from settings import Settings
from store import audit, keys
from store.audit import Action
from store.keys import SESSION, Scope

NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def application(served_engine: Engine, served_settings: Settings) -> FastAPI:
    """The application where keys are needed."""
    settings = served_settings.model_copy(update={"access": "keys", "hosts": ("suhde.kettu.example",)})
    return create_app(served_engine, settings, load_plain)


@pytest.fixture
def closed(application: FastAPI) -> TestClient:
    """Somebody who has shown no key yet."""
    return TestClient(application, base_url="http://suhde.kettu.example")


def make(engine: Engine, *scopes: Scope, name: str = "CRM") -> dict[str, str]:
    with engine.begin() as connection:
        _, words = keys.create(connection, name, scopes, datetime.now(UTC))
    return {"authorization": f"Bearer {words}"}


def last(engine: Engine) -> audit.Audited:
    with engine.connect() as connection:
        return audit.entries(connection, limit=1).items[0]


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/v1/relationships", Scope.METADATA),
        ("GET", "/v1/relationships/acme.example", Scope.METADATA),
        ("GET", "/v1/relationships/acme.example/timeline", Scope.TEXT),
        ("GET", "/v1/search", Scope.TEXT),
        ("GET", "/", Scope.TEXT),
        ("POST", "/v1/analyze", Scope.METADATA),
        ("POST", "/v1/documents", Scope.WRITE),
        ("DELETE", "/v1/relationships", Scope.WRITE),
        ("GET", "/what/comes/later", Scope.TEXT),
        ("PUT", "/what/comes/later", Scope.WRITE),
        ("GET", "/healthz", None),
        ("GET", "/static/style.css", None),
    ],
)
def test_what_is_not_named_needs_the_greater_right(method: str, path: str, right: Scope | None) -> None:
    assert needed(method, path) is right


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "Bearer suhde_00000000_x", "Basic Zm9vOmJhcg==", "Bearer suhde_' OR_1"]
)
def test_without_a_key_nothing_is_told(closed: TestClient, header: str) -> None:
    answer = closed.get("/v1/relationships", headers={"authorization": header} if header else {})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "acme" not in answer.text


def test_a_key_may_what_its_scopes_say_and_no_more(closed: TestClient, served_engine: Engine) -> None:
    sums = make(served_engine, Scope.METADATA)
    assert closed.get("/v1/relationships", headers=sums).status_code == 200
    refused = closed.get("/v1/commitments", headers=sums)
    assert (refused.status_code, "read:text" in refused.text) == (403, True)
    reader = make(served_engine, Scope.TEXT)
    assert closed.get("/v1/commitments", headers=reader).status_code == 200
    assert closed.get("/v1/relationships", headers=reader).status_code == 200
    assert closed.post("/v1/documents", content=b"x", headers=reader).status_code == 403
    sender = make(served_engine, Scope.WRITE)
    assert closed.post("/v1/documents", content=b"x", headers=sender).status_code == 415
    assert closed.get("/v1/commitments", headers=sender).status_code == 403


def test_a_revoked_key_ends_at_once_with_its_sessions(closed: TestClient, served_engine: Engine) -> None:
    header = make(served_engine, Scope.TEXT)
    words = header["authorization"].removeprefix("Bearer ")
    closed.post("/login", data={"key": words, "next": "/"})
    assert closed.get("/v1/commitments").status_code == 200
    with served_engine.begin() as connection:
        keys.revoke(connection, words.split("_")[1], datetime.now(UTC))
    assert closed.get("/v1/commitments", headers=header).status_code == 401
    assert closed.get("/v1/commitments").status_code == 401


def test_a_person_comes_in_with_a_key_and_leaves(closed: TestClient, served_engine: Engine) -> None:
    words = make(served_engine, Scope.TEXT, name="Anna")["authorization"].removeprefix("Bearer ")
    page = {"accept": "text/html"}
    asked = closed.get("/attention", headers=page, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/attention")
    wrong = closed.post("/login", data={"key": words + "x", "next": "/attention"}, headers=page)
    assert (wrong.status_code, "No such key" in wrong.text) == (403, True)
    entered = closed.post("/login", data={"key": words, "next": "/attention"}, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/attention")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "Anna" in closed.get("/attention").text
    closed.post("/logout")
    assert closed.get("/attention", headers=page, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_coming_in_leads_nowhere_else(closed: TestClient, served_engine: Engine, target: str) -> None:
    words = make(served_engine, Scope.TEXT)["authorization"].removeprefix("Bearer ")
    entered = closed.post("/login", data={"key": words, "next": target}, follow_redirects=False)
    assert entered.headers["location"] == "/"


def test_a_session_is_over_after_its_time(served_engine: Engine) -> None:
    with served_engine.begin() as connection:
        key, _ = keys.create(connection, "Anna", (Scope.TEXT,), NOW)
        words = keys.open_session(connection, key, NOW)
        assert keys.session(connection, words, NOW + SESSION - timedelta(seconds=1)) is not None
        assert keys.session(connection, words, NOW + SESSION) is None


def test_no_secret_is_kept(served_engine: Engine) -> None:
    with served_engine.begin() as connection:
        key, words = keys.create(connection, "Anna", (Scope.TEXT,), NOW)
        session = keys.open_session(connection, key, NOW)
        kept = "".join(map(str, connection.execute(text("SELECT k.*, s.* FROM api_key k, session s")).all()))
    assert words.rpartition("_")[2] not in kept
    assert session not in kept


def test_every_read_change_and_refusal_is_written_down(closed: TestClient, served_engine: Engine) -> None:
    reader = make(served_engine, Scope.TEXT, name="Nightly")
    closed.get("/v1/search?q=drawings", headers=reader)
    entry = last(served_engine)
    assert (entry.action, entry.path, entry.status) == (Action.READ, "/v1/search?q=drawings", 200)
    assert entry.caller.endswith(" Nightly")
    closed.post("/v1/documents", content=b"x", headers=reader)
    assert (last(served_engine).action, last(served_engine).status) == (Action.REFUSE, 403)
    closed.post("/v1/documents", content=b"x", headers=make(served_engine, Scope.WRITE))
    assert last(served_engine).action is Action.CHANGE


def test_where_no_key_is_needed_reads_are_written_down_too(client: TestClient, served_engine: Engine) -> None:
    client.get("/v1/issues")
    assert (last(served_engine).caller, last(served_engine).path) == ("local", "/v1/issues")


@pytest.mark.parametrize("change", ["UPDATE audit SET path = ''", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_can_only_be_added_to(served_engine: Engine, change: str) -> None:
    with pytest.raises(DBAPIError, match="only be added to"), served_engine.begin() as connection:
        connection.execute(text(change))


def test_a_name_that_was_not_allowed_is_refused_before_any_key(closed: TestClient, served_engine: Engine) -> None:
    header = make(served_engine, Scope.ADMIN) | {"host": "evil.example"}
    assert closed.get("/v1/relationships", headers=header).status_code == 421
