"""The steps of a day, as plain functions of ids, paths and dates: Airflow calls them, and so does `symetrie run`."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from pipelines import metrics
from pipelines.connections import Connections, environment_connections
from pipelines.errors import SymetrieError
from pipelines.load import BatchHeld, PartlyReceived, RunStamp
from pipelines.observed import observed
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.ledger import (
    CLIENT_FEEDBACK,
    DISCARDED,
    DONE,
    FAILED,
    HELD,
    PUBLISHED,
    RELEASED,
    SCORE,
    Counts,
    LedgerRow,
    counts_of,
    held_row,
    ledger_row,
    write_ledger_row,
)

if TYPE_CHECKING:
    from pipelines.delivery import Standing
    from pipelines.gate import Decision
    from pipelines.landing import LandedPage
    from pipelines.settings import Settings
    from pipelines.settings.gate import Gate
    from pipelines.validation import ValidatedBatch

log = structlog.get_logger(__name__)

RUN_ID_TIME = "%Y%m%dT%H%M%SZ"

MEETINGS_WITH_ANOTHER_RUN = 3
"""How often a batch is judged again because another run has received some of its pages meanwhile."""


def start_run(settings: Settings, last_date: date) -> str:
    """Name the run for a day, after bringing the schema and the network of the warehouse up to date."""
    from pipelines.warehouse.network import synchronise_network

    today = max(datetime.now(ZoneInfo(zone)).date() for zone in set(settings.network.timezones.values()))
    if last_date > today:  # scores would be pruned as if the days between had passed
        raise SymetrieError(f"run: {last_date} has not come yet; today is {today}")
    with opened(settings) as warehouse:
        synchronise_network(warehouse, settings.network)
    return f"{datetime.now(UTC).strftime(RUN_ID_TIME)}-{secrets.token_hex(3)}"


@observed
def extract_source(
    settings: Settings,
    source: str,
    last_date: date,
    *,
    first_date: date | None = None,  # of a range; without it a source is asked for what it has new up to the last date
    connections: Connections = environment_connections,
) -> list[str]:
    """Land what is new at a source; gives the content hashes of all that has landed and was never published."""
    from pipelines.sources import Wanted, extract
    from pipelines.warehouse.past import received_files, watermark

    with opened(settings) as warehouse, warehouse.reading() as connection:
        known, committed_to = received_files(connection, source), watermark(connection, source)
    timezones = frozenset(settings.network.timezones.values())
    wanted = Wanted(first_date or last_date, last_date, timezones, known, committed_to)
    extract(settings.source(source), wanted, home=settings.home, connections=connections)
    # A page that landed before a crash may be gone from the source by now.
    return [
        page.content_hash for page in _landed(settings, source) if not known.has(page.content_hash, page.version_at)
    ]


def landed_source(settings: Settings, source: str) -> list[str]:
    """The content hashes of what has landed from a source, to replay it without asking the source again."""
    from pipelines.warehouse.received import undecided_pages

    with opened(settings) as warehouse, warehouse.reading() as connection:
        left_out = undecided_pages(connection, source)
    return [page.content_hash for page in _landed(settings, source) if page.content_hash not in left_out]


def expired_pages(settings: Settings, source: str) -> list[str]:
    """A line where a replay cannot read all that was received, because its days are over."""
    from pipelines.retention import expired_page_count

    with opened(settings) as warehouse, warehouse.reading() as connection:
        received, expired = expired_page_count(connection, settings.home, source)
    if not expired:
        return []
    days = settings.retention.landing_days
    return [f"{source}: {expired} of {received} pages received have expired after {days} days and were not replayed"]


def _landed(settings: Settings, source: str) -> list[LandedPage]:
    from pipelines.landing import landed_pages

    return landed_pages(settings.home, settings.source(source).name)


@observed
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
        redaction=settings.redaction,
    )
    save_batch(batch, folder)
    return str(folder)


@observed
def load_batch(
    settings: Settings,
    folder: str,
    run_id: str,
    business_date: date,
    *,
    pipeline: str = CLIENT_FEEDBACK,
    detail: Mapping[str, object] = {},
) -> dict[str, int]:
    """Publish a validated batch and give its counts; a batch that the gate stops raises `BatchHeld`."""
    for _ in range(MEETINGS_WITH_ANOTHER_RUN):
        with suppress(PartlyReceived):
            return _load_batch(settings, folder, _stamp(run_id, business_date, pipeline, detail))
        pages = _not_received(settings, Path(folder))
        validate_source(settings, Path(folder).name, pages, business_date, run_id)
    return _load_batch(settings, folder, _stamp(run_id, business_date, pipeline, detail))


def _load_batch(settings: Settings, folder: str, stamp: RunStamp) -> dict[str, int]:
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    run_id, pipeline, source = stamp.run_id, stamp.pipeline, Path(folder).name
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            done = ledger_row(connection, run_id, pipeline, source)
        if done is not None and done.status in DONE:  # a retry after the commit: the staged batch may be gone already
            return asdict(done.counts)
        batch = read_batch(Path(folder))
        if not batch.is_publishable:
            _tell(settings, batch, stamp, HELD, load.hold(warehouse, batch, _until(stamp, settings.gate)))
            raise BatchHeld(_why_held(batch))
        counts = load.load(warehouse, batch, stamp)
    _tell(settings, batch, stamp, PUBLISHED, counts)
    clear_staged(Path(folder))
    return asdict(counts)


def _until(stamp: RunStamp, gate: Gate) -> RunStamp:
    """The stamp of a batch that is held, with the moment up to which somebody may decide about it."""
    from pipelines.gate import DECIDE_BY, decide_by

    return replace(stamp, detail={**stamp.detail, DECIDE_BY: decide_by(stamp.published_at, gate).isoformat()})


def _not_received(settings: Settings, folder: Path) -> list[str]:
    """The pages of a validated batch that no run has received yet."""
    from pipelines.validation import load_batch as read_batch
    from pipelines.warehouse.past import received_files

    with opened(settings) as warehouse, warehouse.reading() as connection:
        known = received_files(connection, folder.name)
    return [page.content_hash for page in read_batch(folder).pages if not known.has(page.content_hash, page.version_at)]


def _tell(settings: Settings, batch: ValidatedBatch, stamp: RunStamp, status: str, counts: Counts) -> None:
    """Tell what came of a batch: to whoever counts rows, and on the page of what it was judged on."""
    from pipelines.judgements import judgement_of, keep

    if status in (PUBLISHED, HELD):  # what is decided later was counted when it came
        metrics.count_rows(asdict(counts), batch.source)
    keep(settings.home, judgement_of(batch, stamp, status, counts), days=settings.retention.validation_days)


def _why_held(batch: ValidatedBatch) -> str:
    reasons = "; ".join(check.message for check in batch.checks if check.severity == "critical" and not check.passed)
    return f"source {batch.source}: batch held, {reasons}; see `symetrie batch list`"


@observed
def record_failure(settings: Settings, source: str, run_id: str, business_date: date, error: BaseException) -> str:
    """Note in the ledger that a source failed, so that summaries and `symetrie status` name it; gives the reason.

    A held batch stands there already, and an unexpected error keeps its words for the log: they may quote an answer.
    """
    if isinstance(error, SymetrieError):
        reason = str(error)
    else:
        reason = f"source {source}: unexpected {type(error).__name__}; the log has the whole story"
        log.error("source.failed", source=source, run_id=run_id, exc_info=error)
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


def redactions_of(settings: Settings, run_id: str, source: str) -> dict[str, int]:
    """How many answers of a source held personal data in a run, by its kind."""
    from pipelines.warehouse.ledger import redactions

    with opened(settings) as warehouse, warehouse.reading() as connection:
        return redactions(connection, run_id, source)


def warnings_of(settings: Settings, run_id: str, source: str) -> list[str]:
    """What was odd about the batch of a source in a run and about its rows, a line each."""
    from pipelines.warehouse.ledger import notes

    with opened(settings) as warehouse, warehouse.reading() as connection:
        return notes(connection, run_id, source)


@observed
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
        _gauge_freshness(settings, warehouse)
    return {"days": days}


def _gauge_freshness(settings: Settings, warehouse: Warehouse) -> None:
    """Tell how old the newest answer of each source is."""
    from pipelines.warehouse.past import newest_answer

    if not metrics.is_listened_to():
        return
    with warehouse.reading() as connection:
        newest = {source.name: newest_answer(connection, source.name) for source in settings.sources}
    for source, given_at in newest.items():
        if given_at:
            age = datetime.now(UTC) - given_at
            metrics.gauge(metrics.FRESHNESS_HOURS, age.total_seconds() / 3600, source=source)


@observed
def sweep(settings: Settings) -> list[str]:
    """Remove what has had its days; a line for each kind that could not be swept, which never stops a run."""
    from pipelines import retention

    try:
        with opened(settings) as warehouse:
            failed = retention.sweep(warehouse, settings, datetime.now(UTC)).failed
    except SymetrieError as error:
        log.error("retention.failed", kind="all", reason=str(error))
        failed = ("all",)
    return [f"retention: {kind} could not be swept, and will be the next time; the log says why" for kind in failed]


@observed
def release_batch(settings: Settings, run_id: str, source: str, decision: Decision | None = None) -> dict[str, int]:
    """Publish a batch that the gate had held, and score the days it touches."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    folder = staged_folder(settings, run_id, source)
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            held = held_row(connection, run_id, source)
        detail = {} if decision is None else decision.detail
        batch, stamp = read_batch(folder), _stamp(run_id, held.business_date, held.pipeline, detail)
        counts = load.release(warehouse, batch, stamp)
    _tell(settings, batch, stamp, RELEASED, counts)
    score_days(settings, held.business_date, run_id)
    clear_staged(folder)
    return asdict(counts)


@observed
def discard_batch(settings: Settings, run_id: str, source: str, decision: Decision | None = None) -> None:
    """Give up a batch that the gate had held; the ledger keeps its trace and the landing its pages."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    folder = staged_folder(settings, run_id, source)
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            held = held_row(connection, run_id, source)
        load.discard(warehouse, run_id, source, {} if decision is None else decision.detail)
    stamp = _stamp(run_id, held.business_date, held.pipeline)
    _tell(settings, read_batch(folder), stamp, DISCARDED, counts_of(held))
    clear_staged(folder)


@observed
def write_summaries(settings: Settings, business_date: date) -> int:
    """Write the morning summary of every recipient, with whatever is there."""
    from pipelines.summary import write_summaries as write

    with opened(settings) as warehouse:
        return write(warehouse, settings, business_date, run_id=f"summary-{business_date}")


@observed
def deliver_summaries(
    settings: Settings,
    *,
    business_date: date | None = None,
    recipient_ids: Sequence[str] = (),
    resend: bool = False,
    at_once: bool = False,
    connections: Connections = environment_connections,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Standing:
    """Mail the summaries that are due, each once; says what waits, what is dead and what is late."""
    from pipelines.delivery import deliver

    with opened(settings) as warehouse:
        standing = deliver(
            warehouse,
            settings,
            connections=connections,
            business_date=business_date,
            recipient_ids=recipient_ids,
            resend=resend,
            at_once=at_once,
            on_progress=on_progress,
        )
    metrics.gauge(metrics.OUTBOX_WAITING, len(standing.waiting))
    metrics.gauge(metrics.OUTBOX_DEAD, len(standing.dead))
    return standing


def staged_folder(settings: Settings, run_id: str, source: str) -> Path:
    """Where a validated batch waits between its validation and its load."""
    return settings.home / "staging" / run_id / source


def clear_staged(folder: Path) -> None:
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


def _stamp(run_id: str, business_date: date, pipeline: str, detail: Mapping[str, object] = {}) -> RunStamp:
    return RunStamp(run_id, business_date, run_moment(run_id), datetime.now(UTC), pipeline, detail)
