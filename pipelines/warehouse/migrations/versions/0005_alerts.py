"""Alerts: what days show, what people and messages did, and what follows of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what alerts need to be remembered."""
    _mart_alert()
    _mart_alert_event()
    _ops_alert_cause()
    _ops_alert_finding()
    _ops_alert_looked()
    _ops_changed_day()
    _ops_alert_action()
    _ops_alert_notice()
    if op.get_bind().dialect.name != "duckdb":  # which scans its columns as fast
        for name in ("alert_finding", "alert_action", "alert_notice"):
            op.create_index(f"{name}_by_cause", name, ["cause_id"], schema="ops")
        op.create_index("alert_by_cause", "alert", ["cause_id"], schema="mart")


def _create(schema: str, name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    constraints = [] if op.get_bind().dialect.name == "duckdb" else [sa.PrimaryKeyConstraint(*key)]
    op.create_table(name, *columns, *constraints, schema=schema)


def _mart_alert() -> None:
    _create(
        "mart",
        "alert",
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("severity", sa.SmallInteger, nullable=False),
        sa.Column("size_points", sa.Double),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("last_seen_on", sa.Date, nullable=False),
        sa.Column("recovered_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("deadline_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("escalated_to_unit_id", sa.Text),
        sa.Column("snoozed_until", sa.Date),
        key=("alert_id",),
    )


def _mart_alert_event() -> None:
    _create(
        "mart",
        "alert_event",
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        key=("alert_id", "number"),
    )


def _ops_alert_cause() -> None:
    _create(
        "ops",
        "alert_cause",
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        key=("cause_id",),
    )


def _ops_alert_finding() -> None:
    _create(
        "ops",
        "alert_finding",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("finder", sa.Text, nullable=False),
        sa.Column("severity", sa.SmallInteger, nullable=False),
        sa.Column("size_points", sa.Double),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        key=("business_date", "cause_id"),
    )


def _ops_alert_looked() -> None:
    _create(
        "ops",
        "alert_looked",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("finder", sa.Text, nullable=False),
        sa.Column("change_number", sa.BigInteger, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=False),
        key=("business_date", "finder"),
    )


def _ops_changed_day() -> None:
    _create(
        "ops",
        "changed_day",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("change_number", sa.BigInteger, nullable=False),
        key=("business_date",),
    )


def _ops_alert_action() -> None:
    _create(
        "ops",
        "alert_action",
        sa.Column("action_id", sa.Text, nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("acted_at", INSTANT, nullable=False),
        sa.Column("acted_on", sa.Date, nullable=False),
        sa.Column("acted_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("until_on", sa.Date),
        sa.Column("severity", sa.SmallInteger, nullable=False),
        sa.Column("size_points", sa.Double),
        key=("action_id",),
    )


def _ops_alert_notice() -> None:
    _create(
        "ops",
        "alert_notice",
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("cause_id", sa.Text, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("severity", sa.SmallInteger, nullable=False),
        sa.Column("size_points", sa.Double),
        sa.Column("noticed_at", INSTANT, nullable=False),
        key=("alert_id", "channel", "reason", "business_date"),
    )
