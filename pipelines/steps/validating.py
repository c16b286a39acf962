"""Validate: the landed pages become one judged batch, which waits in a folder for its load."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.observed import observed
from pipelines.staging import writing
from pipelines.steps.context import opened, staged_folder
from pipelines.warehouse.ledger import CLIENT_FEEDBACK, HELD, ledger_row

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.settings import Settings, Source


@observed
def validate_source(
    settings: Settings, source: str, content_hashes: Sequence[str], last_date: date, run_id: str
) -> str:
    """Judge the landed pages; gives the folder where the validated batch waits for its load."""
    from pipelines.landing import landed_pages
    from pipelines.pages import read_pages
    from pipelines.validation import SourcePast, save_batch, validate
    from pipelines.warehouse.past import answers_at_stake, answers_per_day, last_fields, newest_answer

    configured, folder = settings.source(source), staged_folder(settings, run_id, source)
    if configured.side != "client":
        return _validate_beside(settings, configured, content_hashes, run_id, folder)
    questionnaire = settings.questionnaires[configured.questionnaire]
    pages = landed_pages(settings.home, source, content_hashes)
    with opened(settings) as warehouse, warehouse.reading() as connection:
        written = ledger_row(connection, run_id, CLIENT_FEEDBACK, source)
        if written is not None and written.status == HELD:  # the batch waits there for somebody to decide
            return str(folder)
        past = SourcePast(
            daily_counts=answers_per_day(connection, source, last_date),
            fields=last_fields(connection, source),
            newest_submitted_at=newest_answer(connection, source),
            at_stake=answers_at_stake(warehouse, connection, source, pages),
        )
    with closing(read_pages(pages, configured, questionnaire)) as raw:
        batch = validate(
            raw,
            source=configured,
            questionnaire=questionnaire,
            network=settings.network,
            thresholds=settings.thresholds,
            past=past,
            now=datetime.now(UTC),  # not the start of the run: a retry an hour later reads answers given meanwhile
            last_date=last_date,
            scales=settings.scales,
            redaction=settings.redaction,
        )
        with writing(folder):
            save_batch(batch, folder)
    return str(folder)


def _validate_beside(
    settings: Settings, source: Source, content_hashes: Sequence[str], run_id: str, folder: Path
) -> str:
    """The same of the other sides, whose rows are judged without the past of their source."""
    from pipelines.contacts.judging import judge_contacts
    from pipelines.invitations.judging import judge_invitations
    from pipelines.landing import landed_pages
    from pipelines.pulse.judging import judge_pulse
    from pipelines.validation import save_batch

    with opened(settings) as warehouse, warehouse.reading() as connection:
        written = ledger_row(connection, run_id, CLIENT_FEEDBACK, source.name)
        if written is not None and written.status == HELD:
            return str(folder)
    judge = {"employee": judge_pulse, "contact": judge_contacts, "invitation": judge_invitations}[source.side]
    batch = judge(settings, source, landed_pages(settings.home, source.name, content_hashes))
    with writing(folder):
        save_batch(batch, folder)
    return str(folder)
