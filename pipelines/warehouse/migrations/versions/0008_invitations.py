"""How many clients were invited to answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table, and on a server what it is read by."""
    is_duckdb = op.get_bind().dialect.name == "duckdb"
    key = ("source", "unit_id", "business_date", "channel")
    op.create_table(
        "invitation_count",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("sent_count", sa.BigInteger, nullable=False),
        sa.Column("version_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page_hash", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        *([] if is_duckdb else [sa.PrimaryKeyConstraint(*key)]),
        schema="core",
    )
    if not is_duckdb:  # which scans its columns as fast
        op.create_index("invitation_count_by_day", "invitation_count", ["business_date", "unit_id"], schema="core")
