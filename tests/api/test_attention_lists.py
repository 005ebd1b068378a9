from __future__ import annotations

from fastapi.testclient import TestClient
from served import DAY, THEM, US


def test_relationships_come_with_their_reasons_in_order_of_need(client: TestClient) -> None:
    found = client.get("/v1/attention", params={"as_of": str(DAY)}).json()["items"]
    assert [one["id"] for one in found] == ["acme.example", "evil.example"]
    acme = found[0]
    assert acme["held"]["overdue_by_them"] > 1
    for reason in acme["reasons"]:
        for source in reason["sources"]:
            text = client.get(f"/v1/documents/{source['document']}").json()["document"]["text"]
            assert text[source["start"] : source["end"]] == source["quote"]


def test_filters_and_pages_of_the_portfolio(client: TestClient) -> None:
    def ids(**query: str | int) -> list[str]:
        return [one["id"] for one in client.get("/v1/attention", params={"as_of": str(DAY), **query}).json()["items"]]

    assert ids(reason="severe_issue") == ["acme.example"]
    assert ids(q="evil") == ["evil.example"]
    assert ids(kind="customer") == []
    first = client.get("/v1/attention", params={"as_of": str(DAY), "limit": 1})
    assert [one["id"] for one in client.get(first.links["next"]["url"]).json()["items"]] == ["evil.example"]


def test_reasons_of_one_are_those_of_the_day(client: TestClient) -> None:
    path = "/v1/relationships/acme.example/attention"
    early, late = (client.get(path, params={"as_of": day}).json()["items"] for day in ("2024-03-08", str(DAY)))
    assert {reason["kind"] for reason in early} == {"severe_issue", "unanswered", "due_soon"}
    assert all(reason["since"] <= "2024-03-08" for reason in early)
    assert len(late) > len(early)


def test_people_are_listed_by_name_with_how_they_write(client: TestClient) -> None:
    found = client.get("/v1/relationships/acme.example/people", params={"as_of": str(DAY)}).json()["items"]
    assert [one["party"]["id"] for one in found] == [US, THEM]
    assert found[1]["letters"] == 12
    assert found[1]["low"] <= found[1]["score"] <= found[1]["high"]
