"""The rules by which reasons to act are weighed: a file of the user's, else the defaults."""

from __future__ import annotations

from pathlib import Path

import msgspec

from errors import SettingsError
from insights.attention import Rules
from settings import Settings

FILE = "attention.toml"


def read_rules(settings: Settings) -> Rules:
    """The rules of `attention.toml` in the working directory, else in the data folder; what it leaves out is default.

    Raises SettingsError where the file cannot be used.
    """
    for path in (Path(FILE), settings.home / FILE):
        try:
            return msgspec.toml.decode(path.read_bytes(), type=Rules)
        except FileNotFoundError:
            continue
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"cannot use the rules in {path}: {error}.", advice="docs/attention.md shows what may stand there."
            ) from error
    return Rules()
