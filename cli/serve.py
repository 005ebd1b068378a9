"""`suhde serve`: the API and the pages, on this machine."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Annotated

import typer

from cli.context import Context
from cli.ingest import load_models
from cli.output import err
from errors import SettingsError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Host = Annotated[str, typer.Option(help="Address to listen on; another than this machine's own needs keys.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this machine's own needs keys.")
    ] = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Serve the pages, the API (/v1, described at /docs) and the queue's worker until stopped.

    Examples:

        suhde serve --port 8080
    """
    context = Context()
    if host not in _LOOPBACK and context.settings.access != "keys":
        raise SettingsError(
            f"cannot serve on {host} to whoever comes by: mail is private.",
            advice="Set SUHDE_ACCESS=keys and SUHDE_HOSTS to the names it is reached by, and make keys: 'suhde keys'.",
        )
    run(context, host, port)


def run(context: Context, host: str, port: int) -> None:
    """Serve until stopped."""
    # Only this command waits for a web server's import.
    import uvicorn

    from api.app import create_app

    shown = f"[{host}]" if ":" in host else host
    err.print(f"Suhde is at http://{shown}:{port}/, its API at http://{shown}:{port}/docs. Ctrl-C stops it.")
    app = create_app(context.engine, context.settings, load_models)
    # Uvicorn shuts down on SIGTERM, then raises it again; dying of it would leave the embedded database running.
    signal.signal(signal.SIGTERM, _leave)
    uvicorn.run(app, host=host, port=port, log_level="warning")


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
