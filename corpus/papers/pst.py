"""Outlook's .pst ([MS-PST]), by libpff where it is installed: one message after the other.

libpff is under the LGPL and so an extra of its own: `pip install 'suhde[pst]'`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from corpus.papers.mapi import File, Mail, Person
from errors import Broken, MissingReader

_MAGIC = b"!BDN"
_MAX_FOLDERS = 100_000
_MAX_FILE = 64 * 1024 * 1024  # bytes of one attachment
_MAX_FILES = 1_000
# Properties that libpff gives no name for ([MS-OXPROPS]).
_TO, _CC, _MESSAGE_ID, _REPLY, _REFERENCES, _SENDER = 0x0E04, 0x0E03, 0x1035, 0x1042, 0x1039, 0x5D01
_LONG_NAME, _MEDIA_TYPE, _CLASS = 0x3707, 0x370E, 0x001A
_NAMED = (_CLASS, _TO, _CC, _MESSAGE_ID, _REPLY, _REFERENCES, _SENDER, _LONG_NAME, _MEDIA_TYPE)
# Message classes that are mail; contacts, tasks and the like are none.
_MAILS = ("IPM.Note", "IPM.Schedule.Meeting", "REPORT.")

T = TypeVar("T")


def read_pst(path: str) -> Iterator[bytes]:
    """The messages in the .pst at a path, folder by folder; one that is damaged is left out.

    Raises MissingReader where libpff is not installed, Broken where the file is no sound .pst. libpff may end the
    process on a broken one: call it in a guarded one.
    """
    with Path(path).open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise Broken("no .pst, whatever its name says.")
    try:
        import pypff
    except ImportError as error:
        raise MissingReader("reading .pst needs libpff (pip install 'suhde[pst]').") from error
    store = pypff.file()
    try:
        store.open(path)
        root = store.get_root_folder()
    except OSError as error:
        raise Broken("the .pst is damaged or cut short.") from error
    try:
        yield from _messages(root)
    finally:
        store.close()


def _messages(root: Any) -> Iterator[bytes]:
    folders, seen = [root] if root is not None else [], set[int]()
    while folders and len(seen) < _MAX_FOLDERS:
        folder = folders.pop()
        ident = _got(folder.get_identifier, 0)
        if ident in seen:
            continue
        seen.add(ident)
        for index in range(_got(folder.get_number_of_sub_messages, 0)):
            try:
                item = folder.get_sub_message(index)
                if _named(item).get(_CLASS, "").startswith(_MAILS):
                    yield _mail(item).as_bytes()
            except (OSError, Broken):
                continue
        for index in reversed(range(_got(folder.get_number_of_sub_folders, 0))):
            below = _got(partial(folder.get_sub_folder, index), None)
            if below is not None:
                folders.append(below)


def _mail(message: Any) -> Mail:
    named = _named(message)
    at = _got(message.get_client_submit_time, None) or _got(message.get_delivery_time, None)
    return Mail(
        headers=_got(message.get_transport_headers, None) or "",
        subject=_subject(_got(message.get_subject, None) or ""),
        author=Person(_got(message.get_sender_name, None) or "", named.get(_SENDER, "")),
        to=_people(named.get(_TO, "")),
        cc=_people(named.get(_CC, "")),
        at=at.replace(tzinfo=UTC) if isinstance(at, datetime) else None,
        message_id=named.get(_MESSAGE_ID, ""),
        in_reply_to=named.get(_REPLY, ""),
        references=named.get(_REFERENCES, ""),
        text=(_got(message.get_plain_text_body, None) or b"").decode("utf-8", "replace"),
        html=_got(message.get_html_body, None) or b"",
        rtf=_got(message.get_rtf_body, None) or b"",
        files=tuple(_files(message)),
    )


def _files(message: Any) -> Iterator[File]:
    for index in range(min(_got(message.get_number_of_attachments, 0), _MAX_FILES)):
        try:
            attachment = message.get_attachment(index)
            size = attachment.get_size()
            content = attachment.read_buffer(size) if 0 < size <= _MAX_FILE else b""
        except OSError:
            continue
        named = _named(attachment)
        yield File(named.get(_LONG_NAME, ""), named.get(_MEDIA_TYPE, ""), content)


def _named(item: Any) -> dict[int, str]:
    """The properties of an item that libpff has no name for."""
    found: dict[int, str] = {}
    for index in range(_got(item.get_number_of_record_sets, 0)):
        record = _got(partial(item.get_record_set, index), None)
        for number in range(_got(record.get_number_of_entries, 0) if record is not None else 0):
            entry = record.get_entry(number)
            kind = _got(entry.get_entry_type, None)
            if kind in _NAMED and kind not in found:
                found[kind] = _got(entry.get_data_as_string, None) or ""
    return found


def _subject(text: str) -> str:
    """A subject without the two characters that tell how long its prefix is."""
    return text[2:] if text[:1] == "\x01" else text


def _people(names: str) -> tuple[Person, ...]:
    """Names as Outlook displays them, parted by semicolons; some are addresses."""
    parts = (part.strip(" \0'") for part in names.split(";"))
    return tuple(Person("", part) if "@" in part else Person(part, "") for part in parts if part)


def _got(read: Callable[[], T], default: T) -> T:
    """What libpff gives, or the default where the file is damaged there."""
    try:
        return read()
    except OSError:
        return default
