"""How a command ended, for scripts. The numbers never change their meaning."""

from __future__ import annotations

from enum import IntEnum

from errors import InputError, ModelError, NotFound, SettingsError, StoreError, SuhdeError


class ExitCode(IntEnum):
    """Exit status of every command."""

    OK = 0  # done; an ingest also where messages went to quarantine (the report counts them)
    FAILED = 1  # an error of ours: please report it
    USAGE = 2  # the command line cannot be understood
    BAD_INPUT = 3  # a path, a file, a filter, or at least one line of the input cannot be used
    NOT_FOUND = 4  # no relationship, document or quarantined message of that name
    SETTINGS = 5  # suhde.toml or the environment
    STORE = 6  # the database or the data folder
    MODEL = 7  # the model's weights are missing
    INTERRUPTED = 130  # stopped by the user; nothing is lost, the same command goes on


def of(error: SuhdeError) -> ExitCode:
    """The exit status for an error."""
    table: tuple[tuple[type[SuhdeError], ExitCode], ...] = (
        (NotFound, ExitCode.NOT_FOUND),
        (InputError, ExitCode.BAD_INPUT),
        (SettingsError, ExitCode.SETTINGS),
        (StoreError, ExitCode.STORE),
        (ModelError, ExitCode.MODEL),
    )
    return next((code for kind, code in table if isinstance(error, kind)), ExitCode.FAILED)
