"""Alerts: in `ops` what days show, and what people and messages did; in `mart` what follows of both."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, METADATA, key, optional, required

alert = sa.Table(
    "alert",
    METADATA,
    key("alert_id", sa.Text, "Short hash of what the alert is about and of the day it opened on."),
    required("cause_id", sa.Text, "Short hash of what it is about: the same for every alert of one cause."),
    required("lane", sa.Text, "case, signal or news: never mixed."),
    required("kind", sa.Text, "unhappy_client, fall, rise, source_late, source_silent, unit_quiet, unit_surge, …"),
    required("unit_id", sa.Text, "Unit that it is about, at any level."),
    required("measure", sa.Text, "Measure that has moved; empty for cases and for news of a whole source or unit."),
    required("opened_on", sa.Date, "First business date that shows it; it is told the morning after."),
    required("state", sa.Text, "open, acknowledged, corrected, closed, recovered, expired or withdrawn."),
    required("severity", sa.SmallInteger, "1 to 3, the worst, on the last day that shows it."),
    optional("size_points", sa.Double, "How far the measure has moved, where one has."),
    required("evidence", sa.Text, "What it stands on, as JSON: codes and numbers, never words of a client."),
    required("last_seen_on", sa.Date, "Last business date that shows it."),
    optional("recovered_on", sa.Date, "Business date on which what it is about was over, even if closed before."),
    optional("ended_on", sa.Date, "Day on which it was closed, recovered, expired or withdrawn."),
    required("deadline_on", sa.Date, "Last day on which somebody should have reacted."),
    optional("due_on", sa.Date, "Next day on which it escalates or expires if nothing happens; null where it ended."),
    optional("escalated_to_unit_id", sa.Text, "Unit above that it has reached because nobody did."),
    optional("snoozed_until", sa.Date, "Last day on which no message tells it."),
    schema="mart",
    comment="Alerts and how they stand: derived from findings, actions and notices, the same after any replay.",
)

alert_event = sa.Table(
    "alert_event",
    METADATA,
    key("alert_id", sa.Text, "The alert."),
    key("number", sa.SmallInteger, "First, second, … event of its life."),
    required("on_date", sa.Date, "Business date of what the data show, calendar day of what people did."),
    required(
        "event",
        sa.Text,
        "opened, worsened, acknowledged, corrected, snoozed, closed, escalated, recovered, expired, moved, revised or"
        " withdrawn.",
    ),
    optional("from_state", sa.Text, "State before it; null where the life begins."),
    required("to_state", sa.Text, "State after it; the same where it changed none."),
    required("detail", sa.Text, "What else is known of it, as JSON; of an action only its id."),
    schema="mart",
    comment="Every transition of every alert, and what else happened to it.",
)

alert_cause = sa.Table(
    "alert_cause",
    METADATA,
    key("cause_id", sa.Text, "Short hash of the other columns."),
    required("lane", sa.Text, "case, signal or news."),
    required("kind", sa.Text, "Kind of finding."),
    required("unit_id", sa.Text, "Unit that it is about."),
    required("measure", sa.Text, "Measure that has moved, or empty."),
    required("subject", sa.Text, "source/response_id of a case, the source of its silence, or empty."),
    schema="ops",
    comment="What alerts are about: findings of one cause on several days are one alert.",
)

alert_finding = sa.Table(
    "alert_finding",
    METADATA,
    key("business_date", sa.Date, "The day that shows it."),
    key("cause_id", sa.Text, "What it shows."),
    required("finder", sa.Text, "Who found it: cases, signals or news."),
    required("severity", sa.SmallInteger, "1 to 3, the worst."),
    optional("size_points", sa.Double, "How far the measure has moved."),
    required("evidence", sa.Text, "What it stands on, as JSON."),
    required("is_over", sa.Boolean, "Whether the day shows that it has recovered."),
    schema="ops",
    comment="What each business date shows, replaced whole whenever a finder looks at the day again.",
)

alert_looked = sa.Table(
    "alert_looked",
    METADATA,
    key("business_date", sa.Date, "The day."),
    key("finder", sa.Text, "Who looked at it."),
    required("change_number", COUNT, "State of the day that was seen, as in ops.changed_day; -1 to be seen again."),
    required("looked_at", INSTANT, "When it was looked at last."),
    schema="ops",
    comment="Which days each finder has looked at: a day nobody looked at proves no recovery.",
)

changed_day = sa.Table(
    "changed_day",
    METADATA,
    key("business_date", sa.Date, "The day."),
    required("change_number", COUNT, "How often its counts have changed: who saw another number looks again."),
    schema="ops",
    comment="The state of each day's counts, raised in the transaction of the scores made of them; never cleared.",
)

alert_action = sa.Table(
    "alert_action",
    METADATA,
    key("action_id", sa.Text, "The action."),
    required("alert_id", sa.Text, "The alert as the person saw it; late data may have moved it since."),
    required("cause_id", sa.Text, "What it is about."),
    required("opened_on", sa.Date, "Day on which the alert had opened, as the person saw it."),
    required("action", sa.Text, "acknowledge, correct, snooze or close."),
    required("acted_at", INSTANT, "When it was done."),
    required("acted_on", sa.Date, "The same as a day where the unit is."),
    required("acted_by", sa.Text, "Who did it, as they gave their name."),
    required("note", sa.Text, "What they wrote; of a correction, what was done."),
    optional("until_on", sa.Date, "Of a snooze, its last day."),
    required("severity", sa.SmallInteger, "Severity that the person saw."),
    optional("size_points", sa.Double, "Size that the person saw."),
    schema="ops",
    comment="What people did about alerts: never recomputed.",
)

alert_notice = sa.Table(
    "alert_notice",
    METADATA,
    key("alert_id", sa.Text, "The alert as it was told; late data may have moved it since."),
    key("channel", sa.Text, "Channel whose message told it."),
    key("reason", sa.Text, "Why: opened, worsened, escalated, recovered or withdrawn."),
    key("business_date", sa.Date, "Day that the message speaks of."),
    required("cause_id", sa.Text, "What it is about."),
    required("opened_on", sa.Date, "Day on which the alert had opened, as it was told."),
    required("severity", sa.SmallInteger, "Severity that was told."),
    optional("size_points", sa.Double, "Size that was told."),
    required("noticed_at", INSTANT, "When the message was written."),
    schema="ops",
    comment="That an alert was told, so that no replay tells it again: never recomputed.",
)
