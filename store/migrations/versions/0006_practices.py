"""Practices: the studies that were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "study",
        sa.Column("day", sa.Date(), nullable=False, comment="as of which it is"),
        sa.Column("state", sa.Text(), nullable=False, comment="of the insights, rules and policy that it rests on"),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment="insights.practices.findings.Study"),
        sa.PrimaryKeyConstraint("day", name=op.f("study_pkey")),
    )
