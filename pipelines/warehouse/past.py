"""What a source did before: the pages it gave and the answers it brought, to extract and judge the next batch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.ledger import PUBLISHED, RELEASED
from pipelines.warehouse.received import NO_FIELDS, ended_pulls
from pipelines.warehouse.tables import client_response, received_page, run
from pipelines.warehouse.withdrawals import at_stake

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.landing import LandedPage
    from pipelines.warehouse.base import Warehouse

DAYS_OF_PAST = 91


@dataclass(frozen=True)
class ReceivedFiles:
    """The version received of each content, by its hash, and the files (location, size, modification) they came in."""

    versions: Mapping[str, datetime]
    files: frozenset[tuple[str, int, datetime]]

    def has(self, content_hash: str, version_at: datetime) -> bool:
        """Whether a page brings nothing: content that comes back later (A, then B, then A) is received again."""
        return content_hash in self.versions and version_at <= self.versions[content_hash]


def received_files(connection: sa.Connection, source: str) -> ReceivedFiles:
    """Everything received from a source so far."""
    page = received_page.c
    rows = connection.execute(
        sa.select(page.content_hash, page.version_at, page.location, page.size_bytes, page.modified_at).where(
            page.source == source
        )
    ).all()
    return ReceivedFiles(
        {row.content_hash: row.version_at for row in rows},
        frozenset((row.location, row.size_bytes, row.modified_at) for row in rows),
    )


def answers_per_day(connection: sa.Connection, source: str, last: date) -> dict[date, int]:
    """Answers of a source on each of the days before `last`, as far back as a batch is compared with."""
    answer = client_response.c
    first = last - timedelta(days=DAYS_OF_PAST)
    found = connection.execute(
        sa.select(answer.business_date, sa.func.count())
        .where(answer.source == source, answer.business_date >= first, answer.business_date < last)
        .group_by(answer.business_date)
    )
    return dict(found.all())


def newest_answer(connection: sa.Connection, source: str) -> datetime | None:
    """When the newest answer of a source was given."""
    answer = client_response.c
    newest: datetime | None = connection.scalar(
        sa.select(sa.func.max(answer.submitted_at)).where(answer.source == source)
    )
    return newest


def answers_at_stake(
    warehouse: Warehouse, connection: sa.Connection, source: str, pages: Sequence[LandedPage]
) -> pd.DataFrame | None:
    """The known answers that the pulls of a batch would take back if they brought none: (pull_id, response_id)."""
    pulls = ended_pulls(pages)
    return warehouse.frame(connection, at_stake(source, pulls)) if pulls else None


def last_fields(connection: sa.Connection, source: str) -> tuple[str, ...] | None:
    """The fields of the page received last from a source, of those that had any: an empty page shows no schema."""
    page = received_page.c
    found = connection.scalar(
        sa.select(page.fields)
        .where(page.source == source, page.fields != NO_FIELDS)
        .order_by(page.version_at.desc(), page.content_hash)
        .limit(1)
    )
    return None if found is None else tuple(json.loads(found))


def watermark(connection: sa.Connection, source: str) -> datetime | None:
    """How far a source is committed: what it changed up to then need not be asked for again."""
    newest: datetime | None = connection.scalar(
        sa.select(sa.func.max(run.c.watermark_at)).where(
            run.c.source == source, run.c.status.in_((PUBLISHED, RELEASED))
        )
    )
    return newest
