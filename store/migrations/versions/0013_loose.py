"""What papers say of whose they may be, so that their texts need not be read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply."""
    says = "insights.placing.Loose: what a paper says of whose it may be"
    op.create_table(
        "loose",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False, comment="of the rules by which it was read"),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment=says),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("loose_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("loose_pkey")),
    )
