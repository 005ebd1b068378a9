from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from served import START, US, mail

from corpus.mime import MAX_MESSAGE

_RFC822 = {"content-type": "message/rfc822"}
_AT = START + timedelta(days=400)


def _wait(client: TestClient, job: str) -> dict[str, Any]:
    for _ in range(1200):  # a busy machine may need a minute
        found: dict[str, Any] = client.get(job).json()
        if found["status"] not in ("todo", "doing"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"still {found}")


def _post(client: TestClient, raw: bytes) -> dict[str, Any]:
    answer = client.post("/v1/documents", content=raw, headers=_RFC822)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return _wait(client, answer.headers["location"])


def test_a_posted_message_is_read_and_shown_with_what_it_says(client: TestClient) -> None:
    raw = mail(3001, "pia@newcomer.example", US, _AT, "I will call the harbour master by 2025-04-30.\n")
    job = _post(client, raw)
    assert (job["status"], job["outcome"]) == ("succeeded", "stored")
    document = client.get(f"/v1/documents/{job['document']}").json()
    assert document["document"]["message_id"] == "3001@kettu.example"
    assert document["findings"][0]["acts"] == ["commit"]
    promises = client.get("/v1/commitments", params={"relationship": "newcomer.example", "as_of": "2025-06-01"}).json()
    assert [p["status"] for p in promises["items"]] == ["overdue"]


def test_the_same_message_again_is_a_duplicate_and_leads_to_the_document(client: TestClient) -> None:
    raw = mail(3002, "pia@newcomer.example", US, _AT, "Thanks.\n")
    first, second = _post(client, raw), _post(client, raw.replace(b"Subject: ", b"X-Copy: 1\r\nSubject: "))
    assert second["outcome"] == "duplicate"
    assert first["document"] == second["document"]


def test_what_is_no_message_goes_to_quarantine_with_its_reason(client: TestClient) -> None:
    job = _post(client, b"just some words\n")
    assert (job["status"], job["outcome"], job["document"]) == ("succeeded", "quarantined", None)
    assert job["reason"]


def test_a_document_is_found_by_its_message_id(client: TestClient) -> None:
    for name in ("0@kettu.example", "%3C0%40kettu.example%3E"):
        assert client.get(f"/v1/documents/{name}").json()["document"]["subject"].endswith(" 0")


def test_only_bytes_of_a_message_are_taken(client: TestClient) -> None:
    assert client.post("/v1/documents", json={"a": 1}).status_code == 415
    assert client.post("/v1/documents", content=b"", headers=_RFC822).json()["code"] == "SUHDE-114"


def test_a_body_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/documents", content=b"a" * (MAX_MESSAGE + 1), headers=_RFC822)
    assert (answer.status_code, answer.json()["code"]) == (413, "SUHDE-111")
