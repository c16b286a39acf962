"""A publication: what of a campaign's answers is told, once and for ever, in one transaction.

The answers that it counts are marked, and stay as they were counted. Later ones wait for the next publication of the
campaign, which adds to this one only what by itself may be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import structlog

from pipelines.pulse.figures import told_scores
from pipelines.pulse.participation import participation_of
from pipelines.pulse.words import told_words
from pipelines.reflection import reflect
from pipelines.warehouse.employee_counts import Wave, open_wave, people_of
from pipelines.warehouse.employees import store_campaigns
from pipelines.warehouse.ledger import ALL_SOURCES, PUBLISHED, PULSE, LedgerRow, write_ledger_row
from pipelines.warehouse.publications import Before, before, mark_counted, replace_scores, write_publication
from symetrie.anonymity import AnonymityRule, release
from symetrie.anonymity.cumulative import added_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from pipelines.settings.campaigns import Campaign
    from pipelines.settings.pulse import Pulse
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Published:
    """What came of a publication: its id, the answers that it counted, the figures shown and hidden."""

    publication_id: str
    campaign: Campaign
    counted_count: int
    shown_count: int
    hidden_count: int


def rule_of(pulse: Pulse) -> AnonymityRule:
    """The floors of the settings."""
    return AnonymityRule(pulse.floor, pulse.verbatim_floor, pulse.unanimity_floor)


def publish_campaign(
    warehouse: Warehouse, settings: Settings, campaign: Campaign, *, last_date: date, run_id: str
) -> Published | None:
    """Publish what of a campaign may be told and never was; None where that is nothing, and it all waits.

    `last_date` is the last business date that is over: a campaign is closed when it is among those.
    """
    is_closed = campaign.closes_on <= last_date
    if not (is_closed or settings.pulse.publish == "cadence"):
        return None
    started_at = datetime.now(UTC)
    with warehouse.publishing() as connection:
        store_campaigns(connection, settings.campaigns)
        earlier = before(warehouse, connection, campaign.id)
        wave = open_wave(campaign, fewest=None if is_closed else settings.pulse.floor)
        told = _told(warehouse, connection, settings, campaign, wave, earlier)
        if told is None:
            return None
        counted = mark_counted(connection, wave, told.publication_id)
        _write(warehouse, connection, settings, campaign, told, run_id)
        reflect(warehouse, connection, settings, [told.publication_id])
        row = LedgerRow(
            run_id, PULSE, ALL_SOURCES, last_date, started_at, datetime.now(UTC), PUBLISHED,
            detail={"publication": told.publication_id, "counted": counted},
        )  # fmt: skip
        write_ledger_row(connection, row)
    done = Published(told.publication_id, campaign, counted, told.shown_count, told.hidden_count)
    log.info("pulse.published", publication=done.publication_id, shown=done.shown_count, hidden=done.hidden_count)
    return done


@dataclass(frozen=True)
class _Told:
    """Everything that a publication tells, and what it stands on."""

    number: int
    publication_id: str
    counts: pd.DataFrame
    cells: pd.DataFrame
    scores: pd.DataFrame
    participation: pd.DataFrame
    words: pd.DataFrame

    @property
    def shown_count(self) -> int:
        return int((~self.scores["is_hidden"]).sum())

    @property
    def hidden_count(self) -> int:
        return int(self.scores["is_hidden"].sum())


def _told(
    warehouse: Warehouse,
    connection: sa.Connection,
    settings: Settings,
    campaign: Campaign,
    wave: Wave,
    earlier: Before,
) -> _Told | None:
    """What may be told now; None where nothing of the new answers may."""
    rule, cuts = rule_of(settings.pulse), settings.pulse.cuts
    people = people_of(warehouse, connection, wave, campaign, cuts)
    if people.groups.empty:
        return None
    new = release(people.groups, people.ancestors, cuts=cuts, rule=rule)
    if not new["answer_count"].sum():
        return None
    cells = added_up(earlier.cells, new, rule)
    scores = told_scores(cells)
    return _Told(
        number=earlier.number + 1,
        publication_id=f"{campaign.id}-{earlier.number + 1}",
        counts=people.groups,
        cells=cells,
        scores=scores,
        participation=participation_of(people, earlier.respondents, campaign, rule),
        words=told_words(people, earlier.words, rule),
    )


def _write(
    warehouse: Warehouse,
    connection: sa.Connection,
    settings: Settings,
    campaign: Campaign,
    told: _Told,
    run_id: str,
) -> None:
    questionnaire = settings.questionnaires[campaign.questionnaire]
    write_publication(
        warehouse,
        connection,
        {
            "publication_id": told.publication_id,
            "campaign_id": campaign.id,
            "campaign_name": campaign.name,
            "number": told.number,
            "published_at": datetime.now(UTC),
            "opens_on": campaign.opens_on,
            "closes_on": campaign.closes_on,
            "questionnaire_version": campaign.questionnaire,
            "dimension_count": len(questionnaire.dimensions("employee")),
            "floor": settings.pulse.floor,
            "verbatim_floor": settings.pulse.verbatim_floor,
            "unanimity_floor": settings.pulse.unanimity_floor,
            "cuts": ",".join(settings.pulse.cuts),
            "shown_count": told.shown_count,
            "hidden_count": told.hidden_count,
            "run_id": run_id,
        },
        counts=told.counts,
        cells=told.cells,
        scores=told.scores,
        answered=told.participation,
        words=told.words,
    )
    replace_scores(warehouse, connection, campaign, told.scores)


def publish_due(
    settings: Settings, warehouse: Warehouse, last_date: date, run_id: str, campaign_ids: Sequence[str] = ()
) -> list[Published]:
    """Publish every campaign, or those asked for, that has something to tell, in the order in which they close."""
    asked = {settings.campaign(each).id for each in campaign_ids} or {each.id for each in settings.campaigns}
    published = [
        publish_campaign(warehouse, settings, campaign, last_date=last_date, run_id=f"{run_id}-{campaign.id}")
        for campaign in settings.campaigns
        if campaign.id in asked and campaign.opens_on <= last_date
    ]
    return [each for each in published if each is not None]
