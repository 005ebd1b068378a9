"""Lists that are handed out in stretches, each with a cursor where the next one begins."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from errors import BadFilter

Value = TypeVar("Value")


class Page(msgspec.Struct, Generic[Value], frozen=True, kw_only=True):
    """A stretch of a list. `next` begins the one after it; None at the end."""

    items: tuple[Value, ...]
    next: str | None = None


def make_cursor(*parts: str) -> str:
    """A cursor that holds what the last item of a stretch is sorted by."""
    return base64.urlsafe_b64encode("\0".join(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *parts: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """What `make_cursor` made a cursor of, each part read by its function. Raises BadFilter where it made none."""
    if cursor is None:
        return None
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\0")
        return tuple(read(part) for read, part in zip(parts, found, strict=True))
    except ValueError:
        raise BadFilter(f"{cursor!r} is no cursor of this list.", advice="Take it from the answer before.") from None


def read_time(value: str) -> datetime | None:
    """A time in a cursor; "" is None."""
    return datetime.fromisoformat(value) if value else None
