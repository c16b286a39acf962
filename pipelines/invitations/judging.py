"""Pages of invitations become a judged batch: every number accepted, or set aside with its reasons.

They name nobody, so they land as they are, as pages of clients do. What an answer has in its identifier, a number of
invitations has in its unit, its day and its channel together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from expectations.judge import ROW_NUMBER
from expectations.readings import INVITATION_DATES, UNRECOGNISED, VALID_UNIT
from pipelines.pages import read_pages
from pipelines.pulse.set_aside import batch_checks
from pipelines.settings.sources import CHANNELS
from pipelines.validation.accepted import version_of
from pipelines.validation.dates import wall_time
from pipelines.validation.moments import build_moment
from pipelines.validation.quarantine import quarantined
from pipelines.validation.readings import build_readings, joins
from pipelines.validation.records import ValidatedBatch
from pipelines.validation.sql import keep, quoted, stripped
from pipelines.validation.typed import channel_of, date_reading, unit_standing, unit_versions
from pipelines.validation.verdicts import ask, keep_verdicts, row_checks, warning_counts

if TYPE_CHECKING:
    import duckdb

    from expectations.judge import Verdict
    from pipelines.landing import LandedPage
    from pipelines.pages import RawBatch
    from pipelines.settings import Settings, Source

WHOLE_NUMBER = "([0-9]{1,12})([.,]0+)?"  # as spreadsheets write it; a longer one is no number of invitations


def judge_invitations(settings: Settings, source: Source, pages: Sequence[LandedPage]) -> ValidatedBatch:
    """Judge the invitations of landed pages."""
    return judged(read_pages(pages, source, None), settings, source)


def judged(raw: RawBatch, settings: Settings, source: Source) -> ValidatedBatch:
    """Judge what was read: rows in one call to Great Expectations, then the share of those refused."""
    connection, now = raw.connection, datetime.now(UTC)
    connection.execute("SET TimeZone = 'UTC'")
    _build_typed(connection, settings, source, now)
    keep_verdicts(connection, _verdicts(connection, source, now))
    set_aside = quarantined(raw, source)
    return ValidatedBatch(
        source=source.name,
        side=source.side,
        received_count=raw.received_count,
        answers=_accepted(connection, source),
        quarantined=set_aside,
        warnings=warning_counts(connection),
        checks=tuple(batch_checks(settings, {}, raw.received_count, len(set_aside))),
        row_checks=row_checks(connection),
        pages=raw.pages,
        fields_by_page=raw.fields_by_page,
        raw=raw,
    )


def _build_typed(connection: duckdb.DuckDBPyConnection, settings: Settings, source: Source, now: datetime) -> None:
    """Make the table `typed`, and give every row of `answer_text` that has a place its identifier."""
    network = settings.network
    readings = build_readings(connection, source=source, questionnaire=None, network=network, scales=settings.scales)
    unit, channel = readings["unit_id"], readings["channel"]
    build_moment(connection, unit, source=source, network=network, now=now, dates=INVITATION_DATES)
    _take_days_as_written(connection, source)
    keep(connection, "unit_version", unit_versions(network))
    columns = [
        "answer.row_number",
        "answer.page_hash",
        f"{unit.value} AS unit_id",
        f"{unit_standing(unit)} AS unit_standing",
        "business_date",
        *(f"moment.{name}" for name in INVITATION_DATES),
        *(f"{date_reading(name)} AS {name}_reading" for name in INVITATION_DATES),
        f"coalesce({channel_of(channel, source)}::VARCHAR, 'unknown') AS channel",
        f"regexp_extract({stripped('answer.sent_count')}, {quoted(f'^{WHOLE_NUMBER}$')}, 1) AS digits",
    ]
    has_place = f"unit_standing = '{VALID_UNIT}' AND business_date IS NOT NULL AND channel <> '{UNRECOGNISED}'"
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE typed AS
        WITH read AS (
            SELECT {", ".join(columns)} FROM answer_text AS answer JOIN moment USING (row_number)
            {joins((unit, channel))}
            LEFT JOIN unit_zone ON unit_zone.unit_id = {unit.value}
            LEFT JOIN unit_version ON unit_version.unit_id = {unit.value}
                AND business_date BETWEEN valid_from AND valid_to
        ), placed AS (
            SELECT *, nullif(digits, '')::BIGINT AS sent_count,
                CASE WHEN {has_place} THEN concat_ws('/', unit_id, business_date::DATE, channel) END AS response_id
            FROM read
        )
        SELECT * EXCLUDE (digits, page_hash), length(response_id) AS response_id_length, false AS is_withdrawn,
            coalesce(response_id IS NOT NULL AND min(sent_count) OVER place < max(sent_count) OVER place, false)
                AS is_contradicted
        FROM placed WINDOW place AS (PARTITION BY page_hash, response_id)
        """
    )
    connection.execute("ALTER VIEW answer_text RENAME TO answer_text_without_place")
    connection.execute(
        """
        CREATE VIEW answer_text AS
        SELECT answer.*, response_id FROM answer_text_without_place AS answer JOIN typed USING (row_number)
        """
    )


def _take_days_as_written(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """A date without an hour is that day, wherever the unit is."""
    connection.execute(
        f"""
        UPDATE moment SET business_date = written.wall
        FROM (
            SELECT row_number, {wall_time(stripped("answer.sent_on"), source.date_formats)} AS wall
            FROM answer_text AS answer
        ) AS written
        WHERE written.row_number = moment.row_number AND wall = date_trunc('day', wall) AND business_date IS NOT NULL
        """
    )


def _verdicts(connection: duckdb.DuckDBPyConnection, source: Source, now: datetime) -> list[Verdict]:
    """Ask the suite about every row; without rows Great Expectations is not even imported (7 s)."""
    judged_columns = "* EXCLUDE (unit_id, response_id, response_id_length, is_withdrawn, business_date)"
    frame = connection.sql(f"SELECT {judged_columns} FROM typed ORDER BY {ROW_NUMBER}").df().set_index(ROW_NUMBER)
    if frame.empty:
        return []
    from expectations.invitation_count import invitation_count

    instants = {name: frame[name].dt.tz_localize("UTC") for name in INVITATION_DATES}
    return ask(invitation_count(channels=CHANNELS, now=now), frame.assign(**instants), source.name)


def _accepted(connection: duckdb.DuckDBPyConnection, source: Source) -> duckdb.DuckDBPyRelation:
    """The accepted numbers, as `core.invitation_count` will hold them, each with its identifier."""
    connection.execute(
        f"""
        CREATE OR REPLACE VIEW accepted AS
        SELECT {quoted(source.name)} AS source, kept.unit_id, business_date::DATE AS business_date, kept.channel,
            kept.sent_count, timezone('UTC', {version_of(source, "kept")}) AS version_at, page_hash,
            kept.response_id, NULL::VARCHAR AS verbatim -- of every batch that is saved, the words are searched
        FROM answer_text AS answer JOIN kept USING (row_number)
        """
    )
    return connection.table("accepted")
