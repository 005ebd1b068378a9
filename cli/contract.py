"""`suhde contract`: what a contract says, and what changed between two versions of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli.options import AsOf, Json
from cli.output import Format, harmless, out, write_json, write_rows
from errors import BadFilter, NoSuchPath
from insights.contracts import FACTS, Contract, ContractFact, Obligation, deadlines
from nlp.contracts.compare import Change, ChangeKind
from nlp.contracts.facts import Length

_FACT_COLUMNS = ("fact", "value", "sure", "clause", "page", "words")
_DUTY_COLUMNS = ("who", "due", "sure", "clause", "page", "words")
_DAY_COLUMNS = ("day", "what", "sure", "words")
_NARROW = 32
_WORDS = 160  # code points of a clause's words that a table shows

FirstFile = Annotated[Path, typer.Argument(metavar="FILE", help="A contract, in any form that can be read.")]
SecondFile = Annotated[Path | None, typer.Argument(metavar="[NEWER]", help="With --diff: its newer version.")]
Diff = Annotated[bool, typer.Option("--diff", help="Tell what changed from FILE to NEWER, clause by clause.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("contract")(contract)


def contract(
    file: FirstFile, newer: SecondFile = None, diff: Diff = False, json: Json = False, as_of: AsOf = None
) -> None:
    """Say who a contract is between, its term, notice, payment, penalties, law, duties and days. Keeps nothing.

    Each fact stands with its clause, page and words, and how sure it is; what is less likely than not is told apart as
    unsure.

    Examples:

        suhde contract agreement.pdf
        suhde contract agreement.docx --json
        suhde contract --diff draft.docx signed.pdf
    """
    from pipeline import contracts

    if diff:
        if newer is None:
            raise typer.BadParameter("--diff needs two files: the older and the newer version.")
        _show_changes(contracts.differences(_bytes(file), file.name, _bytes(newer), newer.name), json=json)
        return
    if newer is not None:
        raise typer.BadParameter("two files are compared with --diff.")
    found = contracts.read(_bytes(file), file.name)
    day = _day(as_of)
    if json:
        write_json(found)
    else:
        _show(found, day)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NoSuchPath(f"cannot read {file}: {error.strerror}.") from error


def _day(as_of: str | None) -> date:
    if as_of is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise BadFilter(f"--as-of '{as_of}' is not a date (YYYY-MM-DD).") from error


def _show(found: Contract, day: date) -> None:
    """The contract as tables: parties, facts, what is unsure, days that follow, duties."""
    parties = "; ".join(f"{p.name} ({p.role})" if p.role and p.role != p.name else p.name for p in found.parties)
    out.print(Text(harmless(f"Between: {parties or 'nobody named'}")))
    told = [(name, fact) for name in FACTS if (fact := getattr(found, name)) is not None]
    write_rows([], Format.TABLE, _FACT_COLUMNS, [_fact_cells(*pair) for pair in told])
    if found.unsure:
        cells = [_fact_cells(*pair) for pair in found.unsure.items()]
        write_rows([], Format.TABLE, _FACT_COLUMNS, cells, title="Unsure")
    following = deadlines(found, day)
    if following:
        cells = [(d.day.isoformat(), d.kind.value, f"{d.confidence:.0%}", _short(d.source.quote)) for d in following]
        write_rows([], Format.TABLE, _DAY_COLUMNS, cells, title=f"Days that follow, as of {day}")
    if found.obligations:
        cells = [_duty_cells(duty) for duty in found.obligations]
        write_rows([], Format.TABLE, _DUTY_COLUMNS, cells, title="Obligations")


def _fact_cells(name: str, fact: ContractFact) -> tuple[str, ...]:
    value = fact.value
    shown = f"{value.length} {value.unit}" if isinstance(value, Length) else _told(value)
    return (
        name.replace("_", " "), _short(shown, 60), f"{fact.confidence:.0%}", fact.clause or "", str(fact.page or ""),
        _short(fact.source.quote),
    )  # fmt: skip


def _told(value: str | int | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _duty_cells(duty: Obligation) -> tuple[str, ...]:
    due = duty.due_date.isoformat() if duty.due_date else duty.due or ""
    return (
        _short(duty.party or "both", _NARROW), _short(due, _NARROW), f"{duty.confidence:.0%}", duty.clause or "",
        str(duty.page or ""), _short(duty.source.quote),
    )  # fmt: skip


def _short(words: str, most: int = _WORDS) -> str:
    even = " ".join(words.split())
    return even if len(even) <= most else even[:most].rsplit(" ", 1)[0] + " …"


def _show_changes(changes: tuple[tuple[Change, str], ...], *, json: bool) -> None:
    if json:
        write_json([{"change": change, "text": text} for change, text in changes])
        return
    if not changes:
        out.print("No clause changed.")
    for change, text in changes:
        name = " ".join(part for part in (change.number, change.heading) if part) or _short(text, 40)
        out.print(Text(harmless(f"{change.kind.value}: {name}")))
        if change.kind is ChangeKind.CHANGED:
            for edit in change.edits:
                out.print(Text(harmless(f"  - {edit.before}\n  + {edit.after}")))
        else:
            out.print(Text(harmless(f"  {_short(text)}")))
