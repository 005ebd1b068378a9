"""`suhde`: the command and its groups."""

from __future__ import annotations

import signal
import sys
import traceback
from importlib.metadata import version
from typing import Annotated

import typer

from cli import (
    accounts,
    analyze,
    assign,
    attention,
    backup,
    contract,
    corrections,
    demo,
    doctor,
    documents,
    erase,
    export,
    hold,
    ingest,
    keys,
    negotiations,
    notes,
    person,
    practices,
    quarantine,
    relationships,
    retention,
    search,
    serve,
    show,
    watch,
)
from cli.exit_codes import ExitCode, of
from cli.output import err, harmless
from errors import SuhdeError

app = typer.Typer(
    name="suhde",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Relationship intelligence from mail archives. Nothing leaves this machine.

    A first session:

        suhde ingest mail.mbox        # read an archive; again, and only news is read
        suhde relationships           # with whom, how it stands, most in need of attention first
        suhde attention               # why: what is overdue, unanswered, going wrong, falling due
        suhde timeline acme.com       # promises, troubles, mood, with their evidence
        suhde commitments --overdue   # what somebody should have done by now
        suhde serve                   # the same in a browser, and as an API

    Settings: SUHDE_HOME, SUHDE_DATABASE_URL, SUHDE_OWN_DOMAINS, or suhde.toml (docs/settings.md).
    Exit codes: 0 done, 2 usage, 3 bad input, 4 not found, 5 settings, 6 store, 7 model, 130 stopped (docs/cli.md).
    """,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"suhde {version('suhde')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that every command has."""


_GROUPS = (
    ingest,
    watch,
    relationships,
    negotiations,
    attention,
    show,
    search,
    documents,
    assign,
    corrections,
    export,
    analyze,
    quarantine,
    accounts,
    keys,
    backup,
    doctor,
    serve,
    demo,
    contract,
    notes,
    practices,
    person,
    erase,
    hold,
    retention,
)
for group in _GROUPS:
    group.register(app)


def run() -> None:
    """Run the command line; every error of ours becomes one line on stderr and an exit code."""
    # Asked to end by the system or by Ctrl-C: stop after what is being written, and stop our database.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except SuhdeError as error:
        err.print(harmless(str(error)), style="red", soft_wrap=True)
        sys.exit(of(error))
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, say `| head`
        sys.exit(ExitCode.OK)
    except Exception:
        traceback.print_exc()
        err.print("SUHDE-1: something of ours failed. Please report it with the lines above.", style="red")
        sys.exit(ExitCode.FAILED)
