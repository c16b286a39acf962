"""The words and bounds that the typed frame and its suite share; importing them does not import Great Expectations."""

from datetime import UTC, datetime

# LimeSurvey writes 1980-01-01 where it has no date; no source of ours is as old as this.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# The key of an answer is indexed, and PostgreSQL refuses index entries beyond 2,700 bytes.
LONGEST_ID = 200
# A local time may be off by a zone, so an experience may seem to follow its answer by as much as this.
ZONE_SLACK_DAYS = 1

DATES = ("submitted_at", "experienced_at", "updated_at")
INVITATION_DATES = ("sent_on", "updated_at")
READ, UNREADABLE = "read", "unreadable"
UNKNOWN_UNIT, CLOSED_UNIT, VALID_UNIT = "unknown", "not valid that day", "valid"
UNRECOGNISED = "unrecognised"

# Judged where pages are read, before there is a row to show to a suite; all critical.
PAGE_EXPECTATIONS = {
    "broken_line": "the line can be read",
    "broken_document": "the document can be read",
    "missing_column": "the page has every required column",
}
