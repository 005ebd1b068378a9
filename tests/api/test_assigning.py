"""Files over the API: taken in, listed, and put where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import fresh_database
from fastapi.testclient import TestClient
from served import START, US, fill, load_plain, mail
from sqlalchemy import Engine
from test_documents import _wait

from api.app import create_app
from settings import Settings

_CONTRACT = """# Supply Agreement

This Supply Agreement is made on 15 January 2025 between {them}, a company registered in England ("Supplier"), and
Kettu Oy, a company registered in Finland ("Customer").

1. Term. This Agreement is effective on 1 February 2025 and remains in force until 31 January 2027.

2. Governing law. This Agreement is governed by the laws of Finland. Reference {number}.
"""


@pytest.fixture(scope="module")
def client(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An application with a database of its own: what is filed here would change what other tests count."""
    settings = Settings(home=tmp_path_factory.mktemp("assigning"), own_domains=("kettu.example",), database_url=None)
    database = fresh_database(engine)
    fill(database, settings)
    app = create_app(database, settings, load_plain)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found
    database.dispose()


def _upload(client: TestClient, text: str, name: str, **headers: str) -> dict[str, Any]:
    answer = client.post(
        "/v1/documents", params={"name": name} if name else {}, content=text.encode(),
        headers={"content-type": "text/markdown", **headers},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    return _wait(client, answer.headers["location"])


def _contract(client: TestClient, number: int, them: str = "Acme Ltd") -> dict[str, Any]:
    return _upload(client, _CONTRACT.format(them=them, number=number), f"agreement-{number}.md")


def _listed(client: TestClient, document: str, **query: Any) -> dict[str, Any] | None:
    found = client.get("/v1/documents", params={"limit": 200, **query})
    assert found.status_code == 200, found.text
    return next((item for item in found.json()["items"] if item["id"] == document), None)


def test_an_uploaded_contract_is_told_for_one_and_placed_by_its_party(client: TestClient) -> None:
    job = _contract(client, 1)
    assert (job["status"], job["outcome"]) == ("succeeded", "stored")
    shown = client.get(f"/v1/documents/{job['document']}").json()["document"]
    assert (shown["kind"], shown["file"]) == ("contract", "agreement-1.md")
    paper = _listed(client, job["document"], relationship="acme.example", kind="contract")
    assert paper is not None
    assert (paper["relationship"], paper["reason"], paper["day"]) == ("acme.example", "party", "2025-01-15")
    assert _listed(client, job["document"], placed="false") is None


def test_the_same_file_again_is_a_duplicate(client: TestClient) -> None:
    first, second = _contract(client, 2), _contract(client, 2)
    assert second["document"] == first["document"]


def test_a_files_name_may_come_with_content_disposition(client: TestClient) -> None:
    said = "attachment; filename=\"x.md\"; filename*=UTF-8''..%5Cs%C3%A4il%C3%B6%2Fsopimus.md"
    job = _upload(client, _CONTRACT.format(them="Acme Ltd", number=3), "", **{"content-disposition": said})
    assert client.get(f"/v1/documents/{job['document']}").json()["document"]["file"] == "sopimus.md"


def test_a_person_puts_right_where_a_paper_belongs(client: TestClient) -> None:
    job = _upload(client, "# Price list\n\nPumps from 100 euros.\n", "prices.md")
    paper = f"/v1/documents/{job['document']}"
    assert _listed(client, job["document"], placed="false") is not None
    there = client.patch(paper[:-20], json={"relationship": "ACME.example"})
    assert there.status_code == 200, there.text
    assert (there.json()["relationship"], there.json()["reason"]) == ("acme.example", "assigned")
    assert there.json()["confidence"] == 1.0
    nowhere = client.patch(paper, json={"relationship": None}).json()
    assert (nowhere["relationship"], nowhere["reason"]) == (None, "assigned")
    assert _listed(client, job["document"], placed="false") is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"relationship": "nobody.example"}, 404),
        ({}, 422),
        ({"relationship": 5}, 422),
        ({"relationship": None, "kind": "letter"}, 422),
    ],
)
def test_an_assignment_that_cannot_be_understood_is_refused(
    client: TestClient, body: dict[str, Any], status: int
) -> None:
    job = _contract(client, 5)
    assert client.patch(f"/v1/documents/{job['document']}", json=body).status_code == status


def test_a_mail_belongs_where_its_addresses_do(client: TestClient) -> None:
    answer = client.patch("/v1/documents/0@kettu.example", json={"relationship": "acme.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "SUHDE-100")
    assert client.patch("/v1/documents/nowhere", json={"relationship": None}).status_code == 404


def test_lists_of_papers_come_in_stretches(client: TestClient) -> None:
    for number in (6, 7, 8):
        _contract(client, number)
    whole = client.get("/v1/documents", params={"limit": 200}).json()["items"]
    found, url = [], "/v1/documents?limit=2"
    while url:
        answer = client.get(url)
        found += answer.json()["items"]
        url = answer.links.get("next", {}).get("url", "")
    assert found == whole
    assert len({p["id"] for p in whole}) == len(whole) >= 3


def test_unknown_kinds_and_types_are_refused(client: TestClient) -> None:
    assert client.get("/v1/documents?kind=email").status_code == 422
    assert client.post("/v1/documents", content=b"x", headers={"content-type": "image/png"}).status_code == 415


def test_a_message_is_taken_under_any_of_the_types(client: TestClient) -> None:
    raw = mail(3101, "pia@newcomer.example", US, START + timedelta(days=401), "Thanks.\n")
    answer = client.post("/v1/documents?name=note.eml", content=raw, headers={"content-type": "text/plain"})
    job = _wait(client, answer.headers["location"])
    assert client.get(f"/v1/documents/{job['document']}").json()["document"]["kind"] == "email"
