"""What the corpus hands on: a document, who wrote it when, and which stretches of its text are whose.

Values only. Offsets are code points into `Document.text`; times are aware and in UTC. None can hold another of its
kind, so the garbage collector need not follow them (`gc=False`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

import msgspec

from corpus.paper import Layout, Paper


class DocumentKind(StrEnum):
    """What sort of paper a document is."""

    EMAIL = "email"
    CONTRACT = "contract"
    NOTES = "notes"  # minutes, notes of a meeting or negotiation
    TRANSCRIPT = "transcript"  # what was said, turn by turn
    LETTER = "letter"
    OTHER = "other"


class ZoneKind(StrEnum):
    """Whose words a stretch of text is, and what for."""

    OWN = "own"  # the author's words in this very message, greeting and closing included
    QUOTE = "quote"  # an earlier message repeated below or between the author's words, its header lines included
    FORWARD = "forward"  # somebody else's message passed on, its header lines included
    SIGNATURE = "signature"  # name, title, phone, address block
    FOOTER = "footer"  # disclaimers, list footers, advertisements of mail programs
    AUTO = "auto"  # text that a machine wrote: out of office, delivery failures, read receipts


class ZonePart(StrEnum):
    """A finer part within a zone, where it is recognised."""

    HEADER = "header"  # the lines that introduce a quoted or forwarded message
    GREETING = "greeting"  # "Hi Anna," within own text
    CLOSING = "closing"  # "Best regards, Tom" within own text


class Address(msgspec.Struct, frozen=True, order=True, gc=False):
    """A mailbox: `name` as displayed (may be empty), `email` in lower case (empty where only a name is known)."""

    email: str
    name: str = ""


class Zone(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stretch of text of one kind. The zones of a document are ordered, disjoint and cover its text."""

    kind: ZoneKind
    start: int  # code points, inclusive
    end: int  # code points, exclusive
    part: ZonePart | None = None
    author: Address | None = None  # of a quote or forward, where its header says so
    depth: int = 0  # 0 the author's; 1 what the author answers; 2 what that one answered …


class TimeSource(StrEnum):
    """Where a document's time comes from: the best evidence that was there."""

    DATE = "date"
    RECEIVED = "received"
    FILE = "file"
    TEXT = "text"  # a paper's own words, name or properties
    MAIL = "mail"  # the mail that a paper came with
    UNKNOWN = "unknown"


class Sending(StrEnum):
    """How a message was sent. Only `personal` and `list` are people talking."""

    PERSONAL = "personal"
    LIST = "list"  # a discussion list: a person wrote it, many read it
    BULK = "bulk"  # newsletters, marketing, notices to many
    AUTOMATIC = "automatic"  # out of office, bounces, receipts, robots


class Attachment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file that came with a message. Its bytes are kept by hash; `digest` is their BLAKE2b-128 in hex."""

    name: str
    media_type: str
    size: int  # bytes, decoded
    digest: str


class Document(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One e-mail, contract, notes or other file. Immutable.

    `id` is the BLAKE2b-128 (hex) of a mail's canonical bytes (see `corpus.message.canonical`) or of a file's bytes:
    then it is the digest of the attachment where it came with a mail. A file has a `layout`, a mail has none.
    `text` is the decoded body, LF line ends; `zones` cover it.
    `at` is None where no evidence of the time was found, and then `time_source` says `unknown`.
    """

    id: str
    kind: DocumentKind
    text: str
    zones: tuple[Zone, ...]
    subject: str = ""
    message_id: str | None = None  # without angle brackets
    parent: str | None = None  # id of the document in which this one was enclosed (message/rfc822)
    file: str | None = None  # name of the file, where it is not a mail
    at: datetime | None = None  # UTC
    utc_offset: int | None = None  # the writer's offset in minutes, where the Date header gave one
    time_source: TimeSource = TimeSource.UNKNOWN
    author: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()  # message ids without angle brackets
    references: tuple[str, ...] = ()  # oldest first
    language: str | None = None  # ISO 639-1 of the own text; None where undecidable
    sending: Sending = Sending.PERSONAL
    list_id: str | None = None  # List-Id, or the list's address
    attachments: tuple[Attachment, ...] = ()
    layout: Layout | None = None
    kind_confidence: float = 1.0  # how sure the kind is, 0 … 1

    @property
    def paper(self) -> Paper | None:
        """A file as it was read; None for a mail."""
        if self.layout is None:
            return None
        return Paper(text=self.text, **{name: getattr(self.layout, name) for name in Layout.__struct_fields__})

    @property
    def own_text(self) -> str:
        """What the author wrote, zones joined by line ends."""
        return "\n".join([self.text[z.start : z.end] for z in self.zones if z.kind is ZoneKind.OWN])

    @property
    def content_key(self) -> str | None:
        """Two mails with this key in common are copies of one: same Message-ID, own words and attachments.

        Copies differ in what lists, gateways and mailboxes put around the words. None where there is no Message-ID.
        """
        if self.message_id is None:
            return None
        parts = (self.message_id, " ".join(self.own_text.split()), *sorted(a.digest for a in self.attachments))
        return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
