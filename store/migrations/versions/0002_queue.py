"""The job queue's own tables and functions (Procrastinate)."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
