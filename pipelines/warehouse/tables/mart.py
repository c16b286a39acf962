"""`mart`: what BI tools and managers' pages read. The only public schema."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, METADATA, key, optional, required

daily_count = sa.Table(
    "daily_count",
    METADATA,
    key("business_date", sa.Date, "The unit's local day of the answers."),
    key("unit_id", sa.Text, "Leaf unit that the answers name; roll up through core.unit_ancestor."),
    key("measure", sa.Text, "overall, nps, ces or one of the eleven dimensions."),
    key("channel", sa.Text, "Channel of the answers."),
    key("questionnaire_version", sa.Text, "Version of the questionnaire answered."),
    key("is_held", sa.Boolean, "Whether these answers are held back by moderation; scores leave them out."),
    required("answer_count", COUNT, "Answers to this measure; blanks and don't know are not answers."),
    required("favourable_count", COUNT, "Favourable answers; promoters for nps."),
    required("unfavourable_count", COUNT, "Unfavourable answers; detractors for nps."),
    required("value_sum", COUNT, "Sum of the marks, for a mean."),
    schema="mart",
    comment="Client answers counted per day and leaf unit: additive, and all that client scores read.",
)

score = sa.Table(
    "score",
    METADATA,
    key("as_of", sa.Date, "Last business date of the window; of employees, last day of the campaign."),
    key("unit_id", sa.Text, "Unit at any level of the network."),
    key("side", sa.Text, "client; employee and perceived come from publications only."),
    key("measure", sa.Text, "overall, nps, ces or one of the eleven dimensions; enps and engagement of employees."),
    key("window_days", sa.SmallInteger, "Length of the window in days: 1, 7, 28 or 91; of employees, of the campaign."),
    optional("answer_count", COUNT, "Answers in the window, at least one; null where hidden."),
    optional("favourable_count", COUNT, "Favourable answers; promoters for nps and enps."),
    optional("unfavourable_count", COUNT, "Unfavourable answers; detractors for nps; of employees only those of enps."),
    optional("precision_count", COUNT, "By how many answers the counts may be off, either way; null for clients."),
    optional("score", sa.Double, "Percent favourable, or points from -100 to 100 for nps and enps."),
    optional("low", sa.Double, "Lower bound of the 95 % interval; null below five answers."),
    optional("high", sa.Double, "Upper bound of the 95 % interval; null below five answers."),
    optional("previous_score", sa.Double, "Score of the disjoint window of the same length just before."),
    optional("change_points", sa.Double, "score minus previous_score."),
    optional("change_low", sa.Double, "Lower bound of the change; null when either window has fewer than five."),
    optional("change_high", sa.Double, "Upper bound of the change; null when either window has fewer than five."),
    optional("sample_tier", sa.Text, "insufficient (<5), fragile (<30), adequate (<100) or comparable."),
    optional("verdict", sa.Text, "solid above 55 %, else not_solid; null for nps and ces and below five answers."),
    required("is_hidden", sa.Boolean, "Whether the figures are withheld; never for clients."),
    optional("hidden_reason", sa.Text, "Why they are withheld: too_few or would_tell."),
    schema="mart",
    comment="Rolling scores of every unit: daily for the days kept by the settings, then by week (Sundays).",
)

summary = sa.Table(
    "summary",
    METADATA,
    key("business_date", sa.Date, "The day the summary speaks of."),
    key("recipient_id", sa.Text, "Recipient in the settings."),
    key("unit_id", sa.Text, "Unit whose perimeter the summary covers."),
    required("locale", sa.Text, "fr or en."),
    required("content_hash", sa.Text, "Hash of the content, to tell a change from a repetition."),
    required("figures", sa.Text, "The figures of the summary, as JSON."),
    required("subject", sa.Text, "Subject line."),
    required("body_text", sa.Text, "The summary as plain text."),
    required("body_html", sa.Text, "The summary as the HTML of a mail."),
    required("written_at", INSTANT, "When this content was first written."),
    required("run_id", sa.Text, "Run that wrote it."),
    schema="mart",
    comment="The morning summary of each recipient, as rendered.",
)
