"""Whose traces a document or bytes hold: by part in the correspondence, by address, by name.

Not known here: pictures, nicknames, first names alone ("Thanks, Anna"), titles ("our CFO"), and which of two people of
one name is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from corpus.document import Address, Document
from corpus.layers import layers
from corpus.people import name_key
from nlp.names import nominative

_EDGE = "._-+'%"
_LOCAL = re.compile(r"[\w.+%'-]{1,64}$")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# After the one part of a name the other, or a middle name or initial and then the other.
_NEXT = r"[\s,]{1,3}([^\W\d_][\w'’-]{0,40})(?:\.?\s{1,2}([^\W\d_][\w'’-]{1,40}))?"


class Trace(IntEnum):
    """How somebody stands in a document, the strongest first."""

    PART = 0  # wrote it, received it, or is quoted in it
    ADDRESS = 1  # an address of theirs stands in it
    NAME = 2  # their full name stands in it


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whose traces are looked for. Addresses and domains in lower case; names of two words or more."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()  # their subdomains count
    names: tuple[str, ...] = ()

    def owns(self, email: str) -> bool:
        """Whether an address is theirs."""
        return email in self.addresses or not self.domains.isdisjoint(domains(email))


def parties(document: Document) -> tuple[Address, ...]:
    """Who wrote and received a document, and whom it quotes."""
    quoted = (zone.author for zone in document.zones)
    return tuple(a for a in (document.author, *document.to, *document.cc, *quoted) if a is not None)


def words(document: Document) -> str:
    """All words of a document in which somebody may be named."""
    names = (document.file or "", *(a.name for a in document.attachments))
    return "\n".join((document.subject, *(name.replace("_", " ") for name in names), document.text))


def trace(document: Document, subject: Subject) -> Trace | None:
    """How somebody stands in a document; None where they do not."""
    if any(_is_theirs(a, subject) for a in parties(document)):
        return Trace.PART
    return mention(words(document), subject)


def mention(text: str, subject: Subject) -> Trace | None:
    """Whether an address or name of theirs stands in a text."""
    if any(map(subject.owns, addresses(text))):
        return Trace.ADDRESS
    return Trace.NAME if any(is_named(text, name) for name in subject.names) else None


def mention_in_bytes(raw: bytes, subject: Subject) -> Trace | None:
    """As `mention`, in bytes of any kind as far as they can be opened."""
    found = (one for text in layers(raw) if (one := mention(text, subject)) is not None)
    return min(found, default=None)


def addresses(text: str) -> Iterator[str]:
    """The mail addresses that stand in a text, in lower case."""
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - 64), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain and (name := local[0].strip(_EDGE)):
            yield f"{name}@{domain[0].strip(_EDGE)}".lower()
        at = text.find("@", at + 1)


def domains(email: str) -> Iterator[str]:
    """The domain of an address and those above it, but for the topmost."""
    labels = email.rpartition("@")[2].split(".")
    return (".".join(labels[n:]) for n in range(len(labels) - 1))


def is_named(text: str, name: str) -> bool:
    """Whether a full name stands in a text, first name before or after the last, in any of a language's forms."""
    parts = name.split()
    if len(parts) < 2:  # a first name alone names many
        return False
    first, last = parts[0], parts[-1]
    return _follow(text, first, last) or _follow(text, last, first)


def _follow(text: str, one: str, other: str) -> bool:
    if one.casefold() not in text.casefold():
        return False
    pattern = re.compile(rf"(?<!\w){re.escape(one)}{_NEXT}", re.IGNORECASE)
    return any(
        _is_form(next_, other) or (next_[0].isupper() and after is not None and _is_form(after, other))
        for next_, after in (found.groups() for found in pattern.finditer(text))
    )


def _is_form(word: str, name: str) -> bool:
    wanted = name.casefold()
    return wanted in (word.casefold(), nominative(word, None, (name,)).casefold())


def _is_theirs(address: Address, subject: Subject) -> bool:
    """An address without a mailbox is known by its name alone."""
    if address.email:
        return subject.owns(address.email)
    return name_key(address.name) in {name_key(name) for name in subject.names}
