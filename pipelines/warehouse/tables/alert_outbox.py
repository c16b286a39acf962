"""`ops.alert_outbox`: the messages that tell alerts, without their text, which may quote a client."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, METADATA, key, optional, required

alert_outbox = sa.Table(
    "alert_outbox",
    METADATA,
    key("message_id", sa.Text, "The same for one day, channel and occasion, and at every try."),
    required("business_date", sa.Date, "The day the message speaks of."),
    required("channel", sa.Text, "Channel in the settings."),
    required("occasion", sa.Text, "morning, urgent, or clear where there is nothing to tell."),
    required("noticed_at", INSTANT, "When its alerts were chosen, as in ops.alert_notice."),
    required("due_at", INSTANT, "The channel's local hour of that morning; of an urgent one, when it was found."),
    required("status", sa.Text, "waiting, sending, sent or dead."),
    required("attempt_count", COUNT, "Attempts so far."),
    required("next_attempt_at", INSTANT, "Not before this moment."),
    optional("claimed_at", INSTANT, "When a sender took it; another may take it again later."),
    optional("sent_at", INSTANT, "When the channel accepted it."),
    optional("last_error", sa.Text, "What the channel or the network said last, without an address."),
    required("created_at", INSTANT, "Since when it is tried."),
    schema="ops",
    comment="Messages that tell alerts: written with the notices of what they tell, sent at least once.",
)
