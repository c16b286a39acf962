"""Under fire: withdrawals, corrections, the outbox, erasures, and how a quarantined record was settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what steadiness needs; nothing that stands is changed."""
    _core_tombstone()
    _ops_complete_pull()
    _ops_correction()
    _ops_erasure()
    _ops_outbox()
    op.add_column("quarantine", sa.Column("version_at", INSTANT), schema="ops")
    op.add_column("quarantine", sa.Column("resolution", sa.Text), schema="ops")
    op.add_column("quarantine", sa.Column("mended", sa.Text), schema="ops")
    _index_answers_by_time()


def _create(schema: str, name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    constraints = [] if op.get_bind().dialect.name == "duckdb" else [sa.PrimaryKeyConstraint(*key)]
    op.create_table(name, *columns, *constraints, schema=schema)


def _core_tombstone() -> None:
    _create(
        "core",
        "tombstone",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("response_id", sa.Text, nullable=False),
        sa.Column("version_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("source", "response_id"),
    )


def _index_answers_by_time() -> None:
    if op.get_bind().dialect.name != "duckdb":  # DuckDB skips blocks by their bounds; an index would only cost
        op.create_index("client_response_by_time", "client_response", ["source", "submitted_at"], schema="core")


def _ops_complete_pull() -> None:
    _create(
        "ops",
        "complete_pull",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("pull_id", sa.Text, nullable=False),
        sa.Column("window_start_at", INSTANT, nullable=False),
        sa.Column("window_end_at", INSTANT, nullable=False),
        sa.Column("pulled_at", INSTANT, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("source", "pull_id"),
    )


def _ops_correction() -> None:
    _create(
        "ops",
        "correction",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("late_count", sa.BigInteger, nullable=False),
        sa.Column("edited_count", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_count", sa.BigInteger, nullable=False),
        sa.Column("corrected_at", INSTANT, nullable=False),
        key=("run_id", "source", "business_date", "unit_id"),
    )


def _ops_erasure() -> None:
    _create(
        "ops",
        "erasure",
        sa.Column("erasure_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("response_key", sa.Text, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        key=("erasure_id",),
    )


def _ops_outbox() -> None:
    _create(
        "ops",
        "outbox",
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("recipient_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempt_count", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("claimed_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("last_error", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False),
        key=("message_id",),
    )
