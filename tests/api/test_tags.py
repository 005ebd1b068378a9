from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from served import DAY

PATH = f"/v1/relationships?as_of={DAY}"


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get(PATH)
    tag = first.headers["etag"]
    for asked in (tag, f'"other", {tag}', f"W/{tag}"):
        again = client.get(PATH, headers={"if-none-match": asked})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(PATH, headers={"if-none-match": '"other"'}).json() == first.json()


def test_another_answer_has_another_tag(client: TestClient) -> None:
    assert client.get(PATH).headers["etag"] != client.get("/v1/relationships?as_of=2024-03-05").headers["etag"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/relationships?limit=0", "/", "/healthz"])
def test_errors_and_pages_have_none(client: TestClient, path: str) -> None:
    assert "etag" not in client.get(path).headers
