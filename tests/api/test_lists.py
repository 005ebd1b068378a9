from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from served import DAY, THEM, WEEKS

ACME = "/v1/relationships/acme.example"


def _walk(client: TestClient, path: str, **query: Any) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        answer = client.get(path, params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"items", "next"}
        assert ('rel="next"' in answer.headers.get("link", "")) == (page["next"] is not None)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/relationships", {}),
        (f"{ACME}/timeline", {}),
        (f"{ACME}/timeline", {"kind": ["commitment", "question"]}),
        ("/v1/commitments", {}),
        ("/v1/commitments", {"status": "overdue", "side": "them"}),
        ("/v1/issues", {}),
        ("/v1/questions", {"status": "open"}),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_walking_all_pages_gives_each_item_once_and_in_order(
    client: TestClient, path: str, query: dict[str, Any], limit: int
) -> None:
    whole = _walk(client, path, **query, as_of=str(DAY), limit=200)
    assert len(whole) > 1
    assert _walk(client, path, **query, as_of=str(DAY), limit=limit) == whole
    assert len({item["id"] for item in whole}) == len(whole)


def test_a_timeline_is_newest_first_and_every_entry_has_its_evidence(client: TestClient) -> None:
    entries = _walk(client, f"{ACME}/timeline", kind=["commitment", "issue", "question"], as_of=str(DAY))
    times = [e["at"] for e in entries]
    assert times == sorted(times, reverse=True)
    for entry in entries:
        assert 0 <= entry["confidence"] <= 1
        for source in entry["sources"]:
            text = client.get(f"/v1/documents/{source['document']}").json()["document"]["text"]
            assert text[source["start"] : source["end"]] == source["quote"]


def test_following_the_link_header_leads_to_the_next_stretch(client: TestClient) -> None:
    first = client.get("/v1/commitments", params={"limit": 2, "as_of": str(DAY), "status": ["overdue", "open"]})
    second = client.get(first.links["next"]["url"])
    assert second.status_code == 200
    assert not {i["id"] for i in first.json()["items"]} & {i["id"] for i in second.json()["items"]}


def test_filters_narrow_a_timeline(client: TestClient) -> None:
    def entries(**query: Any) -> list[dict[str, Any]]:
        return _walk(client, f"{ACME}/timeline", as_of=str(DAY), **query)

    assert {e["kind"] for e in entries(kind=["issue", "question"])} == {"issue", "question"}
    assert {e["side"] for e in entries(side="us")} == {"us"}
    assert {e["status"] for e in entries(status=["overdue"])} == {"overdue"}
    some = entries(kind="question", since="2024-03-11", until="2024-03-18")
    assert [e["at"][:10] for e in some] == ["2024-03-18", "2024-03-11"]


def test_as_of_a_day_nothing_later_is_known(client: TestClient) -> None:
    day = "2024-03-20"
    entries = _walk(client, f"{ACME}/timeline", as_of=day)
    assert entries
    assert all(e["at"][:10] <= day for e in entries)
    early, late = (client.get(ACME, params={"as_of": d}).json() for d in (day, str(DAY)))
    assert early["open_commitments"] < late["open_commitments"]


def test_a_promise_is_open_until_its_day_is_past(client: TestClient) -> None:
    def status(day: str) -> str:
        found = client.get("/v1/commitments", params={"relationship": "acme.example", "side": "them", "as_of": day})
        return str(found.json()["items"][-1]["status"])

    assert status("2024-03-08") == "open"
    assert status("2024-03-09") == "overdue"


def test_a_relationship_is_found_by_id_domain_or_name_and_shows_their_people(client: TestClient) -> None:
    shown = [client.get(f"/v1/relationships/{name}").json() for name in ("acme.example", "Acme", "ACME.example")]
    assert shown[0] == shown[1] == shown[2]
    assert shown[0]["people"][0]["emails"] == [THEM]
    assert shown[0]["documents"] == WEEKS + WEEKS // 2


def test_lists_of_one_relationship_hold_no_others_entries(client: TestClient) -> None:
    for path in ("/v1/commitments", "/v1/issues", "/v1/questions"):
        found = _walk(client, path, relationship="acme.example", as_of=str(DAY))
        assert {e["relationship"] for e in found} == {"acme.example"}
