"""Pages of contacts before they land: the contact is kept, and of the agent a keyed hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from expectations.readings import LONGEST_ID
from pipelines.pulse.keys import key_of
from pipelines.pulse.landed import CLOSED_KEY, IMPOSSIBLE, MISSING, texts_of
from pipelines.pulse.scrubber import PageScrubber, date_fault, fault, unit_fault, unit_value
from pipelines.validation.moments import build_moment
from pipelines.validation.readings import build_readings
from pipelines.validation.sql import stripped
from symetrie.scales import UNREADABLE

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.pages import RawBatch

LOGIN = "login"  # of the agent: gone before anything is written


@dataclass(frozen=True)
class ContactScrubber(PageScrubber):
    """Turns a page of one contact source into what may land of it."""

    def rows_of(self, raw: RawBatch) -> pd.DataFrame:
        """The contacts without the agent, in the order of their hashes."""
        return self._keyed(self._contacts(raw)).sort_values(["content_key", "line"])

    def _contacts(self, raw: RawBatch) -> pd.DataFrame:
        """The contacts as typed values, still with the agent's login."""
        connection, source, network, now = raw.connection, self.source, self.settings.network, datetime.now(UTC)
        connection.execute("SET TimeZone = 'UTC'")
        unit = build_readings(
            connection, source=source, questionnaire=None, network=network, scales=self.settings.scales
        )["unit_id"]
        build_moment(connection, unit, source=source, network=network, now=now)
        names = {name: stripped(f"answer.{name}") for name in ("contact_id", "client_response_id")}
        columns = {
            LOGIN: stripped("answer.agent"),
            "line": "answer.line",
            "unit_id": unit_value(unit),
            "unit_fault": unit_fault(unit),
            "contact_on": "strftime(moment.business_date, '%Y-%m-%d')",
            "date_fault": date_fault(now),
            "estimate": _estimate(stripped("answer.estimate")),
            **{name: f"CASE WHEN length({text}) <= {LONGEST_ID} THEN {text} END" for name, text in names.items()},
            **{name.replace("_id", "_fault"): _id_fault(text) for name, text in names.items()},
        }
        return connection.sql(
            f"""
            SELECT {", ".join(f"{value} AS {name}" for name, value in columns.items())}
            FROM answer_text AS answer JOIN moment USING (row_number) {unit.join}
            LEFT JOIN unit_zone ON unit_zone.unit_id = {unit.value}
            """
        ).df()

    def _keyed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The contacts without the agent: a keyed hash, by which the same agent is known within this source."""
        has_agent, key = rows[LOGIN].notna(), key_of(self.settings.home, agents_key(self.source.name))
        rows = rows.assign(agent_key=None, content_key=None, agent_fault=None)
        rows.loc[~has_agent, "agent_fault"] = MISSING
        if key is None:
            rows.loc[has_agent, "agent_fault"] = CLOSED_KEY
        else:
            rows.loc[has_agent, "agent_key"] = key.respondents(rows.loc[has_agent, LOGIN])
            rows["content_key"] = key.contents(texts_of(rows.drop(columns=[LOGIN, "line"])))
        return rows.drop(columns=LOGIN)


def agents_key(source: str) -> str:
    """Name the key of a source's agents; no campaign can be called so, whose key would be destroyed one day."""
    return f"{source}@agents"


def _id_fault(text: str) -> str:
    return fault({MISSING: f"{text} IS NULL", IMPOSSIBLE: f"length({text}) > {LONGEST_ID}"})


def _estimate(text: str) -> str:
    """A whole number of one digit, however it is written; what is none cannot be read."""
    is_digit = f"regexp_full_match({text}, '[0-9]([.,]0+)?')"
    return f"CASE WHEN {is_digit} THEN left({text}, 1)::TINYINT WHEN {text} IS NOT NULL THEN {UNREADABLE} END"
