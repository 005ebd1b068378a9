"""What a house has set itself: a value read from its policy.toml (docs/practices.md)."""

from __future__ import annotations

from typing import Annotated

import msgspec

_Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
_Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In how many working days a mail that asks us something is answered, and what share of them at least."""

    working_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = 2
    share: _Share | None = None  # None: in time is measured, nothing is demanded
    holidays: str | None = None  # the language pack whose free days count; None: weekends alone


class Promises(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What share of our promises is to be kept by their day."""

    share: _Share | None = None


class Contracts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What contracts should say, and how long before the last day of notice one wants to know of it."""

    payment_days: _Days | None = None
    notice_ahead_days: _Days | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it; what is left out is not demanded."""

    answers: Answers = Answers()
    promises: Promises = Promises()
    contracts: Contracts = Contracts()
