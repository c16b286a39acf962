"""`ops`: the ledger, the quarantine and what the pipeline must remember between runs."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import COUNT, INSTANT, METADATA, key, optional, required

run = sa.Table(
    "run",
    METADATA,
    key("run_id", sa.Text, "The run."),
    key("pipeline", sa.Text, "client_feedback or score."),
    key("source", sa.Text, "Name of the source; all for a step over every source."),
    required("business_date", sa.Date, "Last business date that the run was for."),
    required("started_at", INSTANT, "When the step began."),
    required("finished_at", INSTANT, "When the step committed."),
    required("status", sa.Text, "published, held, released, discarded or failed."),
    required("received_count", COUNT, "Records received for the first time."),
    required("loaded_count", COUNT, "New answers and newer versions."),
    required("unchanged_count", COUNT, "Answers already known with the same content."),
    required("superseded_count", COUNT, "Older versions, and losing twins inside the batch."),
    required("quarantined_count", COUNT, "Records set aside with a reason."),
    required("held_count", COUNT, "Records stopped by the batch gate."),
    optional("watermark_at", INSTANT, "Newest version time committed for the source."),
    optional("detail", sa.Text, "What else happened, as JSON: checks, warnings, the error of a failed run."),
    schema="ops",
    comment="The ledger: received = loaded + unchanged + superseded + quarantined + held on every row.",
)

quarantine = sa.Table(
    "quarantine",
    METADATA,
    key("source", sa.Text, "Name of the source."),
    key("record_key", sa.Text, "The record: its id, else its page, and a hash of its content."),
    optional("response_id", sa.Text, "Identifier of the answer, where it has one."),
    optional("business_date", sa.Date, "Its day, where it could be read."),
    required("reasons", sa.Text, "Reason codes, comma-separated."),
    required("expectations", sa.Text, "The expectations that failed, comma-separated."),
    required("message", sa.Text, "What is wrong, in a line."),
    required("payload", sa.Text, "The record as it was received."),
    required("first_seen_at", INSTANT, "When it was first received."),
    required("last_seen_at", INSTANT, "When it was last received."),
    optional("version_at", INSTANT, "Version of its content, as the page it came in says."),
    optional("resolved_at", INSTANT, "When it was settled; null while it waits."),
    optional("resolution", sa.Text, "How it was settled: loaded, unchanged, superseded, erased."),
    optional("mended", sa.Text, "The record as a person mended it, as JSON; payload keeps what was received."),
    required("run_id", sa.Text, "Run that last saw it."),
    schema="ops",
    comment="Records that failed a critical expectation, kept until they are mended.",
)

received_page = sa.Table(
    "received_page",
    METADATA,
    key("source", sa.Text, "Name of the source."),
    key("content_hash", sa.Text, "SHA-256 of the page's bytes: a page is received once, whatever its name."),
    required("location", sa.Text, "Where it was read."),
    required("size_bytes", COUNT, "Its size."),
    required("modified_at", INSTANT, "Its modification time at the source."),
    required("version_at", INSTANT, "Version time of its rows without an update time of their own."),
    required("fields", sa.Text, "The fields it held, as JSON, to see a schema drift."),
    required("received_at", INSTANT, "When it was committed."),
    required("run_id", sa.Text, "Run that received it."),
    schema="ops",
    comment="The pages received so far: committed with their rows.",
)

stale_score = sa.Table(
    "stale_score",
    METADATA,
    key("business_date", sa.Date, "Day whose counts changed."),
    key("unit_id", sa.Text, "Unit whose counts changed."),
    schema="ops",
    comment="Counts that changed since the last scoring: written with the counts, cleared with the scores.",
)

complete_pull = sa.Table(
    "complete_pull",
    METADATA,
    key("source", sa.Text, "Name of the source."),
    key("pull_id", sa.Text, "The pull: every page of one window, read to its end."),
    required("window_start_at", INSTANT, "First instant asked for."),
    required("window_end_at", INSTANT, "First instant no longer asked for."),
    required("pulled_at", INSTANT, "When the pull began: what it does not hold was gone by then."),
    required("run_id", sa.Text, "Run that loaded it."),
    schema="ops",
    comment="Windows read whole from a source whose missing answers count as withdrawn.",
)

correction = sa.Table(
    "correction",
    METADATA,
    key("run_id", sa.Text, "Run that made the correction."),
    key("source", sa.Text, "Name of the source."),
    key("business_date", sa.Date, "Day whose answers changed after it was over."),
    key("unit_id", sa.Text, "Unit whose answers changed."),
    required("late_count", COUNT, "Answers that came to that day after it was scored."),
    required("edited_count", COUNT, "Answers of that day whose content changed."),
    required("withdrawn_count", COUNT, "Answers that left that day: withdrawn, erased, or moved to another."),
    required("corrected_at", INSTANT, "When the correction was committed."),
    schema="ops",
    comment="Days that changed after they had been told, so that the next summary says so.",
)

outbox = sa.Table(
    "outbox",
    METADATA,
    key("message_id", sa.Text, "Message-ID of the mail: the same for one day, recipient, unit and channel."),
    required("business_date", sa.Date, "The day the message speaks of."),
    required("recipient_id", sa.Text, "Recipient in the settings."),
    required("unit_id", sa.Text, "Unit whose perimeter it covers."),
    required("channel", sa.Text, "How it is sent: email."),
    required("address", sa.Text, "Where it is sent."),
    required("locale", sa.Text, "fr or en."),
    required("content_hash", sa.Text, "Content of the summary that is sent, or was."),
    required("due_at", INSTANT, "The recipient's local hour of that morning."),
    required("status", sa.Text, "waiting, sending, sent or dead."),
    required("attempt_count", COUNT, "Attempts so far."),
    required("next_attempt_at", INSTANT, "Not before this moment."),
    optional("claimed_at", INSTANT, "When a sender took it; another may take it again later."),
    optional("sent_at", INSTANT, "When the server accepted it."),
    optional("last_error", sa.Text, "What the server or the network said last."),
    required("created_at", INSTANT, "When it was put here."),
    schema="ops",
    comment="Messages to send: written with the summaries, sent at least once.",
)

erasure = sa.Table(
    "erasure",
    METADATA,
    key("erasure_id", sa.Text, "The erasure, as its proof is named."),
    required("source", sa.Text, "Name of the source."),
    required("response_key", sa.Text, "Keyed hash of the identifier: no re-read brings the answer back."),
    required("erased_at", INSTANT, "When it was committed."),
    required("proof", sa.Text, "Where the answer stood and how often, as JSON, without the answer."),
    schema="ops",
    comment="Answers erased on request: what remains is a keyed tombstone and the proof.",
)
