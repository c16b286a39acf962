"""Publications: told once, by the rule, and for ever."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines import steps
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import (
    employee_response,
    mirror,
    participation,
    publication,
    publication_score,
    pulse_verbatim,
    score,
)
from tests.pipelines.pulse.house import LAST, House

ON_DUCKDB = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
DURING = date(2026, 10, 10)


def store(settings: Settings, *people: dict[str, Any]) -> None:
    """Put answers into `core` as a load does."""
    steps.start_run(settings, LAST)
    usual = {
        "source": "pouls", "campaign_id": "autumn", "questionnaire_version": "short-1", "run_id": "test",
        "answered_on": date(2026, 10, 5), "version_at": datetime(2026, 10, 6, tzinfo=UTC), "turn": 0,
    }  # fmt: skip
    with (
        closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse,
        warehouse.publishing(refreshes_readers=False) as into,
    ):
        rows = [usual | person | {"content_key": person["respondent_key"]} for person in people]
        if rows:
            into.execute(sa.insert(employee_response), rows)


def publish(settings: Settings, last: date = LAST) -> list[str]:
    return [each.publication_id for each in steps.publish_pulse(settings, last, steps.start_run(settings, LAST))]


def rows(settings: Settings, select: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(select)), key=repr)


def told(settings: Settings, publication_id: str, measure: str = "trust", side: str = "employee") -> dict[str, Any]:
    """Units with what is told of one measure: (answers, favourable, precision), or the reason why nothing is."""
    cell = publication_score.c
    is_asked = sa.and_(
        cell.publication_id == publication_id, cell.measure == measure, cell.side == side, cell.cut == ""
    )
    columns = (cell.unit_id, cell.hidden_reason, cell.answer_count, cell.favourable_count, cell.precision_count)
    found = rows(settings, sa.select(*columns).where(is_asked))
    return {unit: reason or tuple(counts) for unit, reason, *counts in found}


MARKS = ("own_trust", "perceived_trust", "perceived_overall", "enps", "engagement_mean")
CONTENT, UNHAPPY = dict(zip(MARKS, (4, 4, 4, 9, 4.5), strict=True)), dict(zip(MARKS, (2, 2, 2, 3, 1.5), strict=True))


def team(shop: str, favourable: int, size: int, name: str = "", words: str | None = None) -> list[dict[str, Any]]:
    """So many people of a shop, of whom so many are content."""
    return [
        {"respondent_key": f"{name}{shop}{place}", "unit_id": shop, "verbatim": words}
        | (CONTENT if place < favourable else UNHAPPY)
        for place in range(size)
    ]


def test_a_campaign_is_published_when_it_has_closed(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7), *team("nice", 1, 2))
    assert publish(settings, DURING) == []
    assert publish(settings) == ["autumn-1"]
    assert told(settings, "autumn-1") == {
        "chain": (18, 11, 0), "lyon": (9, 6, 0), "lille": "would_tell", "nice": "too_few",
    }  # fmt: skip
    assert told(settings, "autumn-1", "overall", "perceived")["lyon"] == (9, 6, 0)
    assert told(settings, "autumn-1", "engagement")["lyon"] == (9, 6, 0)
    assert told(settings, "autumn-1", "enps")["lyon"] == (9, 6, 0)


@ON_DUCKDB
def test_what_is_told_of_whole_units_are_scores_of_the_last_day_of_the_campaign(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    publish(settings)
    of = sa.and_(score.c.measure == "trust", score.c.side == "employee")
    found = rows(settings, sa.select(score.c.as_of, score.c.unit_id, score.c.window_days, score.c.score).where(of))
    assert [(day.isoformat(), unit, days, round(pct, 1)) for day, unit, days, pct in found] == [
        ("2026-10-14", "chain", 14, 62.5), ("2026-10-14", "lille", 14, 57.1), ("2026-10-14", "lyon", 14, 66.7),
    ]  # fmt: skip


def test_publishing_again_changes_nothing(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    publish(settings)
    before = [rows(settings, sa.select(table)) for table in (publication, publication_score, score, participation)]
    assert publish(settings) == []
    assert [
        rows(settings, sa.select(table)) for table in (publication, publication_score, score, participation)
    ] == before


def test_a_few_late_answers_wait_until_they_are_enough(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    publish(settings)
    store(settings, *team("lyon", 3, 3, "late"))
    assert publish(settings) == []
    store(settings, *team("lyon", 0, 3, "later"))
    assert publish(settings) == ["autumn-2"]
    assert told(settings, "autumn-1")["lyon"] == (9, 6, 0)  # what was published stays as published
    assert told(settings, "autumn-2")["lyon"] == (15, 9, 0)
    assert told(settings, "autumn-2")["lille"] == (7, 4, 0)
    assert told(settings, "autumn-2")["chain"] == (22, 13, 0)


@ON_DUCKDB
def test_late_answers_of_two_shops_count_together_where_neither_is_enough(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    publish(settings)
    store(settings, *team("lyon", 0, 3, "late"), *team("lille", 3, 3, "late"))
    assert publish(settings) == ["autumn-2"]
    assert told(settings, "autumn-2") == {"chain": (22, 13, 0), "lyon": (9, 6, 0), "lille": (7, 4, 0)}


@ON_DUCKDB
def test_a_team_of_one_is_never_told(house: House) -> None:
    settings = house(headcounts="campaign_id,unit_id,invited_count\nautumn,nice,1\nautumn,lyon,9\n")
    store(settings, *team("lyon", 6, 9), *team("nice", 1, 1))
    publish(settings)
    shown = told(settings, "autumn-1")
    assert shown["nice"] == "too_few"
    assert shown["lyon"] == "would_tell"
    assert shown["chain"] == (10, 7, 0)


@ON_DUCKDB
def test_participation_is_told_of_enough_people_only(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7), *team("nice", 1, 2))
    publish(settings)
    part = participation.c
    found = rows(settings, sa.select(part.unit_id, part.response_count, part.invited_count, part.is_hidden))
    assert found[:2] == [("chain", 18, 23, False), ("lille", None, None, True)]  # from lille's, nice's would be known
    assert found[2:] == [("lyon", 9, 12, False), ("nice", None, None, True)]


@ON_DUCKDB
def test_words_are_read_where_eight_answered(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9, words="Un beau métier"), *team("lille", 4, 7, words="Trop de réunions"))
    publish(settings)
    words = rows(settings, sa.select(pulse_verbatim.c.unit_id, pulse_verbatim.c.verbatim).distinct())
    assert words == [("chain", "Trop de réunions"), ("chain", "Un beau métier")]


@ON_DUCKDB
def test_own_and_partner_teams_are_told_apart(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7), *team("nice", 4, 8))
    publish(settings)
    cell = publication_score.c
    is_cut = sa.and_(cell.cut == "operated_by", cell.measure == "trust", cell.side == "employee")
    told_of = (cell.unit_id, cell.cut_value, cell.answer_count, cell.favourable_count)
    found = rows(settings, sa.select(*told_of).where(is_cut))
    assert found == [("chain", "own", 16, 10), ("chain", "partner", 8, 4)]


@ON_DUCKDB
def test_on_a_cadence_units_with_enough_new_answers_are_told_before_the_end(house: House) -> None:
    settings = house(replace={"pulse:\n": "pulse:\n  publish: cadence\n"})
    store(settings, *team("lyon", 6, 9), *team("lille", 1, 3))
    assert publish(settings, DURING) == ["autumn-1"]
    assert told(settings, "autumn-1") == {"chain": (9, 6, 0), "lyon": (9, 6, 0)}
    store(settings, *team("lille", 3, 3, "new"))
    assert publish(settings, DURING) == ["autumn-2"]
    assert told(settings, "autumn-2")["lille"] == (6, 5, 1)  # 4 to 6 of 6: told to within an answer
    assert told(settings, "autumn-2")["chain"] == (15, 11, 1)


@ON_DUCKDB
@pytest.mark.parametrize("size", [0, 1, 4, 5])
def test_odd_sizes(house: House, size: int) -> None:
    settings = house()
    store(settings, *team("lyon", size, size))
    published = publish(settings)
    assert published == (["autumn-1"] if size >= 5 else [])
    if published:
        assert told(settings, "autumn-1")["lyon"] == (5, 4, 1)


@ON_DUCKDB
def test_no_answer_is_marked_as_counted_unless_it_is_published(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 2, 4))
    publish(settings)
    assert rows(settings, sa.select(employee_response.c.publication_id).distinct()) == [(None,)]


@ON_DUCKDB
def test_a_shop_that_moved_or_closed_counts_where_it_stood_last(house: House) -> None:
    """It counts in the network, whatever became of it during the campaign."""
    lille = "    - {id: lille, kind: site, name: Lille, parent: chain}\n"
    moved = """\
    - {id: north, kind: region, name: North, parent: chain}
    - {id: south, kind: region, name: South, parent: chain}
    - {id: lille, kind: site, name: Lille, parent: north, valid_to: 2026-10-07}
    - {id: lille, kind: site, name: Lille, parent: south, valid_from: 2026-10-08}
    - {id: brest, kind: site, name: Brest, parent: north, valid_to: 2026-10-07}
"""
    settings = house(replace={lille: moved})
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7), *team("brest", 3, 6))
    publish(settings)
    assert told(settings, "autumn-1") == {
        "chain": (22, 13, 0), "lyon": (9, 6, 0), "lille": (7, 4, 0), "south": (7, 4, 0), "brest": (6, 3, 0),
        "north": (6, 3, 0),
    }  # fmt: skip


@ON_DUCKDB
def test_a_publication_holds_clients_and_employees_side_by_side(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    publish(settings)
    of_trust = sa.select(mirror.c.unit_id, mirror.c.employee_count, mirror.c.perceived_count, mirror.c.client_count)
    found = rows(settings, of_trust.where(mirror.c.measure == "trust"))
    assert found == [("chain", 16, 16, None), ("lille", 7, 7, None), ("lyon", 9, 9, None)]
