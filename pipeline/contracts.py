"""Contracts from files' bytes: opened in a guarded process, read, compared. Keeps nothing."""

from __future__ import annotations

from hashlib import blake2b

from corpus.genre import genre
from insights.contracts import Contract, Origin, read_contract
from languages import codes
from nlp.contracts.compare import Change, compare
from pipeline.opening import opened


def read(raw: bytes, name: str) -> Contract:
    """What a file says as a contract. Where its language cannot be told, it is read by the rules of the first.

    Raises InputError where the file cannot be read.
    """
    paper = opened(raw, name)
    origin = Origin(document=blake2b(raw, digest_size=16).hexdigest(), file=name)
    return read_contract(paper, genre(paper, name).language or codes()[0], origin)


def differences(old: bytes, old_name: str, new: bytes, new_name: str) -> tuple[tuple[Change, str], ...]:
    """What changed from one version of a contract to another, each change with the clause's text.

    Raises InputError where a file cannot be read.
    """
    before, after = opened(old, old_name), opened(new, new_name)
    return tuple(
        (change, (before if change.kind == "removed" else after).text[change.start : change.end])
        for change in compare(before, after)
    )
