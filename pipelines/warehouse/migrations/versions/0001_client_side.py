"""The client side: the dated network, answers, counts, scores, summaries and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table of the client side; comments follow the metadata."""
    _core_client_response()
    _core_opening_day()
    _core_unit()
    _core_unit_ancestor()
    _core_unit_parent()
    _mart_daily_count()
    _mart_score()
    _mart_summary()
    _ops_quarantine()
    _ops_received_page()
    _ops_run()
    _ops_stale_score()
    _index_answers_by_day()
    _grant_mart_to_everybody()


def _create(schema: str, name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    # DuckDB pays six times the insert for a key that one serialised writer keeps anyway; `warehouse check` looks.
    constraints = [] if op.get_bind().dialect.name == "duckdb" else [sa.PrimaryKeyConstraint(*key)]
    op.create_table(name, *columns, *constraints, schema=schema)


def _core_client_response() -> None:
    _create(
        "core",
        "client_response",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("response_id", sa.Text, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("experienced_at", INSTANT),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT),
        sa.Column("version_at", INSTANT, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("touchpoint", sa.Text),
        sa.Column("contact_reason", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("overall", sa.SmallInteger),
        sa.Column("nps", sa.SmallInteger),
        sa.Column("ces", sa.SmallInteger),
        sa.Column("dim_autonomy", sa.SmallInteger),
        sa.Column("dim_cooperation", sa.SmallInteger),
        sa.Column("dim_competence", sa.SmallInteger),
        sa.Column("dim_conduct", sa.SmallInteger),
        sa.Column("dim_consideration", sa.SmallInteger),
        sa.Column("dim_listening", sa.SmallInteger),
        sa.Column("dim_facilitation", sa.SmallInteger),
        sa.Column("dim_harmony", sa.SmallInteger),
        sa.Column("dim_trust", sa.SmallInteger),
        sa.Column("dim_values", sa.SmallInteger),
        sa.Column("dim_environment", sa.SmallInteger),
        sa.Column("verbatim", sa.Text),
        sa.Column("source_url", sa.Text),
        sa.Column("can_contact", sa.Boolean),
        sa.Column("is_verified", sa.Boolean),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("trust_pct", sa.Double),
        sa.Column("warnings", sa.Text),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("source", "response_id"),
    )


def _core_opening_day() -> None:
    _create(
        "core",
        "opening_day",
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        key=("unit_id", "business_date"),
    )


def _core_unit() -> None:
    _create(
        "core",
        "unit",
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("sector", sa.Text),
        sa.Column("operated_by", sa.Text),
        sa.Column("partition_id", sa.Text),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        key=("unit_id", "valid_from"),
    )


def _core_unit_ancestor() -> None:
    _create(
        "core",
        "unit_ancestor",
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("ancestor_id", sa.Text, nullable=False),
        sa.Column("depth", sa.SmallInteger, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        key=("unit_id", "ancestor_id", "valid_from"),
    )


def _core_unit_parent() -> None:
    _create(
        "core",
        "unit_parent",
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        key=("unit_id", "valid_from"),
    )


def _mart_daily_count() -> None:
    _create(
        "mart",
        "daily_count",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("is_held", sa.Boolean, nullable=False),
        sa.Column("answer_count", sa.BigInteger, nullable=False),
        sa.Column("favourable_count", sa.BigInteger, nullable=False),
        sa.Column("unfavourable_count", sa.BigInteger, nullable=False),
        sa.Column("value_sum", sa.BigInteger, nullable=False),
        key=("business_date", "unit_id", "measure", "channel", "questionnaire_version", "is_held"),
    )


def _mart_score() -> None:
    _create(
        "mart",
        "score",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("answer_count", sa.BigInteger, nullable=False),
        sa.Column("favourable_count", sa.BigInteger, nullable=False),
        sa.Column("unfavourable_count", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("previous_score", sa.Double),
        sa.Column("change_points", sa.Double),
        sa.Column("change_low", sa.Double),
        sa.Column("change_high", sa.Double),
        sa.Column("sample_tier", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("hidden_reason", sa.Text),
        key=("as_of", "unit_id", "side", "measure", "window_days"),
    )


def _mart_summary() -> None:
    _create(
        "mart",
        "summary",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("recipient_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body_text", sa.Text, nullable=False),
        sa.Column("body_html", sa.Text, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("business_date", "recipient_id", "unit_id"),
    )


def _ops_quarantine() -> None:
    _create(
        "ops",
        "quarantine",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("record_key", sa.Text, nullable=False),
        sa.Column("response_id", sa.Text),
        sa.Column("business_date", sa.Date),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("expectations", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("source", "record_key"),
    )


def _ops_received_page() -> None:
    _create(
        "ops",
        "received_page",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("version_at", INSTANT, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("source", "content_hash"),
    )


def _ops_run() -> None:
    _create(
        "ops",
        "run",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("pipeline", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("received_count", sa.BigInteger, nullable=False),
        sa.Column("loaded_count", sa.BigInteger, nullable=False),
        sa.Column("unchanged_count", sa.BigInteger, nullable=False),
        sa.Column("superseded_count", sa.BigInteger, nullable=False),
        sa.Column("quarantined_count", sa.BigInteger, nullable=False),
        sa.Column("held_count", sa.BigInteger, nullable=False),
        sa.Column("watermark_at", INSTANT),
        sa.Column("detail", sa.Text),
        key=("run_id", "pipeline", "source"),
    )


def _ops_stale_score() -> None:
    _create(
        "ops",
        "stale_score",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        key=("business_date", "unit_id"),
    )


def _index_answers_by_day() -> None:
    if op.get_bind().dialect.name != "duckdb":  # DuckDB skips blocks by their bounds; an index would only cost
        op.create_index("client_response_by_day", "client_response", ["business_date", "unit_id"], schema="core")


def _grant_mart_to_everybody() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT USAGE ON SCHEMA mart TO PUBLIC")
        op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA mart TO PUBLIC")
        op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA mart GRANT SELECT ON TABLES TO PUBLIC")
