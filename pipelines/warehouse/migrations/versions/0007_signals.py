"""What the watch over measures remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the memory."""
    key = ("business_date", "partition_id")
    constraints = [] if op.get_bind().dialect.name == "duckdb" else [sa.PrimaryKeyConstraint(*key)]
    op.create_table(
        "signal_state",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("partition_id", sa.Text, nullable=False),
        sa.Column("memory", sa.LargeBinary, nullable=False),
        *constraints,
        schema="ops",
    )
