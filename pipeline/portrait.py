"""All that is kept about a person, value by value: what erasure would take, before it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

import store.holds
import store.read
from pipeline.tracing import Target, look
from store.raw import RawStore
from store.read import Filed


def portrait(connection: Connection, raw: RawStore, target: Target) -> Iterator[dict[str, Any]]:
    """Objects with a `type`: who the person is known as, documents, findings on their own sentences, insights, holds.

    Insights are those that name the person as a party or rest on such a document. What could not be read is named by
    its id in quarantine.
    """
    emails = target.subject.addresses
    seen = look(connection, raw, target)
    for name in (*sorted(emails), *target.subject.names):
        yield from ({"type": "person", **msgspec.to_builtins(p)} for p in store.read.people(connection, name)[:1])
    for identity in sorted(seen.documents):
        filed = store.read.document(connection, identity)
        yield {"type": "document", **msgspec.to_builtins(filed.document)}
        yield from _findings(filed, emails)
    for relationship, kind, data in store.read.insights_about(connection, sorted(seen.documents), sorted(emails)):
        yield {"type": "insight", "relationship": relationship, "kind": kind, **data}
    for identity in sorted(seen.raws):
        yield {"type": "unread", "id": identity}
    for hold in store.holds.listed(connection):
        if hold.name in emails:
            yield {"type": "hold", **msgspec.to_builtins(hold)}


def _findings(filed: Filed, emails: frozenset[str]) -> Iterator[dict[str, Any]]:
    """What the models say of the sentences that the person wrote."""
    document = filed.document
    if document.author is None or document.author.email not in emails:
        return
    for finding in filed.findings:
        sentence = document.text[finding.start : finding.end]
        yield {"type": "finding", "document": document.id, "sentence": sentence, **msgspec.to_builtins(finding)}
