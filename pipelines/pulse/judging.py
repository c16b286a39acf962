"""Landed answers of employees become a judged batch: every one accepted, or set aside with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import structlog

from expectations.judge import ROW_NUMBER
from pipelines.pulse.landed import BROKEN, FIELDS, frame_of, landed_rows
from pipelines.pulse.set_aside import batch_checks, first_fault, refused, unit_faults, unread
from pipelines.validation.records import QUARANTINE_DTYPES, WARNING, BatchCheck, ValidatedBatch
from pipelines.validation.sql import keep
from pipelines.validation.verdicts import ask, keep_verdicts, row_checks, warning_counts
from pipelines.warehouse.tables import employee_response
from symetrie.questions import EMPLOYEE_QUESTIONS, Asked, asked

if TYPE_CHECKING:
    from expectations.judge import Verdict
    from pipelines.landing import LandedPage
    from pipelines.settings import Settings, Source
    from pipelines.settings.campaigns import Campaign
    from symetrie.questionnaires import Questionnaire

log = structlog.get_logger(__name__)

BEFORE_OPENING, AFTER_CLOSING, UNDECLARED = "before opening", "after closing", "undeclared"
FAULTS = ("respondent_fault", "unit_fault", "date_fault", "campaign_fault")
LANDED = (
    "page_hash", "version_at", "line", "respondent_key", "content_key", "turn", "campaign_id", "named_version",
    "unit_id", "answered_on", "relation", "channel", "verbatim", *FAULTS, *(each.column for each in EMPLOYEE_QUESTIONS),
)  # fmt: skip
ENGAGEMENT_ITEMS = tuple(each.column for each in EMPLOYEE_QUESTIONS if each.measure.key == "engagement")
STORED = tuple(column.name for column in employee_response.columns if column.name not in ("publication_id", "run_id"))
TOLD = ("campaign_id", "unit_id", "answered_on", "line")  # of what is set aside
MARKS = tuple(each.column for each in EMPLOYEE_QUESTIONS if each.column in STORED)


def judge_pulse(settings: Settings, source: Source, pages: Sequence[LandedPage]) -> ValidatedBatch:
    """Judge the answers of landed pages: rows in one call to Great Expectations, then the batch as a whole."""
    rows, heads = landed_rows(pages)
    broken = [row for row in rows if BROKEN in row]
    answers = _numbered(frame_of([row for row in rows if BROKEN not in row], LANDED))
    questionnaire = settings.questionnaires[source.questionnaire]
    questions = [asked(key) for key in questionnaire.measures]
    typed = _typed(answers, settings, source, questions)
    connection = duckdb.connect()
    keep(connection, "typed", typed.reset_index().assign(is_withdrawn=False)[[ROW_NUMBER, "is_withdrawn"]])
    keep(connection, "unreadable", pd.DataFrame({"reason": [str(row[BROKEN]) for row in broken]}, dtype="str"))
    keep_verdicts(connection, _verdicts(typed, questions, source))
    kept = _kept(connection)
    set_aside = refused(
        connection, typed, source, told=("campaign_id", "unit_id", "answered_on", "line"), landed=LANDED
    )
    quarantined = pd.concat([set_aside, unread(broken, source)], ignore_index=True)
    accepted = _accepted(typed.loc[kept.index].assign(warnings=kept["warnings"]), settings, source)
    connection.register("accepted_answer", accepted)
    return ValidatedBatch(
        source=source.name,
        side=source.side,
        received_count=len(rows),
        answers=connection.table("accepted_answer"),
        quarantined=quarantined.astype(QUARANTINE_DTYPES),
        warnings=warning_counts(connection),
        checks=tuple(_checks(settings, heads, typed, len(quarantined))),
        row_checks=row_checks(connection),
        pages=tuple(pages),
        fields_by_page={page: tuple(head[FIELDS]) for page, head in heads.items()},
    )


def _numbered(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.set_index(pd.RangeIndex(1, len(answers) + 1, name=ROW_NUMBER))


def _typed(answers: pd.DataFrame, settings: Settings, source: Source, questions: Sequence[Asked]) -> pd.DataFrame:
    """The answers with the standing of their day in the settings of today, and the marks that their campaign asks."""
    campaigns = {each.id: each for each in settings.campaigns if each.source == source.name}
    marks = answers[[each.column for each in questions]].astype("Float64")
    asks = {each.id: _asked_by(settings.questionnaires[each.questionnaire]) for each in campaigns.values()}
    for column in marks:
        is_asked = answers["campaign_id"].map({id_: column in columns for id_, columns in asks.items()})
        marks[column] = marks[column].where(is_asked.fillna(value=True).astype(bool))
    days = [date.fromisoformat(day) if isinstance(day, str) else None for day in answers["answered_on"]]
    of_campaign = [campaigns.get(campaign) for campaign in answers["campaign_id"]]
    standing = [_campaign_fault(campaign, day) for campaign, day in zip(of_campaign, days, strict=True)]
    versions = [_version_fault(*pair) for pair in zip(of_campaign, answers["named_version"], strict=True)]
    units = unit_faults([*answers["unit_id"]], days, settings)
    return answers.assign(
        **marks,
        mark_count=marks.notna().sum(axis=1),
        campaign_fault=first_fault(answers["campaign_fault"], standing),
        version_fault=pd.Series(versions, index=answers.index, dtype=object),
        unit_fault=first_fault(answers["unit_fault"], units),
        day=pd.Series(days, index=answers.index, dtype=object),
    )


def _asked_by(questionnaire: Questionnaire) -> frozenset[str]:
    return frozenset(asked(key).column for key in questionnaire.measures)


def _campaign_fault(campaign: Campaign | None, day: date | None) -> str | None:
    if campaign is None or day is None:
        return None
    return BEFORE_OPENING if day < campaign.opens_on else AFTER_CLOSING if day > campaign.closes_on else None


def _version_fault(campaign: Campaign | None, version: object) -> str | None:
    if campaign is None or not isinstance(version, str) or version == campaign.questionnaire:
        return None
    return UNDECLARED


def _verdicts(typed: pd.DataFrame, questions: Sequence[Asked], source: Source) -> list[Verdict]:
    """Ask the suite about every row; without rows Great Expectations is not even imported (7 s)."""
    if typed.empty:
        return []
    from expectations.employee_pulse import employee_pulse

    columns = [*FAULTS, "version_fault", "relation", "channel"]
    floats = {each.column: typed[each.column].astype("float64") for each in questions}
    return ask(employee_pulse(questions), typed[columns].assign(**floats, mark_count=typed["mark_count"]), source.name)


def _kept(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.sql(f"SELECT {ROW_NUMBER}, warnings FROM kept").df().set_index(ROW_NUMBER).sort_index()


def _accepted(rows: pd.DataFrame, settings: Settings, source: Source) -> pd.DataFrame:
    """The accepted answers, as `core.employee_response` will hold them."""
    items = [column for column in ENGAGEMENT_ITEMS if column in rows]
    versions = {each.id: each.questionnaire for each in settings.campaigns}
    marks = {name: rows[name].astype("Float64").astype("Int16") for name in MARKS}
    stored = rows.assign(
        **marks,
        source=source.name,
        questionnaire_version=rows["campaign_id"].map(versions),
        engagement_mean=rows[items].astype("float64").mean(axis=1),
        answered_on=pd.to_datetime(rows["day"].to_numpy()).astype("datetime64[us]"),
        relation=rows["relation"].where(rows["relation"] != "unrecognised", None).astype("str"),
        channel=rows["channel"].where(rows["channel"] != "unrecognised", None).astype("str"),
        turn=rows["turn"].astype("Int16"),
        version_at=pd.to_datetime(rows["version_at"], utc=True).astype("datetime64[us, UTC]"),
    )
    texts = {
        name: stored[name].astype("str")
        for name in ("campaign_id", "respondent_key", "unit_id", "verbatim", "content_key")
    }
    return stored.assign(**texts)[[*STORED]].reset_index(drop=True)


def _checks(
    settings: Settings, heads: Mapping[str, Mapping[str, list[str]]], typed: pd.DataFrame, bad: int
) -> list[BatchCheck]:
    """What is to be said of the batch as a whole."""
    checks = batch_checks(settings, heads, len(typed), bad)
    campaigns = set(typed["campaign_id"].dropna())
    for campaign in settings.campaigns:
        if campaign.id in campaigns and not campaign.has_headcounts:
            observed = f"campaign {campaign.id} has no headcounts, so its participation cannot be shown"
            expected = "pulse.headcounts_csv says how many were invited"
            checks.append(BatchCheck("no_headcounts", WARNING, passed=False, observed=observed, expected=expected))
    return checks
