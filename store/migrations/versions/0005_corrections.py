"""Corrections: what people say of insights, and what was derived where they left it otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    _add_corrections()
    hold = "those that hold for it"
    numbers = postgresql.ARRAY(sa.BigInteger())
    op.add_column("insight", sa.Column("corrections", numbers, server_default="{}", nullable=False, comment=hold))
    other = "of an insight that people left otherwise than it was derived"
    op.create_table(
        "overruled",
        sa.Column("id", sa.Text(), nullable=False, comment=other),
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment="the value as it was derived"),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationship.id"],
            name=op.f("overruled_relationship_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("overruled_pkey")),
    )
    op.create_index(op.f("overruled_relationship_id_idx"), "overruled", ["relationship_id"])


def _add_corrections() -> None:
    called = "as it was called when the person spoke"
    first = "that holds the first evidence"
    found, target = "the insight as the models had it", "merge: the one that stays, as the models had it"
    beside = "ids of others that rested on the same documents"
    seen = "time of the last letter that there was"
    op.create_table(
        "correction",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("insight_id", sa.Text(), nullable=False),
        sa.Column("relationship_id", sa.Text(), nullable=False, comment=called),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=True, comment=first),
        sa.Column("said", postgresql.JSONB(), nullable=False, comment="insights.corrections.Said"),
        sa.Column("found", postgresql.JSONB(), nullable=False, comment=found),
        sa.Column("target", postgresql.JSONB(), nullable=True, comment=target),
        sa.Column("beside", postgresql.ARRAY(sa.Text()), nullable=False, comment=beside),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=True, comment=seen),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("correction_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("correction_pkey")),
    )
    for column in ("relationship_id", "insight_id", "document_id"):
        op.create_index(op.f(f"correction_{column}_idx"), "correction", [column])
