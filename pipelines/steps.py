"""The steps of a day, as plain functions of ids, paths and dates: Airflow calls them, and so does `symetrie run`."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.connections import Connections, environment_connections
from pipelines.errors import SymetrieError
from pipelines.load import BatchHeld, RunStamp
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.ledger import (
    CLIENT_FEEDBACK,
    DONE,
    FAILED,
    HELD,
    SCORE,
    LedgerRow,
    held_row,
    ledger_row,
    write_ledger_row,
)

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.validation import ValidatedBatch

log = logging.getLogger(__name__)

RUN_ID_TIME = "%Y%m%dT%H%M%SZ"


def start_run(settings: Settings, last_date: date) -> str:
    """Name the run for a day, after bringing the schema and the network of the warehouse up to date."""
    from pipelines.warehouse.network import synchronise_network

    today = max(datetime.now(ZoneInfo(zone)).date() for zone in set(settings.network.timezones.values()))
    if last_date > today:  # scores would be pruned as if the days between had passed
        raise SymetrieError(f"run: {last_date} has not come yet; today is {today}")
    with opened(settings) as warehouse:
        synchronise_network(warehouse, settings.network)
    return f"{datetime.now(UTC).strftime(RUN_ID_TIME)}-{secrets.token_hex(3)}"


def extract_source(settings: Settings, source: str, *, connections: Connections = environment_connections) -> list[str]:
    """Land what is new at a source; gives the content hashes of all that has landed and was never published."""
    from pipelines.sources.files import extract
    from pipelines.warehouse.past import received_files

    with opened(settings) as warehouse, warehouse.reading() as connection:
        known = received_files(connection, source)
    extract(settings.source(source), home=settings.home, known=known, connections=connections)
    # A page that landed before a crash may be gone from the source by now.
    return [page for page in _landed(settings, source) if page not in known.hashes]


def landed_source(settings: Settings, source: str) -> list[str]:
    """The content hashes of what has landed from a source, to replay it without asking the source again."""
    from pipelines.warehouse.ledger import undecided_pages

    with opened(settings) as warehouse, warehouse.reading() as connection:
        left_out = undecided_pages(connection, source)
    return [page for page in _landed(settings, source) if page not in left_out]


def _landed(settings: Settings, source: str) -> list[str]:
    from pipelines.landing import landed_pages

    return [page.content_hash for page in landed_pages(settings.home, settings.source(source).name)]


def validate_source(
    settings: Settings, source: str, content_hashes: Sequence[str], last_date: date, run_id: str
) -> str:
    """Judge the landed pages; gives the folder where the validated batch waits for its load."""
    from pipelines.landing import landed_pages
    from pipelines.pages import read_pages
    from pipelines.validation import SourcePast, save_batch, validate
    from pipelines.warehouse.past import answers_per_day, last_fields, newest_answer

    configured, folder = settings.source(source), staged_folder(settings, run_id, source)
    questionnaire = settings.questionnaires[configured.questionnaire]
    with opened(settings) as warehouse, warehouse.reading() as connection:
        written = ledger_row(connection, run_id, CLIENT_FEEDBACK, source)
        if written is not None and written.status == HELD:  # the batch waits there for somebody to decide
            return str(folder)
        past = SourcePast(
            daily_counts=answers_per_day(connection, source, last_date),
            fields=last_fields(connection, source),
            newest_submitted_at=newest_answer(connection, source),
        )
    batch = validate(
        read_pages(landed_pages(settings.home, source, content_hashes), configured, questionnaire),
        source=configured,
        questionnaire=questionnaire,
        network=settings.network,
        thresholds=settings.thresholds,
        past=past,
        now=datetime.now(UTC),  # not the start of the run: a retry an hour later reads answers given meanwhile
        last_date=last_date,
        scales=settings.scales,
    )
    save_batch(batch, folder)
    return str(folder)


def load_batch(
    settings: Settings, folder: str, run_id: str, business_date: date, *, pipeline: str = CLIENT_FEEDBACK
) -> dict[str, int]:
    """Publish a validated batch and give its counts; a batch that the gate stops raises `BatchHeld`."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    stamp, source = _stamp(run_id, business_date, pipeline), Path(folder).name
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            done = ledger_row(connection, run_id, pipeline, source)
        if done is not None and done.status in DONE:  # a retry after the commit: the staged batch may be gone already
            return asdict(done.counts)
        batch = read_batch(Path(folder))
        if not batch.is_publishable:
            load.hold(warehouse, batch, stamp)
            raise BatchHeld(_why_held(batch))
        counts = load.load(warehouse, batch, stamp)
    _clear_staged(Path(folder))
    return asdict(counts)


def _why_held(batch: ValidatedBatch) -> str:
    reasons = "; ".join(check.message for check in batch.checks if check.severity == "critical" and not check.passed)
    return f"source {batch.source}: batch held, {reasons}; see `symetrie batch list`"


def record_failure(settings: Settings, source: str, run_id: str, business_date: date, error: BaseException) -> str:
    """Note in the ledger that a source failed, so that summaries and `symetrie status` name it; gives the reason.

    A held batch stands there already, and an unexpected error keeps its words for the log: they may quote an answer.
    """
    if isinstance(error, SymetrieError):
        reason = str(error)
    else:
        reason = f"source {source}: unexpected {type(error).__name__}; the log has the whole story"
        log.error("source.failed source=%s run_id=%s", source, run_id, exc_info=error)
    if isinstance(error, BatchHeld):
        return reason
    stamp = _stamp(run_id, business_date, CLIENT_FEEDBACK)
    row = LedgerRow(
        run_id=run_id,
        pipeline=stamp.pipeline,
        source=source,
        business_date=business_date,
        started_at=stamp.started_at,
        finished_at=stamp.published_at,
        status=FAILED,
        detail={"error": reason},
    )
    with opened(settings) as warehouse, warehouse.publishing(changes_mart=False) as connection:
        written = ledger_row(connection, run_id, row.pipeline, source)
        if written is None or written.status not in (*DONE, HELD):  # what came after a commit does not undo it
            write_ledger_row(connection, row)
    return reason


def warnings_of(settings: Settings, run_id: str) -> list[str]:
    """What was odd about the batches of a run and their rows, a line each."""
    from pipelines.warehouse.ledger import notes

    with opened(settings) as warehouse, warehouse.reading() as connection:
        return notes(connection, run_id)


def score_days(
    settings: Settings,
    last_date: date,
    run_id: str,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, int]:
    """Bring every score up to date that the loaded answers touch, up to a day."""
    from pipelines.score import score

    with opened(settings) as warehouse:
        days = score(
            warehouse,
            settings.network,
            _stamp(run_id, last_date, SCORE),
            daily_for=settings.retention.score_daily_days,
            windows=settings.windows,
            on_progress=on_progress,
        )
    return {"days": days}


def release_batch(settings: Settings, run_id: str, source: str) -> dict[str, int]:
    """Publish a batch that the gate had held, and score the days it touches."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    folder = staged_folder(settings, run_id, source)
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            held = held_row(connection, run_id, source)
        counts = load.release(warehouse, read_batch(folder), _stamp(run_id, held.business_date, held.pipeline))
    score_days(settings, held.business_date, run_id)
    _clear_staged(folder)
    return asdict(counts)


def discard_batch(settings: Settings, run_id: str, source: str) -> None:
    """Give up a batch that the gate had held; the ledger keeps its trace and the landing its pages."""
    from pipelines import load

    with opened(settings) as warehouse:
        load.discard(warehouse, run_id, source)
    _clear_staged(staged_folder(settings, run_id, source))


def write_summaries(settings: Settings, business_date: date) -> int:
    """Write the morning summary of every recipient, with whatever is there."""
    from pipelines.summary import write_summaries as write

    with opened(settings) as warehouse:
        return write(warehouse, settings, business_date, run_id=f"summary-{business_date}")


def staged_folder(settings: Settings, run_id: str, source: str) -> Path:
    """Where a validated batch waits between its validation and its load."""
    return settings.home / "staging" / run_id / source


def _clear_staged(folder: Path) -> None:
    """Remove a staged batch, and the folder of its run with the last one."""
    shutil.rmtree(folder)
    with suppress(OSError):  # another source's batch still waits there
        folder.parent.rmdir()


@contextmanager
def opened(settings: Settings) -> Iterator[Warehouse]:
    """The warehouse of the settings, for the length of a `with` block."""
    warehouse = open_warehouse(settings.warehouse_url, settings.home)
    try:
        yield warehouse
    finally:
        warehouse.close()


def run_moment(run_id: str) -> datetime:
    """The moment a run began, as its id says: what lies after it is the future."""
    return datetime.strptime(run_id.split("-", maxsplit=1)[0], RUN_ID_TIME).replace(tzinfo=UTC)


def _stamp(run_id: str, business_date: date, pipeline: str) -> RunStamp:
    return RunStamp(run_id, business_date, run_moment(run_id), datetime.now(UTC), pipeline)
