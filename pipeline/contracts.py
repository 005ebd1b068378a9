"""Contracts from files' bytes: opened in a guarded process, read, compared. Keeps nothing."""

from __future__ import annotations

from corpus.filing import filed
from corpus.message import digest
from insights.contracts import Contract
from nlp.contracts.compare import Change, compare
from pipeline.opening import opened
from pipeline.papers import contract_of


def read(raw: bytes, name: str) -> Contract:
    """What a file says as a contract, whatever it looks like.

    Raises InputError where the file cannot be read.
    """
    return contract_of(filed(opened(raw, name), name, digest(raw)))


def differences(old: bytes, old_name: str, new: bytes, new_name: str) -> tuple[tuple[Change, str], ...]:
    """What changed from one version of a contract to another, each change with the clause's text.

    Raises InputError where a file cannot be read.
    """
    before, after = opened(old, old_name), opened(new, new_name)
    return tuple(
        (change, (before if change.kind == "removed" else after).text[change.start : change.end])
        for change in compare(before, after)
    )
