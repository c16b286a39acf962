"""Employees' pages before they land: what was asked for is read and kept, the person and everything else is left out.

What lands is a page of our own, one JSON object per answer: the unit, the day, the marks, the words redacted, and for
the person a keyed hash. The source's own columns never reach a disk, so a correction of the settings that needs them
(another spelling of a unit, another scale) takes the file once more from its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.pulse.keys import key_of
from pipelines.pulse.landed import CLOSED_KEY, MISSING, UNKNOWN, texts_of
from pipelines.pulse.scrubber import PageScrubber, date_fault, unit_fault, unit_value
from pipelines.validation.accepted import read_by_model, redacted_words
from pipelines.validation.moments import build_moment
from pipelines.validation.readings import Reading, build_readings, joins, mark_column
from pipelines.validation.sql import quoted, stripped
from symetrie.questions import asked

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.pages import RawBatch
    from pipelines.settings.campaigns import Campaign
    from symetrie.questionnaires import Questionnaire

TOKEN, INSTANT = "token", "at"  # of the person, and when they answered: gone before anything is written


@dataclass(frozen=True)
class Scrubber(PageScrubber):
    """Turns a page of one employee source into what may land of it."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What the source asks."""
        return self.settings.questionnaires[self.source.questionnaire]

    def rows_of(self, raw: RawBatch) -> pd.DataFrame:
        """The answers without the person, in the order of their hashes."""
        return self._keyed(self._answers(raw)).sort_values(["respondent_key", "turn", "unit_id"])

    def _answers(self, raw: RawBatch) -> pd.DataFrame:
        """The answers as typed values, still with the person's token and the moment."""
        connection, source, settings = raw.connection, self.source, self.settings
        questionnaire, now = self.questionnaire, datetime.now(UTC)
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
            "named_version": _one_of(stripped("answer.questionnaire_version"), settings.questionnaires),
            "unit_id": unit_value(unit),
            "unit_fault": unit_fault(unit),
            "answered_on": "strftime(moment.business_date, '%Y-%m-%d')",
            "date_fault": date_fault(now),
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


def _one_of(text: str, known: Iterable[str]) -> str:
    """Write a text if it is one of ours; of any other, which may be anything, only that it is none."""
    listed = ", ".join(map(quoted, known))
    return f"CASE WHEN {text} IN ({listed}) THEN {text} WHEN {text} IS NOT NULL THEN '{UNKNOWN}' END"


def _or_else(reading: Reading, constant: str | None) -> str:
    return f"coalesce({reading.value}, {quoted(constant)})"
