"""To which relationship a paper belongs: by who says so, the mail it came with, and whom its text names.

Each piece of evidence speaks for relationships with a weight in log-odds; a relationship's weights add up. How sure a
place is, is the share of exp(weight) among all relationships that anything speaks for, and none of them (weight 0).
So one e-mail address of theirs makes 0.92, and two relationships with like evidence share. A place needs odds of two to
one, which at most one relationship can have. What a person said counts before all else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import exp
from pathlib import PurePath
from typing import NamedTuple

import msgspec

import languages
from corpus.document import Document, DocumentKind
from corpus.people import name_key
from insights.letters import Direction
from insights.naming import Name, folded, read_name
from insights.relationships import Membership, Relations
from nlp.contracts.parties import parties
from nlp.names import nominative

_MAIL = 3.0  # shared among the relationships of the mails that a paper came with
_EMAIL, _DOMAIN = 2.5, 1.5
_PARTY, _LIKE = 4.0, 2.0  # a party's name is theirs; begins like theirs
_NAMED = 1.0  # their name stands somewhere in the text
_PERSON, _INITIALS = 1.0, 0.5  # each of their people who is named in full, by initials and last name
_PEOPLE = 3.0  # at most for all of them
_SURE = 2 / 3
_BEGIN = 4  # letters of a name that others may go on: "Acme Pumps" and "Acme Pumps Finland"
_STEM = 3  # letters of a word that stay, however it is bent
_RUN = 4  # words of an organisation's name in running text
_BESIDE = 2  # words before a last name among which the first one stands

_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w'’&-]*"
_NAMES = re.compile(rf"(?<!\w){_CAPITAL}(?:\.? {_CAPITAL}){{0,7}}")
_INITIAL = re.compile(r"[^\W\d_a-zà-öø-ÿ](?:\.?-?[^\W\d_a-zà-öø-ÿ])?\.?")


class Reason(StrEnum):
    """Why a paper belongs to a relationship: the evidence that weighs most."""

    ASSIGNED = "assigned"  # a person said so
    MAIL = "mail"  # it came with a mail of it
    ADDRESS = "address"  # an e-mail address or domain of theirs stands in the text
    PARTY = "party"  # a contract party's name is theirs, or their name stands in the text
    PEOPLE = "people"  # their people are named


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper says of whose it may be."""

    id: str
    kind: DocumentKind
    language: str | None  # None where there is no pack for it
    parties: tuple[str, ...] = ()  # of a contract
    names: tuple[str, ...] = ()  # words with capitals that follow each other
    emails: tuple[str, ...] = ()  # in small letters
    domains: tuple[str, ...] = ()  # of addresses in the web


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a paper belongs, how sure that is, and why. `quiet`: only mass or automatic mail brought it."""

    relationship: str
    confidence: float  # 0 … 1
    reason: Reason
    direction: Direction = Direction.IN  # that of the mail which brought it
    quiet: bool = False


def loose(document: Document) -> Loose:
    """What a paper says of whose it may be."""
    text, language = document.text, document.language if document.language in languages.codes() else None
    is_contract = document.kind is DocumentKind.CONTRACT and language is not None
    told = (document.subject, PurePath(document.file or "").stem.replace("_", " "))
    people = document.layout.people if document.layout else ()
    found = (*told, *people, *(m[0] for part in (*told, text) for m in _NAMES.finditer(part)))
    return Loose(
        id=document.id,
        kind=document.kind,
        language=language,
        parties=tuple(p.name for p in parties(text, language)) if is_contract and language else (),
        names=tuple(dict.fromkeys(found)),
        emails=tuple(dict.fromkeys(m[0].lower() for m in _ADDRESS.finditer(text))),
        domains=tuple(dict.fromkeys(m[0].lower() for m in _HOST.finditer(text))),
    )


def place(
    papers: Iterable[Loose],
    relations: Relations,
    carriers: Mapping[str, Sequence[str]],
    assigned: Mapping[str, str | None],
) -> dict[str, Placing]:
    """Where each paper belongs, by its id; papers that surely belong nowhere are left out.

    `carriers` are the mails that a paper came with, the earliest first. `assigned` is what a person said, None for no
    relationship; a relationship that is there no longer is passed over, its domains lead to the one that has them now.
    """
    known = _Known(relations)
    found: dict[str, Placing] = {}
    for paper in papers:
        mails = [relations.members.get(mail, ()) for mail in carriers.get(paper.id, ())]
        said = assigned.get(paper.id)
        home = None if said is None else known.homes.get(said)
        if home is not None:
            found[paper.id] = _placing(home, 1.0, Reason.ASSIGNED, mails)
        elif (said is not None or paper.id not in assigned) and (best := _best(known, paper, mails)):
            found[paper.id] = _placing(*best, mails)
    return found


def _placing(home: str, sure: float, why: Reason, mails: Iterable[Sequence[Membership]]) -> Placing:
    ways = [m for places in mails for m in places if m.relationship == home]
    return Placing(
        relationship=home,
        confidence=round(sure, 3),
        reason=why,
        direction=ways[0].direction if ways else Direction.IN,
        quiet=bool(ways) and all(m.quiet for m in ways),
    )


def _best(known: _Known, paper: Loose, mails: Iterable[Sequence[Membership]]) -> tuple[str, float, Reason] | None:
    """The relationship that is likely enough, with its chance and the weightiest reason."""
    weights: defaultdict[str, dict[Reason, float]] = defaultdict(dict)
    for home, why, weight in (*_by_mail(mails), *known.evidence(paper)):
        weights[home][why] = max(weights[home].get(why, 0.0), weight)
    chances = {home: exp(sum(found.values())) for home, found in weights.items()}
    whole = 1.0 + sum(chances.values())
    for home, chance in chances.items():
        if chance / whole >= _SURE:
            reasons = weights[home]
            return home, chance / whole, max(reasons, key=lambda why: reasons[why])
    return None


def _by_mail(mails: Iterable[Sequence[Membership]]) -> Iterator[tuple[str, Reason, float]]:
    homes = [m.relationship for places in mails for m in places]
    for home in dict.fromkeys(homes):
        yield home, Reason.MAIL, _MAIL * homes.count(home) / len(homes)


class _Person(NamedTuple):
    """One of their people. `others` are name keys of the words before the last name."""

    home: str
    spelt: str  # the last name
    last: str
    others: tuple[str, ...]
    initial: str

    def met(self, before: Sequence[str]) -> float:
        """What words before the last name weigh: 0 where none of them is a first name of theirs, or the initials."""
        if any(name_key(word) in self.others for word in before):
            return _PERSON
        return _INITIALS if any(_INITIAL.fullmatch(w) and w[0] == self.initial for w in before) else 0.0


class _Known:
    """The relationships by all that a paper may call them."""

    def __init__(self, relations: Relations) -> None:
        self._relations = relations
        self._ours = {read_name(label_of(domain)).key for domain in relations.own_domains}
        people = {p.id: p.name for p in relations.people}
        self.homes: dict[str, str] = {}  # by id and domain
        self._called: defaultdict[str, list[tuple[Name, str]]] = defaultdict(list)  # by key
        self._begun: defaultdict[str, list[tuple[Name, str]]] = defaultdict(list)  # by key of their first words
        self._spelt: defaultdict[str, list[str]] = defaultdict(list)  # names by their first letters
        self._people: defaultdict[str, list[_Person]] = defaultdict(list)  # by their last names' first letters
        for one in relations.relationships:
            self.homes |= dict.fromkeys((one.id, *(d.lower() for d in one.domains)), one.id)
            if "@" not in one.id:
                for spelt in dict.fromkeys((one.name, *map(label_of, one.domains))):
                    self._call(spelt, one.id)
            for name in {people.get(person, "") for person in one.people}:
                self._meet(name, one.id)

    def evidence(self, paper: Loose) -> Iterator[tuple[str, Reason, float]]:
        """Which relationships a paper's text speaks for, why and how much."""
        for email in paper.emails:
            if home := self._of_email(email):
                yield home, Reason.ADDRESS, _EMAIL
        for domain in paper.domains:
            if home := self._of_domain(domain):
                yield home, Reason.ADDRESS, _DOMAIN
        for party in paper.parties:
            yield from ((home, Reason.PARTY, weight) for home, weight in self._of_party(party, paper.language))
        for run in paper.names:
            yield from ((home, Reason.PARTY, _NAMED) for home in self._of_words(run.split(), paper.language))
        yield from ((home, Reason.PEOPLE, weight) for home, weight in self._of_people(paper).items())

    def _call(self, spelt: str, home: str) -> None:
        name = read_name(spelt)
        if not name.key or name.key in self._ours:
            return
        self._called[name.key].append((name, home))
        self._spelt[name.words[0][:_STEM]].append(spelt)
        for n in range(1, len(name.words)):
            self._begun["".join(name.words[:n])].append((name, home))

    def _meet(self, name: str, home: str) -> None:
        words = [word for word in name.split() if name_key(word)]
        if len(words) > 1:
            keys = tuple(map(name_key, words))
            person = _Person(home=home, spelt=words[-1], last=keys[-1], others=keys[:-1], initial=words[0][0])
            self._people[person.last[:_STEM]].append(person)

    def _of_email(self, email: str) -> str | None:
        contact = self._relations.contacts.get(email)
        if contact is not None:
            return self.homes.get(contact.counterparty or contact.unit or "")
        return self._of_domain(email.rpartition("@")[2])

    def _of_domain(self, domain: str) -> str | None:
        labels = domain.split(".")
        above = (".".join(labels[n:]) for n in range(len(labels) - 1))
        return next((self.homes[d] for d in above if d in self.homes), None)

    def _of_party(self, party: str, language: str | None) -> Iterator[tuple[str, float]]:
        names = [read_name(party), read_name(party, language)]
        for name in () if any(name.key in self._ours for name in names) else dict.fromkeys(names):
            for n in range(1, len(name.words) + 1):
                key, whole = "".join(name.words[:n]), n == len(name.words)
                if whole or len(key) >= _BEGIN:
                    same = (home for other, home in self._called.get(key, ()) if name.may_be(other))
                    yield from ((home, _PARTY if whole else _LIKE) for home in same)
            if len(name.key) >= _BEGIN:
                yield from ((home, _LIKE) for other, home in self._begun.get(name.key, ()) if name.may_be(other))

    def _of_words(self, words: Sequence[str], language: str | None) -> Iterator[str]:
        """Whose name stands among words with capitals."""
        for start, first in enumerate(words):
            known = self._spelt.get(folded(first)[:_STEM])
            if not known:
                continue
            for end in range(start + 1, min(len(words), start + _RUN) + 1):
                spelt = " ".join(words[start:end])
                names = [read_name(spelt), read_name(spelt, language, known)]
                for name in dict.fromkeys(names):
                    if name.tells:
                        yield from (home for other, home in self._called.get(name.key, ()) if name.may_be(other))

    def _of_people(self, paper: Loose) -> dict[str, float]:
        """Relationships whose people are named, with what that weighs."""
        named: dict[_Person, float] = {}
        for run in paper.names:
            words = run.split()
            for n, word in enumerate(words):
                for person, weight in self._persons(words[max(0, n - _BESIDE) : n], word, paper.language):
                    named[person] = max(weight, named.get(person, 0.0))
        weights: defaultdict[str, float] = defaultdict(float)
        for person, weight in named.items():
            weights[person.home] = min(_PEOPLE, weights[person.home] + weight)
        return weights

    def _persons(self, before: Sequence[str], word: str, language: str | None) -> Iterator[tuple[_Person, float]]:
        """Of whom a word, in any form, is the last name with the first name or initials before it."""
        namesakes = self._people.get(name_key(word)[:_STEM], ()) if before else ()
        likely = [(person, weight) for person in namesakes if (weight := person.met(before))]
        if likely:
            base = nominative(word, language, [person.spelt for person, _ in likely])
            forms = {name_key(word), name_key(base)}
            yield from ((person, weight) for person, weight in likely if person.last in forms)


def label_of(domain: str) -> str:
    """What a domain calls its house: "kuusi-koski.fi" → "kuusi koski"."""
    return domain.split(".")[0].replace("-", " ")
