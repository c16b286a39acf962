"""Campaigns and their headcounts in CSV files: what they become, and what is wrong in them with its line."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import SymetrieError
from pipelines.settings import Settings, load_settings
from pipelines.settings.campaigns import Campaign

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]
Write = Callable[..., Path]

TEAM = "  - {name: team, side: employee, path: p, questionnaire: pulse-eleven-1}\n"
NAMED = "  - {name: named, side: employee, path: p, questionnaire: pulse-eleven-1, fields: {campaign_id: Vague}}\n"
CLIENTS = "  - {name: survey, path: c, questionnaire: overall-only-1}\n"
HOUSE = f"""\
sources:
{TEAM}{NAMED}{CLIENTS}network:
  units:
    - {{id: top, timezone: Europe/Paris}}
    - {{id: metz, parent: top}}
"""
CAMPAIGNS_ONLY = HOUSE + "pulse: {campaigns_csv: campaigns.csv}\n"
BOTH = HOUSE + "pulse: {campaigns_csv: campaigns.csv, headcounts_csv: headcounts.csv}\n"
SPRING = "id,source,opens_on,closes_on\nspring,team,2026-03-02,2026-03-15\n"


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def test_a_campaign_has_days_a_version_a_name_and_headcounts(load: Load) -> None:
    campaigns = lines(
        "id,source,opens_on,closes_on,questionnaire,name",
        "summer,team,2026-06-01,2026-06-14,,Été 2026",
        "w14,team,2026-03-30,2026-04-05,pulse-weekly-a,",
    )
    headcounts = lines("campaign_id,unit_id,invited_count", "summer,top,3", "summer,metz,12", "w14,metz,0")
    assert load(BOTH, campaigns=campaigns, headcounts=headcounts).campaigns == (
        Campaign(
            id="w14",
            source="team",
            questionnaire="pulse-weekly-a",
            opens_on=date(2026, 3, 30),
            closes_on=date(2026, 4, 5),
            name="w14",
            headcounts={"metz": 0},
        ),
        Campaign(
            id="summer",
            source="team",
            questionnaire="pulse-eleven-1",
            opens_on=date(2026, 6, 1),
            closes_on=date(2026, 6, 14),
            name="Été 2026",
            headcounts={"top": 3, "metz": 12},
        ),
    )


def test_campaigns_stand_in_the_order_in_which_they_close(load: Load) -> None:
    campaigns = lines(
        "id,source,opens_on,closes_on",
        "c,named,2026-01-01,2026-04-01",
        "b,named,2026-02-01,2026-02-28",
        "a,named,2026-03-01,2026-03-31",
    )
    assert [campaign.id for campaign in load(CAMPAIGNS_ONLY, campaigns=campaigns).campaigns] == ["b", "a", "c"]


def test_a_campaign_without_headcounts_is_no_mistake(load: Load) -> None:
    campaigns = SPRING + "summer,team,2026-06-01,2026-06-14\n"
    settings = load(BOTH, campaigns=campaigns, headcounts="campaign_id,unit_id,invited_count\nsummer,metz,12\n")
    assert [campaign.has_headcounts for campaign in settings.campaigns] == [False, True]
    assert not load(CAMPAIGNS_ONLY, campaigns=SPRING).campaign("spring").has_headcounts


def test_an_unknown_campaign_is_told_with_the_nearest(load: Load) -> None:
    settings = load(CAMPAIGNS_ONLY, campaigns=SPRING)
    assert settings.campaign("spring").closes_on == date(2026, 3, 15)
    with pytest.raises(SymetrieError, match=r"there is no campaign 'sprang' in symetrie.yaml; did you mean 'spring'\?"):
        settings.campaign("sprang")


def test_the_settings_can_be_handed_to_another_process(load: Load) -> None:
    settings = load(CAMPAIGNS_ONLY, campaigns=SPRING)
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_semicolons_french_accents_and_a_byte_order_mark_are_understood(write: Write, tmp_path: Path) -> None:
    file = write(BOTH)
    campaigns = "ID;Source;Opens_on;Closes_on;Name\nete;team;2026-06-01;2026-06-14;Été\n;;;;\n"
    headcounts = "Campaign_ID;Unit_ID;Invited_count\nete;metz;12\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        (tmp_path / "campaigns.csv").write_text(campaigns, encoding=encoding)
        (tmp_path / "headcounts.csv").write_text(headcounts, encoding=encoding)
        [campaign] = load_settings(file, {}).campaigns
        assert (campaign.name, campaign.headcounts) == ("Été", {"metz": 12})


def test_both_days_count_so_campaigns_that_share_one_overlap(problems: Lines, load: Load) -> None:
    touching = SPRING + "summer,team,2026-03-16,2026-06-14\n"
    assert len(load(CAMPAIGNS_ONLY, campaigns=touching).campaigns) == 2
    assert problems(CAMPAIGNS_ONLY, campaigns=SPRING + "summer,team,2026-03-15,2026-06-14\n") == [
        (
            "campaigns.csv:3: opens_on: 'summer' opens before 'spring' of line 2 closes on 2026-03-15, so a day could"
            " mean either; let one close before the other opens, or write fields.campaign_id for source 'team'"
        )
    ]


def test_a_short_campaign_inside_a_long_one_does_not_hide_the_next_overlap(problems: Lines) -> None:
    campaigns = lines(
        "id,source,opens_on,closes_on",
        "year,team,2026-01-01,2026-12-31",
        "spring,team,2026-03-01,2026-03-15",
        "autumn,team,2026-10-01,2026-10-15",
    )
    told = problems(CAMPAIGNS_ONLY, campaigns=campaigns)
    assert [line.partition(" closes")[0] for line in told] == [
        "campaigns.csv:3: opens_on: 'spring' opens before 'year' of line 2",
        "campaigns.csv:4: opens_on: 'autumn' opens before 'year' of line 2",
    ]


def test_campaigns_may_overlap_where_answers_name_theirs_or_come_from_other_sources(load: Load) -> None:
    campaigns = lines(
        "id,source,opens_on,closes_on",
        "a,named,2026-03-01,2026-03-31",
        "b,named,2026-03-15,2026-04-15",
        "c,team,2026-03-15,2026-04-16",
    )
    assert len(load(CAMPAIGNS_ONLY, campaigns=campaigns).campaigns) == 3


def test_no_two_campaigns_close_on_one_day(problems: Lines) -> None:
    """A unit has one score of a measure per day."""
    campaigns = SPRING + "summer,named,2026-03-01,2026-03-15\n"
    assert problems(CAMPAIGNS_ONLY, campaigns=campaigns) == [
        "campaigns.csv:3: closes_on: 2026-03-15 is the day on which 'spring' closes; take another"
    ]


def test_a_mistake_is_told_with_its_file_line_and_column(problems: Lines) -> None:
    campaigns = lines(
        "id,source,opens_on,closes_on,questionnaire,name",
        "spring,team,2026-03-02,2026-03-15,,",
        "spring,team,2026-04-02,2026-04-15,,",
        "Été,team,2026-05-01,2026-05-02,,",
        "a,teem,2026-05-01,2026-05-02,,",
        "b,survey,2026-05-01,2026-05-07,,",
        "c,team,2026-05-02,2026-05-01,,",
        "d,team,02/05/2026,2026-05-01,,",
        "e,team,2026-05-03,2026-05-03,pulse-elevn-1,",
        "f,team,2026-05-04,2026-05-04,eleven-2024,",
        "g,team,2026-05-05",
        ",team,2026-05-06,2026-05-06,,",
    )
    assert problems(CAMPAIGNS_ONLY, campaigns=campaigns) == [
        "campaigns.csv:3: id: 'spring' also stands on line 2; choose another",
        (
            "campaigns.csv:4: id: must be made of lower-case letters, digits, '-', '_' and '.',"
            " and begin with one of the first two"
        ),
        "campaigns.csv:5: source: there is no source 'teem'; did you mean 'team'?",
        "campaigns.csv:6: source: 'survey' is of side client; name a source of side employee",
        "campaigns.csv:7: closes_on: 2026-05-01 is before opens_on 2026-05-02",
        "campaigns.csv:8: opens_on: must be a day written YYYY-MM-DD, as 2026-01-31",
        ("campaigns.csv:9: questionnaire: there is no questionnaire 'pulse-elevn-1'; did you mean 'pulse-eleven-1'?"),
        "campaigns.csv:10: questionnaire: 'eleven-2024' asks clients; name a version that asks employees",
        "campaigns.csv:11: has 3 cells where the first line names 6 columns",
        "campaigns.csv:12: id: is missing; add it (identifier of the campaign, for ever)",
    ]


def test_the_columns_that_are_needed_are_told(problems: Lines) -> None:
    assert problems(CAMPAIGNS_ONLY, campaigns="id,source,opens,closes_on\n") == [
        "campaigns.csv:1: opens: is not a known column; did you mean 'opens_on'?",
        "campaigns.csv:1: opens_on: is missing; the first line names the columns, one of them is opens_on",
    ]


OWN = """\
questionnaires:
  whole-1:
    own_trust: {field: Q1, scale: one_to_five}
    own_values: {field: Q2, scale: one_to_five}
    enps: {field: Q3, scale: nps_0_10}
  part-1: {own_trust: {field: Q1, scale: one_to_five}}
  other-1:
    own_trust: {field: Q9, scale: one_to_five}
    own_values: {field: Q2, scale: one_to_five_reversed}
    perceived_trust: {field: Q4, scale: one_to_five}
    enps: {field: Q3, scale: nps_0_10}
"""


def test_a_campaign_asks_a_part_of_what_its_source_asks_in_the_same_fields_and_scales(
    load: Load, problems: Lines
) -> None:
    """What it asks otherwise would be read from the wrong field, or not at all."""
    text = CAMPAIGNS_ONLY.replace("pulse-eleven-1", "whole-1") + OWN
    campaigns = "id,source,opens_on,closes_on,questionnaire\na,team,2026-03-02,2026-03-15,"
    assert load(text, campaigns=campaigns + "part-1\n").campaign("a").questionnaire == "part-1"
    assert problems(text, campaigns=campaigns + "other-1\n") == [
        (
            "campaigns.csv:2: questionnaire: 'other-1' asks own_trust, own_values, perceived_trust as 'whole-1' of"
            " source 'team' does not; ask a part of the source's questions, of the same fields on the same scales"
        )
    ]


def test_a_campaign_of_a_source_or_a_questionnaire_with_a_mistake_is_not_told_again(problems: Lines) -> None:
    campaigns = "id,source,opens_on,closes_on,questionnaire\na,team,2026-03-02,2026-03-15,\n"
    broken_source = CAMPAIGNS_ONLY.replace("{name: team,", "{name: team, timezone: Mars/Base,")
    assert len(problems(broken_source, campaigns=campaigns)) == 1
    broken_version = OWN.replace("part-1: {own_trust", "part-1: {own_trsut")
    text = CAMPAIGNS_ONLY.replace("pulse-eleven-1", "whole-1") + broken_version
    assert len(problems(text, campaigns=campaigns.replace("15,", "15,part-1"))) == 1


def test_a_wrong_headcount_is_told_with_its_file_line_and_column(problems: Lines) -> None:
    headcounts = lines(
        "campaign_id,unit_id,invited_count",
        "spring,metz,12",
        "sprang,metz,12",
        "spring,mets,12",
        "spring,metz,13",
        "spring,top,-1",
        "spring,top,12.5",
        "spring,top,",
    )
    assert problems(BOTH, campaigns=SPRING, headcounts=headcounts) == [
        "headcounts.csv:3: campaign_id: there is no campaign 'sprang'; did you mean 'spring'?",
        "headcounts.csv:4: unit_id: there is no unit 'mets'; did you mean 'metz'?",
        "headcounts.csv:5: unit_id: campaign 'spring' and unit 'metz' also stand on line 2; keep one",
        "headcounts.csv:6: invited_count: must be at least 0",
        "headcounts.csv:7: invited_count: must be a whole number",
        (
            "headcounts.csv:8: invited_count: is missing;"
            " add it (how many people of the unit were invited, those below it apart)"
        ),
    ]


def test_headcounts_of_a_campaign_with_a_mistake_or_of_a_missing_file_are_not_told(problems: Lines) -> None:
    headcounts = "campaign_id,unit_id,invited_count\nspring,metz,12\n"
    broken = problems(BOTH, campaigns=SPRING.replace("2026-03-02", "soon"), headcounts=headcounts)
    assert broken == ["campaigns.csv:2: opens_on: must be a day written YYYY-MM-DD, as 2026-01-31"]
    ragged = problems(BOTH, campaigns=SPRING.replace(",2026-03-15", ""), headcounts=headcounts)
    assert ragged == ["campaigns.csv:2: has 3 cells where the first line names 4 columns"]


def test_missing_files_are_told_at_the_key_that_names_them(problems: Lines, tmp_path: Path) -> None:
    assert problems(BOTH, headcounts="campaign_id,unit_id,invited_count\nspring,metz,12\n") == [
        "symetrie.yaml:9: pulse.campaigns_csv: campaigns.csv cannot be read: No such file or directory"
    ]
    (tmp_path / "headcounts.csv").unlink()
    assert problems(BOTH, campaigns=SPRING) == [
        "symetrie.yaml:9: pulse.headcounts_csv: headcounts.csv cannot be read: No such file or directory"
    ]
