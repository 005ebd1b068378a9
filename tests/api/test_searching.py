from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from served import DAY


def test_a_search_answers_with_the_words_in_their_place(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "drawing"}).json()["items"]
    assert found
    for hit in found:
        text = client.get(f"/v1/documents/{hit['document']}").json()["document"]["text"]
        assert text[hit["start"] : hit["end"]] == hit["quote"]
        assert all("drawing" in hit["quote"][a:b].lower() for a, b in hit["found"])


def test_stretches_of_a_search_lead_on_and_hold_each_document_once(client: TestClient) -> None:
    seen, path = [], "/v1/search?q=drawing&limit=2"
    while path:
        answer = client.get(path)
        seen += [hit["document"] for hit in answer.json()["items"]]
        path = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    assert len(seen) == len(set(seen)) > 2


def test_a_search_for_no_word_says_so(client: TestClient) -> None:
    answer = client.get("/v1/search", params={"q": "on"})
    assert (answer.status_code, answer.json()["code"]) == (422, "SUHDE-104")


@pytest.mark.parametrize(
    "query", ["relationship=acme.example", "kind=contract", "since=2030-01-01", "until=1999-01-01"]
)
def test_filters_narrow_a_search(client: TestClient, query: str) -> None:
    everything = client.get("/v1/search?q=drawing&limit=200").json()["items"]
    some = client.get(f"/v1/search?q=drawing&limit=200&{query}").json()["items"]
    assert {h["document"] for h in some} <= {h["document"] for h in everything}


def test_the_page_marks_what_was_found_and_escapes_what_was_asked(client: TestClient) -> None:
    page = client.get("/search", params={"q": "drawing", "as_of": str(DAY)}).text
    assert "<mark>" in page
    asked = client.get("/search", params={"q": "<script>alert(1)</script> drawing"}).text
    assert "<script" not in asked
    assert "no word to search for" in client.get("/search?q=on").text
    assert client.get("/search?q=&relationship=&kind=&since=").status_code == 200
