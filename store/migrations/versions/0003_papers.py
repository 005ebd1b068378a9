"""Papers: what they say as such, where they belong and why, and where a person put them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    read_as = "what a contract (insights.contracts) or minutes (insights.notes) say as such"
    op.add_column("document", sa.Column("reading", postgresql.JSONB(), nullable=True, comment=read_as))
    sure = "0 … 1, how sure a paper's place is; null: a mail"
    op.add_column("membership", sa.Column("confidence", sa.Float(), nullable=True, comment=sure))
    why = "why a paper belongs here: insights.placing; null: a mail"
    op.add_column("membership", sa.Column("reason", sa.Text(), nullable=True, comment=why))
    op.create_table(
        "assignment",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("relationship_id", sa.Text(), nullable=True, comment="to which a person assigned it; null: to none"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("assignment_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("assignment_pkey")),
    )
