"""`suhde doctor`: is all there that Suhde needs?"""

from __future__ import annotations

import typer

from cli.exit_codes import ExitCode
from cli.options import Form, Json, chosen
from cli.output import Format, write_rows
from pipeline.checks import Check, Verdict, checks
from settings import load


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("doctor")(doctor)


def doctor(form: Form = Format.TABLE, json: Json = False) -> None:
    """Check what Suhde needs, one line each, with what to do where something is amiss.

    Exits 0 where all works, though something may be warned of, else 1.

    Examples:

        suhde doctor
        suhde doctor --json
    """
    found = list(checks(load()))
    write_rows(found, chosen(form, json), ("", "what", "found"), list(map(_cells, found)))
    if any(check.verdict is Verdict.FAILURE for check in found):
        raise typer.Exit(ExitCode.FAILED)


def _cells(check: Check) -> list[str]:
    return [check.verdict.value, check.what, f"{check.found}. {check.advice}".rstrip()]
