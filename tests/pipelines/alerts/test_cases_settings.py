"""What a house says of cases and of the reasons of complaints, and what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings.alert_cases import AlertCases
from pipelines.settings.errors import Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.reading import read_document
from symetrie.complaints.typology import default_typology

NOTHING_ON_A_SIDE = "'cher &' has nothing on one side of '&'; write a word on either side"
NO_TITLE = "holds badge, which is none of ours and has no title; add title: {fr: …, en: …}"


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Read the block `alerts` of a file; gives what was read, and the lines that say what is wrong."""
    monkeypatch.chdir(tmp_path)

    def read_block(text: str) -> tuple[AlertCases | None, list[str]]:
        file = tmp_path / "symetrie.yaml"
        file.write_text(text, encoding="utf-8")
        document = read_document(file, {})
        problems = Problems(document.problems)
        read = read_entry(AlertCases, document.block("alerts"), document.at(("alerts",)), problems)
        return read, str(problems.as_error(file)).splitlines()

    return read_block


def test_a_house_that_says_nothing_has_the_method_s_marks_and_our_typology() -> None:
    alerts = AlertCases()
    assert (alerts.cases.overall_up_to, alerts.cases.nps_up_to) == (2, 6)
    assert alerts.typology() is default_typology()


def test_a_house_adds_a_reason_of_its_own(read) -> None:
    alerts, problems = read(
        "alerts:\n  reasons:\n    badge:\n      title: {fr: Badge, en: Badge}\n      dimension: facilitation\n"
        "      is_serious: true\n      fr: [badge & perdre]\n      en: lose badge\n"
    )
    assert problems == []
    typology = alerts.typology()
    reason = typology.reason("badge")
    assert (reason.title("fr"), reason.dimension, reason.is_serious) == ("Badge", "facilitation", True)
    assert typology.reasons_of("J'ai perdu mon badge en caisse") == ("badge",)
    assert typology.reasons_of("They lost my badge") == ("badge",)
    assert typology.reasons_of("Trop cher") == ("price",)


def test_a_house_adds_to_a_reason_of_ours_or_replaces_it(read) -> None:
    added, _ = read("alerts: {reasons: {price: {fr: [coup bambou]}}}\n")
    assert added.typology().reasons_of("Le coup de bambou") == ("price",)
    assert added.typology().reasons_of("Trop cher") == ("price",)
    assert added.typology().reason("price").title("en") == "Price"
    replaced, _ = read("alerts: {reasons: {price: {replaces: true, fr: [coup bambou]}}}\n")
    assert replaced.typology().reasons_of("Le coup de bambou") == ("price",)
    assert replaced.typology().reasons_of("Trop cher") == ("other",)


def test_a_serious_reason_of_ours_stays_so_unless_the_house_says_otherwise(read) -> None:
    kept, _ = read("alerts: {reasons: {safety: {fr: [trottinette]}}}\n")
    assert kept.typology().reason("safety").is_serious
    eased, _ = read("alerts: {reasons: {safety: {is_serious: false}}}\n")
    assert not eased.typology().reason("safety").is_serious


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (
            "    price:\n      fr:\n        - trop cher\n        - cher &\n",
            f"symetrie.yaml:6: alerts.reasons.price.fr[1]: {NOTHING_ON_A_SIDE}",
        ),
        (
            "    badge: {fr: [badge]}\n",
            f"symetrie.yaml:2: alerts.reasons: {NO_TITLE}",
        ),
        (
            "    other: {fr: [badge]}\n",
            "symetrie.yaml:2: alerts.reasons: cannot hold other, which is what no rule finds; choose another code",
        ),
        (
            "    price: {dimension: trusty}\n",
            "symetrie.yaml:3: alerts.reasons.price.dimension: 'trusty' is not a dimension; did you mean 'trust'?",
        ),
        ("    price: {fr: {a: b}}\n", "symetrie.yaml:3: alerts.reasons.price.fr: must be a list"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(read, block: str, problem: str) -> None:
    alerts, problems = read("alerts:\n  reasons:\n" + block)
    assert alerts is None
    assert problems == [problem]


def test_a_mark_that_no_scale_has_is_refused(read) -> None:
    _, problems = read("alerts: {cases: {overall_up_to: 6, nps_up_to: -1}}\n")
    assert problems == [
        "symetrie.yaml:1: alerts.cases.overall_up_to: must be at most 5",
        "symetrie.yaml:1: alerts.cases.nps_up_to: must be at least 0",
    ]
