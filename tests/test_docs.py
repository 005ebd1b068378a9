"""The documentation is tested: what a user can type, set or meet is described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import errors
from cli.exit_codes import ExitCode
from cli.main import app
from settings import Settings

DOCS = Path(__file__).parent.parent / "docs"


def _errors(kind: type[errors.SuhdeError] = errors.SuhdeError) -> Iterator[type[errors.SuhdeError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _errors(below)


def _commands() -> list[str]:
    alone = [str(command.name) for command in app.registered_commands]
    grouped = [
        f"{group.name} {command.name}"
        for group in app.registered_groups
        for command in (group.typer_instance.registered_commands if group.typer_instance else [])
    ]
    return alone + grouped


@pytest.mark.parametrize("name", _commands())
def test_every_command_is_documented(name: str) -> None:
    assert f"## suhde {name}\n" in (DOCS / "cli.md").read_text(encoding="utf-8")


def test_every_exit_code_is_documented() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert not [code for code in ExitCode if f"| {code.value} |" not in text]


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert not [name for name in Settings.model_fields if f"`SUHDE_{name.upper()}`" not in text]


def test_every_error_code_is_documented_once() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    kinds = list(_errors())
    assert len({k.code for k in kinds}) == len(kinds)
    assert not [k.__name__ for k in kinds if f"## SUHDE-{k.code}\n" not in text]
