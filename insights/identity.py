"""Ids of insights that stay the same whenever the same archive is read."""

from __future__ import annotations

from hashlib import blake2b


def identity(kind: str, *parts: object) -> str:
    """A stable id: BLAKE2b-128 (hex) of what makes an insight this one."""
    return blake2b("\0".join((kind, *map(str, parts))).encode(), digest_size=16).hexdigest()
