"""The API's description: complete, and true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from api import examples
from corpus.document import Document
from pipeline.jobs import Job
from store.views import Overview

DOCS = Path(__file__).parent.parent.parent / "docs" / "api.md"


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_an_id_a_sentence_an_example_and_its_problems(description: dict[str, Any]) -> None:
    for name, operation in _operations(description):
        assert "_" in operation["operationId"] or operation["operationId"] == "analyze", name
        assert operation["summary"].endswith((".", "kept")), name
        answers = operation["responses"]
        good = next(answers[status] for status in answers if status.startswith("2"))
        assert good["content"]["application/json"]["example"], name
        assert "application/problem+json" in answers["4XX"]["content"], name
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (name, parameter["name"])


def test_every_reference_of_the_description_leads_somewhere(description: dict[str, Any]) -> None:
    known = description["components"]["schemas"]

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(found := value.get("$ref"), str):
                yield found
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    assert {r.rpartition("/")[2] for r in references(description)} <= set(known)


def test_examples_are_what_the_types_say() -> None:
    for kind, value in ((Overview, examples.OVERVIEW), (Document, examples.DOCUMENT.document), (Job, examples.DONE)):
        assert msgspec.json.decode(msgspec.json.encode(value), type=kind) == value


def test_an_answer_has_the_fields_that_the_description_names(client: TestClient, description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    entry = client.get("/v1/commitments?limit=1").json()["items"][0]
    assert set(entry) == set(schemas["Entry"]["properties"])
    assert set(entry["detail"]) == set(schemas["Commitment"]["properties"])
    assert set(client.get("/v1/relationships/acme.example").json()) == set(schemas["Relationship"]["properties"])


def test_every_operation_is_in_the_guide(description: dict[str, Any]) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert not [name for name, _ in _operations(description) if f"`{name}`" not in text]
