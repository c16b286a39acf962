"""When an answer is a case, and how bad it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.complaints.cases import Case, UnhappyUpTo, case_of

MARKS = st.fixed_dictionaries(
    {
        "overall": st.none() | st.integers(1, 5),
        "nps": st.none() | st.integers(0, 10),
        "trust": st.none() | st.integers(1, 5),
    }
)


@pytest.mark.parametrize(
    ("marks", "case"),
    [
        ({"overall": 1}, Case(("low_mark",), "overall", 1, 3)),
        ({"overall": 2}, Case(("low_mark",), "overall", 2, 2)),
        ({"overall": 3}, None),
        ({"overall": 2, "nps": 0}, Case(("low_mark", "detractor"), "overall", 2, 2)),
        ({"overall": 3, "nps": 5}, Case(("detractor",), "nps", 5, 1)),
        ({"overall": 5, "nps": 0}, Case(("detractor",), "nps", 0, 1)),
        ({"nps": 2}, Case(("detractor",), "nps", 2, 3)),
        ({"nps": 4}, Case(("detractor",), "nps", 4, 2)),
        ({"nps": 6}, Case(("detractor",), "nps", 6, 1)),
        ({"nps": 7}, None),
        ({"trust": 1}, None),
        ({}, None),
    ],
)
def test_low_marks_and_detractors_are_cases(marks: dict[str, int | None], case: Case | None) -> None:
    assert case_of(marks) == case


def test_a_complaint_is_a_case_whatever_the_mark() -> None:
    assert case_of({"overall": 5}, is_complaint=True) == Case(("complaint",), "overall", 5, 2)
    assert case_of({}, is_complaint=True) == Case(("complaint",), None, None, 2)


def test_a_serious_reason_waits_for_no_low_mark_and_believes_no_favourable_one() -> None:
    assert case_of({"overall": 3}, has_serious_reason=True) == Case(("serious_reason",), "overall", 3, 3)
    assert case_of({"trust": 2, "values": 1}, has_serious_reason=True) == Case(("serious_reason",), "values", 1, 3)
    assert case_of({"overall": 4, "trust": 1}, has_serious_reason=True) is None
    assert case_of({"trust": 3}, has_serious_reason=True) is None


def test_a_serious_reason_makes_any_case_the_worst() -> None:
    assert case_of({"overall": 4, "nps": 6}, has_serious_reason=True) == Case(
        ("detractor", "serious_reason"), "nps", 6, 3
    )


def test_a_house_sets_its_own_highest_unhappy_marks() -> None:
    strict = UnhappyUpTo(overall=1, nps=4)
    assert case_of({"overall": 2, "nps": 5}, up_to=strict) is None
    assert case_of({"overall": 3}, up_to=UnhappyUpTo(overall=3)) == Case(("low_mark",), "overall", 3, 2)


@given(MARKS, st.booleans(), st.booleans())
def test_a_worse_mark_never_makes_a_milder_case(
    marks: dict[str, int | None], is_complaint: bool, has_serious_reason: bool
) -> None:
    def severity(own: dict[str, int | None]) -> int:
        case = case_of(own, is_complaint=is_complaint, has_serious_reason=has_serious_reason)
        return 0 if case is None else case.severity

    overall = marks["overall"]
    if overall is not None and overall > 1:
        assert severity(marks | {"overall": overall - 1}) >= severity(marks)
    nps = marks["nps"]
    if nps is not None and nps > 0:
        assert severity(marks | {"nps": nps - 1}) >= severity(marks)
