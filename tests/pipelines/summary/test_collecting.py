"""Collecting: what the warehouse says of each unit, whichever units are asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.summary import collect_figures
from pipelines.summary.figures import UnhappyClients
from pipelines.warehouse.tables import opening_day, score
from symetrie.verdicts import Counts


def test_the_answer_is_yesterday_alone_where_five_answered(house, friday):
    """Nine of ten is the fewest whose interval lies above 55 %."""
    house.answers(*house.many("lille", 9, 1))

    figures = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"]

    assert (figures.answer.answer, figures.answer.window_days, figures.answer.answer_count) == ("yes", 1, 10)
    assert figures.answer.score == 90.0
    assert round(figures.answer.low, 1) == 59.6
    assert figures.yesterday == Counts(10, 9, 1)


def test_the_shortest_window_that_reaches_five_is_used(house, friday):
    house.answers(*house.many("lille", 1, 2), *house.many("lille", 0, 4, friday - timedelta(days=6)))

    figures = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"]

    assert (figures.answer.answer, figures.answer.window_days, figures.answer.answer_count) == ("no", 7, 7)
    assert figures.yesterday == Counts(3, 1, 2)


def test_below_five_answers_in_91_days_there_is_no_answer(house, friday):
    house.answers(*house.many("lille", 4, 0, friday - timedelta(days=90)))

    figures = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"]

    assert (figures.answer.answer, figures.answer.answer_count, figures.context_days) == ("not_enough", 4, 91)


def test_a_unit_that_nobody_answered_about_has_figures_too(house, friday):
    house.answers(*house.many("lille", 5, 0))

    figures = collect_figures(house.warehouse, house.settings, friday, ["nice"])["nice"]

    assert figures.answer.answer == "not_enough"
    assert figures.answer.answer_count == 0
    assert figures.dimensions == ()
    assert figures.verbatims == ()
    assert figures.unhappy == UnhappyClients(0, 0, 0)


def test_the_nps_answers_only_where_overall_is_not_asked(house, friday):
    house.answers(
        *({"unit_id": "lille", "business_date": friday, "nps": 10} for _ in range(20)),
        *({"unit_id": "nice", "business_date": friday, "nps": 0, "overall": 5} for _ in range(20)),
    )

    figures = collect_figures(house.warehouse, house.settings, friday)

    assert (figures["lille"].answer.measure, figures["lille"].answer.answer) == ("nps", "yes")
    assert (figures["nice"].answer.measure, figures["nice"].answer.answer) == ("overall", "yes")


def test_the_change_is_against_the_28_days_just_before_the_window(house, friday):
    """Newcombe, 56 of 70 against 48 of 80: +20 points, 5.24 to 33.39; the 29th day before counts no more."""
    house.answers(
        *house.many("lille", 56, 14),
        *house.many("lille", 40, 32, friday - timedelta(days=1)),
        *house.many("lille", 8, 0, friday - timedelta(days=28)),
        *house.many("lille", 50, 0, friday - timedelta(days=29)),
    )

    change = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].change

    assert (change.first, change.last) == (date(2026, 10, 23), date(2026, 11, 19))
    assert change.before == Counts(80, 48, 32)
    assert [round(number, 2) for number in (change.points, change.low, change.high)] == [20.0, 5.24, 33.39]


def test_a_fallback_window_is_compared_with_the_28_days_before_itself(house, friday):
    house.answers(
        *house.many("lille", 4, 2, friday - timedelta(days=3)),
        *house.many("lille", 3, 7, friday - timedelta(days=7)),
        *house.many("lille", 50, 0, friday - timedelta(days=35)),
    )

    change = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].change

    assert (change.first, change.last) == (date(2026, 10, 17), date(2026, 11, 13))
    assert change.before == Counts(10, 3, 7)


@pytest.mark.parametrize("before", [0, 4])
def test_a_change_from_too_few_answers_has_no_interval(house, friday, before):
    house.answers(*house.many("lille", 9, 1), *house.many("lille", before, 0, friday - timedelta(days=1)))

    change = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].change

    assert change.before == Counts(before, before, 0)
    assert (change.low, change.high) == (None, None)


def test_the_dimensions_come_from_28_days_in_their_order(house, friday):
    """An answer of the 28th day counts, one of the 29th does not."""
    marks = {"dim_trust": 4, "dim_autonomy": 2}
    house.answers(
        *house.many("lille", 5, 0, friday - timedelta(days=27), **marks),
        *house.many("lille", 5, 0, friday - timedelta(days=28), **marks),
    )

    figures = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"]

    found = {each.measure: (each.favourable_count, each.answer_count, each.verdict) for each in figures.dimensions}
    assert len(found) == 11
    assert next(iter(found)) == "autonomy"
    assert found["autonomy"] == (0, 5, "not_solid")
    assert found["trust"] == (5, 5, "solid")
    assert found["values"] == (0, 0, None)


def test_nps_and_ces_come_with_their_counts(house, friday):
    rows = ({"unit_id": "lille", "business_date": friday, "nps": mark, "ces": 6} for mark in (10, 10, 9, 7, 3))
    house.answers(*rows)

    figures = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"]

    assert figures.nps is not None
    assert (figures.nps.score, figures.nps.favourable_count, figures.nps.unfavourable_count) == (40.0, 3, 1)
    assert figures.ces is not None
    assert (figures.ces.score, figures.ces.answer_count) == (100.0, 5)


def test_days_whose_scores_are_not_kept_are_computed_from_the_counts(house, friday):
    house.answers(*house.many("lille", 9, 1), *house.many("lille", 5, 5, friday - timedelta(days=1), dim_trust=5))
    kept = collect_figures(house.warehouse, house.settings, friday)
    with house.warehouse.publishing() as connection:
        connection.execute(sa.delete(score))

    computed = collect_figures(house.warehouse, house.settings, friday)

    assert computed == kept


def test_asking_for_one_unit_or_for_all_gives_the_same_figures(house, friday):
    house.answers(
        *house.many("lille", 9, 1, verbatim="Trop d'attente."),
        *house.many("arras", 1, 2),
        *house.many("nice", 0, 9, friday - timedelta(days=2)),
    )

    together = collect_figures(house.warehouse, house.settings, friday)

    assert set(together) == {"maison", "nord", "sud", "lille", "arras", "nice"}
    for unit_id, figures in together.items():
        assert collect_figures(house.warehouse, house.settings, friday, [unit_id]) == {unit_id: figures}


def test_a_region_tells_where_to_look_first(house, friday):
    """No before mixed, then those without enough answers, then yes."""
    house.answers(
        *house.many("lille", 30, 0),
        *house.many("arras", 1, 20),
        *house.many("nice", 1, 2),
    )

    figures = collect_figures(house.warehouse, house.settings, friday)

    (below,) = figures["nord"].branches
    assert [(child.name, child.answer.answer) for child in below.first] == [("Arras", "no"), ("Lille", "yes")]
    regions, sites = figures["maison"].branches
    assert (regions.kind, regions.unit_count) == ("region", 2)
    assert [(child.name, child.answer.answer) for child in regions.first] == [("Nord", "mixed"), ("Sud", "not_enough")]
    assert (sites.kind, sites.unit_count, sites.tally) == ("site", 3, {"no": 1, "not_enough": 1, "yes": 1})
    assert [child.name for child in sites.first] == ["Arras", "Nice"]
    assert figures["maison"].unit.site_count == 3
    assert figures["lille"].branches == ()


def test_of_two_sites_with_the_same_answer_the_surer_one_comes_first(house, friday):
    """0 of 5 is worse than 4 of 40 when ranked raw; its interval reaches higher."""
    house.answers(*house.many("lille", 0, 5), *house.many("arras", 4, 36))

    (below,) = collect_figures(house.warehouse, house.settings, friday, ["nord"])["nord"].branches

    assert [child.name for child in below.first] == ["Arras", "Lille"]


def test_unhappy_clients_of_yesterday_are_counted_once_whatever_made_them_unhappy(house, friday):
    common = {"unit_id": "lille", "business_date": friday}
    house.answers(
        {**common, "overall": 2, "can_contact": True},
        {**common, "overall": 5, "nps": 6, "can_contact": True},
        {**common, "overall": 1, "nps": 0, "can_contact": None},
        {**common, "overall": 3, "nps": 7, "can_contact": True},
        {**common, "overall": 1, "can_contact": True, "status": "held"},
        {**common, "overall": 1, "can_contact": True, "business_date": friday - timedelta(days=1)},
    )

    figures = collect_figures(house.warehouse, house.settings, friday)

    assert figures["lille"].unhappy == UnhappyClients(3, 2, 2)
    assert figures["maison"].unhappy == UnhappyClients(3, 2, 2)


def test_the_lowest_marks_are_quoted_first_then_a_good_one(house, friday):
    common = {"unit_id": "lille", "business_date": friday}
    house.answers(
        {**common, "overall": 5, "verbatim": "Parfait, merci à toute l'équipe."},
        {**common, "overall": 5, "verbatim": "Bien."},
        {**common, "overall": 3, "verbatim": "Moyen."},
        {**common, "overall": 2, "verbatim": "Décevant."},
        {**common, "overall": 1, "verbatim": "Nul."},
        {**common, "overall": 1, "verbatim": "Une heure d'attente."},
        {**common, "overall": 1, "verbatim": "?"},
        {**common, "overall": 1, "verbatim": "Retenu.", "status": "held"},
    )

    figures = collect_figures(house.warehouse, house.settings, friday)

    shown = ["Une heure d'attente.", "Nul.", "Décevant.", "Parfait, merci à toute l'équipe."]
    assert [each.text for each in figures["lille"].verbatims] == shown
    assert [each.text for each in figures["maison"].verbatims] == shown


def test_words_that_say_why_come_before_bare_ones_whatever_the_mark(house, friday):
    """Five are quoted: the bare one that still fits keeps its place by its mark."""
    common = {"unit_id": "lille", "business_date": friday}
    house.answers(
        *({**common, "overall": 1, "verbatim": text} for text in ("Nul.", "Zéro pointé.")),
        *({**common, "overall": 2, "verbatim": f"Personne pour me renseigner, {n} minutes."} for n in (10, 20, 30, 40)),
    )

    quoted = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].verbatims

    assert [(each.mark, each.text[:8]) for each in quoted] == [(1, "Zéro poi"), *[(2, "Personne")] * 4]


def test_at_most_six_verbatims_are_quoted(house, friday):
    rows = [{"unit_id": unit, "business_date": friday} for unit in ("lille", "arras", "nice") for _ in range(10)]
    house.answers(*({**row, "overall": 1 + 4 * (i % 2), "verbatim": f"Texte {i}"} for i, row in enumerate(rows)))

    figures = collect_figures(house.warehouse, house.settings, friday)

    assert [len(each.verbatims) for each in figures.values()] == [6] * 6
    assert [each.mark for each in figures["maison"].verbatims] == [1, 1, 1, 1, 1, 5]


def test_verbatims_come_from_the_window_of_the_answer(house, friday):
    """A site that needs seven days quotes seven; its network, answered by yesterday alone, quotes yesterday."""
    house.answers(
        *house.many("lille", 1, 6, friday - timedelta(days=6), verbatim="Il y a six jours."),
        *house.many("nice", 9, 0, verbatim="Très bien."),
    )

    figures = collect_figures(house.warehouse, house.settings, friday)

    assert {each.text for each in figures["lille"].verbatims} == {"Il y a six jours."}
    assert {each.text for each in figures["maison"].verbatims} == {"Très bien."}


def test_a_verbatim_carries_its_site_and_the_local_time(house, friday):
    row = {"unit_id": "lille", "business_date": friday, "overall": 1, "verbatim": "Froid.", "can_contact": True}
    house.answers(row)

    (quoted,) = collect_figures(house.warehouse, house.settings, friday, ["maison"])["maison"].verbatims

    assert (quoted.unit_name, quoted.channel, quoted.mark, quoted.can_contact) == ("Lille", "email", 1, True)
    assert quoted.submitted_at.isoformat() == "2026-11-20T18:42:00+01:00"


def test_a_source_is_as_late_as_its_newest_answer(house, friday):
    house.answers(
        *house.many("lille", 5, 0),
        *house.many("lille", 1, 0, friday - timedelta(days=3), source="avis"),
    )
    house.ran("avis", "published", datetime(2026, 11, 20, 5, tzinfo=UTC))
    house.ran("avis", "failed", datetime(2026, 11, 21, 5, tzinfo=UTC))

    fresh, late = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].sources

    assert (fresh.source, fresh.days_late, fresh.last_run_status) == ("enquete", 0, None)
    assert (late.source, late.days_late, late.last_run_status) == ("avis", 3, "failed")
    assert late.newest_answer_on == date(2026, 11, 17)
    assert (fresh.is_stale, late.is_stale) == (False, False)


def test_a_source_is_stale_beyond_the_days_that_the_settings_allow(house, friday):
    house.answers(*house.many("lille", 5, 0), *house.many("lille", 1, 0, friday - timedelta(days=4), source="avis"))

    fresh, stale = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].sources

    assert (fresh.is_stale, stale.is_stale, stale.days_late) == (False, True, 4)


def test_days_on_which_every_unit_of_a_source_was_closed_make_it_no_later(house, friday):
    """Lille was closed on Thursday and Friday, Nice on Thursday only."""
    house.answers(
        *house.many("lille", 1, 0, friday - timedelta(days=2)),
        *house.many("lille", 1, 0, friday - timedelta(days=2), source="avis"),
        *house.many("nice", 1, 0, friday - timedelta(days=2), source="avis"),
    )
    closed = [("lille", 0), ("lille", 1), ("nice", 1)]
    with house.warehouse.publishing() as connection:
        for unit_id, days in closed:
            day = friday - timedelta(days=days)
            connection.execute(sa.insert(opening_day).values(unit_id=unit_id, business_date=day, is_open=False))

    alone, both = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].sources

    assert (alone.days_late, both.days_late) == (0, 1)


def test_a_source_without_answers_for_91_days_has_no_age(house, friday):
    house.answers(*house.many("lille", 5, 0), *house.many("lille", 1, 0, friday - timedelta(days=91), source="avis"))

    _, silent = collect_figures(house.warehouse, house.settings, friday, ["lille"])["lille"].sources

    assert (silent.newest_answer_on, silent.days_late) == (None, None)


def test_the_number_of_queries_does_not_grow_with_the_units(house, friday):
    house.answers(*house.many("lille", 9, 1), *house.many("nice", 9, 1))
    asked: list[str] = []
    sa.event.listen(house.warehouse.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    collect_figures(house.warehouse, house.settings, friday, ["lille"])
    for_one = len(asked)
    collect_figures(house.warehouse, house.settings, friday, ["lille", "nice", "maison"])

    assert len(asked) - for_one == for_one < 20


def test_an_unknown_unit_is_named(house, friday):
    house.answers(*house.many("lille", 9, 1))

    with pytest.raises(SymetrieError, match=r"unit paris: not in the warehouse's network on 2026-11-20"):
        collect_figures(house.warehouse, house.settings, friday, ["paris"])
