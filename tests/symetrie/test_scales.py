"""Scales: raw answers in, canonical marks out; what is no answer is missing, what is unknown says so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.measures import CLIENT_MEASURES
from symetrie.scales import UNREADABLE, Scale, scale, scale_names


def read(name, *answers):
    """Read answers one by one, None where there is no answer."""
    marks = scale(name).read(pd.Series(answers, dtype="object"))
    return [None if mark is pd.NA else mark for mark in marks]


def test_marks_are_small_integers_that_may_be_missing():
    marks = scale("one_to_five").read(pd.Series(["5", None], index=[7, 3], name="rating"))
    assert marks.dtype == "Int16"
    assert list(marks.index) == [7, 3]
    assert marks.name == "rating"


def test_a_number_reads_the_same_however_it_is_written():
    assert read("one_to_five", "4", "4.0", "4,0", " 4 ", 4, 4.0, np.int64(4)) == [4] * 7


def test_a_mark_between_two_marks_is_unreadable():
    assert read("one_to_five", "4.5", "4,5", 4.5) == [UNREADABLE] * 3


@pytest.mark.parametrize(
    "answer", ["0", "6", "7", "-1", "45", "1e0", "inf", "True", "4 5", "cinq", "=5", "x" * 1_000_000]
)
def test_what_is_outside_the_scale_is_unreadable_and_not_missing(answer):
    assert read("one_to_five", answer) == [UNREADABLE]


@pytest.mark.parametrize(
    "answer",
    [None, "", "  ", np.nan, pd.NA, "Don't know", "Don’t know", "DONT KNOW", "n/a", "N / A", "NA", "Not applicable",
     "NSP", "nsp/nr", "Ne sait pas", "Ne se prononce pas", "Sans avis", "Sans opinion", "Non concerné",
     "Non concerné(e)", "Non concernée", "Sans objet", "S.O.", "-", "—", "null"],
)  # fmt: skip
@pytest.mark.parametrize("name", scale_names())
def test_blanks_and_no_opinion_are_missing_on_every_scale(name, answer):
    assert read(name, answer) == [None]


@pytest.mark.parametrize(
    ("name", "answers", "marks"),
    [
        ("one_to_five", "1 2 3 4 5", [1, 2, 3, 4, 5]),
        ("one_to_five_reversed", "1 2 3 4 5", [5, 4, 3, 2, 1]),
        ("zero_to_ten_agree", "0 1 2 3 4 5 6 7 8 9 10", [1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 5]),
        ("nps_0_10", "0 1 2 3 4 5 6 7 8 9 10", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("one_to_four_agent", "1 2 3 4", [1, 2, 4, 5]),
        ("one_to_seven_ease", "1 2 3 4 5 6 7", [1, 2, 3, 4, 5, 6, 7]),
        ("one_to_five_ease", "1 2 3 4 5", [1, 2, 4, 6, 7]),
        ("effort_one_to_five_reversed", "1 2 3 4 5", [7, 6, 4, 2, 1]),
    ],
)
def test_scales_of_numbers(name, answers, marks):
    assert read(name, *answers.split()) == marks


def test_six_to_ten_agree_are_the_favourable_marks_of_ten():
    marks = read("zero_to_ten_agree", *map(str, range(11)))
    assert [number for number, mark in enumerate(marks) if mark >= 4] == [6, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("answers", "marks"),
    [
        (("ONE", "TWO", "THREE", "FOUR", "FIVE"), [1, 2, 3, 4, 5]),
        (("★", "★★", "★★★☆☆", "★★★★", "⭐⭐⭐⭐⭐"), [1, 2, 3, 4, 5]),
        (("⭐️⭐️⭐️⭐️", "4/5", "4 / 5", "4 stars", "4 étoiles"), [4, 4, 4, 4, 4]),
    ],
)
def test_stars_in_words_and_signs(answers, marks):
    assert read("stars", *answers) == marks


@pytest.mark.parametrize(
    ("name", "best_to_worst"),
    [
        ("quality_words", ["Very good", "Good", "Neither good nor poor", "Poor", "Very poor"]),
        ("quality_words", ["very  GOOD", "good.", "Neither good or poor", "POOR", "Very-poor"]),
        ("quality_words", ["Très bien", "Bien", "Ni bien ni mal", "Mal", "Très mal"]),
        ("satisfaction_words", [
            "Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied",
        ]),
        ("satisfaction_words", [
            "Très satisfait", "Plutôt satisfait", "Ni satisfait ni insatisfait", "Plutôt pas satisfait",
            "Pas du tout satisfait",
        ]),
        ("satisfaction_words", [
            "TRES SATISFAIT(E)", "Satisfaite", "Ni satisfait·e ni insatisfait·e", "Peu satisfait",
            "Très insatisfait",
        ]),
        ("agreement_words", [
            "Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree",
        ]),
        ("agreement_words", [
            "Tout à fait d'accord", "Plutôt d’accord", "Ni d'accord, ni pas d'accord",
            "Plutôt pas d`accord", "Pas du tout d'accord",
        ]),
        ("frequency_words", ["Always", "Often", "Sometimes", "Rarely", "Never"]),
        ("frequency_words", ["Toujours", "Souvent", "Parfois", "Rarement", "Jamais"]),
        ("excellent_to_poor_words", ["Excellent", "Very good", "Good", "Fair", "Poor"]),
    ],
)  # fmt: skip
def test_scales_of_words_in_both_languages(name, best_to_worst):
    assert read(name, *best_to_worst) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "best_to_worst"),
    [
        ("ease_words", [
            "Very easy", "Easy", "Fairly easy", "Neither easy nor difficult", "Fairly difficult",
            "Difficult", "Very difficult",
        ]),
        ("ease_words", [
            "Très facile", "Facile", "Plutôt facile", "Ni facile ni difficile", "Plutôt difficile",
            "Difficile", "Très difficile",
        ]),
        ("ease_agreement_words", [
            "Strongly agree", "Agree", "Somewhat agree", "Neutral", "Somewhat disagree", "Disagree",
            "Strongly disagree",
        ]),
    ],
)  # fmt: skip
def test_scales_of_ease_in_words(name, best_to_worst):
    assert read(name, *best_to_worst) == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("name", ["agreement_words", "frequency_words", "one_to_five"])
def test_a_reversed_scale_gives_the_mirrored_mark_to_every_spelling(name):
    plain, mirrored = scale(name), scale(f"{name}_reversed")
    assert dict(mirrored.marks) == {answer: 6 - mark for answer, mark in plain.marks.items()}


@pytest.mark.parametrize("name", scale_names())
def test_every_shipped_scale_has_a_version_a_source_and_a_measure_that_it_fits(name):
    assert scale(name).version >= 1
    assert scale(name).source
    assert scale(name).onto in {measure.onto for measure in CLIENT_MEASURES}


@pytest.mark.parametrize("name", scale_names())
def test_every_shipped_scale_can_say_the_best_and_the_worst(name):
    marks = set(scale(name).marks.values())
    assert {scale(name).lowest, scale(name).highest} <= marks


@given(st.lists(st.sampled_from(["1", "5", "4,0", "NSP", "", None, "9", "bof"])), st.randoms())
def test_an_answer_reads_the_same_whatever_stands_around_it(answers, random):
    shuffled = random.sample(answers, len(answers))
    one_by_one = [read("one_to_five", answer)[0] for answer in shuffled]
    assert read("one_to_five", *shuffled) == one_by_one


@given(st.lists(st.one_of(st.text(), st.floats(), st.integers(), st.none())))
def test_any_input_gives_a_mark_of_the_range_or_missing_or_unreadable(answers):
    assert set(read("nps_0_10", *answers)) <= {*range(11), None, UNREADABLE}


def test_no_answers_at_all_read_as_no_marks():
    assert read("stars") == []


def test_an_unknown_scale_names_the_known_ones():
    with pytest.raises(LookupError, match="no scale is called 'smileys'; use one of one_to_five, "):
        scale("smileys")


def test_settings_may_bring_a_scale_of_their_own():
    faces = Scale.from_mapping(
        "faces", {"onto": "1-5", "marks": {"😀": 5, "😐": 3, "☹": 1, 0: 1}, "unanswered": ["pas vu"]}
    )
    assert faces.read(pd.Series(["😀", "😐", "☹️", "0", "Pas vu", "NSP", "?"])).tolist() == [
        5,
        3,
        1,
        1,
        pd.NA,
        pd.NA,
        -1,
    ]
    assert (faces.name, faces.version, faces.source, faces.onto) == ("faces", 1, "settings", "1-5")


def test_a_scale_keeps_its_version_and_its_source():
    own = Scale.from_mapping("own", {"onto": "1-5", "marks": {"a": 1}, "version": 3, "source": "the 2024 survey"})
    assert (own.version, own.source) == (3, "the 2024 survey")


def test_a_scale_may_give_a_mark_to_what_is_no_answer_elsewhere():
    stock = Scale.from_mapping("effort", {"onto": "1-5", "marks": {"None": 5, "Some": 3, "A lot": 1}})
    assert stock.read(pd.Series(["none", "a lot"])).tolist() == [5, 1]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"marks": {"a": 1}}, "'onto' is None; write a range such as 1-5"),
        ({"onto": "5", "marks": {"a": 1}}, "'onto' is '5'; write a range"),
        ({"onto": "5-5", "marks": {"a": 5}}, "'onto' is '5-5'; write a range"),
        ({"onto": "5-1", "marks": {"a": 1}}, "'onto' is '5-1'; write a range"),
        ({"onto": "1-5"}, "needs 'marks'"),
        ({"onto": "1-5", "marks": {}}, "needs 'marks'"),
        ({"onto": "1-5", "marks": {"a": 6}}, "has marks outside 1-5: a"),
        ({"onto": "1-5", "marks": {"a": 4.5}}, "the mark of 'a' is 4.5; write a whole number"),
        ({"onto": "1-5", "marks": {"a": True}}, "the mark of 'a' is True; write a whole number"),
        ({"onto": "1-5", "marks": {True: 5}}, "an answer reads as True; put quotes around it"),
        ({"onto": "1-5", "marks": {" ": 5}}, "lists a blank answer"),
        ({"onto": "1-5", "marks": {"Été": 5, "ete": 4}}, "'ete' has two marks"),
        ({"onto": "1-5", "marks": {"a": 5}, "unanswered": ["A"]},
     "counts as unanswered what also has a mark: a"),
        ({"onto": "1-5", "marks": {"a": 5}, "unanswered": "NSP"}, "'unanswered' is 'NSP'; write a list"),
        ({"onto": "1-5", "marks": {"a": 5}, "mark": {}}, "has keys that mean nothing here: mark"),
    ],
)  # fmt: skip
def test_a_scale_that_contradicts_itself_says_what_to_do(mapping, message):
    with pytest.raises(ValueError, match=r"scale 'own'") as raised:
        Scale.from_mapping("own", mapping)
    assert message in str(raised.value)
