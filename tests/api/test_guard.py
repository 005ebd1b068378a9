from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

_PATHS = ("/", "/v1/relationships", "/v1/nothing", "/v1/jobs/x", "/static/style.css", "/openapi.json", "/healthz")


@pytest.mark.parametrize("path", _PATHS)
def test_nothing_is_kept_framed_or_sniffed(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::", "10.0.0.1"]
)
def test_another_name_than_this_machines_own_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/v1/relationships", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.0.0.1:1234", "[::1]:8000", "LOCALHOST"])
def test_this_machines_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/v1/relationships", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_page_cannot_post(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/v1/analyze", json={"text": "Hi"}, headers=headers)
    assert answer.status_code == 403


def test_our_own_page_and_programs_can_post(client: TestClient) -> None:
    for headers in ({}, {"origin": "http://localhost"}, {"sec-fetch-site": "same-origin"}):
        assert client.post("/v1/analyze", json={"text": "Hi"}, headers=headers).status_code == 200
