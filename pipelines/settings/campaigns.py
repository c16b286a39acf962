"""The campaigns in which employees are asked, from a CSV file of the house."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from pipelines.settings.csv_file import At, Row, read_rows
from pipelines.settings.declared import Declared
from pipelines.settings.document import Document
from pipelines.settings.entry import Day, Entry, Key, Text
from pipelines.settings.errors import Place, Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.headcounts import read_headcounts
from pipelines.settings.paths import NamedFile, named_file
from pipelines.settings.pulse import Pulse
from pipelines.settings.sources import Source
from pipelines.settings.suggestions import listed


@dataclass(frozen=True, slots=True)
class Campaign:
    """A stretch of days, both included, in which employees answer a version of a questionnaire."""

    id: str
    source: str
    questionnaire: str
    opens_on: date
    closes_on: date
    name: str
    headcounts: Mapping[str, int]  # people invited per unit

    @property
    def has_headcounts(self) -> bool:
        """Whether it is known how many were invited; without it no participation is shown."""
        return bool(self.headcounts)


class CampaignEntry(Entry):
    """A line of the campaigns."""

    id: Key = Field(description="Identifier of the campaign, for ever.")
    source: Text = Field(description="The employee source that its answers come from.")
    opens_on: Day = Field(description="First day on which answers count.")
    closes_on: Day = Field(description="Last day on which answers count.")
    questionnaire: Text | None = Field(
        default=None, description="Version that is asked, a part of the source's; by default the source's."
    )
    name: Text | None = Field(default=None, description="Name that people read; by default the id.")

    @field_validator("closes_on")
    @classmethod
    def _not_before_it_opens(cls, closes_on: date, info: ValidationInfo) -> date:
        opens_on = info.data.get("opens_on", closes_on)
        if closes_on < opens_on:
            raise ValueError(f"{closes_on} is before opens_on {opens_on}")
        return closes_on


@dataclass(frozen=True, slots=True)
class PlacedCampaign:
    """A campaign as written, and where each of its columns stands."""

    entry: CampaignEntry
    at: At


def read_campaigns(document: Document, declared: Declared, problems: Problems) -> tuple[Campaign, ...]:
    """Read the campaigns with the people invited to them, in the order in which they close."""
    pulse = read_entry(Pulse, document.block("pulse"), document.at(("pulse",)), problems) or Pulse()
    campaigns_csv = named_file(pulse.campaigns_csv, document, ("pulse", "campaigns_csv"))
    headcounts_csv = named_file(pulse.headcounts_csv, document, ("pulse", "headcounts_csv"))
    return () if campaigns_csv is None else _read_files(campaigns_csv, headcounts_csv, declared, problems)


def _read_files(
    campaigns_csv: NamedFile, headcounts_csv: NamedFile | None, declared: Declared, problems: Problems
) -> tuple[Campaign, ...]:
    rows = read_rows(campaigns_csv, CampaignEntry, problems)
    placed = _read_entries(rows or (), problems)
    for campaign in placed:
        _check_names(campaign, declared, problems)
    _check_days(placed, declared, problems)
    ids = None if rows is None else {_id_in(value) for value, _ in rows}
    headcounts = {} if headcounts_csv is None else read_headcounts(headcounts_csv, ids, declared.units, problems)
    campaigns = [_campaign(each.entry, declared, headcounts.get(each.entry.id, {})) for each in placed]
    return tuple(sorted(campaigns, key=lambda campaign: (campaign.closes_on, campaign.id)))


def _read_entries(rows: Iterable[Row], problems: Problems) -> list[PlacedCampaign]:
    lines: dict[str, int | None] = {}
    placed = []
    for value, at in rows:
        place, id_ = at(("id",)), _id_in(value)
        if id_ and id_ in lines:
            problems.add(place, f"{id_!r} also stands on line {lines[id_]}; choose another")
        lines.setdefault(id_, place.line)
        entry = read_entry(CampaignEntry, value, at, problems)
        if entry is not None:
            placed.append(PlacedCampaign(entry, at))
    return placed


def _id_in(value: Any) -> str:
    return str(value.get("id", "") if isinstance(value, dict) else value)


def _check_names(campaign: PlacedCampaign, declared: Declared, problems: Problems) -> None:
    entry, place = campaign.entry, campaign.at(("source",))
    if entry.source not in declared.source_names:
        problems.add_unknown(place, "source", entry.source, declared.source_names)
    elif source := declared.sources.get(entry.source):
        if source.side != "employee":
            problems.add(place, f"{source.name!r} is of side {source.side}; name a source of side employee")
        elif entry.questionnaire is not None:
            _check_questionnaire(entry.questionnaire, source, campaign.at(("questionnaire",)), declared, problems)


def _check_questionnaire(version: str, source: Source, place: Place, declared: Declared, problems: Problems) -> None:
    if version not in declared.questionnaire_names:
        problems.add_unknown(place, "questionnaire", version, declared.questionnaire_names)
    asked, read = declared.questionnaires.get(version), declared.questionnaires.get(source.questionnaire)
    if asked is None or read is None:
        return
    if asked.audience != "employees":
        problems.add(place, f"{version!r} asks {asked.audience}; name a version that asks employees")
        return
    known = {(question.measure, question.fields, question.scale) for question in read.questions}
    others = [each.measure for each in asked.questions if (each.measure, each.fields, each.scale) not in known]
    if others:
        message = f"{version!r} asks {listed(others)} as {read.version!r} of source {source.name!r} does not"
        problems.add(place, f"{message}; ask a part of the source's questions, of the same fields on the same scales")


def _check_days(campaigns: Sequence[PlacedCampaign], declared: Declared, problems: Problems) -> None:
    """Let campaigns of one source overlap only where each answer names its own."""
    last: dict[str, PlacedCampaign] = {}  # of each source, the one that closes last so far
    _check_closings(campaigns, problems)
    for campaign in sorted(campaigns, key=lambda each: each.entry.opens_on):
        entry, source = campaign.entry, declared.sources.get(campaign.entry.source)
        if source is None or source.side != "employee" or source.names_campaign:
            continue
        earlier = last.setdefault(source.name, campaign)
        if earlier is not campaign and entry.opens_on <= earlier.entry.closes_on:
            message = (
                f"{entry.id!r} opens before {earlier.entry.id!r} of line {earlier.at(()).line} closes"
                f" on {earlier.entry.closes_on}, so a day could mean either; let one close before the other opens,"
                f" or write fields.campaign_id for source {source.name!r}"
            )
            problems.add(campaign.at(("opens_on",)), message)
        if entry.closes_on > earlier.entry.closes_on:
            last[source.name] = campaign


def _check_closings(campaigns: Sequence[PlacedCampaign], problems: Problems) -> None:
    """Let no two campaigns close on one day: a unit has one score of a measure per day."""
    lines: dict[date, PlacedCampaign] = {}
    for campaign in campaigns:
        first = lines.setdefault(campaign.entry.closes_on, campaign)
        if first is not campaign:
            message = f"{campaign.entry.closes_on} is the day on which {first.entry.id!r} closes; take another"
            problems.add(campaign.at(("closes_on",)), message)


def _campaign(entry: CampaignEntry, declared: Declared, headcounts: Mapping[str, int]) -> Campaign:
    source = declared.sources.get(entry.source)
    return Campaign(
        id=entry.id,
        source=entry.source,
        questionnaire=entry.questionnaire or (source.questionnaire if source else ""),
        opens_on=entry.opens_on,
        closes_on=entry.closes_on,
        name=entry.name or entry.id,
        headcounts=headcounts,
    )
