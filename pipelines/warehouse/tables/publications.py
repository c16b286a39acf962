"""`mart`, of employees: publications, which are immutable, and what they tell."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, METADATA, key, optional, required

publication = sa.Table(
    "publication",
    METADATA,
    key("publication_id", sa.Text, "The campaign, and the number of its publication: 2026-q1-1."),
    required("campaign_id", sa.Text, "The campaign."),
    required("campaign_name", sa.Text, "Its name."),
    required("number", sa.SmallInteger, "First, second, … publication of the campaign."),
    required("published_at", INSTANT, "When it was published."),
    required("opens_on", sa.Date, "First day of the campaign."),
    required("closes_on", sa.Date, "Last day of the campaign: the `as_of` of its scores."),
    required("questionnaire_version", sa.Text, "What was asked."),
    required("dimension_count", sa.SmallInteger, "How many of the eleven dimensions employees were asked to judge."),
    required("floor", sa.SmallInteger, "Fewest answers that were told."),
    required("verbatim_floor", sa.SmallInteger, "Fewest answers beside which words were told."),
    required("unanimity_floor", sa.SmallInteger, "Fewest answers that were told to be all alike."),
    required("cuts", sa.Text, "What units were divided by, comma-separated."),
    required("shown_count", COUNT, "Figures shown."),
    required("hidden_count", COUNT, "Figures hidden."),
    required("content_hash", sa.Text, "Hash of everything it tells: a re-run of a publication is identical."),
    required("run_id", sa.Text, "Run that published it."),
    schema="mart",
    comment="Publications of the employees' pulse: immutable events. What was published stays as published.",
)

publication_score = sa.Table(
    "publication_score",
    METADATA,
    key("publication_id", sa.Text, "The publication."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("cut", sa.Text, "operated_by, relation or channel; empty for the whole unit."),
    key("cut_value", sa.Text, "Value of the cut; empty for the whole unit."),
    key("side", sa.Text, "employee or perceived."),
    key("measure", sa.Text, "One of the eleven dimensions, overall, enps or engagement."),
    optional("answer_count", COUNT, "Answers that the figure stands on; null where it is hidden."),
    optional("favourable_count", COUNT, "Favourable ones, to within precision_count; promoters for enps."),
    optional("unfavourable_count", COUNT, "Detractors of enps, to within precision_count."),
    optional("precision_count", COUNT, "By how many answers the counts may be off, either way: 0 is exact."),
    optional("score", sa.Double, "Percent favourable, or points for enps."),
    optional("low", sa.Double, "Lower bound of the 95 % interval, whatever the precision leaves open."),
    optional("high", sa.Double, "Upper bound of the 95 % interval, whatever the precision leaves open."),
    optional("sample_tier", sa.Text, "fragile (<30), adequate (<100) or comparable."),
    optional("verdict", sa.Text, "solid or not_solid; null where the precision leaves it open, and for enps."),
    required("is_hidden", sa.Boolean, "Whether the figure is withheld."),
    optional("hidden_reason", sa.Text, "too_few or would_tell."),
    schema="mart",
    comment="What each publication tells, hidden figures with their reason.",
)

participation = sa.Table(
    "participation",
    METADATA,
    key("publication_id", sa.Text, "The publication."),
    key("unit_id", sa.Text, "Unit at any level."),
    optional("invited_count", COUNT, "People invited; null where it is not known, or hidden."),
    optional("response_count", COUNT, "People who answered; null where hidden."),
    optional("participation_pct", sa.Double, "Percent of the invited who answered."),
    required("is_hidden", sa.Boolean, "Whether it is withheld: fewer than the floor answered."),
    schema="mart",
    comment="How many answered, of how many invited.",
)

pulse_verbatim = sa.Table(
    "pulse_verbatim",
    METADATA,
    key("publication_id", sa.Text, "The publication."),
    key("unit_id", sa.Text, "Unit under which the words may be read."),
    key("position", COUNT, "Their place, by their hash: no order of arrival."),
    required("verbatim", sa.Text, "The words, redacted."),
    schema="mart",
    comment="Words of employees, only where enough of them answered together; without marks, day or team.",
)
