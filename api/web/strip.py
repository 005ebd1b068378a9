"""The months of a relationship as a strip: mails sent upwards, received downwards, the mood of each as a mark."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from insights.insight import MonthRhythm
from insights.mood import MonthMood

_WIDTH = 900  # of the drawing, where there are months enough
_STEPS = (8, 26)  # least and greatest width of a month
_HALF = 44  # height of the largest bar


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One month in the drawing."""

    x: int
    month: str
    sent: int
    received: int
    up: float  # heights
    down: float
    mood: str | None
    year: str | None  # where one begins


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing: `width` wide, its axis at `half`."""

    width: int
    half: int
    step: int  # width of a month
    peak: int  # mails in the largest bar
    months: tuple[Month, ...]


def draw(traffic: Sequence[MonthRhythm], moods: Sequence[MonthMood]) -> Strip | None:
    """The strip of all months from the first to the last; None where there are none."""
    mails = {m.month: m for m in traffic}
    tones = {m.month: m.mood.value for m in moods}
    names = span(sorted({*mails, *tones}))
    if not names:
        return None
    peak = max((max(m.sent, m.received) for m in traffic), default=0)
    step = min(max(_WIDTH // len(names), _STEPS[0]), _STEPS[1])
    scale = _HALF / max(peak, 1)
    months = []
    for place, name in enumerate(names):
        mail = mails.get(name)
        sent, received = (mail.sent, mail.received) if mail else (0, 0)
        months.append(
            Month(
                x=place * step,
                month=name,
                sent=sent,
                received=received,
                up=round(sent * scale, 1),
                down=round(received * scale, 1),
                mood=tones.get(name),
                year=name[:4] if place == 0 or name.endswith("-01") else None,
            )
        )
    # A year's name next to the first month's would run into it.
    if len(months) > 1 and any(m.year for m in months[1:3]):
        months[0] = msgspec.structs.replace(months[0], year=None)
    return Strip(width=max(len(months) * step, 4 * step), half=_HALF, step=step, peak=peak, months=tuple(months))


def span(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, also those in which nothing happened."""
    if not months:
        return []
    (first, start), (last, end) = (map(int, months[i].split("-")) for i in (0, -1))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first * 12 + start - 1, last * 12 + end)]
