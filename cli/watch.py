"""`suhde watch`: mail that arrives by itself."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from cli.context import Context
from cli.ingest import load_models
from cli.output import err, harmless, out
from corpus.mailbox import Address
from errors import MailboxRefused
from pipeline.report import Report
from pipeline.watching import read_mailbox, watch_mailbox

_PASSWORD = "SUHDE_IMAP_PASSWORD"  # noqa: S105 -- where it stands, not what it is


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("watch")(watch)


def watch(
    mailbox: Annotated[str, typer.Argument(metavar="IMAPS://USER@HOST/FOLDER", help="The folder; INBOX where none.")],
    once: Annotated[bool, typer.Option("--once", help="Read what is there, then stop.")] = False,
    models: Annotated[bool, typer.Option("--models/--no-models", help="Whether to read sentences.")] = True,
) -> None:
    """Read a folder on an IMAP server, then whatever comes into it, until stopped. The folder is only read.

    The password is taken from SUHDE_IMAP_PASSWORD. Stopped or cut off, the same command goes on where it was.

    Examples:

        suhde watch imaps://anna%40example.fi@imap.example.fi/INBOX
        suhde watch imaps://archive@imap.example.fi/Customers/2024 --once
    """
    address = Address.read(mailbox)
    password = os.environ.get(_PASSWORD)
    if not password:
        raise MailboxRefused(f"no password for {address}.", advice=f"Put it into {_PASSWORD}.")
    context = Context()
    analyzer = load_models() if models else None
    if once:
        _tell(read_mailbox(context.engine, context.settings, address, password, analyzer))
        return
    err.print(f"Watching {harmless(str(address))}. Ctrl-C stops it.")
    watch_mailbox(context.engine, context.settings, address, password, analyzer, _tell)


def _tell(report: Report | None) -> None:
    if report is None:
        out.print("Nothing new.")
    else:
        out.print(
            f"{report.seen:,} seen = {report.stored:,} stored + {report.duplicate:,} duplicate"
            f" + {report.quarantined:,} quarantined + {report.skipped:,} skipped"
        )
