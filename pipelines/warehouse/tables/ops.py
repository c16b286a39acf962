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
    key("record_key", sa.Text, "The record: its id and a hash of its content, or its page and line."),
    optional("response_id", sa.Text, "Identifier of the answer, where it has one."),
    optional("business_date", sa.Date, "Its day, where it could be read."),
    required("reasons", sa.Text, "Reason codes, comma-separated."),
    required("expectations", sa.Text, "The expectations that failed, comma-separated."),
    required("message", sa.Text, "What is wrong, in a line."),
    required("payload", sa.Text, "The record as it was received."),
    required("first_seen_at", INSTANT, "When it was first received."),
    required("last_seen_at", INSTANT, "When it was last received."),
    optional("resolved_at", INSTANT, "When a replay loaded it."),
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
