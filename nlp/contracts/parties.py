"""Who a contract is between: names with their roles, as its opening gives them.

In order of trust: lines that give a role its name ("Tilaaja: Kuusikunta"), a preamble with names and defined terms
("between X, a Delaware corporation ("Supplier"), and …"), who signs, and, where a standard form names nobody, the
organisation mentioned most and the roles spoken of most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

import msgspec

from languages import data

_HEAD = 15000  # code points in which a contract names its parties
_PREAMBLE = 2600
_SIGNERS = 6
_OPENINGS = 8  # places that may name them
_MENTIONS = 20000  # code points over which mentions are counted
_LONGEST_NAME = 90
_PLAIN = re.compile(r"[\s,]+[a-zà-öø-ÿ]")  # what goes on in small letters behind a company's form is no name
_ADDRESS = re.compile(r" (?!(?:of|and|for|de|in)\b)[A-ZÅÄÖ\d]")  # what follows a name at once is where it lives
_TRIM = " ,.;:()*_“”\"'\t\n-–"
_NAMED, _DEFINED, _MENTIONED = 0.9, 0.85, 0.55
_ROLES_SPOKEN, _SPOKEN = 2, 3  # a role, a name must be spoken of so often to count


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a contract. `name` is its role where the contract names nobody for it."""

    name: str
    role: str | None
    start: int  # code points into the paper's text: where it is named
    end: int
    confidence: float


class _Words(NamedTuple):
    """A language's words, compiled."""

    between: re.Pattern[str]
    stop: re.Pattern[str]
    alias: re.Pattern[str]
    joined: re.Pattern[str]
    descriptor: re.Pattern[str]
    organisation: re.Pattern[str]
    opens: re.Pattern[str]
    plain: re.Pattern[str]
    label: re.Pattern[str]
    signing: re.Pattern[str]
    proper: re.Pattern[str] | None
    roles: Mapping[str, re.Pattern[str]]


def parties(text: str, language: str) -> tuple[Party, ...]:
    """The parties of a contract in the order they are named; empty where nothing tells."""
    words = _words(language)
    found = list(_distinct([*_labelled(text, words), *_preamble(text, words)]))
    if len(found) < 2:
        found = list(_distinct([*found, *_defined(text, words)]))
    if len(found) < 2:
        found = list(_distinct([*found, *islice(_signing(text, words), _SIGNERS)]))
    if len(found) < 2:
        found += _mentioned(text, words, found)
    return tuple(found)


def role_of(words: str, language: str) -> str | None:
    """The role that a word is a form of: "Toimittajan" → "toimittaja"; None where it is none."""
    low = words.strip(_TRIM).lower()
    return next((role for role, pattern in _words(language).roles.items() if pattern.fullmatch(low)), None)


def role_patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    """The roles there are, and how each is written in any of its forms (lower case)."""
    return _words(language).roles


def _labelled(text: str, words: _Words) -> Iterator[Party]:
    """Lines that give a role its name."""
    for match in words.label.finditer(text[:_HEAD]):
        name = _name(match["name"], words)
        if name:
            start = match.start("name")
            yield Party(name=name, role=match["role"], start=start, end=start + len(name), confidence=_NAMED)


def _preamble(text: str, words: _Words) -> list[Party]:
    """The parties of the opening that names most, of those with a "between"."""
    head = re.sub(r"\s", " ", text[:_HEAD])
    openings = [match.end() for match in words.between.finditer(head.lower())][:_OPENINGS]
    found = [list(_distinct(list(_opening(head, at, words)))) for at in openings]
    named = [parties for parties in found if len(parties) > 1 and all(p.role for p in parties)]
    return named[0] if named else max(found, key=lambda f: (len(f) > 1, sum(p.confidence for p in f)), default=[])


def _opening(head: str, at: int, words: _Words) -> Iterator[Party]:
    """Names after a "between", each up to its defined term or the next "and"."""
    low = head.lower()
    last = min(len(head), at + _PREAMBLE)
    stop = words.stop.search(low, at + 40, last)
    last = stop.start() if stop else last
    for piece_start, piece_end, alias in _pieces(head, at, last, words):
        piece = head[piece_start:piece_end]
        name = _name(piece, words)
        if not name or (alias is not None and words.plain.search(alias.lower())):
            continue
        start = piece_start + _lead(piece, words)
        if alias is None:
            inside = words.organisation.search(name)
            if inside is None and not _is_proper(name):
                continue
            if inside is not None and inside.start() > 0:
                name, start = inside.group(), start + inside.start()
        sure = _NAMED if alias else _DEFINED if words.organisation.search(name) else _MENTIONED
        yield Party(name=name, role=alias, start=start, end=start + len(name), confidence=sure)


def _pieces(head: str, at: int, last: int, words: _Words) -> Iterator[tuple[int, int, str | None]]:
    """Stretches that name one party each, with the defined term that follows."""
    aliases = list(words.alias.finditer(head, at, last))
    if not aliases:
        sentence = head.find(". ", at + 20, last)
        last = sentence if sentence > 0 else last
        cuts = [at, *(m.end() for m in words.joined.finditer(head, at, last))][:3]
        for n, cut in enumerate(cuts):
            yield cut, cuts[n + 1] if n + 1 < len(cuts) else min(last, cut + 200), None
        return
    for match in aliases:
        alias = next(word for word in match.groupdict().values() if word).strip(_TRIM)
        # Of several names before one defined term, the one next to it bears it; the others go without.
        *others, own = _begins(head, at, match.start(), words)
        for begin in others:
            yield begin, match.start(), None
        yield own, match.start(), alias
        at = match.end()
    if len(aliases) == 1:  # the other side may be named without a term of its own
        rest = words.joined.match(head, at, last)
        if rest:
            yield rest.end(), min(last, rest.end() + 200), None


def _begins(head: str, at: int, end: int, words: _Words) -> list[int]:
    """Where the organisations of a stretch begin; where it names none, where the stretch does."""
    found: list[int] = []
    inside = at
    for begin in (at, *(m.end() for m in words.joined.finditer(head, at, end))):
        begin += _lead(head[begin:end], words)
        name = words.organisation.match(head, begin, end)
        if name and begin >= inside:
            found.append(begin)
            inside = name.end()
    return found or [at]


def _defined(text: str, words: _Words) -> Iterator[Party]:
    """Organisations with a defined term that is a role, wherever the contract's head gives one."""
    head = re.sub(r"\s", " ", text[:_HEAD])
    for match in words.alias.finditer(head):
        alias = next(word for word in match.groupdict().values() if word).strip(_TRIM)
        before = list(words.organisation.finditer(head, max(0, match.start() - 120), match.start()))
        if before and match.start() - before[-1].end() < 60 and not words.plain.search(alias.lower()):
            found = before[-1]
            name = _name(found.group(), words)
            if name:
                yield Party(name=name, role=alias, start=found.start(), end=found.end(), confidence=_DEFINED)


def _signing(text: str, words: _Words) -> Iterator[Party]:
    """Organisations over a line to sign."""
    for match in words.signing.finditer(text):
        name = words.organisation.search(match["name"])
        if name:
            start = match.start("name") + name.start()
            yield Party(
                name=name.group().strip(_TRIM),
                role=None,
                start=start,
                end=start + len(name.group()),
                confidence=_DEFINED,
            )


def _mentioned(text: str, words: _Words, known: list[Party]) -> list[Party]:
    """The organisation mentioned most, and the roles spoken of most, until there are two parties."""
    shown = re.sub(r"\s", " ", text[:_MENTIONS])
    low = shown.lower()
    found: list[Party] = []
    if not known:
        counts = Counter(m.group().strip(_TRIM) for m in words.organisation.finditer(shown))
        if not counts and words.proper is not None:
            names = {m["name"] for m in words.proper.finditer(shown)}
            told = {name: shown.count(name) for name in names if not _is_role(name, words)}
            counts = Counter({n: c for n, c in told.items() if c >= _SPOKEN and not words.plain.search(n.lower())})
        if counts:
            name = max(counts, key=lambda n: (counts[n], -shown.index(n)))
            at = shown.index(name)
            found.append(Party(name=name, role=None, start=at, end=at + len(name), confidence=_MENTIONED))
    taken = {role for p in known if p.role for role, r in words.roles.items() if r.fullmatch(p.role.lower())}
    spoken = []
    for role, pattern in words.roles.items():
        matches = list(re.finditer(rf"\b(?:{pattern.pattern})\b", low))
        if role not in taken and len(matches) >= _ROLES_SPOKEN:
            spoken.append((len(matches), role, matches[0]))
    spoken.sort(key=lambda s: -s[0])
    for _, role, match in spoken[: max(0, 2 - len(known) - len(found))]:
        found.append(Party(name=role, role=role, start=match.start(), end=match.end(), confidence=_MENTIONED))
    return found


def _is_proper(name: str) -> bool:
    """Whether each word of a name has a capital: without one, a stretch without a defined term names nobody."""
    return all(word[0].isupper() for word in name.split() if len(word) > 3) and " " in name


def _is_role(name: str, words: _Words) -> bool:
    return any(pattern.fullmatch(name.lower()) for pattern in words.roles.values())


def _lead(piece: str, words: _Words) -> int:
    """How many code points of a piece only lead to its name: marks, "and"."""
    opening = words.opens.match(piece)
    return opening.end() if opening else 0


def _name(piece: str, words: _Words) -> str | None:
    """The name that a piece begins with, without what describes it; None where it is no name."""
    piece = piece[_lead(piece, words) :].strip(_TRIM)
    legal = words.organisation.match(piece)
    begin = legal.end() if legal else 1
    cut = words.descriptor.search(piece, begin)
    name = (piece[: cut.start()] if cut else piece).split("  ")[0]  # what follows a blank line is no name's
    if legal and (len(name) > _LONGEST_NAME or _ADDRESS.match(name, legal.end()) or _PLAIN.match(name, legal.end())):
        name = legal.group()
    name = name.strip(" ,;:*_“”\"'\t\n-–")
    if name.count("(") != name.count(")"):
        name = name.split("(")[0].strip(_TRIM)
    named = len(name) > 2 and name[0].isupper() and len(name) <= _LONGEST_NAME
    return name if named and not words.plain.search(name.lower()) else None


def _distinct(found: list[Party]) -> Iterator[Party]:
    """Each party once, by its name."""
    seen: set[str] = set()
    for party in found:
        key = " ".join(re.findall(r"\w+", party.name.lower()))
        if key and key not in seen:
            seen.add(key)
            yield party


@cache
def _words(language: str) -> _Words:
    table = data(language, "contracts")["parties"]
    roles = {role: re.compile(pattern) for role, pattern in table["roles"].items()}
    spelt = "|".join(f"(?i:{p.pattern})" for p in roles.values())
    return _Words(
        between=re.compile(table["between"]),
        stop=re.compile(table["stop"]),
        alias=re.compile(table["alias"].replace("{roles}", spelt)),
        joined=re.compile(table["and"]),
        descriptor=re.compile(table["descriptor"]),
        organisation=re.compile(table["organisation"]),
        opens=re.compile(table["opens"]),
        plain=re.compile(table["plain"]),
        label=re.compile(table["label"].replace("{roles}", spelt)),
        signing=re.compile(table["signing"]),
        proper=re.compile(table["proper"]) if table["proper"] else None,
        roles=roles,
    )
