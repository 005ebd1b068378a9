"""Insights put right over the API, on the pages and by the command line; it holds when all is derived again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import fresh_database
from fastapi.testclient import TestClient
from served import fill, load_plain
from sqlalchemy import Engine
from typer.testing import CliRunner

import store.write
from api.app import create_app
from cli.main import app as command
from pipeline.connect import connect
from settings import Settings

_OPEN = "/v1/commitments?relationship=acme.example&side=them&as_of=2024-06-01"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("correcting"), own_domains=("kettu.example",), database_url=None)


@pytest.fixture
def engine_of_mine(engine: Engine, settings: Settings) -> Iterator[Engine]:
    database = fresh_database(engine)
    fill(database, settings)
    yield database
    database.dispose()


@pytest.fixture
def client(engine_of_mine: Engine, settings: Settings) -> Iterator[TestClient]:
    app = create_app(engine_of_mine, settings, load_plain)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


def _promises(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(_OPEN).json()["items"]
    return found


def _say(client: TestClient, insight: str, **words: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/insights/{insight}/corrections", json=words)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert client.get(answer.headers["location"]).json() == found
    return found


def _derive_again(engine: Engine, settings: Settings) -> None:
    """As another version of the rules would."""
    with engine.begin() as connection:
        store.write.mark_stale(connection)
        connection.exec_driver_sql("UPDATE relationship SET digest = NULL")
    connect(engine, settings)


def test_what_was_said_holds_when_all_is_derived_again(
    client: TestClient, engine_of_mine: Engine, settings: Settings
) -> None:
    first, second, third, *_ = _promises(client)
    dismissed = _say(client, first["id"], action="dismiss", by="anna")
    closed = _say(client, second["id"][:8], action="close", day="2024-05-29")
    _say(client, third["id"], action="redate", due="2024-07-01")
    before = _promises(client)
    assert first["id"] not in {p["id"] for p in before}
    _derive_again(engine_of_mine, settings)
    after = {p["id"]: p for p in _promises(client)}
    assert list(after.values()) == before
    assert after[second["id"]]["status"] == "fulfilled_late"
    assert after[second["id"]]["corrections"] == [closed["number"]]
    assert (after[third["id"]]["status"], after[third["id"]]["due"]["to"]) == ("open", "2024-07-01")
    said = client.get("/v1/corrections").json()["items"]
    assert [c["said"]["action"] for c in said] == ["redate", "close", "dismiss"]
    assert (said[2]["by"], said[2]["found"]["id"], dismissed["by"]) == ("anna", first["id"], "anna")


def test_undoing_everything_leaves_what_the_models_said(client: TestClient) -> None:
    before = client.get("/v1/relationships/acme.example/timeline?limit=200&as_of=2024-06-01").json()
    first, second, third, *_ = _promises(client)
    numbers = [
        _say(client, first["id"], action="merge", into=second["id"])["number"],
        _say(client, second["id"], action="close", status="cancelled")["number"],
        _say(client, third["id"], action="dismiss")["number"],
    ]
    assert len(_promises(client)) == len({first["id"], second["id"], third["id"]}) + 12 - 3 - 2
    for number in numbers:
        assert client.delete(f"/v1/corrections/{number}").status_code == 200
    assert client.get("/v1/relationships/acme.example/timeline?limit=200&as_of=2024-06-01").json() == before
    assert client.get("/v1/corrections").json()["items"] == []


def test_what_does_not_fit_or_is_not_there_is_a_problem(client: TestClient) -> None:
    first, *_ = _promises(client)
    where = f"/v1/insights/{first['id']}/corrections"
    assert client.post(where, json={"action": "close", "status": "resolved"}).json()["code"] == "SUHDE-107"
    assert client.post(where, json={"action": "praise"}).status_code == 422
    assert client.post("/v1/insights/nothing/corrections", json={"action": "confirm"}).status_code == 404
    assert client.delete("/v1/corrections/999999").status_code == 404


class _Forms(HTMLParser):
    """The forms of a page: where they go, and their hidden fields and buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.found.append((given.get("action") or "", {}))
        elif tag == "input" and given.get("type") == "hidden" and self.found:
            self.found[-1][1][given.get("name") or ""] = given.get("value") or ""


def _send(client: TestClient, action: str, fields: dict[str, str], **headers: str) -> Any:
    body = urlencode(fields)
    return client.post(
        action, content=body, follow_redirects=False,
        headers={"content-type": "application/x-www-form-urlencoded", **headers},
    )  # fmt: skip


def test_a_button_on_the_page_puts_an_insight_right_and_leads_back(client: TestClient) -> None:
    page = "/relationships/acme.example?kind=commitment&side=them&as_of=2024-06-01"
    first = _promises(client)[0]["id"]
    form = next(f for f in _Forms(client.get(page).text).found if first in f[0])
    answer = _send(client, form[0], {**form[1], "action": "close:fulfilled"}, **{"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#{first}")
    assert next(p for p in _promises(client) if p["id"] == first)["status"] == "fulfilled_late"
    (undo,) = (f for f in _Forms(client.get("/corrections").text).found)
    assert _send(client, undo[0], undo[1]).status_code == 303
    assert next(p for p in _promises(client) if p["id"] == first)["status"] == "overdue"


def test_an_insight_has_a_page_with_all_that_may_be_said_of_it(client: TestClient) -> None:
    first, second, *_ = _promises(client)
    text = client.get(f"/insights/{first['id']}").text
    assert {"It is due on", "It is one with"} <= {w for w in ("It is due on", "It is one with") if w in text}
    answer = _send(client, f"/insights/{first['id']}/corrections", {"action": "merge", "into": second["id"]})
    assert answer.headers["location"] == "/"
    assert client.get(f"/v1/insights/{first['id']}").status_code == 404


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_a_form_leads_to_no_other_site(client: TestClient, back: str) -> None:
    first = _promises(client)[0]["id"]
    answer = _send(client, f"/insights/{first}/corrections", {"action": "confirm", "back": back})
    assert answer.headers["location"] == "/"


def test_another_sites_form_is_refused(client: TestClient) -> None:
    first = _promises(client)[0]["id"]
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert _send(client, f"/insights/{first}/corrections", {"action": "dismiss"}, **headers).status_code == 403


def test_the_command_line_puts_right_lists_exports_and_takes_back(
    engine_of_mine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUHDE_HOME", str(settings.home))
    monkeypatch.setenv("SUHDE_OWN_DOMAINS", "kettu.example")
    monkeypatch.setenv("SUHDE_DATABASE_URL", engine_of_mine.url.render_as_string(hide_password=False))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(command, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    table = run("commitments", "acme.example", "--side", "them", "--as-of", "2024-06-01")
    promises = json.loads(run("commitments", "acme.example", "--side", "them", "--as-of", "2024-06-01", "--json"))
    first = promises[0]["id"]
    assert first[:8] in table
    run("correct", first[:8], "--close", "fulfilled", "--day", "2024-05-01", "--by", "anna")
    run("correct", promises[1]["id"], "--dismiss")
    listed = json.loads(run("corrections", "list", "--json"))
    assert [c["said"]["action"] for c in listed] == ["dismiss", "close"]
    lines = [json.loads(line) for line in run("corrections", "export", "--jsonl").splitlines()]
    assert [(line["said"]["action"], line["source"]["quote"]) for line in lines] == [
        ("close", promises[0]["detail"]["made"]["quote"]),
        ("dismiss", promises[1]["detail"]["made"]["quote"]),
    ]
    for one in listed:
        run("corrections", "undo", str(one["number"]))
    again = run("commitments", "acme.example", "--side", "them", "--as-of", "2024-06-01", "--json")
    assert json.loads(again) == promises
    assert CliRunner().invoke(command, ["correct", first]).exit_code == 2
