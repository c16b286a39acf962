"""Landed contacts become a judged batch: every one accepted, or set aside with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from expectations.judge import ROW_NUMBER
from pipelines.pulse.landed import BROKEN, FIELDS, frame_of, landed_rows
from pipelines.pulse.set_aside import batch_checks, first_fault, refused, unit_faults, unread
from pipelines.validation.records import QUARANTINE_DTYPES, ValidatedBatch
from pipelines.validation.sql import keep
from pipelines.validation.verdicts import ask, keep_verdicts, row_checks, warning_counts
from pipelines.warehouse.tables import contact_rating

if TYPE_CHECKING:
    from expectations.judge import Verdict
    from pipelines.landing import LandedPage
    from pipelines.settings import Settings, Source

FAULTS = ("contact_fault", "client_response_fault", "agent_fault", "unit_fault", "date_fault")
LANDED = (
    "page_hash", "version_at", "line", "contact_id", "unit_id", "contact_on", "estimate", "client_response_id",
    "agent_key", "content_key", *FAULTS,
)  # fmt: skip
TOLD = ("contact_id", "unit_id", "contact_on", "line")  # of what is set aside
STORED = tuple(column.name for column in contact_rating.columns if column.name != "run_id")


def judge_contacts(settings: Settings, source: Source, pages: Sequence[LandedPage]) -> ValidatedBatch:
    """Judge the contacts of landed pages: rows in one call to Great Expectations, then the batch as a whole."""
    rows, heads = landed_rows(pages)
    broken = [row for row in rows if BROKEN in row]
    typed = _typed(frame_of([row for row in rows if BROKEN not in row], LANDED), settings)
    connection = duckdb.connect()
    keep(connection, "typed", typed.reset_index().assign(is_withdrawn=False)[[ROW_NUMBER, "is_withdrawn"]])
    keep(connection, "unreadable", pd.DataFrame({"reason": [str(row[BROKEN]) for row in broken]}, dtype="str"))
    keep_verdicts(connection, _verdicts(typed, source))
    bad = refused(connection, typed, source, told=TOLD, landed=LANDED)
    quarantined = pd.concat([bad, unread(broken, source)], ignore_index=True)
    kept = connection.sql(f"SELECT {ROW_NUMBER} FROM kept ORDER BY 1").df()[ROW_NUMBER]
    connection.register("accepted_contact", _accepted(typed.loc[kept], source))
    return ValidatedBatch(
        source=source.name,
        side=source.side,
        received_count=len(rows),
        answers=connection.table("accepted_contact"),
        quarantined=quarantined.astype(QUARANTINE_DTYPES),
        warnings=warning_counts(connection),
        checks=tuple(batch_checks(settings, heads, len(typed), len(quarantined))),
        row_checks=row_checks(connection),
        pages=tuple(pages),
        fields_by_page={page: tuple(head[FIELDS]) for page, head in heads.items()},
    )


def _typed(contacts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The contacts, numbered, with the standing of their day in the settings of today."""
    contacts = contacts.set_index(pd.RangeIndex(1, len(contacts) + 1, name=ROW_NUMBER))
    days = [date.fromisoformat(day) if isinstance(day, str) else None for day in contacts["contact_on"]]
    units = unit_faults([*contacts["unit_id"]], days, settings)
    return contacts.assign(
        estimate=contacts["estimate"].astype("float64"),
        unit_fault=first_fault(contacts["unit_fault"], units),
        day=pd.Series(days, index=contacts.index, dtype=object),
    )


def _verdicts(typed: pd.DataFrame, source: Source) -> list[Verdict]:
    """Ask the suite about every row; without rows Great Expectations is not even imported (7 s)."""
    if typed.empty:
        return []
    from expectations.contact_rating import contact_rating as suite

    return ask(suite(), typed[[*FAULTS, "estimate"]], source.name)


def _accepted(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The accepted contacts, as `core.contact_rating` will hold them."""
    texts = ("contact_id", "unit_id", "agent_key", "client_response_id", "content_key")
    stored = rows.assign(
        source=source.name,
        client_source=source.client_source,
        business_date=pd.to_datetime(rows["day"].to_numpy()).astype("datetime64[us]"),
        agent_estimate=rows["estimate"].astype("Int16"),
        version_at=pd.to_datetime(rows["version_at"], utc=True).astype("datetime64[us, UTC]"),
        **{name: rows[name].astype("str") for name in texts},
    )
    no_words = pd.Series(None, index=stored.index, dtype="str")  # of every batch that is saved, the words are searched
    return stored[[*STORED]].assign(verbatim=no_words).reset_index(drop=True)
