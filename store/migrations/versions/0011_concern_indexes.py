"""Indexes of what asks for attention hold what the portfolio asks for, so that no row is fetched to order it."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply."""
    asked = ["kind", "since", "until", "due", "confidence"]
    for column, included in (("relationship_id", [*asked, "side"]), ("told", ["relationship_id", *asked])):
        name = op.f(f"concern_{column}_idx")
        op.drop_index(name, "concern")
        op.create_index(name, "concern", [column], postgresql_include=included)
