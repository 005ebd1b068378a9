"""Who is there, and who is meant: participants as minutes list them, and the names, initials and groups used later on.

Not known here: inflected names; who "they" are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from nlp.minutes.words import Words, low, plain

_LONGEST = 60  # code points of a name
_MOST_WORDS = 5
_ASIDE = re.compile(r"\(([^()\n]{0,60})\)")
_HANDLE = re.compile(r"(?<!\w)@[\w-]+")
_MARKUP = re.compile(r"\*\*|__|`|<[^<>\n]{0,200}>|~~")
_BETWEEN = re.compile(r"[,;\n\t•|/&]|\s[-–—]\s")
_NAME_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
_INITIALS = re.compile(r"[A-ZÅÄÖ]{2,4}")


class Cast:
    """The people, groups and organisations of one paper, each by all its handles: full name, first name, initials."""

    def __init__(
        self, participants: Iterable[str], groups: Iterable[str], words: Words, given: Mapping[str, str] | None = None
    ) -> None:
        """`given` are initials that the paper explains."""
        self.participants = tuple(dict.fromkeys(participants))
        self._words = words
        self._by_handle: dict[str, str] = {low(group): group for group in groups}
        self._by_handle |= {group: group for group in words.people["everybody"]}
        taken: Counter[str] = Counter()
        for name in self.participants:
            for handle in {low(handle) for handle in _handles(name)}:
                taken[handle] += 1
                if taken[handle] == 1:
                    self._by_handle[handle] = name
                elif handle != low(name):
                    self._by_handle.pop(handle, None)
        for name in self.participants:
            self._by_handle[low(name)] = name
        self._by_handle |= {low(handle): name for handle, name in (given or {}).items()}
        first = {low(name.split()[0]) for name in self.participants}
        self._firsts = first - words.people["plain"]

    def known(self, mention: str) -> str | None:
        """The participant, group or organisation that a mention means, None where it is nobody known."""
        said = low(mention).strip(" .:,@*")
        if said in self._by_handle:
            return self._by_handle[said]
        if said in self._firsts:
            return mention.strip(" .:,@*")
        first, _, rest = said.partition(" ")
        if rest and first in self._by_handle and len(rest.split()) == 1:
            found = self._by_handle[first]
            return found if " " not in found or low(found.split()[-1]).startswith(rest[:4]) else None
        return None

    def named(self, text: str) -> list[tuple[int, int, str]]:
        """Known people and groups in a text: start, end, whom it means; longest first at each place, disjoint."""
        found: list[tuple[int, int, str]] = []
        tokens = [(m.start(), m.end()) for m in _NAME_WORD.finditer(text)]
        n = 0
        while n < len(tokens):
            step = 1
            for length in range(min(_MOST_WORDS, len(tokens) - n), 0, -1):
                start, end = tokens[n][0], tokens[n + length - 1][1]
                mention = text[start:end]
                if not _may_be_name(mention, self._words):
                    continue
                if who := self.known(mention):
                    found.append((start, end, who))
                    step = length
                    break
            n += step
        return found


def participants(text: str, words: Words) -> tuple[list[str], list[str]]:
    """The people that a list of participants names, and the groups that stand in parentheses behind them."""
    bare = _HANDLE.sub(" ", _MARKUP.sub("\n", text) if "<br" in text.lower() else _MARKUP.sub("", text))
    groups = [part.strip() for aside in _ASIDE.findall(bare) for part in aside.split(",") if _is_name(part, words)]
    people, everybody = [], words.people["everybody"]
    for part in _parts(_ASIDE.sub(" ", bare), words):
        if (name := _without_role(part, words)) and _is_name(name, words):
            people.append(name)
        elif not everybody.isdisjoint((low(part), low(part.split()[0]))):
            people.append(part)
    return people, groups


def owners(text: str, cast: Cast, words: Words) -> tuple[str, ...]:
    """The people that a cell, an aside or the end of a line names as those who do it; empty where it names nobody.

    Every part must be a name, a group or a role; others are no owners.
    """
    found = []
    bare = _HANDLE.sub(lambda m: m.group()[1:], _MARKUP.sub("", text))
    for part in _parts(re.sub(r"\.\s", ", ", _ASIDE.sub(" ", bare)), words):
        if who := cast.known(part):
            found.append(who)
        elif _is_name(part, words) or low(part) in words.people["everybody"] | words.people["roles"]:
            found.append(part)
        elif plain(part):
            return ()
    return tuple(dict.fromkeys(found))


def initials(text: str, people: Iterable[str]) -> dict[str, str]:
    """Initials that stand in parentheses behind names ("Waldemar Horwat (WH)")."""
    return {
        found: name
        for name in people
        for at in [text.find(name)]
        if at >= 0 and (m := _ASIDE.match(text, at + len(name) + 1)) and _INITIALS.fullmatch(found := m[1].strip())
    }


def _handles(name: str) -> Iterator[str]:
    yield name
    parts = name.split()
    if len(parts) > 1:
        yield parts[0]
        yield "".join(part[0] for part in re.split(r"[\s-]", name) if part)
        yield parts[0][0] + parts[-1][0]
        if parts[-1][0].isupper():
            yield parts[-1]


def _parts(text: str, words: Words) -> Iterator[str]:
    both = "|".join(map(re.escape, sorted(words.people["and"])))
    for part in re.split(rf"{_BETWEEN.pattern}|\s(?:{both})\s", text):
        if stripped := part.strip(" .:*-–—\u00a0[]"):
            yield stripped


def _without_role(part: str, words: Words) -> str:
    """A name without the office before or behind it ("pj. Antti Heikkinen")."""
    kept = part.split()
    for _ in range(2):
        if len(kept) > 2 and low(kept[0]).strip(".:") in words.people["roles"]:
            kept = kept[1:]
        if len(kept) > 2 and low(kept[-1]).strip(".:") in words.people["roles"]:
            kept = kept[:-1]
    return " ".join(kept)


def _is_name(part: str, words: Words) -> bool:
    """Whether it can be the name of a person or an organisation: a few words, the first with a capital."""
    tokens = part.split()
    if not tokens or len(part) > _LONGEST or len(tokens) > _MOST_WORDS:
        return False
    capitals = sum(token[0].isupper() for token in tokens)
    common = low(tokens[0]) in words.people["plain"] and not tokens[0].isupper()
    return tokens[0][0].isupper() and 2 * capitals >= len(tokens) and not common


def _may_be_name(mention: str, words: Words) -> bool:
    return mention[0].isupper() or low(mention) in words.people["everybody"]
