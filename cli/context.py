"""What a command needs from outside: settings, the open database, the raw bytes. Opened on first use."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

import settings as settings_module
from settings import Settings
from store.database import open_database, url
from store.raw import RawStore


@dataclass
class Context:
    """The world of one command."""

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises SettingsError."""
        return settings_module.load()

    @cached_property
    def engine(self) -> Engine:
        """The database, its tables up to date. Raises StoreError."""
        return open_database(url(self.settings.home, self.settings.database_url))

    @cached_property
    def raw(self) -> RawStore:
        """The raw bytes."""
        return RawStore(self.settings.raw)
