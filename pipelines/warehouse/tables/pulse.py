"""`core`, of employees: campaigns, answers without a person, and what of them was told; private without exception."""

from typing import Any

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, MARK, METADATA, key, optional, required
from symetrie.measures import EMPLOYEE_MEASURES, ENGAGEMENT, PERCEIVED_MEASURES

campaign = sa.Table(
    "campaign",
    METADATA,
    key("campaign_id", sa.Text, "Identifier of the campaign."),
    required("source", sa.Text, "Employee source that its answers come from."),
    required("name", sa.Text, "Name that people read."),
    required("questionnaire_version", sa.Text, "Version of the questionnaire that is asked."),
    required("opens_on", sa.Date, "First day on which answers count."),
    required("closes_on", sa.Date, "Last day on which answers count."),
    schema="core",
    comment="The campaigns in which employees are asked, as the settings declare them.",
)

campaign_headcount = sa.Table(
    "campaign_headcount",
    METADATA,
    key("campaign_id", sa.Text, "The campaign."),
    key("unit_id", sa.Text, "The unit that people were invited of."),
    required("invited_count", COUNT, "How many people were invited."),
    schema="core",
    comment="How many people each campaign invited, per unit, where the settings know it.",
)


def _mark_columns() -> list[sa.Column[Any]]:
    marks = [each for each in (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES) if each != ENGAGEMENT]
    return [
        optional(each.column, MARK, f"Mark, {each.lowest} to {each.highest}; null when not asked or not answered.")
        for each in marks
    ]


employee_response = sa.Table(
    "employee_response",
    METADATA,
    key("source", sa.Text, "Name of the source in the settings."),
    key("campaign_id", sa.Text, "The campaign that was answered."),
    key("respondent_key", sa.Text, "Keyed hash of the source's token: the same person within this campaign only."),
    required("questionnaire_version", sa.Text, "Version of the questionnaire that was answered."),
    required("unit_id", sa.Text, "Unit that the person answered for."),
    required("answered_on", sa.Date, "The unit's local day of the answer; no time of day is kept."),
    optional("relation", sa.Text, "The bond that is meant: manager, peers, supplier or partner."),
    optional("channel", sa.Text, "Channel through which the person serves clients, where the source says it."),
    *_mark_columns(),
    optional("engagement_mean", sa.Double, "Mean of the engagement items answered, 1 to 5."),
    optional("verbatim", sa.Text, "The person's words, redacted before they were landed."),
    required("version_at", INSTANT, "Version time of the page that brought this content."),
    required("turn", sa.SmallInteger, "Which answer of the same person in its page; the last one counts."),
    required("content_key", sa.Text, "Keyed hash of the content, to tell a change from a repetition."),
    optional("publication_id", sa.Text, "Publication that has counted the answer: it stays as it was counted."),
    required("run_id", sa.Text, "Run that wrote this version."),
    schema="core",
    comment="One row per person and campaign: no name, no login, no time of day. It leaves by the one door only.",
)

employee_count = sa.Table(
    "employee_count",
    METADATA,
    key("publication_id", sa.Text, "Publication that counted these answers."),
    key("unit_id", sa.Text, "Unit that people answered for."),
    key("relation", sa.Text, "Relation, empty where it is no cut of the publication."),
    key("channel", sa.Text, "Channel, empty where it is no cut of the publication."),
    key("side", sa.Text, "employee or perceived."),
    key("measure", sa.Text, "One of the eleven dimensions, overall, enps or engagement."),
    required("campaign_id", sa.Text, "The campaign."),
    required("answer_count", COUNT, "People who answered it."),
    required("favourable_count", COUNT, "Favourable among them; promoters for enps."),
    optional("unfavourable_count", COUNT, "Detractors of enps; null for what is told by its favourable answers alone."),
    schema="core",
    comment="What each publication counted, by the finest groups: below every floor, hence private.",
)

employee_cell = sa.Table(
    "employee_cell",
    METADATA,
    key("publication_id", sa.Text, "The publication."),
    key("unit_id", sa.Text, "Unit at any level."),
    key("cut", sa.Text, "What the unit is divided by; empty for the whole unit."),
    key("cut_value", sa.Text, "Value of the cut; empty for the whole unit."),
    key("side", sa.Text, "employee or perceived."),
    key("measure", sa.Text, "The measure."),
    required("campaign_id", sa.Text, "The campaign."),
    required("total_count", COUNT, "People who answered, in this publication and those before of the campaign."),
    required("answer_count", COUNT, "Of these, those in blocks that may be told."),
    required("favourable_low", COUNT, "At least so many of them are favourable, as far as may be told."),
    required("favourable_high", COUNT, "At most so many."),
    optional("unfavourable_low", COUNT, "The same of the detractors of enps."),
    optional("unfavourable_high", COUNT, "At most so many."),
    optional("hidden_reason", sa.Text, "too_few or would_tell; null where the figure is shown."),
    schema="core",
    comment="Every figure of a publication, also those that are hidden: what the next one of the campaign adds to.",
)

contact_rating = sa.Table(
    "contact_rating",
    METADATA,
    key("source", sa.Text, "Name of the source in the settings."),
    key("contact_id", sa.Text, "Identifier of the contact, unique within its source."),
    required("unit_id", sa.Text, "Unit that served the client."),
    required("business_date", sa.Date, "The unit's local day of the contact."),
    required("agent_key", sa.Text, "Keyed hash of the agent: the same person within a source only."),
    required("agent_estimate", MARK, "What the agent thinks that the client's satisfaction will be, 1 to 4."),
    required("client_source", sa.Text, "Client source whose answer is meant."),
    required("client_response_id", sa.Text, "Identifier of the client's answer there."),
    required("version_at", INSTANT, "Version time of the page that brought this content."),
    required("content_key", sa.Text, "Keyed hash of the content."),
    required("run_id", sa.Text, "Run that wrote this version."),
    schema="core",
    comment="What agents expect of their contacts: an employee's personal data, told of groups above the floor only.",
)

benchmark = sa.Table(
    "benchmark",
    METADATA,
    key("sector", sa.Text, "One of the eleven sectors, or all."),
    key("year", sa.SmallInteger, "Year of the barometer."),
    key("side", sa.Text, "client, employee or perceived."),
    key("measure", sa.Text, "A measure of ours, or an item of another table under its own name."),
    key("scale", sa.Text, "Scale of the marks, and what counts as favourable."),
    key("questionnaire_version", sa.Text, "Version it may be compared with; empty for any on the same scale."),
    required("score_pct", sa.Double, "Percent favourable, or points."),
    optional("answer_count", COUNT, "Answers it stands on, where known."),
    required("source", sa.Text, "Where it was published."),
    schema="core",
    comment="Barometers of others, as the settings load them; the project invents none.",
)
