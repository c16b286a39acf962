"""Validate: every record received is either accepted or quarantined with its reasons; nothing else happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

import structlog

from pipelines.pages.columns import Column, places
from pipelines.settings.redaction import Redaction
from pipelines.validation.accepted import build_accepted
from pipelines.validation.checks import check_batch
from pipelines.validation.moments import build_moment
from pipelines.validation.quarantine import quarantined
from pipelines.validation.readings import build_readings
from pipelines.validation.records import SourcePast, ValidatedBatch
from pipelines.validation.typed import build_typed, judged_frame
from pipelines.validation.verdicts import ask, keep_verdicts, row_checks, row_suite, warning_counts

if TYPE_CHECKING:
    from pipelines.pages import RawBatch
    from pipelines.settings.limits import Thresholds
    from pipelines.settings.network import Network
    from pipelines.settings.sources import Source
    from symetrie.questionnaires import Questionnaire
    from symetrie.scales import Scale

log = structlog.get_logger(__name__)

_SHIPPED_ONLY: Mapping[str, Scale] = MappingProxyType({})
_BY_LIST = Redaction()


def validate(
    raw: RawBatch,
    *,
    source: Source,
    questionnaire: Questionnaire,
    network: Network,
    thresholds: Thresholds,
    past: SourcePast,
    now: datetime,
    last_date: date,
    scales: Mapping[str, Scale] = _SHIPPED_ONLY,
    redaction: Redaction = _BY_LIST,
) -> ValidatedBatch:
    """Judge a batch, whatever days it spans: its rows in one call, then the batch as a whole.

    `now` is the moment of the run, beyond which lies the future; `last_date` the last business date it is for;
    `scales` are the house's own, found before the shipped ones; `redaction` says how names are found.
    """
    connection = raw.connection
    connection.execute("SET TimeZone = 'UTC'")
    readings = build_readings(connection, source=source, questionnaire=questionnaire, network=network, scales=scales)
    build_moment(connection, readings["unit_id"], source=source, network=network, now=now)
    build_typed(connection, readings, source=source, questionnaire=questionnaire, network=network)
    _judge_rows(raw, source, questionnaire, thresholds, now)
    build_accepted(connection, readings, source, questionnaire, thresholds.verbatim_max_length, redaction)
    batch = ValidatedBatch(
        source=source.name,
        received_count=raw.received_count,
        answers=connection.table("accepted"),
        quarantined=quarantined(raw, source),
        warnings=warning_counts(connection),
        checks=check_batch(raw, source=source.name, past=past, thresholds=thresholds, last_date=last_date),
        row_checks=row_checks(connection),
        pages=raw.pages,
        fields_by_page=raw.fields_by_page,
        raw=raw,
    )
    _assert_conservation(batch)
    return batch


def _judge_rows(
    raw: RawBatch,
    source: Source,
    questionnaire: Questionnaire,
    thresholds: Thresholds,
    now: datetime,
) -> None:
    """Ask the suite about every row; without rows Great Expectations is not even imported (7 s)."""
    frame = judged_frame(raw.connection, questionnaire)
    if frame.empty:
        keep_verdicts(raw.connection, [])
        return
    verbatims = Column("verbatim", source.fields.verbatim)
    has_verbatim = any(places(verbatims, fields) for fields in raw.fields_by_page.values())
    suite = row_suite(source, questionnaire, thresholds, now=now, has_verbatim=has_verbatim)
    keep_verdicts(raw.connection, ask(suite, frame, source.name))


def _assert_conservation(batch: ValidatedBatch) -> None:
    found = batch.accepted_count + len(batch.quarantined)
    if batch.received_count != found:
        raise AssertionError(f"source {batch.source}: received {batch.received_count} records, but judged {found}")
    log.info(
        "batch.validated", source=batch.source, received=batch.received_count, accepted=batch.accepted_count,
        quarantined=len(batch.quarantined), warnings=dict(batch.warnings),
    )  # fmt: skip
