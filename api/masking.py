"""Numbers that name a person or an account, hidden from whoever may not see them: where text leaves the service.

Whether a request may see them is known to all that answers it (a context variable), so no route can forget to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

import msgspec

from corpus.document import Document
from corpus.sensitive import masked

# What is looked up by is handed out as it is. Ids are hashes, cursors, or what a CRM calls its accounts.
_NAMES = frozenset({
    "answers", "digest", "document", "email", "external_id", "id", "insight", "into", "message_id", "next", "parent",
    "relationship", "relationships", "thread",
})  # fmt: skip
_shown: ContextVar[bool] = ContextVar("shown", default=False)


@contextmanager
def showing(allowed: bool) -> Iterator[None]:
    """While a request is answered that may see them, or may not."""
    token = _shown.set(allowed)
    try:
        yield
    finally:
        _shown.reset(token)


def hide(text: str) -> str:
    """A text as this request may see it; offsets stay what they are."""
    return text if _shown.get() else masked(text)


def hide_in_page(value: Any) -> Any:
    """What a template prints, as this request may see it."""
    return hide(value) if type(value) is str else value


def hide_in_document(document: Document) -> Document:
    """A document as this request may see it, before its text is cut into pieces."""
    return msgspec.structs.replace(document, text=hide(document.text), subject=hide(document.subject))


def hide_in_json(value: Any) -> Any:
    """A value of any type as this request may see it, ready to be encoded."""
    if _shown.get():
        return value
    return _hidden(msgspec.to_builtins(value, builtin_types=(date, datetime)))


def _hidden(value: Any, name: object = None) -> Any:
    match value:
        case str():
            return value if name in _NAMES else masked(value)
        case dict():
            return {key: _hidden(item, key) for key, item in value.items()}
        case list() | tuple():
            return [_hidden(item, name) for item in value]
        case _:
            return value
