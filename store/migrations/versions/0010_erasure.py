"""Erasures with their proof, the tombstones that keep what was erased out, and holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply."""
    op.alter_column("source", "outcome", comment="stored | duplicate | quarantined | skipped")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False, comment="person | relationship | retention"),
        sa.Column("subject", sa.LargeBinary(), nullable=True, comment="who, as a tombstone; null: retention"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("finished", time, nullable=True, comment="null: under way, or killed"),
        sa.Column("counts", postgresql.JSONB(), nullable=False, comment="rows and files by what they were"),
        sa.Column("digest", sa.Text(), nullable=True, comment="of the ids of all documents that were erased"),
        sa.Column("key", sa.LargeBinary(), nullable=True, comment="the secret of its tombstones"),
        sa.PrimaryKeyConstraint("id", name=op.f("erasure_pkey")),
    )
    op.create_table(
        "tombstone",
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="store.tombstones"),
        sa.Column("erasure_id", sa.Text(), nullable=False),
        sa.Column("until", time, nullable=True, comment="later documents are not meant; null: whenever"),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f("tombstone_erasure_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", "erasure_id", name=op.f("tombstone_pkey")),
    )
    op.create_table(
        "hold",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="person | relationship"),
        sa.Column("name", sa.Text(), nullable=False, comment="an address, or the relationship's id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("hold_pkey")),
        sa.UniqueConstraint("kind", "name", name=op.f("hold_kind_key")),
    )
