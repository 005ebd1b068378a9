from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from served import load_plain
from sqlalchemy import create_engine

from api.app import create_app
from errors import ModelError
from nlp.analyze import Analyzer
from settings import Settings


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/relationships/nobody.example", 404, "SUHDE-105"),
        ("/v1/relationships/nobody.example/timeline", 404, "SUHDE-105"),
        ("/v1/commitments?relationship=nobody.example", 404, "SUHDE-105"),
        ("/v1/documents/ffffffffffff", 404, "SUHDE-105"),
        ("/v1/jobs/999999", 404, "SUHDE-105"),
        ("/v1/jobs/x", 422, "SUHDE-104"),
        ("/v1/jobs/99999999999999999999999", 422, "SUHDE-104"),
        ("/v1/issues?as_of=yesterday", 422, "SUHDE-104"),
        ("/v1/issues?status=broken", 422, "SUHDE-104"),
        ("/v1/commitments?limit=201", 422, "SUHDE-104"),
        ("/v1/commitments?limit=0", 422, "SUHDE-104"),
        ("/v1/commitments?cursor=abc", 422, "SUHDE-104"),
        ("/v1/commitments?cursor=%C3%A4", 422, "SUHDE-104"),
        ("/v1/relationships?cursor=bm90AGE", 422, "SUHDE-104"),  # "not", "a"
        ("/v1/relationships/acme.example/timeline?kind=gossip", 422, "SUHDE-104"),
        ("/v1/relationships/a%00b", 422, "SUHDE-104"),
    ],
)
def test_an_error_says_what_and_what_to_do_in_the_standard_shape(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert client.get(problem["type"]).status_code == 200
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("/v1/")


def test_every_fault_of_a_request_is_named(client: TestClient) -> None:
    problem = client.get("/v1/commitments?limit=x&as_of=x&side=x").json()
    assert {e["where"] for e in problem["errors"]} == {"query.limit", "query.as_of", "query.side"}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("DELETE", "/v1/issues", 405)])
def test_what_is_not_there_is_a_problem_too(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "about:blank"


def test_a_person_gets_the_problem_as_a_page(client: TestClient) -> None:
    answer = client.get("/documents/ffffffffffff", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "no document ffffffffffff" in answer.text


@pytest.fixture
def lost() -> Iterator[TestClient]:
    """An application whose database is away and whose models cannot be read."""

    def fail() -> Analyzer:
        raise ModelError("no model in the folder.")

    engine = create_engine("postgresql+psycopg://nobody@localhost:1/nothing?connect_timeout=1")
    settings = Settings(own_domains=(), database_url=None)
    with TestClient(create_app(engine, settings, fail), "http://localhost", raise_server_exceptions=False) as found:
        yield found


def test_without_its_database_the_service_is_up_but_not_ready(lost: TestClient) -> None:
    assert lost.get("/healthz").status_code == 200
    for path in ("/readyz", "/v1/relationships"):
        answer = lost.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "SUHDE-301")


def test_without_its_models_analyze_says_so(lost: TestClient) -> None:
    answer = lost.post("/v1/analyze", json={"text": "Hi"})
    assert (answer.status_code, answer.json()["code"]) == (503, "SUHDE-400")


def test_with_database_and_models_the_service_is_ready(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_bug_tells_nothing_of_the_inside(served_settings: Settings) -> None:
    app = create_app(create_engine("postgresql+psycopg://nobody@localhost:1/nothing"), served_settings, load_plain)

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("secret text of a mail")

    answer = TestClient(app, "http://localhost", raise_server_exceptions=False).get("/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
