"""Who wrote a message and to whom, also where a list, a gateway or an export put other addresses in the header."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import languages
from corpus.document import Address
from corpus.headers import Headers
from corpus.people import addresses, display_name, name_key

# Where lists that send in their own name leave the author's address, best first.
_ORIGINAL = ("x-original-from", "x-google-original-from", "reply-to", "cc")
_LIST_ADDRESS = re.compile(r"mailto:([^\s<>?]{1,250}@[^\s<>?]{1,250})", re.IGNORECASE)
_LIST_ID = re.compile(r"<([^<>\s]{1,250})>")
# Exchange exports write "Virta, Anna </O=FIRM/OU=NA/CN=RECIPIENTS/CN=AVIRTA>" and "Anna <anna@corp.fi>@FIRM".
# What is no such entry is passed over up to its next bracket, so that each character is looked at a few times at most.
_EXPORTED = re.compile(r"([^<>]*)(<[^<>]*>(?:@\w{1,40})?(?:\s*<[^<>]*>)?\s*(?:,|$))?[<>]?")


def author(headers: Headers, listed: str | None) -> Address | None:
    """Who wrote the message: its From, or whom a list or export that rewrote From names instead.

    `listed` is the list's id or address, as `list_id` gives it.
    """
    senders = addresses(headers.plain("from")) or addresses(headers.plain("sender"))
    exported = _exported_names(headers.plain("x-from"))
    if not senders:
        return Address("", exported[0]) if exported and exported[0] else None
    first = senders[0]
    if listed and (person := _behind_list(first, headers, listed)):
        return person
    if not first.name and len(exported) == 1:
        return Address(first.email, exported[0])
    return first


def recipients(headers: Headers, field: str) -> tuple[Address, ...]:
    """The mailboxes of a recipient field ("to" or "cc"), each once, named by an export's X-To where that fits."""
    if field not in headers:
        return ()
    found = [a for value in headers.every(field) for a in addresses(value)]
    if found and not any(a.name for a in found):
        names = _exported_names(headers.plain(f"x-{field}"))
        if len(names) == len(found):
            found = [_named(a, name) for a, name in zip(found, names, strict=True)]
    return tuple(dict.fromkeys(found))


def list_id(headers: Headers) -> str | None:
    """What names the list that a message came through: its List-Id, else its posting address; None without one."""
    if value := headers.plain("list-id"):
        found = _LIST_ID.search(value)
        return (found[1] if found else value.strip()).lower()[:250] or None
    if found := _LIST_ADDRESS.search(headers.plain("list-post")):
        return found[1].lower()
    been = addresses(headers.plain("x-beenthere")) or addresses(headers.plain("x-mailing-list"))
    return been[0].email or None if been else None


def _behind_list(sender: Address, headers: Headers, listed: str) -> Address | None:
    """The person in whose stead a list is named as sender; None where the sender is a person."""
    lists = {a.email for name in ("list-post", "x-beenthere", "x-mailing-list") for a in _list_addresses(headers, name)}
    lists.add(listed if "@" in listed else listed.replace(".", "@", 1))
    name, _, _ = _via().split(sender.name, 1)[0].partition(" (via ") if sender.name else ("", "", "")
    if sender.email not in lists and name == sender.name:
        return None
    key = name_key(name)
    for field in _ORIGINAL:
        for other in addresses(headers.plain(field)):
            if other.email and other.email not in lists and (field != "cc" or (key and name_key(other.name) == key)):
                return Address(other.email, other.name or name)
    return Address("", name) if name and sender.email in lists else None


def _list_addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    value = headers.plain(name)
    found = _LIST_ADDRESS.search(value)
    return (Address(found[1].lower()),) if found else addresses(value)


def _exported_names(value: str) -> list[str]:
    """The display names of an X-From or X-To, "" where an entry has none."""
    if not value:
        return []
    entries = [name.strip() for name, rest in _EXPORTED.findall(value) if rest] if "<" in value else value.split(",")
    return ["" if "@" in entry else display_name(entry) for entry in entries]


@lru_cache(maxsize=50_000)
def _named(address: Address, name: str) -> Address:
    """An address with a name found by its place alone, if that fits: they share a word or its beginning."""
    local = address.email.partition("@")[0]
    fits = any(word[:4] in local for word in name_key(name).split() if len(word) >= 3)
    return Address(address.email, name) if fits else address


@cache
def _via() -> re.Pattern[str]:
    words = "|".join(re.escape(w) for code in languages.codes() for w in languages.data(code, "headers")["via"])
    return re.compile(rf"\s+\(?(?:{words})\s+", re.IGNORECASE)
