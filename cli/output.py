"""Results to stdout: a table for people, JSON, JSON Lines or CSV for programs. Everything else goes to stderr."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Piped tables are as wide as they need to be; rich would take a pipe for a screen of 80 columns.
# Names and words come from mail, which is hostile: nothing in them is markup.
out = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)

# A cell that begins with one of these is a formula to a spreadsheet; mail is hostile (OWASP ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


_STEERING = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


class Format(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def write_json(value: Any, *, indent: bool = True) -> None:
    """One value as JSON on stdout, UTF-8, one line where not `indent`."""
    data = msgspec.json.encode(value)
    sys.stdout.buffer.write((msgspec.json.format(data, indent=1) if indent else data) + b"\n")
    sys.stdout.buffer.flush()


def write_rows(
    rows: Iterable[Any], form: Format, columns: Sequence[str], cells: Sequence[Sequence[str | Text]], title: str = ""
) -> None:
    """A list. `rows` are the values for programs; `cells` their table for people, under `columns`."""
    match form:
        case Format.TABLE:
            table = Table(
                title=Text(harmless(title)) if title else None, title_justify="left", box=None, padding=(0, 2, 0, 0)
            )
            for number, column in enumerate(columns):
                # All but the last column are short and stay on one line.
                table.add_column(column, no_wrap=number < len(columns) - 1)
            for line in cells:
                table.add_row(*(Text(harmless(cell)) if isinstance(cell, str) else cell for cell in line))
            out.print(table)
        case Format.JSON:
            write_json(list(rows))
        case Format.JSONL:
            for row in rows:
                write_json(row, indent=False)
        case Format.CSV:
            _write_csv([flat(msgspec.to_builtins(row)) for row in rows])


def harmless(text: str) -> str:
    """Text without the characters that steer a terminal, each replaced by one, so that offsets hold."""
    return text.translate(_STEERING)


def flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested object as one row: `made.quote`, `due.from`; lists as JSON."""
    row: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping):
            row |= flat(item, f"{prefix}{key}.")
        else:
            row[prefix + key] = msgspec.json.encode(item).decode() if isinstance(item, list) else item
    return row


def _write_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: f"'{v}" if isinstance(v, str) and v.startswith(_FORMULA) else v for k, v in row.items()})
