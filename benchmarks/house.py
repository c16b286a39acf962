"""A house of any size for the benchmarks: its settings, its network, and files of answers drawn by DuckDB."""

from __future__ import annotations

import csv
import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from pipelines.settings import Settings

ROOT = Path(__file__).parents[1]
PHRASES = ROOT / "pipelines" / "demo" / "data" / "verbatims.fr.toml"

SOURCE = "survey"
SITES_PER_REGION = 250
DIMENSIONS = (
    "autonomy", "cooperation", "competence", "conduct", "consideration", "listening", "facilitation", "harmony",
    "trust", "values", "environment",
)  # fmt: skip
MARKS = ("overall", *DIMENSIONS)

SETTINGS = """
network:
  units_csv: network.csv
sources:
  - {{name: {source}, path: "drops/*.{format}", questionnaire: eleven, settle_seconds: 0}}
questionnaires:
  eleven:
{questions}
recipients:
{recipients}
"""
RECIPIENT = "  - {{id: {id}, name: Manager of {site}, unit: {site}, email: {site}@example.com}}"

DRAW = "CREATE OR REPLACE MACRO draw(i, salt, count) AS (hash(i, salt) % count)::BIGINT"
# A sentence, most often two, now and then a third; one text in forty holds a telephone or an address to hide.
ANSWERS = """
SELECT strftime(DATE '{day}', '%Y%m%d') || '-' || lpad(i::VARCHAR, 8, '0') AS response_id,
    'S' || lpad((1 + draw(i, 1, {sites}))::VARCHAR, 5, '0') AS unit_id,
    strftime(TIMESTAMP '{day} 08:00:00' + to_seconds(draw(i, 2, 43200)), '%Y-%m-%dT%H:%M:%S') AS submitted_at,
    ['store', 'web', 'email', 'phone'][1 + draw(i, 3, 4)] AS channel,
    {marks},
    concat_ws(' ', {sentence_1} || '.', CASE WHEN draw(i, 5, 3) > 0 THEN {sentence_2} || '.' END,
        CASE WHEN draw(i, 6, 40) = 0 THEN 'Rappelez-moi au 06 12 34 ' || (10 + draw(i, 7, 90)) || ' 56.'
             WHEN draw(i, 6, 40) = 1 THEN 'Mon adresse : client' || i || '@example.com.'
             WHEN draw(i, 6, 5) = 2 THEN 'Commande n° ' || (100000 + draw(i, 8, 900000)) || '.' END) AS verbatim,
    CASE draw(i, 9, 3) WHEN 0 THEN 'oui' WHEN 1 THEN 'non' END AS can_contact
FROM range({first}, {last}) AS drawn(i)
"""


@dataclass(frozen=True)
class House:
    """A folder with settings, a network and drops."""

    folder: Path
    sites: int
    format: str = "csv"

    def settings(self) -> Settings:
        """Its settings, read as every command reads them."""
        from pipelines import logs
        from pipelines.settings import load_settings

        logs.configure()
        os.environ["SYMETRIE_HOME"] = str(self.folder / "home")
        return load_settings(self.folder / "symetrie.yaml")

    def write(self, *, with_recipients: bool = False) -> House:
        """Write the settings and the network; a recipient per site where asked."""
        (self.folder / "drops").mkdir(parents=True)
        questions = "\n".join(f"    {mark}: {{field: {mark}, scale: one_to_five}}" for mark in MARKS)
        sites = [_site(number) for number in range(self.sites)] if with_recipients else ["S00001"]
        recipients = "\n".join(
            f"  - {{id: {site.lower()}, name: Manager of {site}, unit: {site}, email: {site}@example.com}}"
            for site in sites
        )
        text = SETTINGS.format(source=SOURCE, format=self.format, questions=questions, recipients=recipients)
        (self.folder / "symetrie.yaml").write_text(text, encoding="utf-8")
        self._write_network()
        return self

    def _write_network(self) -> None:
        with (self.folder / "network.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "kind", "name", "parent", "timezone"])
            rows.writerow(["N", "network", "Network", "", "Europe/Paris"])
            regions = range(-(-self.sites // SITES_PER_REGION))
            rows.writerows([f"R{region:03}", "region", f"Region {region}", "N", ""] for region in regions)
            rows.writerows(
                [_site(number), "site", f"Site {number}", f"R{number // SITES_PER_REGION:03}", ""]
                for number in range(self.sites)
            )

    def drop(self, day: date, answers: int, files: int = 1) -> None:
        """Drop the answers of a day, in one file or in several."""
        import duckdb  # not at the top: DuckDB takes a child that is still starting for a person at a prompt

        with duckdb.connect() as connection:
            self._drop(connection, day, answers, files)

    def drop_days(self, first: date, days: int, answers: int) -> None:
        """Drop a file for each of some days in a row."""
        import duckdb

        with duckdb.connect() as connection:
            for number in range(days):
                self._drop(connection, first + timedelta(days=number), answers, 1)

    def _drop(self, connection: duckdb.DuckDBPyConnection, day: date, answers: int, files: int) -> None:
        delivered = datetime.combine(day + timedelta(days=1), time(0, 30), tzinfo=UTC).timestamp()
        bounds = [answers * number // files for number in range(files + 1)]
        for number, (first, last) in enumerate(pairwise(bounds)):
            path = self.folder / "drops" / f"{SOURCE}_{day}_{number:03}.{self.format}"
            how = "FORMAT csv, DELIMITER ';'" if self.format == "csv" else "FORMAT json"
            connection.execute(DRAW)
            connection.execute(f"COPY ({_answers(day, self.sites, first, last)}) TO '{path}' ({how})")
            os.utime(path, (delivered, delivered))


def _site(number: int) -> str:
    return f"S{number + 1:05}"


def _answers(day: date, sites: int, first: int, last: int) -> str:
    phrases = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    sentences = [
        core for mood in ("low", "mixed", "high") for cores in phrases[mood]["cores"].values() for core in cores
    ]
    marks = ", ".join(
        f"CASE WHEN draw(i, {number}, 20) > 0 THEN [1, 2, 3, 4, 4, 4, 5, 5, 5, 5][1 + draw(i, {number + 50}, 10)] END"
        f" AS {mark}"
        for number, mark in enumerate(MARKS, start=10)
    )
    return ANSWERS.format(
        day=day,
        sites=sites,
        marks=marks,
        sentence_1=_one_of(sentences, 4),
        sentence_2=_one_of(sentences, 40),
        first=first,
        last=last,
    )


def _one_of(texts: list[str], salt: int) -> str:
    listed = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
    return f"[{listed}][1 + draw(i, {salt}, {len(texts)})]"
