"""The study of practices: made when insights have changed, kept, and read from then on."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import msgspec
from sqlalchemy import Engine

import store.practices
from insights.practices.patterns import Study
from insights.practices.study import study
from pipeline.house import read_policy, read_units
from settings import Settings

VERSION = "1"  # raise when insights.practices says something else of the same insights


def practices(engine: Engine, settings: Settings, day: date) -> Study:
    """Practices as of a day: the study that is kept, else one made now and kept.

    Raises SettingsError where the policy or the units cannot be used.
    """
    policy, units = read_policy(settings.policy), read_units(settings.units)
    with engine.connect() as connection:
        snapshot = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        parts = (VERSION, policy, units, store.practices.state(snapshot))
        state = blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()
        kept = store.practices.load(snapshot, day, state)
        if kept is not None:
            return kept
        made = study(store.practices.dossiers(snapshot, day), day, policy, units)
    with engine.begin() as connection:
        store.practices.save(connection, made, state)
    return made
