"""Mail from a folder on an IMAP server (RFC 9051), read only: nothing is marked as seen, moved or deleted.

A place in a folder is the server's word for its numbering (UIDVALIDITY) and the number of the last message read (UID);
numbers only grow while the numbering holds (RFC 9051, 2.3.1.1). Connections are encrypted, and the server's name is
checked, unless it is this machine itself.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import msgspec
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from corpus.archive import Found, Where
from corpus.mime import MAX_MESSAGE
from errors import BadMailbox, MailboxRefused, MailboxUnreachable

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"imaps": 993, "imap": 143}
_TIMEOUT = 60.0  # seconds without an answer
_TOGETHER = 32  # messages asked for at once: fewer round trips, bounded memory
_TOGETHER_BYTES = 16 * 2**20


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Which folder of whose account on which server; shown without any password."""

    scheme: str  # imaps: encrypted from the start; imap: encrypted after STARTTLS
    host: str
    port: int
    user: str
    folder: str

    @classmethod
    def read(cls, words: str) -> Self:
        """An address written as `imaps://user@host[:port]/folder`. Raises BadMailbox."""
        try:
            parts = urlsplit(words)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise BadMailbox(f"{words!r} is no address of a mail folder.") from None
        if parts.password is not None:
            raise BadMailbox("an address with a password in it would be seen by others of this machine.")
        if not parts.hostname or not parts.username:
            raise BadMailbox(f"{words!r} names no {'server' if not parts.hostname else 'user'}.")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port,
            user=unquote(parts.username),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
        )

    def __str__(self) -> str:
        return f"{self.scheme}://{self.user}@{self.host}:{self.port}/{self.folder}"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where a folder was read."""

    validity: int
    uid: int = 0


class Mailbox:
    """An open folder."""

    def __init__(self, client: IMAPClient, address: Address, validity: int) -> None:
        self._client, self.address, self.validity = client, address, validity

    def after(self, place: Place | None) -> Iterator[list[tuple[Found, Place]]]:
        """Batches of the messages behind a place, each with its own; all of them where the numbering is a new one.

        A message longer than `mime.MAX_MESSAGE` is cut one byte after that, so that parsing refuses it.
        """
        last = place.uid if place is not None and place.validity == self.validity else 0
        # The last message is always in such a range, whatever its number (RFC 9051, 6.4.8).
        waiting = sorted(uid for uid in self._client.search(["UID", f"{last + 1}:*"]) if uid > last)
        sizes = {uid: one[b"RFC822.SIZE"] for uid, one in self._client.fetch(waiting, ["RFC822.SIZE"]).items()}
        for batch in _batches([uid for uid in waiting if uid in sizes], sizes):
            told = self._client.fetch(batch, [f"BODY.PEEK[]<0.{MAX_MESSAGE + 1}>"])
            yield [self._found(uid, told[uid]) for uid in batch if uid in told]

    def wait(self, seconds: float) -> None:
        """Return when the server says that something changed (IDLE, RFC 2177), or when the time is over."""
        if not self._client.has_capability("IDLE"):
            time.sleep(seconds)
            self._client.noop()
            return
        self._client.idle()
        try:
            self._client.idle_check(seconds)
        finally:
            self._client.idle_done()

    def _found(self, uid: int, told: dict[bytes, Any]) -> tuple[Found, Place]:
        raw = next(value for key, value in told.items() if key.startswith(b"BODY["))
        where = Where(archive=str(self.address), index=uid)
        return Found(raw=raw, where=where), Place(validity=self.validity, uid=uid)


@contextmanager
def opened(address: Address, password: str) -> Iterator[Mailbox]:
    """A folder, open for reading. Raises MailboxUnreachable or MailboxRefused, also while it is being read."""
    try:
        with _connected(address) as client:
            try:
                client.login(address.user, password)
                chosen = client.select_folder(address.folder, readonly=True)
            except LoginError as error:
                raise MailboxRefused(f"{address.host} refuses {address.user}: {_plain(error)}.") from error
            except IMAPClientError as error:
                raise MailboxRefused(f"{address.host} has no folder {address.folder}: {_plain(error)}.") from error
            yield Mailbox(client, address, int(chosen[b"UIDVALIDITY"]))
    except (OSError, IMAPClientError) as error:
        raise MailboxUnreachable(f"no answer from {address.host}:{address.port}: {_plain(error)}.") from error


@contextmanager
def _connected(address: Address) -> Iterator[IMAPClient]:
    context = ssl.create_default_context()
    own = address.host in _LOOPBACK
    if own:  # what does not leave the machine needs no certificate
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = IMAPClient(
        address.host, address.port, ssl=address.scheme == "imaps", ssl_context=context, timeout=_TIMEOUT
    )
    try:
        if address.scheme == "imap" and not own:
            client.starttls(context)
        yield client
    finally:
        try:
            client.logout()
        except (OSError, IMAPClientError):
            client.shutdown()


def _batches(uids: list[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    batch: list[int] = []
    weight = 0
    for uid in uids:
        if batch and (len(batch) == _TOGETHER or weight + sizes[uid] > _TOGETHER_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += sizes[uid]
    if batch:
        yield batch


def _plain(error: Exception) -> str:
    return str(error).removeprefix("b'").rstrip("'.") or type(error).__name__
