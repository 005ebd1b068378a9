"""What a study of practices says: patterns with their chance, figures, departures from terms, and silences."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class Comparison(StrEnum):
    """What a pattern sets side by side."""

    WITHIN = "within"  # a group with the others of the same relationships
    BETWEEN = "between"  # relationships of one sort with the others
    MATCHED = "matched"  # the time before an event with other times of the same relationship
    AMONG = "among"  # one relationship with all the others
    TARGET = "target"  # what is done with what the policy says


class Scale(StrEnum):
    """What a value is: a share from 0 to 1, or a tone from -1 to 1."""

    SHARE = "share"
    TONE = "tone"


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One case that a pattern counts. `value` is how it came out: 1 yes, 0 no, else a share or tone."""

    relationship: str
    id: str  # of the insight
    document: str
    start: int  # of its evidence in the document's text, in code points
    value: float


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A difference that chance does not explain, at the study's false discovery rate.

    `value` is the group's, `other` what it is compared with, `effect` their difference with its 95 % interval.
    """

    id: str
    topic: str  # what was asked, such as promise.unit
    group: str  # of which group; "" where the topic has one
    relationship: str | None = None  # with which it is, where it is with one
    comparison: Comparison
    scale: Scale
    n: int  # cases
    relationships: int
    value: float
    other: float
    effect: float
    low: float
    high: float
    p: float
    q: float  # p adjusted for all that the study tested
    examples: tuple[Example, ...] = ()  # of the group, the latest first; at most 100


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """How something is done, by group, with a 95 % interval; nothing is compared or tested."""

    measure: str
    factor: str  # by what it is grouped; "" for all
    group: str
    n: int
    relationships: int
    value: float
    low: float
    high: float


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """Contracts, or what they oblige us to, that are not as they should be: a count, not a sample."""

    topic: str
    group: str  # of which fact; "" where the topic has one
    count: int  # that depart
    n: int  # that were looked at
    relationships: int  # with those that depart
    limit: str = ""  # what the policy says, where it is one
    examples: tuple[Example, ...] = ()


class Lack(StrEnum):
    """Why nothing is said."""

    CASES = "cases"
    RELATIONSHIPS = "relationships"
    PEOPLE = "people"
    GROUPS = "groups"  # nothing to compare with: no units or kinds are known, or one alone


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """A question on which the data are too thin to say anything: what there is, and what is needed."""

    topic: str
    lack: Lack
    found: int
    needed: int


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a study rests on."""

    relationships: int
    cases: dict[str, int]  # by measure


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """Practices as of a day. `tests` is how many comparisons were made; `patterns` are those that stand."""

    as_of: date
    counted: Counted
    tests: int = 0
    patterns: tuple[Pattern, ...] = ()
    figures: tuple[Figure, ...] = ()
    departures: tuple[Departure, ...] = ()
    silences: tuple[Silence, ...] = ()
