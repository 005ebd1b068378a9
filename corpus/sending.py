"""How a message was sent: by a person, through a list, in bulk or by a machine.

Headers decide where they speak (RFC 2369, 2919, 3834); exports that lost them leave the sender's address and the text.
A personal mail taken for bulk vanishes from its timeline, so the text alone must say it at least twice.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import languages
from corpus.document import Address, Sending
from corpus.headers import Headers
from corpus.people import registrable
from corpus.phrases import Grouped, grouped

_LIST_FIELDS = frozenset({"x-beenthere", "x-mailman-version", "x-mailing-list", "mailing-list", "list-post"})
_BULK_FIELDS = frozenset({"list-unsubscribe", "feedback-id", "x-campaign", "x-campaignid", "x-csa-complaints"})
_AUTOMATIC_FIELDS = frozenset({"x-autoreply", "x-autorespond", "x-autoresponder", "x-failed-recipients"})
_AUTOMATIC_PRECEDENCE = {"auto_reply", "auto-reply"}
_LIST_ADDRESS = re.compile(
    r"(?:^|[\s<,;\"._-])list(?:s|serv|server|_server|-server)?(?:[._-][\w.-]{0,40})?@|@lists?\.|@listserv\."
)
_WWW = re.compile(r"\bwww\.")
_REPLY = re.compile(r"\s*[a-zåäö]{2,4}(?:\[\d+\])?:", re.IGNORECASE)
_LETTERS = re.compile(r"[a-zåäö]+")
_LOOKED_AT = 100_000  # code points; mass mail says what it is within less
# Nobody types a letter of so many links by hand.
_MANY_LINKS = 8


def sending(headers: Headers, author: Address | None, subject: str, text: str) -> Sending:
    """How a message was sent.

    `subject` is decoded; `text` is what the message itself says, footers included, without what it quotes.
    """
    if _is_automatic(headers, author, subject):
        return Sending.AUTOMATIC
    if _is_list(headers):
        return Sending.LIST
    if _is_bulk(headers, author, subject, text):
        return Sending.BULK
    return Sending.LIST if _is_to_list(headers) or _sent_to_many(headers) else Sending.PERSONAL


def _is_automatic(headers: Headers, author: Address | None, subject: str) -> bool:
    submitted = headers.plain("auto-submitted").lower()
    return (
        bool(submitted and not submitted.startswith("no"))
        or headers.hold_any(_AUTOMATIC_FIELDS)
        or headers.plain("return-path").strip() == "<>"
        or headers.plain("precedence").strip().lower() in _AUTOMATIC_PRECEDENCE
        or headers.plain("content-type").lower().startswith("multipart/report")
        or _names(author, "machine_senders")
        or subject.strip().lower().startswith(_phrases("automatic_subjects"))
    )


def _is_list(headers: Headers) -> bool:
    if headers.plain("list-post").strip().lower().startswith("no"):
        return False
    return headers.hold_any(_LIST_FIELDS) or headers.plain("precedence").strip().lower() == "list"


def _is_to_list(headers: Headers) -> bool:
    """Whether one of the addresses that a mail went to is named as a list's."""
    recipients = f"{headers.plain('to')} {headers.plain('cc')}".lower()
    return "list" in recipients and _LIST_ADDRESS.search(recipients) is not None


def _is_bulk(headers: Headers, author: Address | None, subject: str, text: str) -> bool:
    if _names(author, "bulk_senders"):
        return True
    if "in-reply-to" in headers or "references" in headers:
        return False  # somebody answers somebody
    if _sent_to_many(headers):
        return True
    if _REPLY.match(subject):
        return False
    said = text[:_LOOKED_AT].lower()
    links = _count_links(said)
    return links >= _MANY_LINKS or len(_bulk_phrases().within(said)) > (0 if links else 1)


def _count_links(said: str) -> int:
    return said.count("http://") + said.count("https://") + (len(_WWW.findall(said)) if "www." in said else 0)


def _sent_to_many(headers: Headers) -> bool:
    return headers.hold_any(_BULK_FIELDS) or headers.plain("precedence").strip().lower() in ("bulk", "junk")


def _names(author: Address | None, topic: str) -> bool:
    """Whether the part before the @, or the host's own name before the domain, holds a word of that topic."""
    if author is None or not author.email:
        return False
    return not _words(topic).isdisjoint(_address_words(author.email))


@lru_cache(maxsize=50_000)
def _address_words(email: str) -> frozenset[str]:
    local, _, host = email.partition("@")
    words = _LETTERS.findall(local)
    labels = host.removesuffix(registrable(host) or host).split(".")
    return frozenset(("".join(words), *words, *labels))


@cache
def _words(topic: str) -> frozenset[str]:
    return frozenset(w for code in languages.codes() for w in languages.data(code, "sending")[topic].split())


@cache
def _phrases(topic: str) -> tuple[str, ...]:
    return tuple(p for code in languages.codes() for p in languages.data(code, "sending")[topic])


@cache
def _bulk_phrases() -> Grouped:
    return grouped(languages.data(code, "sending")["bulk_phrases"] for code in languages.codes())
