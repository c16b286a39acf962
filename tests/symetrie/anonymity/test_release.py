"""What leaves by the one door."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symetrie.anonymity import AnonymityRule, hidden_reason, release

TREE = pd.DataFrame(
    [
        (f"t{team}", above, depth)
        for team in range(6)
        for depth, above in enumerate((f"t{team}", f"r{team // 3}", "all"))
    ],
    columns=["unit_id", "ancestor_id", "depth"],
)


def groups(*counts: tuple[int, int], **columns: object) -> pd.DataFrame:
    """Counts (answered, favourable) of the teams t0, t1 and so on."""
    rows = [(f"t{place}", answered, favourable) for place, (answered, favourable) in enumerate(counts)]
    frame = pd.DataFrame(rows, columns=["unit_id", "answer_count", "favourable_count"])
    return frame.assign(**{"side": "employee", "measure": "trust", "unfavourable_count": np.nan} | columns)


def shown(cells: pd.DataFrame, cut: str = "") -> dict[str, tuple[int, int, int]]:
    seen = cells[cells["hidden_reason"].isna() & (cells["cut"] == cut)]
    return {
        " ".join(filter(None, (each.unit_id, each.cut_value))): (
            int(each.answer_count), int(each.favourable_low), int(each.favourable_high),
        )
        for each in seen.itertuples()
    }  # fmt: skip


def test_a_team_below_the_floor_is_hidden_and_with_it_the_smallest_beside_it() -> None:
    cells = release(groups((3, 2), (6, 3), (9, 5)), TREE)
    assert shown(cells) == {"t2": (9, 5, 5), "r0": (18, 10, 10), "all": (18, 10, 10)}
    assert cells.set_index("unit_id")["hidden_reason"].dropna().to_dict() == {"t0": "too_few", "t1": "would_tell"}


def test_small_teams_that_are_enough_together_hide_nobody_else() -> None:
    cells = release(groups((3, 2), (4, 1), (9, 5)), TREE)
    assert shown(cells) == {"t2": (9, 5, 5), "r0": (16, 8, 8), "all": (16, 8, 8)}


def test_a_region_too_small_by_itself_counts_in_the_network_only() -> None:
    cells = release(groups((1, 1), (1, 0), (1, 1), (9, 5), (7, 3), (8, 4)), TREE)
    assert shown(cells) == {"t3": (9, 5, 5), "t5": (8, 4, 4), "all": (27, 14, 14)}
    assert cells.set_index("unit_id").loc["r1", "hidden_reason"] == "would_tell"  # t4 stands with the small region


def test_a_unanimous_team_is_told_to_within_an_answer_and_hides_nobody() -> None:
    cells = release(groups((8, 8), (9, 5), (7, 3)), TREE)
    assert shown(cells)["t0"] == (8, 6, 8)
    assert shown(cells)["t1"] == (9, 5, 5)
    assert shown(cells)["r0"] == (24, 14, 16)  # known to the answer, the region would tell the team's


def test_a_network_is_exact_where_its_teams_are_not() -> None:
    cells = release(groups((8, 8), (8, 0), (8, 7), (8, 7), (8, 2), (8, 6)), TREE)
    assert shown(cells)["all"] == (48, 30, 30)


def test_nobody_who_answered_is_a_figure() -> None:
    cells = release(groups((0, 0), (9, 5)), TREE)
    assert set(cells["unit_id"]) == {"t1", "r0", "all"}


def test_without_an_answer_there_is_no_figure() -> None:
    assert release(groups((0, 0)), TREE).empty


def test_promoters_and_detractors_are_both_told_with_care() -> None:
    cells = release(groups((10, 5), measure="enps", unfavourable_count=1.0), TREE).set_index("unit_id")
    told = cells.loc["t0", ["favourable_low", "favourable_high", "unfavourable_low", "unfavourable_high"]]
    assert told.tolist() == [5, 5, 0, 2]


def test_operators_are_told_apart_and_meet_at_the_top() -> None:
    by = ["own", "own", "partner", "own", "partner", "partner"]
    cells = release(groups(*[(9, 5)] * 6, operated_by=by), TREE, cuts=["operated_by"])
    assert shown(cells, "operated_by") == {
        "r0 own": (18, 10, 10), "r0 partner": (9, 5, 5), "r1 own": (9, 5, 5), "r1 partner": (18, 10, 10),
        "all own": (27, 15, 15), "all partner": (27, 15, 15),
    }  # fmt: skip
    assert shown(cells)["all"] == (54, 30, 30)


def test_an_operator_with_one_small_team_is_hidden_where_it_would_tell() -> None:
    by = ["own", "own", "partner", "own", "own", "own"]
    cells = release(groups((9, 5), (9, 5), (3, 2), (9, 5), (9, 5), (9, 5), operated_by=by), TREE, cuts=["operated_by"])
    assert "r0 own" not in shown(cells, "operated_by")
    assert "all partner" not in shown(cells, "operated_by")


def test_relations_are_told_where_every_part_of_a_team_is_large_enough() -> None:
    frame = groups((9, 5), (7, 4), unit_id=["t0", "t0"], relation=["manager", "peers"])
    assert shown(release(frame, TREE, cuts=["relation"]), "relation")["t0 peers"] == (7, 4, 4)
    small = groups((9, 5), (3, 2), unit_id=["t0", "t0"], relation=["manager", "peers"])
    cells = release(small, TREE, cuts=["relation"])
    assert shown(cells, "relation") == {}
    assert shown(cells)["t0"] == (12, 7, 7)


def test_people_of_a_region_itself_are_a_team_of_its_own() -> None:
    tree = pd.concat([TREE, pd.DataFrame([("r0", "r0", 0), ("r0", "all", 1)], columns=TREE.columns)])
    cells = release(groups((9, 5), (3, 2), unit_id=["t0", "r0"]), tree)
    assert shown(cells) == {"r0": (12, 7, 7), "all": (12, 7, 7)}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_reason_is_a_sentence_that_says_no_more_than_it_should(locale: str) -> None:
    for reason in ("too_few", "would_tell"):
        assert hidden_reason(reason, locale, AnonymityRule()).endswith(".")


COUNTS = st.lists(
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=6, max_size=6
)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.lists(st.sampled_from(["own", "partner"]), min_size=6, max_size=6), st.booleans())
def test_what_is_told_is_true_and_never_of_a_few(counts: list[tuple[int, int]], by: list[str], is_cut: bool) -> None:
    frame = groups(*counts, operated_by=by)
    for each in release(frame, TREE, cuts=["operated_by"] if is_cut else []).itertuples():
        teams = set(TREE.loc[TREE["ancestor_id"] == each.unit_id, "unit_id"])
        inside = frame[frame["unit_id"].isin(teams) & (frame["operated_by"].eq(each.cut_value) | (each.cut == ""))]
        assert each.total_count == inside["answer_count"].sum()
        if pd.isna(each.hidden_reason):
            assert each.answer_count >= max(5, 0.98 * each.total_count)
            if each.answer_count == each.total_count:
                assert each.favourable_low <= inside["favourable_count"].sum() <= each.favourable_high


@settings(max_examples=15, deadline=None)
@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_the_groups_does_not_matter(counts: list[tuple[int, int]], random: object) -> None:
    frame = groups(*counts)
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    key = ["unit_id", "cut", "cut_value", "side", "measure"]
    first, second = (release(each, TREE).sort_values(key, ignore_index=True) for each in (frame, frame.iloc[order]))
    # Of teams of one size either may stand beside a small one: which, goes by the order in which they are given.
    assert first["total_count"].tolist() == second["total_count"].tolist()


@settings(max_examples=20, deadline=None)
@given(COUNTS, COUNTS)
def test_what_is_hidden_goes_by_who_answered_and_never_by_what(
    counts: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    same_numbers = [
        (answered, min(favourable, answered)) for (answered, _), (_, favourable) in zip(counts, others, strict=True)
    ]
    first, second = (release(groups(*each), TREE) for each in (counts, same_numbers))
    assert first["hidden_reason"].fillna("").tolist() == second["hidden_reason"].fillna("").tolist()
