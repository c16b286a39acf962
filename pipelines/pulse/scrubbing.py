"""Employees' pages before they land: what was asked for is read and kept, the person and everything else is left out.

What lands is a page of our own, one JSON object per answer: the unit, the day, the marks, the words redacted, and for
the person a keyed hash. The source's own columns never reach a disk, so a correction of the settings that needs them
(another spelling of a unit, another scale) takes the file once more from its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import structlog

from pipelines.pages.columns import columns_of, plain
from pipelines.pulse.in_memory import read_in_memory
from pipelines.pulse.keys import key_of
from pipelines.pulse.landed import (
    BROKEN,
    CLOSED_KEY,
    DROPPED,
    FIELDS,
    FUTURE,
    IMPOSSIBLE,
    LANDED_FORMAT,
    MISSING,
    UNKNOWN,
    texts_of,
)
from pipelines.validation.accepted import read_by_model, redacted_words
from pipelines.validation.moments import build_moment
from pipelines.validation.readings import Reading, build_readings, joins, mark_column
from pipelines.validation.sql import quoted, stripped
from symetrie.questions import asked

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.pages import RawBatch
    from pipelines.settings import Settings, Source
    from pipelines.settings.campaigns import Campaign

log = structlog.get_logger(__name__)

TOKEN, INSTANT = "token", "at"  # of the person, and when they answered: gone before anything is written


@dataclass(frozen=True)
class Scrubber:
    """Turns a page of one employee source into what may land of it."""

    settings: Settings
    source: Source

    @property
    def format(self) -> str:
        """The format of what lands."""
        return LANDED_FORMAT

    def __call__(self, data: bytes, format_: str, name: str) -> bytes:
        """Read a page in memory and give what may land: the fields that were dropped by name, then the answers."""
        questionnaire = self.settings.questionnaires[self.source.questionnaire]
        columns = columns_of(self.source, questionnaire)
        with closing(read_in_memory(data, format_, name, self.source, columns)) as raw:
            rows, broken, fields = self._keyed(self._answers(raw)), _broken(raw), raw.fields
        dropped = _dropped(fields, [field for column in columns for field in column.fields])
        log.info("page.scrubbed", source=self.source.name, file=name, answers=len(rows), dropped=len(dropped))
        return _page(rows, broken, {FIELDS: [each for each in fields if each not in dropped], DROPPED: dropped})

    def _answers(self, raw: RawBatch) -> pd.DataFrame:
        """The answers as typed values, still with the person's token and the moment."""
        connection, source, settings = raw.connection, self.source, self.settings
        questionnaire, now = settings.questionnaires[source.questionnaire], datetime.now(UTC)
        connection.execute("SET TimeZone = 'UTC'")
        readings = build_readings(
            connection, source=source, questionnaire=questionnaire, network=settings.network, scales=settings.scales
        )
        build_moment(connection, readings["unit_id"], source=source, network=settings.network, now=now)
        unit, marks = readings["unit_id"], {key: readings[mark_column(key)] for key in questionnaire.measures}
        longest = settings.thresholds.verbatim_max_length
        columns = {
            TOKEN: stripped("answer.respondent"),
            INSTANT: "moment.submitted_at",
            "line": "answer.line",
            "named_campaign": stripped("answer.campaign_id"),
            "named_version": stripped("answer.questionnaire_version"),
            "unit_id": f"CASE WHEN unit_zone.unit_id IS NOT NULL THEN {unit.value} END",
            "unit_fault": _fault({MISSING: f"{unit.value} IS NULL", UNKNOWN: "unit_zone.unit_id IS NULL"}),
            "answered_on": "strftime(moment.business_date, '%Y-%m-%d')",
            "date_fault": _date_fault(now),
            "relation": _or_else(readings["relation"], source.relation),
            "channel": _or_else(readings["channel"], source.channel),
            **{asked(key).column: reading.value for key, reading in marks.items()},
            "verbatim": f"left({redacted_words(settings.redaction)}, {longest})",
        }
        joined = joins((unit, readings["relation"], readings["channel"], *marks.values()))
        joined += read_by_model(connection, settings.redaction)
        return connection.sql(
            f"""
            SELECT {", ".join(f"{value} AS {name}" for name, value in columns.items())}
            FROM answer_text AS answer JOIN moment USING (row_number) {joined}
            LEFT JOIN unit_zone ON unit_zone.unit_id = {unit.value}
            """
        ).df()

    def _keyed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The answers without the person: by campaign, a keyed hash and which of somebody's answers it is."""
        campaign, fault = self._campaigns(rows)
        rows = rows.assign(campaign_id=campaign, campaign_fault=fault).sort_values([INSTANT, "line"], kind="stable")
        rows["respondent_fault"] = rows[TOKEN].isna().map({True: MISSING, False: None})
        content = texts_of(rows.drop(columns=[TOKEN, INSTANT, "line"]))
        rows["respondent_key"], rows["content_key"] = None, None
        for name, of_campaign in rows[rows[TOKEN].notna()].groupby("campaign_id"):
            key = key_of(self.settings.home, str(name))
            if key is None:
                rows.loc[of_campaign.index, "respondent_fault"] = CLOSED_KEY
                continue
            rows.loc[of_campaign.index, "respondent_key"] = key.respondents(of_campaign[TOKEN])
            rows.loc[of_campaign.index, "content_key"] = key.contents(content[of_campaign.index])
        rows["turn"] = rows.groupby(["campaign_id", "respondent_key"], dropna=False).cumcount()
        return rows.drop(columns=[TOKEN, INSTANT, "named_campaign"])

    def _campaigns(self, rows: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """The campaign of each answer, as it names it, else by its day; or why it has none."""
        own = [each for each in self.settings.campaigns if each.source == self.source.name]
        known = {each.id: each.id for each in own}
        by_day = {day: _campaign_of(day, own) for day in rows["answered_on"].dropna().unique()}
        named = rows["named_campaign"].map(known)
        found = named.where(rows["named_campaign"].notna(), rows["answered_on"].map(by_day))
        is_named_wrong = rows["named_campaign"].notna() & named.isna()
        fault = found.isna().map({True: UNKNOWN, False: None}).where(is_named_wrong | rows["answered_on"].notna(), None)
        return found.where(found.notna(), None), fault


def _campaign_of(day: str, campaigns: list[Campaign]) -> str | None:
    """The campaign that is open on a day, else the last one that has closed before: an answer to it comes late."""
    at = date.fromisoformat(day)
    opened = [each for each in campaigns if each.opens_on <= at]
    return max(opened, key=lambda each: (each.closes_on >= at, each.opens_on)).id if opened else None


def _fault(cases: Mapping[str, str]) -> str:
    return f"CASE {' '.join(f'WHEN {condition} THEN {quoted(word)}' for word, condition in cases.items())} END"


def _date_fault(now: datetime) -> str:
    at = "moment.submitted_at"
    return _fault(
        {
            MISSING: f"{stripped('answer.submitted_at')} IS NULL",
            UNKNOWN: f"{at} IS NULL",
            FUTURE: f"{at} > TIMESTAMP '{now.replace(tzinfo=None).isoformat(sep=' ')}'",
            IMPOSSIBLE: "moment.business_date IS NULL",
        }
    )


def _or_else(reading: Reading, constant: str | None) -> str:
    return f"coalesce({reading.value}, {quoted(constant)})"


def _broken(raw: RawBatch) -> list[dict[str, object]]:
    """What could not be read as an answer: where and why, and no word of it."""
    found = raw.connection.execute("SELECT line, reason, message FROM unreadable ORDER BY line").fetchall()
    return [{"line": line, BROKEN: reason, "message": message} for line, reason, message in found]


def _dropped(fields: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The fields of a page that nobody asked for."""
    asked_for = {plain(each) for field in wanted for each in (field, field.split(".")[0].removeprefix("$"))}
    return [field for field in dict.fromkeys(fields) if plain(field) not in asked_for]


def _page(rows: pd.DataFrame, broken: list[dict[str, object]], head: dict[str, object]) -> bytes:
    """The page: its answers in the order of their hashes, since that of their arrival would tell the hour."""
    has_fault = rows.filter(like="_fault").notna().any(axis=1)
    rows = rows.assign(line=rows["line"].where(has_fault, None)).sort_values(["respondent_key", "turn", "unit_id"])
    lines = [head, *_objects(rows), *broken]
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def _objects(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Each answer as an object without what is missing."""
    for record in json.loads(rows.to_json(orient="records", date_format="iso", force_ascii=False)):
        yield {name: value for name, value in record.items() if value is not None}
