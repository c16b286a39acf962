"""The public table of 2015: what was published, on its own scale, and nothing that was not."""

from symetrie.benchmarks import Benchmark, shipped_benchmarks
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import CLIENT_MEASURES
from symetrie.scales import scale
from symetrie.sectors import ALL_SECTORS


def test_the_table_of_2015_holds_the_thirteen_published_scores():
    assert [(each.measure, each.score_pct) for each in shipped_benchmarks()] == [
        ("competent", 72),
        ("friendly_and_smiling", 70),
        ("simplifies_my_life", 69),
        ("reachable_on_my_channels", 69),
        ("keeps_commitments", 69),
        ("inspires_trust", 69),
        ("listens_well", 67),
        ("adapts_to_wishes", 66),
        ("attentive_to_my_needs", 66),
        ("attentive_to_complaints", 65),
        ("shows_consideration", 65),
        ("no_effort_to_get_problems_solved", 62),
        ("able_to_go_beyond_the_rules", 55),
    ]


def test_a_record_says_where_it_comes_from_and_does_not_invent_a_count():
    assert shipped_benchmarks()[0] == Benchmark(
        sector="all",
        year=2015,
        side="client",
        measure="competent",
        scale="zero_to_ten_agree",
        score_pct=72.0,
        source="Baromètre Cultures Services 2015 (Meyronin et Spencer)",
        questionnaire=None,
        answer_count=None,
    )


def test_its_items_are_not_passed_off_as_the_eleven_dimensions():
    asked = {each.measure for each in shipped_benchmarks()}
    assert asked.isdisjoint(dimension.key for dimension in DIMENSIONS)
    assert asked.isdisjoint(measure.key for measure in CLIENT_MEASURES)


def test_every_line_is_of_that_year_over_all_sectors_on_the_scale_where_6_to_10_agree():
    assert {(each.sector, each.year, each.side, each.scale) for each in shipped_benchmarks()} == {
        (ALL_SECTORS, 2015, "client", "zero_to_ten_agree")
    }
    agreeing = [answer for answer, mark in scale("zero_to_ten_agree").marks.items() if mark >= 4]
    assert agreeing == ["6", "7", "8", "9", "10"]
