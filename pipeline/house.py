"""What a house says of itself in files: its units, its policy, how long it keeps documents."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from errors import SettingsError
from insights.directory import Unit
from insights.practices.policy import Policy
from insights.retention import Rules
from languages import codes, data


def read_units(path: Path | None) -> tuple[Unit, ...]:
    """Our internal units from a CSV with the columns name and domains (several separated by semicolons).

    Raises SettingsError where the file cannot be used.
    """
    if path is None:
        return ()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_unit(row) for row in csv.DictReader(file))
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise SettingsError(
            f"cannot read the units in {path}: {error!r}.", advice="It needs name and domains."
        ) from error


def read_policy(path: Path | None) -> Policy:
    """Our policy from a TOML file (docs/practices.md); one that demands nothing where there is no file.

    Raises SettingsError where the file cannot be used: it says which key is wrong.
    """
    if path is None:
        return Policy()
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Policy)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise SettingsError(f"cannot use the policy in {path}: {error}.", advice="See docs/practices.md.") from error
    known = [code for code in codes() if "holidays" in data(code, "dates")]
    if found.answers.holidays not in (None, *known):
        raise SettingsError(
            f"cannot use the policy in {path}: answers.holidays {found.answers.holidays!r} is no language.",
            advice=f"It is one of {', '.join(known)}.",
        )
    return found


def read_retention(path: Path | None) -> Rules:
    """How long documents are kept, from a TOML file (docs/security.md); for good where there is no file.

    Raises SettingsError where the file cannot be used: it says which key is wrong.
    """
    if path is None:
        return Rules()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Rules)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise SettingsError(f"cannot use the rules in {path}: {error}.", advice="See docs/security.md.") from error


def _unit(row: dict[str, str]) -> Unit:
    places = [p.strip().lower() for p in row["domains"].split(";") if p.strip()]
    return Unit(
        name=row["name"].strip(),
        domains=tuple(p for p in places if "@" not in p),
        addresses=tuple(p for p in places if "@" in p),
    )
