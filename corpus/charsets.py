"""Bytes of mail to text, whatever their label claims.

Labels lie: UTF-8 is sent as latin-1, Windows-1252 as ISO-8859-1 or US-ASCII, and much is not labelled at all.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# ISO-8859-1 and US-ASCII are read as their superset Windows-1252, as browsers do (WHATWG Encoding Standard);
# the East Asian ones as their supersets too. The rest are names that mail programs made up.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_MADE_UP = {
    "iso-8859-8-i": "iso8859-8",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "utf8mb4": "utf-8",
}
# Python's own encodings that are no charset of a mail; some of them decode in quadratic time.
_NO_CHARSET = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
# Charsets in which bytes below 128 do not mean ASCII.
_SHIFTING = re.compile(r"utf[-_]?(7|16|32)|iso2022|hz|cp037|cp500|cp1140", re.IGNORECASE)

_BROKEN = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")


def decode(raw: bytes, label: str | None = None) -> str:
    """The text of bytes that are said to be in the charset `label` (any case, may be wrong or unknown or None).

    Never raises: what fits no charset becomes U+FFFD. Unlabelled bytes are read as UTF-8, else as Windows-1252.
    """
    charset = _charset(label) if label else None
    if raw.isascii() and not (charset and _SHIFTING.match(charset)):
        return raw.decode("ascii")
    if charset in (None, "cp1252", "utf-8", "iso8859-15"):
        return _western(raw, charset)
    try:
        return raw.decode(charset)
    except (UnicodeError, LookupError):
        return _western(raw, None) if _is_utf8(raw) else raw.decode(charset, "replace")


def clean(text: str) -> str:
    """The text with LF line ends, without NUL (PostgreSQL cannot hold it), lone surrogates replaced by U+FFFD."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _BROKEN.sub("\ufffd", text).removeprefix("\ufeff")


def clean_in_place(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD, one for one, so that offsets into it stay right."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text if text.isascii() else _BROKEN.sub("\ufffd", text)


def _western(raw: bytes, charset: str | None) -> str:
    """UTF-8 wherever the bytes are valid UTF-8: text in another charset hardly ever is by chance."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset == "utf-8" and not _mostly_broken(raw):
        return raw.decode("utf-8", "replace")
    return raw.decode(charset if charset and charset != "utf-8" else "cp1252", "replace")


def _mostly_broken(raw: bytes) -> bool:
    """Whether text said to be UTF-8 holds more broken than sound sequences, as it does where it is Windows-1252."""
    sound = raw.decode("utf-8", "ignore")
    return 2 * (len(raw) - len(sound.encode())) > sum(not c.isascii() for c in sound)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=512)
def _charset(label: str | None) -> str | None:
    """Python's name of the codec for a label, or None where there is none."""
    name = (label or "").strip(" \t\"'").lower()
    try:
        codec = codecs.lookup(_MADE_UP.get(name, name))
    except (LookupError, ValueError):
        return None
    if codec.name in _NO_CHARSET or not getattr(codec, "_is_text_encoding", True):
        return None
    return _READ_AS.get(codec.name, codec.name)
