"""The rooms of the warehouse that hold the answer itself: `core`, and what was set aside of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
import sqlalchemy as sa

from pipelines.erasure.mended import mended_records
from pipelines.erasure.visit import Found, Visit
from pipelines.warehouse.counts import replace_daily_counts
from pipelines.warehouse.ledger import last_scored
from pipelines.warehouse.tables import client_response, correction, quarantine, tombstone
from pipelines.warehouse.temporary import temporary_table


def find_answer(visit: Visit) -> Found:
    """Look the answer up, or what is left of it where its source has withdrawn it."""
    with visit.warehouse.reading() as connection:
        held = connection.execute(_placed(visit)).all()
        withdrawn = connection.scalar(sa.select(sa.func.count()).select_from(tombstone).where(_is_it(tombstone, visit)))
    return Found(len(held) + (withdrawn or 0), frozenset((row.business_date, row.unit_id) for row in held))


def clear_answer(visit: Visit) -> None:
    """Remove the answer, count its day again, and note for the next summary that it is gone."""
    columns = (sa.Column("business_date", sa.Date), sa.Column("unit_id", sa.Text))
    with (
        visit.warehouse.publishing() as connection,
        temporary_table(connection, "touched_day", *columns) as touched,
    ):
        connection.execute(sa.insert(touched).from_select(touched.columns.keys(), _placed(visit)))
        connection.execute(sa.delete(client_response).where(_is_it(client_response, visit)))
        connection.execute(sa.delete(tombstone).where(_is_it(tombstone, visit)))
        replace_daily_counts(connection, touched)
        _note_correction(connection, touched, visit)


def find_set_aside(visit: Visit) -> Found:
    """Count the records of the answer in quarantine, those unreadable that name it included."""
    with visit.warehouse.reading() as connection:
        return Found(len(_set_aside(connection, visit)))


def clear_set_aside(visit: Visit) -> None:
    """Remove them whole: the record, its reasons and what was received."""
    with visit.warehouse.publishing(refreshes_readers=False) as connection:
        keys = _set_aside(connection, visit)
        connection.execute(
            sa.delete(quarantine).where(quarantine.c.source == visit.source, quarantine.c.record_key.in_(keys))
        )


def _is_it(table: sa.Table, visit: Visit) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.source == visit.source, table.c.response_id == visit.response_id)


def _placed(visit: Visit) -> sa.Select[Any]:
    return sa.select(client_response.c.business_date, client_response.c.unit_id).where(_is_it(client_response, visit))


def _note_correction(connection: sa.Connection, touched: sa.Table, visit: Visit) -> None:
    """One answer fewer on a day that has been told."""
    told = last_scored(connection)
    for place in connection.execute(sa.select(touched)).all():
        if told is not None and place.business_date <= told:
            connection.execute(
                sa.insert(correction).values(
                    run_id=visit.erasure_id,
                    source=visit.source,
                    business_date=place.business_date,
                    unit_id=place.unit_id,
                    late_count=0,
                    edited_count=0,
                    withdrawn_count=1,
                    corrected_at=datetime.now(UTC),
                )
            )


def _set_aside(connection: sa.Connection, visit: Visit) -> list[str]:
    """The keys of the records set aside, those that a person mended into the answer included."""
    record = quarantine.c
    found = connection.execute(
        sa.select(record.record_key, record.response_id, record.payload).where(
            record.source == visit.source,
            sa.or_(
                record.response_id == visit.response_id,
                sa.and_(record.response_id.is_(None), record.payload.contains(visit.response_id, autoescape=True)),
            ),
        )
    ).all()
    nameless = [(row.record_key, row.payload) for row in found if row.response_id is None]
    known = [row.record_key for row in found if row.response_id is not None]
    mended = [row.record_key for row in mended_records(connection, visit)]
    return list(dict.fromkeys([*known, *_naming(nameless, visit), *mended]))


def _naming(records: list[tuple[str, str]], visit: Visit) -> list[str]:
    """Those of the unreadable records that name the answer, and not another one whose identifier contains its own."""
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE record (key VARCHAR, payload VARCHAR)")
        if records:
            engine.executemany("INSERT INTO record VALUES (?, ?)", records)
        numbers = visit.erased.texts(engine, "record", "rowid")
    return [records[number][0] for number in numbers]
