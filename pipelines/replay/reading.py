"""Records of the quarantine as a page: one JSON object a line, each with the version that it came in."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.landing import PRIVATE_FILE, LandedPage
from pipelines.pages.columns import columns_of, plain
from pipelines.replay.mending import Mending, Record, received_record
from pipelines.staging import REPLAYED_PAGE
from pipelines.validation.sql import keep

if TYPE_CHECKING:
    from pipelines.pages import RawBatch
    from pipelines.settings import Source
    from pipelines.warehouse.typing import AnyRow
    from symetrie.questionnaires import Questionnaire

JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Waiting:
    """A record that waits: its row in the quarantine, the record to read, and that again if a person made it."""

    row: AnyRow
    record: Record
    mended: Record | None

    @property
    def version_at(self) -> datetime:
        """The version it came in; rows of before versions were kept have the moment they were first seen."""
        version: datetime = self.row.version_at or self.row.first_seen_at
        return version.astimezone(UTC)


def readable(
    rows: Sequence[AnyRow], mending: Mending, source: Source, questionnaire: Questionnaire | None
) -> tuple[list[Waiting], list[str]]:
    """The records that can be read again, and the keys of those whose payload is not whole."""
    waiting, cut = [], []
    for row in rows:
        mended = mending.mended(row, source, questionnaire)
        record = received_record(row) if mended is None else mended
        if record is None:
            cut.append(row.record_key)
        else:
            waiting.append(Waiting(row, record, mended))
    return waiting, cut


def read_waiting(
    waiting: Sequence[Waiting], folder: Path, source: Source, questionnaire: Questionnaire | None
) -> RawBatch:
    """Read the records as a page of their source, line by line in the order given."""
    from pipelines.pages import read_pages

    page = _page(waiting, folder, source, questionnaire)
    raw = read_pages([page], source.model_copy(update={"format": "jsonl", "encoding": None}), questionnaire)
    _give_versions(raw, [each.version_at for each in waiting])
    return raw


def _page(waiting: Sequence[Waiting], folder: Path, source: Source, questionnaire: Questionnaire | None) -> LandedPage:
    aliases = [field for column in columns_of(source, questionnaire) for field in column.fields]
    by_header = {plain(field): field for field in aliases} if _is_read_by_header(source) else {}
    lines = [json.dumps(_spelled(each.record, by_header), ensure_ascii=False) for each in waiting]
    text = "".join(f"{line}\n" for line in lines).encode()
    with os.fdopen(os.open(folder / REPLAYED_PAGE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as into:
        into.write(text)
    now = datetime.now(UTC)
    return LandedPage(
        source=source.name, content_hash=hashlib.sha256(text).hexdigest(), name=REPLAYED_PAGE,
        location="ops.quarantine", format="jsonl", size_bytes=len(text), modified_at=now, version_at=now, landed_at=now,
        path=folder / REPLAYED_PAGE,
    )  # fmt: skip


def _is_read_by_header(source: Source) -> bool:
    """Whether the source's pages have columns, whose headers are found however they are spelled."""
    if source.kind != "files" or source.format in ("json", "jsonl"):
        return False
    return source.format is not None or not source.path.removesuffix(".gz").endswith(JSON_SUFFIXES)


def _spelled(record: Record, by_header: dict[str, str]) -> Record:
    """The record with its headers spelled as the settings spell them."""
    return record | {by_header[plain(name)]: value for name, value in record.items() if plain(name) in by_header}


def _give_versions(raw: RawBatch, versions: Sequence[datetime]) -> None:
    """Put each record's own version in the place of the page's."""
    import pandas as pd

    own = pd.DataFrame({"line": range(1, len(versions) + 1), "version_at": pd.to_datetime(list(versions), utc=True)})
    keep(raw.connection, "own_version", own.assign(version_at=own["version_at"].dt.tz_localize(None)))
    raw.connection.execute("ALTER VIEW answer_text RENAME TO answer_text_of_page")
    raw.connection.execute(
        """
        CREATE VIEW answer_text AS
        SELECT answer.* REPLACE (own_version.version_at AS version_at)
        FROM answer_text_of_page AS answer JOIN own_version USING (line)
        """
    )
