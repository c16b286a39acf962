"""The replay itself: the waiting records of each source, judged again and published past the gate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import load, steps
from pipelines.errors import SymetrieError
from pipelines.load import RunStamp
from pipelines.observed import observed
from pipelines.replay.mending import Mending
from pipelines.replay.reading import Waiting, read_waiting, readable
from pipelines.staging import writing
from pipelines.warehouse.ledger import QUARANTINE_REPLAY, last_scored
from pipelines.warehouse.shelf import waiting_records

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.pages import RawBatch
    from pipelines.settings import Settings, Source
    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse.typing import AnyRow

UNTOUCHED = Mending()
KEPT_AS_RECEIVED = ("client", "invitation")
"""Sides whose records are kept as they came; of the others nothing is kept that could be read again."""


@dataclass(frozen=True)
class Replayed:
    """What came of a replay: the counts of each source, and the records that cannot be read from their payload."""

    run_id: str
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    cut: tuple[str, ...] = ()


@observed
def replay_quarantine(
    settings: Settings,
    record_keys: Sequence[str] = (),
    *,
    source: str | None = None,
    reason: str | None = None,
    mending: Mending = UNTOUCHED,
) -> Replayed:
    """Read waiting records again, all of them or those asked for, and score the days of those that come through."""
    asked = [*record_keys, *(key for key in mending.corrected if key not in record_keys)]
    with steps.opened(settings) as warehouse, warehouse.reading() as connection:
        rows = waiting_records(connection, source, reason, asked or None)
        last_date = last_scored(connection) or _yesterday()
    rows = _kept_as_received(settings, rows, is_asked=bool(asked or source))
    if missing := set(asked) - {row.record_key for row in rows}:
        raise SymetrieError(
            f"quarantine: {min(missing)!r} does not wait there; see `symetrie quarantine list`, "
            "or with --resolved what was settled"
        )
    run_id, cut = steps.start_run(settings, last_date), []
    counts = {}
    for name in sorted({row.source for row in rows}):
        own = [row for row in rows if row.source == name]
        configured = settings.source(name)
        waiting, unreadable = readable(own, mending, configured, settings.questionnaires.get(configured.questionnaire))
        cut += unreadable
        if waiting:
            counts[name] = _replay(settings, configured, waiting, run_id, last_date)
    if counts:
        steps.score_days(settings, last_date, run_id)
    return Replayed(run_id, counts, tuple(cut))


def _kept_as_received(settings: Settings, rows: Sequence[AnyRow], *, is_asked: bool) -> list[AnyRow]:
    """The records that can be read again."""
    others = sorted({row.source for row in rows if settings.source(row.source).side not in KEPT_AS_RECEIVED})
    if others and is_asked:
        raise SymetrieError(
            f"quarantine: of source {others[0]} nothing is kept but the reasons; mend the file or the settings,"
            " and let the source give it again"
        )
    return [row for row in rows if row.source not in others]


def _yesterday() -> date:
    return (datetime.now(UTC) - timedelta(days=1)).date()


def _replay(
    settings: Settings, source: Source, waiting: Sequence[Waiting], run_id: str, last_date: date
) -> dict[str, int]:
    from pipelines.validation import load_batch, save_batch

    folder = steps.staged_folder(settings, run_id, source.name)
    with writing(folder):
        try:
            batch, replayed = _judged(settings, source, waiting, folder, last_date)
            save_batch(batch, folder)
            stamp = RunStamp(run_id, last_date, steps.run_moment(run_id), datetime.now(UTC), QUARANTINE_REPLAY)
            with steps.opened(settings) as warehouse:
                return asdict(load.load_replayed(warehouse, load_batch(folder), stamp, replayed))
        finally:
            steps.clear_staged(folder)


def _judged(
    settings: Settings, source: Source, waiting: Sequence[Waiting], folder: Path, last_date: date
) -> tuple[ValidatedBatch, pd.DataFrame]:
    """The records under the settings of today, those refused again under their own key; and what came through."""
    raw = read_waiting(waiting, folder, source, settings.questionnaires.get(source.questionnaire))
    batch = _validated(settings, source, raw, last_date)
    refused = [waiting[line - 1] for line in _refused_lines(raw)]
    known = batch.quarantined.assign(
        record_key=[each.row.record_key for each in refused],
        payload=[each.row.payload for each in refused],
        version_at=_instants([each.version_at for each in refused]),
    )
    return replace(batch, quarantined=known, pages=(), checks=()), _came_through(raw, source, waiting)


def _validated(settings: Settings, source: Source, raw: RawBatch, last_date: date) -> ValidatedBatch:
    """The batch as its side is judged."""
    from pipelines.invitations.judging import judged
    from pipelines.validation import SourcePast, validate

    if source.side == "invitation":
        return judged(raw, settings, source)
    return validate(
        raw,
        source=source,
        questionnaire=settings.questionnaires[source.questionnaire],
        network=settings.network,
        thresholds=settings.thresholds,
        past=SourcePast(),
        now=datetime.now(UTC),
        last_date=last_date,
        scales=settings.scales,
        redaction=settings.redaction,
    )


def _refused_lines(raw: RawBatch) -> list[int]:
    """The lines of the records set aside, in the order that validation gives them."""
    refused = "SELECT line FROM answer_text JOIN flag USING (row_number) WHERE is_refused ORDER BY row_number"
    unreadable = "SELECT line FROM unreadable ORDER BY row_number"
    return [line for query in (refused, unreadable) for (line,) in raw.connection.sql(query).fetchall()]


def _came_through(raw: RawBatch, source: Source, waiting: Sequence[Waiting]) -> pd.DataFrame:
    """The records accepted, by the identifier and version that they are loaded with."""
    import pandas as pd

    from pipelines.validation.accepted import version_of
    from pipelines.validation.sql import stripped

    accepted = raw.connection.sql(
        f"""
        SELECT line, {stripped("answer.response_id")} AS response_id, {version_of(source, "kept")} AS version_at
        FROM answer_text AS answer JOIN kept USING (row_number) ORDER BY line
        """
    ).df()
    came = [waiting[line - 1] for line in accepted["line"]]
    return pd.DataFrame(
        {
            "source": pd.Series([source.name] * len(came), dtype="str"),
            "record_key": pd.Series([each.row.record_key for each in came], dtype="str"),
            "response_id": accepted["response_id"].astype("str"),
            "mended": pd.Series([_text(each) for each in came], dtype="str"),
            "version_at": _instants(accepted["version_at"]),
        }
    )


def _text(each: Waiting) -> str | None:
    return None if each.mended is None else json.dumps(each.mended, ensure_ascii=False)


def _instants(times: Sequence[datetime] | pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    import pandas as pd

    return pd.Series(pd.to_datetime(pd.Series(times), utc=True), dtype="datetime64[us, UTC]")
