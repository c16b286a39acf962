"""`mart`, of both sides together: mirror, label, curves, double evaluation, cuts and sectors."""

from typing import Any

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, METADATA, key, optional, required


def _leg(name: str, of: str) -> list[sa.Column[Any]]:
    return [
        optional(f"{name}_count", COUNT, f"Answers {of}; null where not asked or not shown."),
        optional(f"{name}_score", sa.Double, "Percent favourable of these."),
        optional(f"{name}_low", sa.Double, "Lower bound of its 95 % interval; null below five answers."),
        optional(f"{name}_high", sa.Double, "Upper bound of its 95 % interval; null below five answers."),
    ]


def _estimate(name: str, stem: str, of: str) -> list[sa.Column[Any]]:
    return [
        optional(name, sa.Double, of),
        optional(f"{stem}_low", sa.Double, "Lower bound of its 95 % interval."),
        optional(f"{stem}_high", sa.Double, "Upper bound of its 95 % interval."),
    ]


mirror = sa.Table(
    "mirror",
    METADATA,
    key("as_of", sa.Date, "Last day of the campaign."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("measure", sa.Text, "One of the eleven dimensions, or overall."),
    required("publication_id", sa.Text, "Publication that the employees' side stands on."),
    required("window_days", sa.SmallInteger, "Days of clients' answers up to as_of."),
    required("dimension_count", sa.SmallInteger, "Dimensions that employees were asked: ten and eleven never mix."),
    *_leg("client", "of clients"),
    *_leg("employee", "of employees about their own work"),
    *_leg("perceived", "of employees about what clients feel"),
    *_estimate("asymmetry_points", "asymmetry", "client_score minus employee_score."),
    *_estimate(
        "perception_gap_points", "perception_gap", "perceived_score minus client_score; positive is a blind spot."
    ),
    optional("quadrant", sa.Text, "both_solid, clients_only, team_only or neither; null where it cannot be said."),
    schema="mart",
    comment="Clients, employees, and what employees think that clients feel, side by side.",
)

label = sa.Table(
    "label",
    METADATA,
    key("as_of", sa.Date, "Last day of the campaign."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("window_days", sa.SmallInteger, "Days of clients' answers up to as_of."),
    required("publication_id", sa.Text, "Publication that the employees' side stands on."),
    optional("state", sa.Text, "met, met_with_margin or not_met; null where it cannot be said."),
    optional("mean_pct", sa.Double, "Mean of the 22 scores."),
    optional("client_mean_pct", sa.Double, "Mean of the clients' eleven."),
    optional("employee_mean_pct", sa.Double, "Mean of the employees' eleven."),
    optional("binding_side", sa.Text, "Side of the score that decides, the lowest or a missing one."),
    optional("binding_measure", sa.Text, "Dimension of the score that decides."),
    optional("probability", sa.Double, "Probability that the criteria truly hold, in steps of 0.05."),
    required("settings_version", sa.Text, "Version of what the mean is taken over."),
    schema="mart",
    comment="Whether the criteria of the label are met; the project never awards one.",
)

symmetry = sa.Table(
    "symmetry",
    METADATA,
    key("as_of", sa.Date, "Last day of the campaign."),
    key("unit_id", sa.Text, "Unit whose sites are compared."),
    key("measure_pair", sa.Text, "The client's measure and the employees': nps~engagement."),
    key("lag", sa.SmallInteger, "Campaigns that the employees' side is ahead: 0 or 1."),
    required("site_count", COUNT, "Sites above both minimum counts."),
    optional("pearson", sa.Double, "Pearson's correlation over the sites."),
    optional("low", sa.Double, "Lower bound of Fisher's 95 % interval of it."),
    optional("high", sa.Double, "Upper bound of it."),
    optional("spearman", sa.Double, "Spearman's rank correlation."),
    optional("client_reliability", sa.Double, "Share of the spread of client scores that is not chance, 0 to 1."),
    optional("employee_reliability", sa.Double, "The same of engagement."),
    optional("disattenuated", sa.Double, "Pearson's corrected for both reliabilities: an estimate, never observed."),
    optional("quartile_ratio", sa.Double, "Engagement in the best quarter of sites over that in the last."),
    schema="mart",
    comment="The two curves: whether sites with engaged teams have happy clients.",
)


agreement = sa.Table(
    "agreement",
    METADATA,
    key("as_of", sa.Date, "Last business date of the window."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("window_days", sa.SmallInteger, "Length of the window in days."),
    required("rule_version", sa.Text, "Version of the rule that puts both on one scale."),
    optional("contact_count", COUNT, "Contacts that both agent and client have rated; null where hidden."),
    *_estimate("matched_pct", "matched", "Percent of contacts on which both agree."),
    *_estimate("kappa", "kappa", "Cohen's kappa."),
    *_estimate("bias_points", "bias", "Favourable for agents minus favourable for clients, in points."),
    *_estimate(
        "false_confidence_pct", "false_confidence", "Percent of unhappy clients where the agent expected a happy one."
    ),
    required("is_hidden", sa.Boolean, "Whether it is withheld, so that no agent is told apart."),
    optional("hidden_reason", sa.Text, "too_few or would_tell."),
    schema="mart",
    comment="Double evaluation: what agents expect beside what clients say, of groups above the floor.",
)

breakdown = sa.Table(
    "breakdown",
    METADATA,
    key("as_of", sa.Date, "Last day of the campaign."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("cut", sa.Text, "operated_by, relation or channel."),
    key("cut_value", sa.Text, "Its value: own, partner, manager, …"),
    key("side", sa.Text, "client, employee or perceived."),
    key("measure", sa.Text, "The measure."),
    required("publication_id", sa.Text, "Publication that the employees' side stands on."),
    required("window_days", sa.SmallInteger, "Days of clients' answers; days of the campaign for employees."),
    optional("answer_count", COUNT, "Answers; null where hidden."),
    optional("favourable_count", COUNT, "Favourable ones, to within precision_count."),
    optional("unfavourable_count", COUNT, "Unfavourable ones, where told."),
    optional("precision_count", COUNT, "By how many answers the counts may be off, either way."),
    optional("score", sa.Double, "Percent favourable, or points."),
    optional("low", sa.Double, "Lower bound of the 95 % interval."),
    optional("high", sa.Double, "Upper bound of the 95 % interval."),
    optional("sample_tier", sa.Text, "insufficient, fragile, adequate or comparable."),
    optional("verdict", sa.Text, "solid or not_solid."),
    required("is_hidden", sa.Boolean, "Whether the figures are withheld."),
    optional("hidden_reason", sa.Text, "too_few or would_tell."),
    schema="mart",
    comment="Own and partner teams, and every other cut, on both sides.",
)

sector = sa.Table(
    "sector",
    METADATA,
    key("as_of", sa.Date, "Last day of the campaign, or of the month."),
    key("sector", sa.Text, "Sector of the organisations."),
    key("side", sa.Text, "client, employee or perceived."),
    key("measure", sa.Text, "The measure."),
    key("window_days", sa.SmallInteger, "Length of the window in days."),
    required("organisation_count", COUNT, "Organisations measured in the sector."),
    required("answer_count", COUNT, "Answers of all of them."),
    required("score", sa.Double, "Percent favourable, or points."),
    optional("low", sa.Double, "Lower bound of the 95 % interval."),
    optional("high", sa.Double, "Upper bound of the 95 % interval."),
    schema="mart",
    comment="The sector table of a company that measures several organisations, from its own data.",
)
