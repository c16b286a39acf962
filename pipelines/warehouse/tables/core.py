"""`core`: facts and the dated network, private to the pipeline and its engineers."""

from typing import Any

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, MARK, METADATA, key, optional, required
from symetrie.measures import CLIENT_MEASURES

unit = sa.Table(
    "unit",
    METADATA,
    key("unit_id", sa.Text, "Stable code of the unit, as the settings give it."),
    optional("organisation_id", sa.Text, "The organisation the unit belongs to."),
    required("kind", sa.Text, "network, region, site, or any other level."),
    required("name", sa.Text, "Name shown to people during this validity."),
    required("timezone", sa.Text, "IANA time zone that decides the business date."),
    optional("sector", sa.Text, "Sector of activity, for comparison with its barometer."),
    optional("operated_by", sa.Text, "own, or the partner who runs the unit."),
    optional("partition_id", sa.Text, "Partition whose data may never be joined with another's."),
    key("valid_from", sa.Date, "First day of this version of the unit."),
    required("valid_to", sa.Date, "Last day of this version, included; 9999-12-31 while it lasts."),
    schema="core",
    comment="The units of the network, one row per dated version.",
)

unit_parent = sa.Table(
    "unit_parent",
    METADATA,
    key("unit_id", sa.Text, "The child."),
    required("parent_id", sa.Text, "The unit just above."),
    key("valid_from", sa.Date, "First day under this parent."),
    required("valid_to", sa.Date, "Last day under this parent, included."),
    schema="core",
    comment="Who stands under whom, dated: a site that moves keeps its past where it was.",
)

unit_ancestor = sa.Table(
    "unit_ancestor",
    METADATA,
    key("unit_id", sa.Text, "The unit."),
    key("ancestor_id", sa.Text, "The unit itself (depth 0) or any unit above it."),
    required("depth", sa.SmallInteger, "Steps from the unit up to the ancestor."),
    key("valid_from", sa.Date, "First day of this relation."),
    required("valid_to", sa.Date, "Last day of this relation, included."),
    schema="core",
    comment="Closure of unit_parent: every dated relation of any depth, so that a roll-up is one join.",
)

opening_day = sa.Table(
    "opening_day",
    METADATA,
    key("unit_id", sa.Text, "The unit."),
    key("business_date", sa.Date, "The unit's local day."),
    required("is_open", sa.Boolean, "Whether the unit served clients that day."),
    schema="core",
    comment="Opening days where the settings know them, up to the last business date of a run.",
)


def _mark_columns() -> list[sa.Column[Any]]:
    return [
        optional(
            measure.column,
            MARK,
            f"Mark for {measure.key}, {measure.lowest} to {measure.highest}; null when not answered.",
        )
        for measure in CLIENT_MEASURES
    ]


client_response = sa.Table(
    "client_response",
    METADATA,
    key("source", sa.Text, "Name of the source in the settings."),
    key("response_id", sa.Text, "Identifier of the answer, unique within its source."),
    required("questionnaire_version", sa.Text, "Version of the questionnaire that was answered."),
    required("unit_id", sa.Text, "Unit that served the client."),
    required("business_date", sa.Date, "The unit's local day of the answer (or of the experience, by setting)."),
    optional("experienced_at", INSTANT, "When the client was served, where known."),
    required("submitted_at", INSTANT, "When the client answered."),
    optional("updated_at", INSTANT, "When the source last changed the answer, where it says so."),
    required("version_at", INSTANT, "Version of this content: update time, else the landed page's version time."),
    required("channel", sa.Text, "Channel of the answer; unknown when the source gives none."),
    optional("touchpoint", sa.Text, "Moment of the journey the answer is about."),
    optional("contact_reason", sa.Text, "Why the client had contacted the company."),
    optional("language", sa.Text, "Language of the answer."),
    *_mark_columns(),
    optional("verbatim", sa.Text, "The client's words, redacted."),
    optional("source_url", sa.Text, "Where the answer stands in the source."),
    optional("can_contact", sa.Boolean, "Whether the client agreed to be contacted."),
    optional("is_verified", sa.Boolean, "Whether the source verified the purchase or visit."),
    required("status", sa.Text, "published or held; held answers are counted apart."),
    optional("trust_pct", sa.Double, "Confidence in the author of the review, in percent."),
    optional("warnings", sa.Text, "Reason codes of the warnings it was kept with, comma-separated."),
    required("content_hash", sa.Text, "Hash of the content, to tell a change from a repetition."),
    required("run_id", sa.Text, "Run that wrote this version."),
    schema="core",
    comment="One row per client answer, in its newest version.",
)

invitation_count = sa.Table(
    "invitation_count",
    METADATA,
    key("source", sa.Text, "Name of the source in the settings."),
    key("unit_id", sa.Text, "Unit that sent the invitations."),
    key("business_date", sa.Date, "The unit's local day on which they were sent."),
    key("channel", sa.Text, "Channel in which they were sent; unknown when the source gives none."),
    required("sent_count", COUNT, "Invitations sent."),
    required("version_at", INSTANT, "Version of this number: update time, else the landed page's version time."),
    required("page_hash", sa.Text, "Content hash of the page that says so."),
    required("run_id", sa.Text, "Run that wrote this version."),
    schema="core",
    comment="How many clients were invited to answer, as each source counts them, in its newest version.",
)

WITHDRAWN = "withdrawn"
"""Status of an arriving row that takes its answer back; no such row stands in `client_response`."""

tombstone = sa.Table(
    "tombstone",
    METADATA,
    key("source", sa.Text, "Name of the source."),
    key("response_id", sa.Text, "Identifier of the answer."),
    required("version_at", INSTANT, "Version that is gone: only a later one brings the answer back."),
    required("withdrawn_at", INSTANT, "When the source said so, or began the pull that no longer held it."),
    required("cause", sa.Text, "stated: the source says so; absent: a complete pull no longer held it."),
    required("run_id", sa.Text, "Run that found it withdrawn."),
    schema="core",
    comment="Answers that their source has withdrawn; their content is gone.",
)

RESPONSE_COLUMNS = tuple(column.name for column in client_response.columns)
