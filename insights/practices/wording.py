"""A study in sentences. All words are a language's data: `languages/<code>/practices.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from insights.practices.patterns import Counted, Departure, Figure, Pattern, Scale, Silence, Study
from languages import data

_PAST_HOURS = 48  # from which a time is told in days


class ToldPattern(Pattern, frozen=True, kw_only=True):
    """A pattern with its sentence, and in words what it rests on."""

    sentence: str
    basis: str


class ToldFigure(Figure, frozen=True, kw_only=True):
    """A figure with its names: `label` of the group, `shown` and `interval` the values as they are read."""

    title: str
    by: str
    label: str
    shown: str
    interval: str


class ToldDeparture(Departure, frozen=True, kw_only=True):
    """A departure with its sentence."""

    sentence: str


class ToldSilence(Silence, frozen=True, kw_only=True):
    """A silence with its sentence."""

    sentence: str


class Practices(msgspec.Struct, frozen=True, kw_only=True):
    """A study in one language. `tests` is how many comparisons were made."""

    as_of: date
    language: str
    counted: Counted
    basis: tuple[str, ...]  # what was counted, in words
    tests: int
    patterns: tuple[ToldPattern, ...]
    departures: tuple[ToldDeparture, ...]
    figures: tuple[ToldFigure, ...]
    silences: tuple[ToldSilence, ...]


def tell(study: Study, language: str) -> Practices:
    """A study in the words of a language pack that has a practices.toml."""
    words = data(language, "practices")
    counts = [f"{n:,}".replace(",", " ") + f" {words['counts'][m]}" for m, n in study.counted.cases.items()]
    return Practices(
        as_of=study.as_of,
        language=language,
        counted=study.counted,
        basis=tuple(counts),
        tests=study.tests,
        patterns=tuple(_pattern(one, words) for one in study.patterns),
        departures=tuple(_departure(one, words) for one in study.departures),
        figures=tuple(_figure(one, words) for one in _ordered(study.figures, words)),
        silences=tuple(_silence(one, words) for one in study.silences),
    )


def _pattern(one: Pattern, words: dict[str, Any]) -> ToldPattern:
    def level(value: float) -> str:
        return _share(value, words) if one.scale is Scale.SHARE else _number(value, words, 2)

    def change(value: float) -> str:
        return _number(value * 100, words, signed=True) if one.scale is Scale.SHARE else _number(value, words, 2, True)

    effect = words["points"].format(change(one.effect)) if one.scale is Scale.SHARE else change(one.effect)
    said = words["patterns"][one.topic].format(
        group=_group(one.topic, one.group, words),
        relationship=one.relationship,
        value=level(one.value),
        other=level(one.other),
    )
    parts = (
        words["chance"]["effect"].format(effect=effect, low=change(one.low), high=change(one.high)),
        words["chance"]["basis"].format(
            n=one.n, relationships=one.relationships, p=_chance(one.p, words), q=_chance(one.q, words)
        ),
        words["comparisons"][one.comparison.value],
    )
    return ToldPattern(**msgspec.structs.asdict(one), sentence=_sentence(said), basis="; ".join(parts))


def _departure(one: Departure, words: dict[str, Any]) -> ToldDeparture:
    said = words["departures"][one.topic].format(
        count=one.count, n=one.n, limit=one.limit, group=_group(one.topic, one.group, words)
    )
    return ToldDeparture(**msgspec.structs.asdict(one), sentence=_sentence(said))


def _ordered(figures: Sequence[Figure], words: dict[str, Any]) -> list[Figure]:
    """Figures of one measure together, its groups in the order in which the language names them."""
    measures, factors = list(words["measures"]), ["", *words["factors"]]

    def place(one: Figure) -> tuple[int, int, int, str]:
        named = list(words["groups"].get(one.factor, ()))
        order = named.index(one.group) if one.group in named else len(named)
        return measures.index(one.measure), factors.index(one.factor), order, one.group

    return sorted(figures, key=place)


def _figure(one: Figure, words: dict[str, Any]) -> ToldFigure:
    def level(value: float) -> str:
        if one.measure != "answer_hours":
            return _share(value, words)
        in_days = value >= _PAST_HOURS
        return str(words["days" if in_days else "hours"].format(_number(value / 24 if in_days else value, words, 1)))

    return ToldFigure(
        **msgspec.structs.asdict(one),
        title=words["measures"][one.measure],
        by=words["factors"].get(one.factor, ""),
        label=words["groups"].get(one.factor, {}).get(one.group, one.group),
        shown=level(one.value),
        interval=f"{level(one.low)} – {level(one.high)}",
    )


def _silence(one: Silence, words: dict[str, Any]) -> ToldSilence:
    topic = words["topics"][one.topic]
    said = words["lacks"][one.lack.value].format(topic=topic, found=one.found, needed=one.needed)
    return ToldSilence(**msgspec.structs.asdict(one), sentence=said)


def _group(topic: str, group: str, words: dict[str, Any]) -> str:
    """A group by its name in the words of its factor, which is the topic's second part; a unit has its own name."""
    return str(words["groups"].get(topic.partition(".")[2], {}).get(group, group))


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def _share(value: float, words: dict[str, Any]) -> str:
    return str(words["share"].format(_number(value * 100, words)))


def _number(value: float, words: dict[str, Any], digits: int = 0, signed: bool = False) -> str:
    shown = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    return shown.replace("-", "\N{MINUS SIGN}").replace(".", words["decimal"])


def _chance(value: float, words: dict[str, Any]) -> str:
    return "< " + _number(0.001, words, 3) if value < 0.001 else _number(value, words, 3)
