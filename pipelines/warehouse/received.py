"""What a source has given: the pages received, and the windows that were read whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.ledger import DISCARDED, HELD
from pipelines.warehouse.tables import complete_pull, received_page, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipelines.landing import LandedPage, Pull
    from pipelines.validation import ValidatedBatch


NEVER = datetime.min.replace(tzinfo=UTC)
NO_FIELDS = "[]"  # of a page, as JSON


def remember_pages(
    warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch, *, run_id: str, received_at: datetime
) -> None:
    """Note pages as received in the version they came in, in the transaction that writes their answers."""
    known = received_versions(connection, batch.source, [page.content_hash for page in batch.pages])
    news = [page for page in batch.pages if known.get(page.content_hash, NEVER) < page.version_at]
    if not news:  # received by another run, or waiting since it was held
        return
    again = received_page.c.content_hash.in_([page.content_hash for page in news])
    connection.execute(sa.delete(received_page).where(received_page.c.source == batch.source, again))
    rows = _rows(news, batch.fields_by_page).assign(run_id=run_id, received_at=received_at)
    warehouse.load(connection, received_page, rows)


def _rows(pages: Sequence[LandedPage], fields_by_page: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    import pandas as pd

    names = ("source", "content_hash", "location", "size_bytes", "modified_at", "version_at")
    rows = [{name: getattr(page, name) for name in names} for page in pages]
    fields = [json.dumps(fields_by_page.get(page.content_hash, ()), ensure_ascii=False) for page in pages]
    return pd.DataFrame(rows).assign(fields=fields)


def received_versions(connection: sa.Connection, source: str, content_hashes: Sequence[str]) -> dict[str, datetime]:
    """The version in which each of the given pages was received, of those that were."""
    found = sa.select(received_page.c.content_hash, received_page.c.version_at).where(
        received_page.c.source == source, received_page.c.content_hash.in_(content_hashes)
    )
    return dict(connection.execute(found).all())


def pages_already_received(connection: sa.Connection, source: str, pages: Sequence[LandedPage]) -> set[str]:
    """Those of the given pages that a publication has received, in this version or a later one."""
    versions = received_versions(connection, source, sorted({page.content_hash for page in pages}))
    return {page.content_hash for page in pages if versions.get(page.content_hash, NEVER) >= page.version_at}


def undecided_pages(connection: sa.Connection, source: str) -> set[str]:
    """The pages of a source whose batch is held or was discarded: a replay leaves them where they are."""
    batch_of_page = sa.and_(run.c.run_id == received_page.c.run_id, run.c.source == received_page.c.source)
    found = sa.select(received_page.c.content_hash).where(
        received_page.c.source == source,
        sa.exists(sa.select(sa.literal(1)).where(batch_of_page, run.c.status.in_((HELD, DISCARDED)))),
    )
    return set(connection.scalars(found))


def remember_pulls(connection: sa.Connection, source: str, pages: Sequence[LandedPage], run_id: str) -> None:
    """Note the windows that were read whole, where what they do not hold is withdrawn.

    A page's being the last of its pull says that all others have landed; while a batch of the source is held, some of
    them may wait in it, and the next pull of that window will do.
    """
    pulls = ended_pulls(pages)
    if not pulls or _is_held(connection, source, run_id):
        return
    known = sa.and_(complete_pull.c.source == source, complete_pull.c.pull_id.in_([pull.pull_id for pull in pulls]))
    connection.execute(sa.delete(complete_pull).where(known))
    connection.execute(sa.insert(complete_pull), [_row(source, pull, run_id) for pull in pulls])


def ended_pulls(pages: Sequence[LandedPage]) -> list[Pull]:
    """The pulls that some pages bring to their end, where what they do not hold is withdrawn."""
    pulls = [page.pull for page in pages if page.pull is not None]
    return [*{pull.pull_id: pull for pull in pulls if pull.is_last and pull.absent_is_withdrawn}.values()]


def _is_held(connection: sa.Connection, source: str, run_id: str) -> bool:
    another = sa.and_(run.c.source == source, run.c.run_id != run_id)
    return bool(connection.scalar(sa.select(sa.func.count()).select_from(run).where(another, run.c.status == HELD)))


def _row(source: str, pull: Pull, run_id: str) -> dict[str, object]:
    return {
        "source": source,
        "pull_id": pull.pull_id,
        "window_start_at": pull.window_start_at,
        "window_end_at": pull.window_end_at,
        "pulled_at": pull.pulled_at,
        "run_id": run_id,
    }
