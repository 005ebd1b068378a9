"""Language packs: a folder of data for each language, and the small code that loads it. Adding one touches no logic.

A pack is `languages/<ISO 639-1 code>/` with `zones.toml`, `sentences.toml`, `dates.toml`, `words.toml`.
This package imports nothing of ours.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def codes() -> tuple[str, ...]:
    """The languages there are packs for, in alphabetical order."""
    return tuple(sorted(p.name for p in _HERE.iterdir() if (p / "words.toml").is_file()))


@cache
def data(code: str, topic: str) -> dict[str, Any]:
    """The data of one topic ("zones", "sentences", "dates", "words") of one language. Callers must not change it."""
    return tomllib.loads((_HERE / code / f"{topic}.toml").read_text(encoding="utf-8"))
