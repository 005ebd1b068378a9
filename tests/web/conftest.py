"""Fixtures: the application over a small archive."""

from __future__ import annotations

from served import client, served_engine, served_settings

__all__ = ["client", "served_engine", "served_settings"]
