"""Analysis without a store: one record in, one answer out. What `suhde analyze` and `POST /v1/analyze` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.document import Document
from corpus.message import from_fields, parse
from errors import BadLine, InputError, MessageError
from nlp.analyze import Analyzer, as_json, tone
from nlp.findings import Finding


def analyze(analyzer: Analyzer, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Say of each sentence of each record what its writer does with it.

    A record is `{"id","date","from","to","subject","kind","text"}`, or `{"id","raw"}` with a whole RFC 5322 message,
    and then the decoded text comes back, too. Raises BadLine or MessageError for the first that cannot be used.
    """
    documents = [_document(record) for record in records]
    found = analyzer.analyze(documents)
    return [_answer(*one) for one in zip(records, documents, found, strict=True)]


def analyze_each(analyzer: Analyzer, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As `analyze`, but a record that cannot be used has an object with its `error` in its place."""
    try:
        return analyze(analyzer, records)
    except InputError:
        return [_tried(analyzer, record) for record in records]


def _tried(analyzer: Analyzer, record: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return analyze(analyzer, [record])[0]
    except InputError as error:
        fault = {"code": f"SUHDE-{error.code}", "detail": error.detail, "advice": error.hint}
        return {"id": record.get("id"), "error": fault}


def _document(record: Mapping[str, Any]) -> Document:
    raw = record.get("raw")
    if raw is None:
        return from_fields(record)
    if not isinstance(raw, str):
        raise BadLine("'raw' is not a string.")
    try:
        return parse(raw.encode()).documents[0]
    except MessageError as error:
        raise type(error)(error.detail, advice="") from error  # nothing goes to quarantine here


def _answer(record: Mapping[str, Any], document: Document, findings: Sequence[Finding]) -> dict[str, Any]:
    text = {"text": document.text} if "raw" in record else {}
    return {
        "id": record.get("id"),
        "sentiment": tone(findings).value,
        **text,
        "sentences": [as_json(finding) for finding in findings],
    }
