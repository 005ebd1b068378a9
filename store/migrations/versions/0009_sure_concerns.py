"""How sure it is what asks for attention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply. What is there is taken to be sure until it is derived anew."""
    op.add_column("concern", sa.Column("confidence", sa.Float(), server_default="1", nullable=False))
