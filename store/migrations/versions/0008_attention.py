"""What asks for attention, day by day; how each person writes; sums of relationships to sort by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply. What asks for attention is filled in by the next ingest, which derives all anew."""
    sort = "those in the summary, to sort by …"
    op.add_column(
        "relationship", sa.Column("documents", sa.Integer(), server_default="0", nullable=False, comment=sort)
    )
    times = "… and their first and last times"
    op.add_column("relationship", sa.Column("first", sa.DateTime(timezone=True), nullable=True, comment=times))
    op.add_column("relationship", sa.Column("last", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE relationship SET documents = (summary ->> 'documents')::int, first = (summary ->> 'first')::timestamptz,"
        " last = (summary ->> 'last')::timestamptz WHERE summary IS NOT NULL"
    )
    follows = "from which it follows; a contract's days have ids of their own"
    grows = "from which it grows old: the later of since and due"
    op.create_table(
        "concern",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("insight_id", sa.Text(), nullable=False, comment=follows),
        sa.Column("kind", sa.Text(), nullable=False, comment="insights.attention.ReasonKind or Tally"),
        sa.Column("side", sa.Text(), nullable=True, comment="whose turn it is"),
        sa.Column("since", sa.Date(), nullable=False, comment="the first day on which it holds"),
        sa.Column("until", sa.Date(), nullable=True, comment="the first day on which it holds no more"),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("told", sa.Date(), nullable=False, comment=grows),
        sa.Column(
            "data", postgresql.JSONB(), nullable=True, comment="insights.attention.ReasonToAct; null: only counted"
        ),
        _of_relationship("concern"),
    )
    op.create_index(op.f("concern_relationship_id_idx"), "concern", ["relationship_id"])
    op.create_index(op.f("concern_told_idx"), "concern", ["told"])
    op.create_table(
        "voice",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment="insights.voices.VoiceMonth"),
        _of_relationship("voice"),
        sa.PrimaryKeyConstraint("relationship_id", "person_id", "month", name=op.f("voice_pkey")),
    )


def _of_relationship(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"{table}_relationship_id_fkey")
    return sa.ForeignKeyConstraint(["relationship_id"], ["relationship.id"], name=name, ondelete="CASCADE")
