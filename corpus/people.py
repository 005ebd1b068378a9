"""Mail addresses and the people behind them.

Merging is conservative: two people taken for one cost more than one person listed twice.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from publicsuffixlist import PublicSuffixList

import languages
from corpus.document import Address
from corpus.headers import decode_words

_HERE = Path(__file__).parent

# A quoted string, a comment, an address in brackets, a comma, a colon or other words (RFC 5322, 3.2 and 3.4).
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"?|\(((?:[^()\\]|\\.)*)\)?|<([^<>]*)>?|([,;])|(:)|([^",;()<>:\s][^",;()<>:]*)|.', re.DOTALL
)
_EMAIL = re.compile(r"([^\s@<>()\[\],;:\"]{1,256})@([^\s@<>()\[\],;:\"]{1,255})")
# What most exports write: addresses alone.
_BARE = re.compile(r"\s*[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\s*(?:,\s*[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\s*)*")
_IMCEA = re.compile(r"imcea[a-z]{1,10}-(.{1,600})@[^@]+", re.IGNORECASE)
_HEX = re.compile(r"[+_]([0-9a-f]{2})", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FOLDED = str.maketrans({"ø": "o", "Ø": "o", "ß": "ss", "æ": "ae", "Æ": "ae", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"})
_FULL_NAME = re.compile(r"([^\W\d_]{2,20})[._](?:[^\W\d_][._])?([^\W\d_]{2,25})")
_DIGITS = re.compile(r"\d+$")
# A name that more free mailboxes than this bear is a common name, not one person with many mailboxes.
_MAX_MAILBOXES = 3


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `id` is the first of `emails`, which are sorted; `name` is "" where none was seen."""

    id: str
    name: str
    emails: tuple[str, ...]


def addresses(header: str) -> tuple[Address, ...]:
    """The mailboxes of an unfolded From, To … value, in order (RFC 5322, 3.4, and what is sent in its stead).

    Names may be encoded words, quoted, "Last, First" (turned round) or a comment; groups are opened. What has no
    address keeps its name with an empty `email`.
    """
    if not header:
        return ()
    if _BARE.fullmatch(header) and "imcea" not in (lower := header.lower()):
        return tuple([Address(email.strip()) for email in lower.split(",")])
    found: list[Address] = []
    stray = ""  # the part of an unquoted "Last, First <…>" before its comma
    for name, email in _mailboxes(header):
        if email:
            found.append(_address(f"{stray}, {name}" if stray and name else name, email))
            stray = ""
        else:
            if stray:
                found.append(Address("", display_name(stray)))
            stray = name
    if stray:
        found.append(Address("", display_name(stray)))
    return tuple(a for a in found if a.email or a.name)


def _mailboxes(header: str) -> Iterator[tuple[str, str]]:
    """(name, address) between the commas, as they stand."""
    words: list[str] = []
    email = comment = ""
    for token in _TOKEN.finditer(header):
        quoted, aside, angle, comma, colon, bare = token.groups()
        if comma:
            yield _mailbox(words, email, comment)
            words, email, comment = [], "", ""
        elif colon and not email:
            words = []  # the name of a group, or "mailto"
        elif angle is not None:
            email = email or angle
        elif aside is not None:
            comment = aside
        elif quoted is not None:
            words.append(_ESCAPE.sub(r"\1", quoted))
        elif bare:
            words.append(bare.strip())
    yield _mailbox(words, email, comment)


def _mailbox(words: list[str], email: str, comment: str) -> tuple[str, str]:
    name = " ".join(words)
    if email and "@" in email:
        return name or comment, email
    if found := _EMAIL.search(name):
        rest = name[: found.start()] + name[found.end() :]
        return rest.strip(" '@") or comment, found[0]
    return name, ""


def _address(name: str, email: str) -> Address:
    if wrapped := _IMCEA.search(email):  # a foreign address that Exchange wrapped into one of its own
        email = _HEX.sub(lambda h: chr(int(h[1], 16)), wrapped[1])
        inner, _, _ = email.partition("<")
        name = name or (inner if inner != email else "")
    found = _EMAIL.search(email)
    bare = f"{found[1]}@{found[2]}".strip("'\".,").lower().rstrip(".'") if found else ""
    shown = display_name(name)
    return Address(bare, "" if shown.lower() in (bare, bare.partition("@")[0]) else shown)


@lru_cache(maxsize=50_000)
def display_name(name: str) -> str:
    """A name from a header as people read it: decoded, unquoted, "Last, First" turned round."""
    text = _SPACE.sub(" ", decode_words(name).replace("\\", "")).strip(" \"',;")
    before, opened, aside = text.rpartition("(")
    if opened and aside.rstrip(") ").lower() in _names()["asides"]:  # how Outlook's address book marks an address
        text = before.rstrip()
    last, comma, first = text.partition(",")
    first = first.strip()
    if comma and "," not in first and _is_name(last) and _is_name(first):
        last_words, suffixes = _without_suffix(last)
        return " ".join((first, *last_words, *suffixes))
    return text


def _is_name(words: str) -> bool:
    """Whether words may be a first or last name: letters, at most four words, no form of a company."""
    parts = words.split()
    forms = _names()["company_forms"] | _names()["suffixes"]
    return 0 < len(parts) <= 4 and not any(c.isdigit() for c in words) and parts[-1].strip(".").lower() not in (
        forms if len(parts) == 1 else _names()["company_forms"]
    )  # fmt: skip


def _without_suffix(last: str) -> tuple[list[str], list[str]]:
    parts = last.split()
    if len(parts) > 1 and parts[-1].strip(".").lower() in _names()["suffixes"]:
        return parts[:-1], parts[-1:]
    return parts, []


@lru_cache(maxsize=50_000)
def registrable(email_or_domain: str) -> str | None:
    """The domain that an organisation registers ("mail.corp.co.uk" → "corp.co.uk"), by the Public Suffix List.

    Takes an address or a domain in any case; gives None for numbers and names that nobody can register.
    """
    domain = email_or_domain.rpartition("@")[2].strip(" .[]").lower()
    if not domain or domain.replace(".", "").isdigit() or ":" in domain:
        return None
    found: str | None = _suffixes().privatesuffix(domain)
    return found


@lru_cache(maxsize=50_000)
def is_freemail(domain: str) -> bool:
    """Whether anybody can have a mailbox at a domain, so that it says nothing of an organisation."""
    own = registrable(domain)
    return own is not None and (own in _freemail() or f"{own.partition('.')[0]}.*" in _freemail())


@lru_cache(maxsize=50_000)
def is_role(email: str) -> bool:
    """Whether an address is of a function, list or machine (info@, noreply@) rather than of a person."""
    local = email.partition("@")[0].lower()
    words = re.split(r"[^a-zåäö]+", local)
    roles = _roles()
    return local in roles or "".join(words) in roles or any(w in roles for w in words if w)


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """What is left of a name for comparing: its words but initials and titles, folded to plain letters, sorted."""
    text = unicodedata.normalize("NFKD", _ASIDE.sub(" ", name).translate(_FOLDED))
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    left_out = _names()["titles"] | _names()["suffixes"]
    words = (w.replace("'", "").replace("’", "") for w in _WORD.findall(text))
    return " ".join(sorted({w for w in words if len(w) > 1 and w not in left_out}))


def people(seen: Iterable[tuple[Address, int]]) -> tuple[Person, ...]:
    """The people behind addresses, with how often each was seen under that name. Sorted by id, whatever the order in.

    Mailboxes are one person's where they bear the same full name (two words or more) at one organisation, or where all
    but one organisation's are free or personal mailboxes. Role addresses never merge; nor do "anna" and "anna2".
    """
    names = _names_of(seen)
    by_key: dict[str, list[str]] = defaultdict(list)
    for email in sorted(names):
        by_key[_key(email, names[email])].append(email)
    groups = [[email] for email in by_key.pop("", [])]
    for key, emails in by_key.items():
        groups.extend(_persons(key, emails))
    return tuple(sorted((_person(group, names) for group in groups), key=lambda p: p.id))


def merging_keys(seen: Iterable[tuple[Address, int]]) -> dict[str, str]:
    """By e-mail address, the key under which `people` looks for others of the same person; "" where it stays alone.

    Whose mailboxes are one person depends on those with the same key alone.
    """
    return {email: _key(email, names) for email, names in _names_of(seen).items()}


def _names_of(seen: Iterable[tuple[Address, int]]) -> dict[str, Counter[str]]:
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for address, count in seen:
        if address.email:
            names[address.email][address.name] += count
    return names


def _key(email: str, names: Counter[str]) -> str:
    """The name key under which a mailbox may merge: that of most of its mail; "" where it must stay alone."""
    if is_role(email):
        return ""
    keys: Counter[str] = Counter()
    for name, count in names.items():
        if " " in (key := name_key(name)):
            keys[key] += count
    (key, count), *_ = sorted(keys.items(), key=lambda k: (-k[1], k[0])) or [("", 0)]
    return key if 2 * count > keys.total() else ""


def _persons(key: str, emails: list[str]) -> Iterator[list[str]]:
    """The mailboxes of one name, parted into persons."""
    private = [e for e in emails if _is_private(e, key)]
    groups: dict[str, list[str]] = defaultdict(list)
    for email in emails:
        if email not in private:
            groups[registrable(email) or email].append(email)
    persons = [part for group in groups.values() for part in _numbered_apart(group)]
    if private and len(persons) <= 1 and len(private) <= _MAX_MAILBOXES:
        persons = [[*(persons[0] if persons else ()), *private]]
    else:
        persons.extend([email] for email in private)
    yield from persons


def _is_private(email: str, key: str) -> bool:
    """Whether a mailbox is at a free provider, or at a domain of the person's own name."""
    domain = registrable(email) or ""
    return is_freemail(domain) or bool(set(re.split(r"[-.]", domain)[:-1]) & set(key.split()))


def _numbered_apart(emails: list[str]) -> list[list[str]]:
    """Large organisations number people of one name (anna.virta, anna.virta2): these are two people."""
    parts: list[list[str]] = []
    for email in emails:
        for part in parts:
            if not any(_numbered(email, other) for other in part):
                part.append(email)
                break
        else:
            parts.append([email])
    return parts


def _numbered(one: str, other: str) -> bool:
    a, b = one.partition("@")[0], other.partition("@")[0]
    return a != b and _DIGITS.sub("", a) == _DIGITS.sub("", b)


def _person(emails: list[str], names: dict[str, Counter[str]]) -> Person:
    total: Counter[str] = Counter()
    for email in emails:
        total.update({name: n for name, n in names[email].items() if name})
    emails = sorted(emails)
    best = min(total, key=lambda name: (-total[name], -len(name), name), default=spelt_out(emails[0]))
    return Person(id=emails[0], name=best, emails=tuple(emails))


def spelt_out(email: str) -> str:
    """The name that an address spells out: "anna.virta@…" is Anna Virta's; "" where it spells none."""
    found = _FULL_NAME.fullmatch(email.partition("@")[0])
    return "" if found is None or is_role(email) else f"{found[1].capitalize()} {found[2].capitalize()}"


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _freemail() -> frozenset[str]:
    lines = (_HERE / "freemail.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _names() -> dict[str, frozenset[str]]:
    with (_HERE / "names.toml").open("rb") as file:
        return {topic: frozenset(words.split()) for topic, words in tomllib.load(file).items()}


@cache
def _roles() -> frozenset[str]:
    return frozenset(w for code in languages.codes() for w in languages.data(code, "sending")["roles"].split())
