"""What an ingest did: honest sums, printed and stored. Nothing that was seen is missing from them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import msgspec


class Report(msgspec.Struct, kw_only=True):
    """The sums of one run. Always: seen = stored + duplicate + quarantined + skipped."""

    run: str
    paths: tuple[str, ...]
    started: datetime
    seen: int = 0  # messages and files
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    skipped: int = 0  # files that are not read
    enclosed: int = 0  # documents found inside messages; not part of `seen`
    unread: int = 0  # files attached to messages that could not be read and are in quarantine; not part of `seen`
    reread: int = 0  # documents stored before that these models had not read
    sentences: int = 0  # read by the models
    reasons: Counter[str] = msgspec.field(default_factory=Counter)  # why messages were quarantined or files skipped
    own_domains: tuple[str, ...] = ()
    own_share: float | None = None  # where own_domains were inferred: the share of messages that speak for them
    relationships: int = 0
    seconds: float = 0.0
    stages: dict[str, float] = msgspec.field(default_factory=dict)  # seconds by stage; stages overlap
    stopped: bool = False  # by the user; the same command goes on where it was

    def spend(self, stage: str, seconds: float) -> None:
        """Count time spent in a stage."""
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds
