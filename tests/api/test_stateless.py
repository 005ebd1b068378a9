from __future__ import annotations

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.wire import Sentence
from nlp.analyze import as_json
from nlp.findings import Finding

TEXT = "Hi,\nI will send it by 2024-03-08.\n"
RAW = f"From: tom@acme.example\nDate: Mon, 4 Mar 2024 10:00:00 +0200\nSubject: Hi\n\n{TEXT}"


def test_one_record_gives_one_answer(client: TestClient) -> None:
    answer = client.post("/v1/analyze", json={"id": "a", "text": TEXT, "more": True}).json()
    assert answer["id"] == "a"
    sentence = next(s for s in answer["sentences"] if s["acts"] == ["commit"])
    assert TEXT[sentence["start"] : sentence["end"]] == "I will send it by 2024-03-08."
    assert sentence["due_date"] == "2024-03-08"


def test_a_list_gives_a_list_in_order_and_raw_messages_come_back_decoded(client: TestClient) -> None:
    answers = client.post("/v1/analyze", json=[{"id": 1, "text": TEXT}, {"id": 2, "raw": RAW}]).json()
    assert [a["id"] for a in answers] == [1, 2]
    assert "text" not in answers[0]
    assert answers[1]["text"].strip() == TEXT.strip()


def test_in_a_list_a_bad_record_has_its_error_in_its_place(client: TestClient) -> None:
    answers = client.post("/v1/analyze", json=[{"id": 1}, {"id": 2, "text": TEXT}, {"id": 3, "raw": "words"}]).json()
    assert [a.get("error", {}).get("code") for a in answers] == ["SUHDE-103", None, "SUHDE-114"]
    assert [a["id"] for a in answers] == [1, 2, 3]


@pytest.mark.parametrize("body", [b"{", b"7", b'["a"]', b'{"id": 1}', b"\xff", b'{"text": "\\ud800"}', b'{"raw": 3}'])
def test_a_body_that_cannot_be_used_is_a_problem(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/analyze", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "SUHDE-103")


def test_too_many_records_or_bytes_are_refused(client: TestClient) -> None:
    assert client.post("/v1/analyze", json=[{"text": ""}] * 65).status_code == 422
    assert client.post("/v1/analyze", content=b" " * (8 * 2**20 + 1)).status_code == 413


def test_nothing_is_kept(client: TestClient) -> None:
    before = client.get("/v1/relationships").json()
    client.post("/v1/analyze", json={"raw": RAW.replace("acme", "stranger")})
    assert client.get("/v1/relationships").json() == before


def test_the_description_of_a_sentence_is_what_comes() -> None:
    said = as_json(Finding(start=0, end=2))
    assert set(said) == {f.name for f in msgspec.structs.fields(Sentence)}
