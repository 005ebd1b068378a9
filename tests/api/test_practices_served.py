from __future__ import annotations

import time

from fastapi.testclient import TestClient
from served import DAY
from sqlalchemy import Engine, text

from insights.corrections import Action, Said
from pipeline.correcting import correct, undo


def test_practices_say_on_what_they_rest_and_that_two_relationships_are_too_few(client: TestClient) -> None:
    told = client.get("/v1/practices", params={"as_of": str(DAY)}).json()
    assert told["counted"]["relationships"] == 2
    assert told["counted"]["cases"]["their_promise"] > 0
    assert told["patterns"] == []
    assert all(s["sentence"].endswith(".") for s in told["silences"])
    assert "With whom troubles recur: 0 of 10 relationships needed." in {s["sentence"] for s in told["silences"]}


def test_practices_are_told_in_finnish_when_asked(client: TestClient) -> None:
    told = client.get("/v1/practices", params={"as_of": str(DAY), "language": "fi"}).json()
    assert told["silences"][0]["sentence"].startswith("Pitävätkö yksikkömme")
    assert client.get("/v1/practices", params={"language": "sv"}).status_code == 422


def test_as_of_an_earlier_day_less_is_counted(client: TestClient) -> None:
    def answers(day: str) -> int:
        return int(client.get("/v1/practices", params={"as_of": day}).json()["counted"]["cases"]["answer"])

    assert 0 < answers("2024-03-25") < answers(str(DAY))


def test_the_page_says_what_is_counted_and_what_is_missing(client: TestClient) -> None:
    page = client.get(f"/practices?as_of={DAY}").text
    assert "From 2 relationships as of 1 Jun 2024" in page
    assert "Too thin to say anything" in page


def test_a_study_is_made_once_and_then_read(client: TestClient, served_engine: Engine) -> None:
    client.get(f"/practices?as_of={DAY}")
    with served_engine.connect() as connection:
        before = connection.execute(text("SELECT xmin::text, day FROM study ORDER BY day")).all()
    begun = time.perf_counter()
    for _ in range(10):
        assert client.get(f"/practices?as_of={DAY}").status_code == 200
    assert (time.perf_counter() - begun) / 10 < 0.5
    with served_engine.connect() as connection:
        assert connection.execute(text("SELECT xmin::text, day FROM study ORDER BY day")).all() == before


def test_what_a_person_says_of_an_insight_counts_in_practices(client: TestClient, served_engine: Engine) -> None:
    def promises() -> int:
        told = client.get("/v1/practices", params={"as_of": str(DAY)}).json()
        return int(told["counted"]["cases"]["their_promise"])

    before = promises()
    query = {"as_of": str(DAY), "side": "them", "status": "overdue"}
    one = client.get("/v1/commitments", params=query).json()["items"][0]["id"]
    said = correct(served_engine, one, Said(action=Action.DISMISS))
    assert promises() == before - 1
    undo(served_engine, said.number)
    assert promises() == before
