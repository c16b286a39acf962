"""Records that a person gave their identifier: it stands in what was mended, and nowhere in what was received."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import duckdb
import sqlalchemy as sa

from expectations.readings import LONGEST_ID
from pipelines.erasure.pages import Holding
from pipelines.landing import landed_pages
from pipelines.pages import RawBatch, read_pages
from pipelines.pages.columns import columns_of, plain
from pipelines.pages.json_paths import text_at
from pipelines.validation.quarantine import capped
from pipelines.validation.sql import stripped
from pipelines.warehouse.quarantine import PAGE_DIGITS
from pipelines.warehouse.tables import quarantine

if TYPE_CHECKING:
    from pipelines.erasure.visit import Visit
    from pipelines.warehouse.typing import AnyRow


def mended_records(connection: sa.Connection, visit: Visit) -> list[AnyRow]:
    """The records of the quarantine that were mended into the answer."""
    record, written = quarantine.c, json.dumps(visit.response_id, ensure_ascii=False)[1:-1]
    found = connection.execute(
        sa.select(record.record_key, record.payload, record.mended).where(
            record.source == visit.source, record.mended.contains(written, autoescape=True)
        )
    ).all()
    return [found[number] for number in _of_answer([json.loads(row.mended) for row in found], visit)]


def holdings(visit: Visit) -> Iterator[Holding]:
    """The landed pages that brought such records without an identifier, each with their rows in it."""
    with visit.warehouse.reading() as connection:
        records = mended_records(connection, visit)
    if not records:
        return
    source = visit.settings.source(visit.source)
    questionnaire = visit.settings.questionnaires[source.questionnaire]
    for page in landed_pages(visit.settings.home, source.name):
        place = f"{page.content_hash[:PAGE_DIGITS]}:"
        payloads = {row.payload for row in records if row.record_key.startswith(place)}
        if payloads:
            raw = read_pages([page], source, questionnaire)
            if rows := _rows(raw, payloads, visit):
                yield Holding(page, raw, rows)


def _of_answer(records: Sequence[dict[str, Any]], visit: Visit) -> list[int]:
    """The places of the records whose identifier, under any of its names, is the answer's."""
    source = visit.settings.source(visit.source)
    columns = columns_of(source, visit.settings.questionnaires[source.questionnaire])
    fields = next(column.fields for column in columns if column.name == "response_id")
    found = ", ".join(text_at(field, "mended") for field in fields)
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE record (number INTEGER, mended VARCHAR)")
        for number, record in enumerate(records):
            spelled = {field: record[key] for key in record for field in fields if plain(key) == plain(field)}
            for each in (record, spelled):  # headers are found however they are spelled
                engine.execute("INSERT INTO record VALUES (?, ?)", [number, json.dumps(each, ensure_ascii=False)])
        return visit.erased.answers(engine, f"(SELECT number, unnest([{found}]) AS response_id FROM record)", "number")


def _rows(raw: RawBatch, payloads: set[str], visit: Visit) -> list[int]:
    """The rows without an identifier that were received so: by what they say, since lines move when others go."""
    is_nameless = f"coalesce(length({stripped('response_id')}), 0) NOT BETWEEN 1 AND {LONGEST_ID}"
    nameless = raw.connection.execute(
        f"SELECT row_number FROM answer_text WHERE {is_nameless} UNION ALL SELECT row_number FROM unreadable"
    ).fetchall()
    received = raw.payloads([number for (number,) in nameless])
    rows = received.loc[capped(received["payload"]).isin(payloads), "row_number"]
    found_anyway = visit.erased.texts(raw.connection, "unreadable", "row_number")
    return sorted({*map(int, rows)} - {*found_anyway})
