"""The outside of a document: who sent it to whom, when and how."""

from __future__ import annotations

from datetime import datetime

import msgspec

from corpus.document import Address, Sending


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the outside of a document, and its place in its thread."""

    id: str  # of the document
    at: datetime | None
    author: Address | None
    subject: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sending: Sending = Sending.PERSONAL
    list_id: str | None = None
    thread: str
    answers: str | None = None

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To before Cc."""
        return (*self.to, *self.cc)

    @property
    def people(self) -> tuple[Address, ...]:
        """The author, then the recipients."""
        return (*((self.author,) if self.author else ()), *self.recipients)
