"""The header of a message: its fields as they stand, and the readings of them that RFC 5322, 2047 and 2231 define.

Fields keep their raw bytes; they are decoded only when asked for, because most are never read.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import unquote_to_bytes

from corpus.charsets import clean, decode

# A field longer than this is cut when read: no address list or subject is, and hostile ones would cost time.
MAX_FIELD = 256_000

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)\n?")
_FOLD = re.compile(r"\n[ \t]*")
# Fields by one of which a mail is told from other text that begins with "word: …".
_OF_MAIL = (
    "from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|delivered-to|"
    "mime-version|content-type|content-transfer-encoding|precedence|dkim-signature|list-id|resent-from"
)
_MAIL = frozenset(_OF_MAIL.split("|"))
# A field that mail has, with its colon.
KNOWN_FIELD = re.compile(
    rb"(?:x-[!-9;-~]{1,80}|content-[a-z]{1,30}|list-[a-z]{1,30}|" + _OF_MAIL.encode() + rb")[ \t]*:",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]{0,8000})\?=")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
_ESCAPE = re.compile(r"\\(.)")
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_MESSAGE_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,900}@[^\s<>,;\"]{1,90}")
_MAX_BARE = 5_000  # code points in which ids without brackets are looked for


class Headers:
    """The fields of a header: lower-case names and raw values, still folded and encoded."""

    __slots__ = ("_plain", "_values")

    def __init__(self, fields: Iterable[tuple[str, bytes]] = ()) -> None:
        self._values: dict[str, list[bytes]] = {}
        self._plain: dict[str, str] = {}  # what was asked for before: many ask for the same few fields
        for name, value in fields:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def plain(self, name: str) -> str:
        """The first field of that (lower-case) name, unfolded, encoded words as they are; "" where there is none."""
        text = self._plain.get(name)
        if text is None:
            values = self._values.get(name)
            text = self._plain[name] = _unfold(values[0]) if values else ""
        return text

    def text(self, name: str) -> str:
        """The first field of that (lower-case) name as people read it; "" where there is none."""
        return " ".join(decode_words(self.plain(name)).split())

    def every(self, name: str) -> Iterator[str]:
        """All fields of that (lower-case) name in their order, unfolded, encoded words left as they are."""
        values = self._values.get(name)
        return chain((self.plain(name),), map(_unfold, values[1:])) if values else iter(())

    def hold_any(self, names: frozenset[str]) -> bool:
        """Whether there is a field of at least one of those (lower-case) names."""
        return not names.isdisjoint(self._values)

    @property
    def of_mail(self) -> bool:
        """Whether at least one field is one that only mail has."""
        return self.hold_any(_MAIL)


def read_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header that begins at `start`, and where the body after it begins (at most `end`). Offsets in bytes.

    Lines that are no field are forgiven: a mbox "From " line is skipped, a line lost from the field above joins it,
    anything else begins the body (RFC 5322 demands a blank line there; not all mail has it).
    """
    fields: list[tuple[str, bytes]] = []
    at = start
    while at < end:
        if found := _FIELD.match(raw, at, end):
            name, value = found.groups()
            fields.append((name.decode("ascii").lower(), value))
            at = found.end()
        elif raw.startswith(b"\n", at):
            return Headers(fields), at + 1
        else:
            line_end = _after_line(raw, at, end)
            if raw.startswith((b"From ", b">From "), at):
                pass
            elif fields and KNOWN_FIELD.match(raw, line_end, end):
                fields[-1] = (fields[-1][0], fields[-1][1] + b" " + raw[at:line_end].strip())
            else:
                return Headers(fields), at
            at = line_end
    return Headers(fields), end


def looks_like_header(head: bytes) -> bool:
    """Whether bytes (LF line ends) begin as a mail does: with fields, at least one of which is a mail's own."""
    return read_headers(head, 0, len(head))[0].of_mail


def decode_words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) decoded, malformed ones left as they are.

    Neighbouring words of one charset are decoded together, because senders split characters between them.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    held, charset, at = b"", "", 0
    for word in _WORD.finditer(value):
        gap, label = value[at : word.start()], word[1].partition("*")[0].lower()
        joins = at > 0 and not gap.strip()
        if not (joins and label == charset):
            out.append(decode(held, charset))
            held = b""
        if not joins:
            out.append(gap)
        charset, at = label, word.end()
        data = word[3].encode("utf-8", "surrogatepass")
        held += from_base64(data) if word[2] in "bB" else binascii.a2b_qp(data, header=True)
    return clean("".join((*out, decode(held, charset), value[at:])))


def from_base64(data: bytes) -> bytes:
    """The bytes of base64 that may be broken: foreign characters are skipped, missing padding is supplied."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        digits = _NOT_BASE64.sub(b"", data)
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition value, names in lower case (RFC 2045, RFC 2231)."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(value if value.startswith(";") else ";" + value.partition(";")[2]):
        found = _PIECE.fullmatch(name.lower())
        text = _ESCAPE.sub(r"\1", quoted) if quoted else bare.strip()
        if found and (found[2] or found[3]):
            pieces.setdefault(found[1], {})[int(found[2] or 0)] = (bool(found[3]), text)
        elif found:
            plain.setdefault(found[1], decode_words(text))
    return plain | {name: _joined(parts) for name, parts in pieces.items()}


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    """A value in pieces (RFC 2231): the first of them names the charset, percent signs stand in the marked ones."""
    charset, data = None, b""
    for number, (encoded, text) in sorted(parts.items()):
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogatepass")
    return clean(decode(data, charset))


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids of a Message-ID, In-Reply-To or References value, without brackets and blanks, in order."""
    if not value:
        return ()
    found = _MESSAGE_ID.findall(value) or _BARE_ID.findall(value[:_MAX_BARE])
    ids = ["".join(one.split()) for one in found]
    return tuple(dict.fromkeys(filter(None, ids)))


def _unfold(value: bytes) -> str:
    if len(value) > MAX_FIELD:
        value = value[:MAX_FIELD]
    text = clean(decode(value))
    return _FOLD.sub(" ", text).strip() if "\n" in text else text.strip()


def _after_line(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n", at, end)
    return end if found < 0 else found + 1
