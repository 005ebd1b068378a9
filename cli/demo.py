"""`suhde demo`: the main job on the sample that comes with Suhde."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

import corpus.sample
from cli import ingest, relationships, serve
from cli.context import Context
from cli.output import out
from settings import Settings


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("demo")(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Exit when the sample is analysed; serve nothing.")] = False,
    port: serve.Port = 8000,
) -> None:
    """Analyse the sample, show what was found, then serve it. Keeps nothing afterwards and touches no other data.

    Examples:

        suhde demo
        suhde demo --once
    """
    with tempfile.TemporaryDirectory(prefix="suhde-demo-") as home:
        context = Context(Settings(home=Path(home), own_domains=corpus.sample.OWN_DOMAINS, database_url=None))
        ingest.print_report(ingest.read(context, list(corpus.sample.ARCHIVES)))
        out.print()
        relationships.print_relationships(context, corpus.sample.AS_OF)
        if not once:
            serve.run(context, "127.0.0.1", port)
