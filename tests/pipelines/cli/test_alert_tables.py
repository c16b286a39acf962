"""What `symetrie alerts reasons`, `detectable` and `simulate` print."""

from __future__ import annotations

from datetime import date

from rich.console import Console

from pipelines.alerts.case_reasons import ReasonCounts
from pipelines.alerts.detecting import Detectable
from pipelines.alerts.simulating import Simulated
from pipelines.cli.alert_simulation import print_simulation
from pipelines.cli.alert_tables import print_detectable, print_reasons
from symetrie.alerts.finding import Cause, Finding

FALL = Finding(date(2026, 11, 12), Cause("signal", "fall", "lyon", "overall"), 2, -12.0, {})


def said(print_it: object, *content: object) -> str:
    """What is printed, a line a row, without the space between columns."""
    screen = Console(width=160, record=True, file=None, quiet=False, force_terminal=False, color_system=None)
    with screen.capture() as capture:
        print_it(screen, *content)  # type: ignore[operator]
    return "\n".join(" ".join(line.split()) for line in capture.get().splitlines() if line.strip())


def test_a_reason_has_its_count_its_share_and_an_interval() -> None:
    printed = said(
        print_reasons, "Lyon, 28 days", ReasonCounts(30, 10, {"waiting": 4, "price": 1}), {"waiting": "Wait"}
    )
    assert printed.startswith("Lyon, 28 days: 30 unhappy clients, 10 wrote why.")
    assert "Wait 4 40 % 17 to 69 %" in printed
    assert "price 1 10 % 2 to 40 %" in printed


def test_below_five_who_wrote_why_there_is_no_interval_but_words() -> None:
    printed = said(print_reasons, "Nice", ReasonCounts(1, 1, {"waiting": 1}), {})
    assert "1 unhappy client, 1 wrote why." in printed
    assert "waiting 1 100 % not enough" in printed


def test_a_unit_without_unhappy_clients_is_told_so() -> None:
    assert said(print_reasons, "Nice", None, {}) == "Nice: no unhappy client."


def test_a_unit_with_too_few_answers_is_told_so_and_not_left_out() -> None:
    found = [Detectable("lyon", "overall", 41.0, 7.4), Detectable("nice", "nps", 0.3, None)]
    printed = said(print_detectable, found, {"lyon": "Lyon", "nice": "Nice"}, 28, 10)
    assert "lyon Lyon overall 41.0 7" in printed
    assert "nice Nice nps 0.3 none: too few answers" in printed


def test_a_simulation_has_a_bar_per_week_beside_that_of_the_settings_in_force() -> None:
    asked = Simulated(date(2026, 11, 2), date(2026, 11, 15), 200, [FALL, FALL], [])
    printed = said(print_simulation, asked, Simulated(date(2026, 11, 2), date(2026, 11, 15), 200, [FALL], []))
    assert "2 falls and 0 recoveries would have been told; under the settings in force 1 fall." in printed
    assert f"2026-11-09 2 {'█' * 40} 1 {'█' * 20}" in printed
    assert "2026-11-02 0 0" in printed
    assert "Most often: lyon (2)" in printed


def test_a_short_history_is_said() -> None:
    printed = said(print_simulation, Simulated(date(2026, 11, 2), date(2026, 11, 8), 40, [], []), None)
    assert "Before these days there are 40 days of history: signals begin after 91." in printed
