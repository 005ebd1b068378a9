"""One message: its raw bytes, or a record that holds its fields, to documents."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from corpus import identity, times
from corpus.body import Text, read_body
from corpus.charsets import clean_in_place
from corpus.document import Address, Attachment, Document, DocumentKind, Sending, TimeSource, Zone, ZoneKind
from corpus.headers import Headers, message_ids
from corpus.mime import MAX_DEPTH, MAX_MESSAGE, Budget, Part, read_parts
from corpus.people import addresses
from corpus.sending import sending
from corpus.zones import zone
from errors import BadLine, MessageError, NotAMessage, TooDeep, TooLarge, Unparsable
from languages.detect import detect

# A thread's oldest message and its newest ones place a mail in it; some programs never shorten the list.
MAX_REFERENCES = 100
_DIGEST_SIZE = 16  # bytes: BLAKE2b-128
_OTHERS = (ZoneKind.QUOTE, ZoneKind.FORWARD)  # zones of other people's words
_LONE_CR = re.compile(r"\r(?!\n)")


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A message as documents, itself first, then those enclosed in it; `blobs` are the attachments' bytes by digest."""

    documents: tuple[Document, ...]
    blobs: dict[str, bytes]


def canonical(raw: bytes) -> bytes:
    """A message's bytes as they are compared and hashed: LF line ends, no blank lines at either end."""
    text = raw.replace(b"\r\n", b"\n") if b"\r\n" in raw else raw
    return text.strip(b"\n")


def raw_id(raw: bytes) -> str:
    """The id of a message: BLAKE2b-128 of its canonical bytes, in hex. Also the Document's."""
    return digest(canonical(raw))


def parse(raw: bytes, *, now: datetime | None = None) -> Parsed:
    """Read a message as it came (RFC 5322 and 2045 ff., and what is sent in their stead).

    `now` (aware; default the clock) bounds the dates that are believed.
    Raises TooLarge, TooDeep, TooManyParts, NotAMessage or Unparsable, nothing else.
    """
    try:
        if len(raw) > MAX_MESSAGE:
            raise TooLarge(f"more than {MAX_MESSAGE:,} bytes.")
        return _Parser(now or datetime.now(UTC)).run(raw)
    except MessageError:
        raise
    except RecursionError as error:
        raise TooDeep("nested deeper than can be read.") from error
    except Exception as error:  # a bug: the message goes to quarantine, where it can be looked at and retried
        raise Unparsable(f"{type(error).__name__}: {error}.") from error


class _Parser:
    """Reads a message and those enclosed in it, which share one budget of parts."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.budget = Budget()
        self.documents: dict[str, Document] = {}
        self.blobs: dict[str, bytes] = {}

    def run(self, raw: bytes) -> Parsed:
        self.message(canonical(raw), parent=None, depth=0)
        return Parsed(documents=tuple(self.documents.values()), blobs=self.blobs)

    def message(self, raw: bytes, parent: str | None, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise TooDeep(f"nested deeper than {MAX_DEPTH} parts.")
        ident = digest(raw)
        if ident in self.documents:
            return
        root = read_parts(raw, budget=self.budget, depth=depth)
        if parent is None and not root.headers.of_mail:
            raise NotAMessage("no header that a mail has.")
        body = read_body(root)
        attachments = tuple(self.attachment(part) for part in body.files)
        self.documents[ident] = _document(ident, parent, root.headers, body.text, attachments, self.now)
        for part in body.enclosed:
            self.message(canonical(part.content), ident, part.depth + 1)

    def attachment(self, part: Part) -> Attachment:
        content = part.content
        key = digest(content)
        self.blobs[key] = content
        return Attachment(name=part.file_name, media_type=part.media_type, size=len(content), digest=key)


def from_fields(record: Mapping[str, object]) -> Document:
    """The document that a record of `analyze` holds.

    Takes `text` (kept as given, so that offsets fit), and where known `kind` (email, contract or notes; default email),
    `date` (ISO 8601, with or without zone), `from`, `to` (a string or a list of them) and `subject`. Other keys are
    not read. Raises BadLine, which names the field that cannot be used.
    """
    text = _string(record, "text", required=True)
    kind = _kind(record)
    subject = _string(record, "subject")
    is_mail = kind is DocumentKind.EMAIL
    author = next(iter(addresses(_string(record, "from"))), None)
    at, offset = _iso(_string(record, "date"))
    zones = zone(_LONE_CR.sub("\n", text).replace("\r", " "), subject=subject) if is_mail else _whole(text)
    said = _text_of(text, zones)
    return Document(
        id=digest(json.dumps(record, sort_keys=True).encode()),
        kind=kind,
        text=text,
        zones=zones,
        subject=subject,
        at=at,
        utc_offset=offset,
        time_source=TimeSource.DATE if at else TimeSource.UNKNOWN,
        author=author,
        to=_recipients(record),
        language=detect(said),
        sending=sending(Headers(), author, subject, said) if is_mail else Sending.PERSONAL,
    )


def _string(record: Mapping[str, object], name: str, *, required: bool = False) -> str:
    value = record.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"'{name}' must be a string.")
    return clean_in_place(value)


def _kind(record: Mapping[str, object]) -> DocumentKind:
    try:
        return DocumentKind(_string(record, "kind") or DocumentKind.EMAIL)
    except ValueError:
        raise BadLine(f"'kind' must be one of {', '.join(DocumentKind)}.") from None


def _recipients(record: Mapping[str, object]) -> tuple[Address, ...]:
    value = record.get("to") or []
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise BadLine("'to' must be a string or a list of strings.")
    return tuple(dict.fromkeys(a for part in parts for a in addresses(part)))


def _iso(text: str) -> tuple[datetime | None, int | None]:
    """A time in UTC and the offset in minutes where one was given; without a zone it is read as UTC."""
    if not text.strip():
        return None, None
    try:
        given = datetime.fromisoformat(text.strip())
        offset = given.utcoffset()
        at = given.replace(tzinfo=UTC) if offset is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine("'date' must be an ISO 8601 date or time.") from None
    return at, None if offset is None else int(offset.total_seconds()) // 60


def _whole(text: str) -> tuple[Zone, ...]:
    return (Zone(kind=ZoneKind.OWN, start=0, end=len(text)),) if text else ()


def _document(
    ident: str, parent: str | None, headers: Headers, body: Text, attachments: tuple[Attachment, ...], now: datetime
) -> Document:
    subject = headers.text("subject")
    listed = identity.list_id(headers)
    author = identity.author(headers, listed)
    time = times.sent(headers, now)
    zones = zone(body.text, body.hints, subject=subject)
    said = _text_of(body.text, zones)
    how = sending(headers, author, subject, said)
    if how is Sending.AUTOMATIC:
        zones = zone(body.text, body.hints, automatic=True, subject=subject)
    return Document(
        id=ident,
        kind=DocumentKind.EMAIL,
        text=body.text,
        zones=zones,
        subject=subject,
        message_id=next(iter(message_ids(headers.plain("message-id"))), None),
        parent=parent,
        at=time.at,
        utc_offset=time.utc_offset,
        time_source=time.source,
        author=author,
        to=identity.recipients(headers, "to"),
        cc=identity.recipients(headers, "cc"),
        in_reply_to=message_ids(headers.plain("in-reply-to")),
        references=_references(headers),
        language=detect(said),
        sending=how,
        list_id=listed,
        attachments=attachments,
    )


def _text_of(text: str, zones: tuple[Zone, ...]) -> str:
    """What the message itself says: its text without quotes and forwarded messages."""
    if len(zones) == 1 and zones[0].kind not in _OTHERS:
        return text
    return "".join(text[z.start : z.end] for z in zones if z.kind not in _OTHERS)


def _references(headers: Headers) -> tuple[str, ...]:
    ids = message_ids(headers.plain("references"))
    return ids if len(ids) <= MAX_REFERENCES else ids[:1] + ids[1 - MAX_REFERENCES :]


def digest(data: bytes) -> str:
    """The id of bytes as they are: BLAKE2b-128 in hex."""
    return blake2b(data, digest_size=_DIGEST_SIZE).hexdigest()
