"""What a command needs from outside: settings, the open database, the raw bytes. Opened on first use."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Engine

import settings as settings_module
from settings import Settings
from store.database import open_database, url
from store.raw import RawStore


class Context:
    """The world of one command: `settings` given, else those in force. Raises SettingsError, later StoreError."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or settings_module.load()

    @cached_property
    def engine(self) -> Engine:
        """The database, its tables up to date. Raises StoreError."""
        return open_database(url(self.settings.home, self.settings.database_url))

    @cached_property
    def raw(self) -> RawStore:
        """The raw bytes."""
        return RawStore(self.settings.raw)
