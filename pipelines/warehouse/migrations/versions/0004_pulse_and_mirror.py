"""The pulse of the teams, and the mirror: answers without a person, publications, and both sides together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
HIDDEN = ("answer_count", "favourable_count", "unfavourable_count", "score", "sample_tier")


def upgrade() -> None:
    """Add what the pulse needs; a score may be hidden from now on, and then has no figures."""
    _core_campaign()
    _core_campaign_headcount()
    _core_employee_response()
    _core_employee_count()
    _core_employee_cell()
    _core_contact_rating()
    _core_benchmark()
    _mart_publication()
    _mart_publication_score()
    _mart_participation()
    _mart_pulse_verbatim()
    _mart_mirror()
    _mart_label()
    _mart_symmetry()
    _mart_agreement()
    _mart_breakdown()
    _mart_sector()
    op.add_column("score", sa.Column("precision_count", sa.BigInteger), schema="mart")
    for name in HIDDEN:
        op.execute(f"ALTER TABLE mart.score ALTER COLUMN {name} DROP NOT NULL")


def _create(schema: str, name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    constraints = [] if op.get_bind().dialect.name == "duckdb" else [sa.PrimaryKeyConstraint(*key)]
    op.create_table(name, *columns, *constraints, schema=schema)


def _core_campaign() -> None:
    _create(
        "core",
        "campaign",
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        key=("campaign_id",),
    )


def _core_campaign_headcount() -> None:
    _create(
        "core",
        "campaign_headcount",
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("invited_count", sa.BigInteger, nullable=False),
        key=(
            "campaign_id",
            "unit_id",
        ),
    )


def _core_employee_response() -> None:
    _create(
        "core",
        "employee_response",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("respondent_key", sa.Text, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("answered_on", sa.Date, nullable=False),
        sa.Column("relation", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("enps", sa.SmallInteger),
        sa.Column("own_autonomy", sa.SmallInteger),
        sa.Column("own_cooperation", sa.SmallInteger),
        sa.Column("own_competence", sa.SmallInteger),
        sa.Column("own_conduct", sa.SmallInteger),
        sa.Column("own_consideration", sa.SmallInteger),
        sa.Column("own_listening", sa.SmallInteger),
        sa.Column("own_facilitation", sa.SmallInteger),
        sa.Column("own_harmony", sa.SmallInteger),
        sa.Column("own_trust", sa.SmallInteger),
        sa.Column("own_values", sa.SmallInteger),
        sa.Column("own_environment", sa.SmallInteger),
        sa.Column("perceived_overall", sa.SmallInteger),
        sa.Column("perceived_autonomy", sa.SmallInteger),
        sa.Column("perceived_cooperation", sa.SmallInteger),
        sa.Column("perceived_competence", sa.SmallInteger),
        sa.Column("perceived_conduct", sa.SmallInteger),
        sa.Column("perceived_consideration", sa.SmallInteger),
        sa.Column("perceived_listening", sa.SmallInteger),
        sa.Column("perceived_facilitation", sa.SmallInteger),
        sa.Column("perceived_harmony", sa.SmallInteger),
        sa.Column("perceived_trust", sa.SmallInteger),
        sa.Column("perceived_values", sa.SmallInteger),
        sa.Column("perceived_environment", sa.SmallInteger),
        sa.Column("engagement_mean", sa.Double),
        sa.Column("verbatim", sa.Text),
        sa.Column("version_at", INSTANT, nullable=False),
        sa.Column("turn", sa.SmallInteger, nullable=False),
        sa.Column("content_key", sa.Text, nullable=False),
        sa.Column("publication_id", sa.Text),
        sa.Column("run_id", sa.Text, nullable=False),
        key=(
            "source",
            "campaign_id",
            "respondent_key",
        ),
    )


def _core_employee_count() -> None:
    _create(
        "core",
        "employee_count",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("answer_count", sa.BigInteger, nullable=False),
        sa.Column("favourable_count", sa.BigInteger, nullable=False),
        sa.Column("unfavourable_count", sa.BigInteger),
        key=(
            "publication_id",
            "unit_id",
            "relation",
            "channel",
            "side",
            "measure",
        ),
    )


def _core_employee_cell() -> None:
    _create(
        "core",
        "employee_cell",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("cut", sa.Text, nullable=False),
        sa.Column("cut_value", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("total_count", sa.BigInteger, nullable=False),
        sa.Column("answer_count", sa.BigInteger, nullable=False),
        sa.Column("favourable_low", sa.BigInteger, nullable=False),
        sa.Column("favourable_high", sa.BigInteger, nullable=False),
        sa.Column("unfavourable_low", sa.BigInteger),
        sa.Column("unfavourable_high", sa.BigInteger),
        sa.Column("hidden_reason", sa.Text),
        key=(
            "publication_id",
            "unit_id",
            "cut",
            "cut_value",
            "side",
            "measure",
        ),
    )


def _core_contact_rating() -> None:
    _create(
        "core",
        "contact_rating",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("agent_key", sa.Text, nullable=False),
        sa.Column("agent_estimate", sa.SmallInteger, nullable=False),
        sa.Column("client_source", sa.Text, nullable=False),
        sa.Column("client_response_id", sa.Text, nullable=False),
        sa.Column("version_at", INSTANT, nullable=False),
        sa.Column("content_key", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=(
            "source",
            "contact_id",
        ),
    )


def _core_benchmark() -> None:
    _create(
        "core",
        "benchmark",
        sa.Column("sector", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("scale", sa.Text, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("score_pct", sa.Double, nullable=False),
        sa.Column("answer_count", sa.BigInteger),
        sa.Column("source", sa.Text, nullable=False),
        key=(
            "sector",
            "year",
            "side",
            "measure",
            "scale",
            "questionnaire_version",
        ),
    )


def _mart_publication() -> None:
    _create(
        "mart",
        "publication",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("campaign_name", sa.Text, nullable=False),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("questionnaire_version", sa.Text, nullable=False),
        sa.Column("dimension_count", sa.SmallInteger, nullable=False),
        sa.Column("floor", sa.SmallInteger, nullable=False),
        sa.Column("verbatim_floor", sa.SmallInteger, nullable=False),
        sa.Column("unanimity_floor", sa.SmallInteger, nullable=False),
        sa.Column("cuts", sa.Text, nullable=False),
        sa.Column("shown_count", sa.BigInteger, nullable=False),
        sa.Column("hidden_count", sa.BigInteger, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        key=("publication_id",),
    )


def _mart_publication_score() -> None:
    _create(
        "mart",
        "publication_score",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("cut", sa.Text, nullable=False),
        sa.Column("cut_value", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("answer_count", sa.BigInteger),
        sa.Column("favourable_count", sa.BigInteger),
        sa.Column("unfavourable_count", sa.BigInteger),
        sa.Column("precision_count", sa.BigInteger),
        sa.Column("score", sa.Double),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("sample_tier", sa.Text),
        sa.Column("verdict", sa.Text),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("hidden_reason", sa.Text),
        key=(
            "publication_id",
            "unit_id",
            "cut",
            "cut_value",
            "side",
            "measure",
        ),
    )


def _mart_participation() -> None:
    _create(
        "mart",
        "participation",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("invited_count", sa.BigInteger),
        sa.Column("response_count", sa.BigInteger),
        sa.Column("participation_pct", sa.Double),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        key=(
            "publication_id",
            "unit_id",
        ),
    )


def _mart_pulse_verbatim() -> None:
    _create(
        "mart",
        "pulse_verbatim",
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("verbatim", sa.Text, nullable=False),
        key=(
            "publication_id",
            "unit_id",
            "position",
        ),
    )


def _mart_mirror() -> None:
    _create(
        "mart",
        "mirror",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("dimension_count", sa.SmallInteger, nullable=False),
        sa.Column("client_count", sa.BigInteger),
        sa.Column("client_score", sa.Double),
        sa.Column("client_low", sa.Double),
        sa.Column("client_high", sa.Double),
        sa.Column("employee_count", sa.BigInteger),
        sa.Column("employee_score", sa.Double),
        sa.Column("employee_low", sa.Double),
        sa.Column("employee_high", sa.Double),
        sa.Column("perceived_count", sa.BigInteger),
        sa.Column("perceived_score", sa.Double),
        sa.Column("perceived_low", sa.Double),
        sa.Column("perceived_high", sa.Double),
        sa.Column("asymmetry_points", sa.Double),
        sa.Column("asymmetry_low", sa.Double),
        sa.Column("asymmetry_high", sa.Double),
        sa.Column("perception_gap_points", sa.Double),
        sa.Column("perception_gap_low", sa.Double),
        sa.Column("perception_gap_high", sa.Double),
        sa.Column("quadrant", sa.Text),
        key=(
            "as_of",
            "unit_id",
            "measure",
        ),
    )


def _mart_label() -> None:
    _create(
        "mart",
        "label",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("mean_pct", sa.Double),
        sa.Column("client_mean_pct", sa.Double),
        sa.Column("employee_mean_pct", sa.Double),
        sa.Column("binding_side", sa.Text),
        sa.Column("binding_measure", sa.Text),
        sa.Column("probability", sa.Double),
        sa.Column("settings_version", sa.Text, nullable=False),
        key=(
            "as_of",
            "unit_id",
            "window_days",
        ),
    )


def _mart_symmetry() -> None:
    _create(
        "mart",
        "symmetry",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("measure_pair", sa.Text, nullable=False),
        sa.Column("lag", sa.SmallInteger, nullable=False),
        sa.Column("site_count", sa.BigInteger, nullable=False),
        sa.Column("pearson", sa.Double),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("spearman", sa.Double),
        sa.Column("client_reliability", sa.Double),
        sa.Column("employee_reliability", sa.Double),
        sa.Column("disattenuated", sa.Double),
        sa.Column("quartile_ratio", sa.Double),
        key=(
            "as_of",
            "unit_id",
            "measure_pair",
            "lag",
        ),
    )


def _mart_agreement() -> None:
    _create(
        "mart",
        "agreement",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("contact_count", sa.BigInteger),
        sa.Column("matched_pct", sa.Double),
        sa.Column("matched_low", sa.Double),
        sa.Column("matched_high", sa.Double),
        sa.Column("kappa", sa.Double),
        sa.Column("kappa_low", sa.Double),
        sa.Column("kappa_high", sa.Double),
        sa.Column("bias_points", sa.Double),
        sa.Column("bias_low", sa.Double),
        sa.Column("bias_high", sa.Double),
        sa.Column("false_confidence_pct", sa.Double),
        sa.Column("false_confidence_low", sa.Double),
        sa.Column("false_confidence_high", sa.Double),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("hidden_reason", sa.Text),
        key=(
            "as_of",
            "unit_id",
            "window_days",
        ),
    )


def _mart_breakdown() -> None:
    _create(
        "mart",
        "breakdown",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("cut", sa.Text, nullable=False),
        sa.Column("cut_value", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("publication_id", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("answer_count", sa.BigInteger),
        sa.Column("favourable_count", sa.BigInteger),
        sa.Column("unfavourable_count", sa.BigInteger),
        sa.Column("precision_count", sa.BigInteger),
        sa.Column("score", sa.Double),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("sample_tier", sa.Text),
        sa.Column("verdict", sa.Text),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("hidden_reason", sa.Text),
        key=(
            "as_of",
            "unit_id",
            "cut",
            "cut_value",
            "side",
            "measure",
        ),
    )


def _mart_sector() -> None:
    _create(
        "mart",
        "sector",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("window_days", sa.SmallInteger, nullable=False),
        sa.Column("organisation_count", sa.BigInteger, nullable=False),
        sa.Column("answer_count", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        key=(
            "as_of",
            "sector",
            "side",
            "measure",
            "window_days",
        ),
    )
