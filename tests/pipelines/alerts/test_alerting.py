"""Alerts follow of what days show, whatever was looked at first, and no day is looked at more often than it must be."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pipelines.alerts.alerting import alert
from pipelines.errors import SymetrieError
from pipelines.load import load
from pipelines.score import score
from pipelines.warehouse.tables import alert as alert_table
from pipelines.warehouse.tables import alert_event, alert_finding, alert_looked
from symetrie.alerts.finding import Cause, Finding
from tests.pipelines.alerts.conftest import FIRST, Seer, Watch, day

CASE = Cause("case", "unhappy_client", "lyon", subject="survey/R-1")
QUIET = Cause("news", "unit_quiet", "lyon")
FALL = Cause("signal", "fall", "lyon", "overall")


class Killed(BaseException):
    """The end of a process."""


def test_what_a_day_shows_is_told_with_its_evidence(watch: Watch) -> None:
    watch.seer.show(CASE, 2, severity=3)
    report = watch.look(2)
    assert (len(report.new), report.new_by_kind, report.looked) == (1, {"unhappy_client": 1}, {"seer": 1})
    column = alert_table.c
    assert watch.rows(column.lane, column.unit_id, column.severity, column.evidence, column.deadline_on) == [
        ("case", "lyon", 3, '{"answer_count": 2, "source": "survey"}', day(3))
    ]
    assert watch.rows(alert_event.c.event, alert_event.c.on_date, alert_event.c.detail) == [("opened", day(2), "{}")]


def test_who_answered_stands_in_no_public_table(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2)
    assert not [text for table in watch.told() for row in table for text in row if "R-1" in str(text)]


def test_looking_again_changes_nothing(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.seer.show(QUIET, 2, 3)
    watch.look(2, 3, 4)
    before = watch.told()
    for days in ((2,), (4, 3), (3,)):
        report = watch.look(*days)
        assert (report.new, report.differing, report.gone) == ((), (), ())
    assert watch.told() == before


def test_an_earlier_day_does_not_turn_the_clock_back(watch: Watch) -> None:
    """What falls due is told up to the last day ever looked at."""
    watch.seer.show(CASE, 2)
    watch.look(2, until=2)
    watch.look(20)
    assert watch.states() == [(2, "expired")]
    watch.seer.show(CASE, 2, severity=3)
    assert len(watch.look(2, until=2).differing) == 1
    assert watch.states() == [(2, "expired")]


def test_news_that_no_day_shows_any_more_is_over_though_nothing_is_found(watch: Watch) -> None:
    watch.seer.show(QUIET, 2)
    watch.look(2)
    watch.look(3)
    assert watch.states() == [(2, "recovered")]


def test_a_day_in_the_past_that_is_looked_at_late_parts_what_was_one(watch: Watch) -> None:
    watch.seer.show(QUIET, 2, 5)
    watch.look(2, 5)
    assert watch.states() == [(2, "open")]
    watch.look(3)
    assert watch.states() == [(2, "recovered"), (5, "open")]


def test_a_recovery_moves_to_an_earlier_day_that_is_looked_at_late(watch: Watch) -> None:
    watch.seer.show(QUIET, 2)
    watch.look(2, 9)
    watch.look(4)
    assert watch.rows(alert_table.c.recovered_on) == [(day(4),)]


def test_an_unanswered_case_reaches_the_unit_above(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2, 3)
    assert watch.rows(alert_table.c.state, alert_table.c.escalated_to_unit_id) == [("open", "shops")]
    assert watch.rows(alert_event.c.event, alert_event.c.on_date)[0] == ("escalated", day(4))


def test_a_finder_that_looks_back_sees_the_days_after_a_change_again(watch: Watch) -> None:
    watch.seer.reach_days = 2
    watch.look(1, 9)
    watch.seer.asked.clear()
    watch.look(3, until=3)
    assert watch.seer.asked == [day(3), day(4), day(5)]
    watch.seer.asked.clear()
    watch.look(8, until=8)
    assert watch.seer.asked == [day(8), day(9)]


def test_only_changed_days_are_looked_at_again(watch: Watch, answers, batch, stamp) -> None:
    """The day before, once; then those that late answers came to; the last one on each morning."""
    network = watch.settings.network
    rows = [{"response_id": f"r{n}", "day": day(n), "unit_id": "lyon", "overall": 4} for n in (1, 2, 3)]
    load(watch.warehouse, batch(answers(*rows)), stamp(day(3)))
    score(watch.warehouse, network, stamp(day(3)), daily_for=400)
    for until, late, expected in ((3, None, [1, 2, 3]), (3, None, []), (4, 2, [2, 4]), (6, None, [5, 6])):
        if late:
            load(watch.warehouse, batch(answers({**rows[0], "response_id": "late", "day": day(late)})), stamp(day(4)))
            score(watch.warehouse, network, stamp(day(4)), daily_for=400)
        watch.seer.asked.clear()
        alert(watch.warehouse, watch.settings, (), day(until), [watch.seer])
        assert watch.seer.asked == [day(number) for number in expected]


def test_a_change_is_seen_though_everything_died_between_score_and_alert(watch: Watch, answers, batch, stamp) -> None:
    """Killed before the scores, after them, and in the midst of looking: the day waits until somebody has seen it."""

    def killed(*anything: object, **other: object) -> None:
        raise Killed

    network, seer = watch.settings.network, watch.seer
    load(watch.warehouse, batch(answers({"response_id": "a", "day": day(2), "unit_id": "lyon"})), stamp(day(9)))
    score(watch.warehouse, network, stamp(day(9)), daily_for=400)
    alert(watch.warehouse, watch.settings, (), day(9), [seer])
    load(watch.warehouse, batch(answers({"response_id": "b", "day": day(2), "unit_id": "lyon"})), stamp(day(9)))
    for target in ("pipelines.score.write_ledger_row", "pipelines.score.clear_stale"):
        patch = pytest.MonkeyPatch()
        patch.setattr(target, killed)
        with pytest.raises(Killed):
            score(watch.warehouse, network, stamp(day(9)), daily_for=400)
        patch.undo()
    score(watch.warehouse, network, stamp(day(9)), daily_for=400)
    score(watch.warehouse, network, stamp(day(9)), daily_for=400)  # which has nothing to do, and clears nothing of ours
    seer.show(FALL, 2)
    for target in ("replace_findings", "note_looked", "refold"):
        patch = pytest.MonkeyPatch()
        patch.setattr(f"pipelines.alerts.alerting.{target}", killed)
        with pytest.raises(Killed):
            alert(watch.warehouse, watch.settings, (), day(9), [seer])
        patch.undo()
    assert watch.rows(alert_finding.c.business_date) == []
    seer.asked.clear()
    alert(watch.warehouse, watch.settings, (), day(9), [seer])
    assert (seer.asked, watch.states()) == ([day(2)], [(2, "open")])


def test_a_finder_that_is_new_looks_at_every_day_and_no_other_finder_does(watch: Watch, answers, batch, stamp) -> None:
    rows = [{"response_id": f"r{n}", "day": day(n), "unit_id": "lyon", "overall": 4} for n in (1, 3)]
    load(watch.warehouse, batch(answers(*rows)), stamp(day(3)))
    score(watch.warehouse, watch.settings.network, stamp(day(3)), daily_for=400)
    alert(watch.warehouse, watch.settings, (), day(3), [watch.seer])
    watch.seer.asked.clear()
    newcomer = Seer("newcomer")
    alert(watch.warehouse, watch.settings, (), day(3), [watch.seer, newcomer])
    assert (watch.seer.asked, newcomer.asked) == ([], [day(1), day(2), day(3)])


def test_days_are_looked_at_as_far_back_as_the_settings_say(watch: Watch, answers, batch, stamp) -> None:
    load(watch.warehouse, batch(answers({"response_id": "a", "day": FIRST, "unit_id": "lyon"})), stamp(day(500)))
    score(watch.warehouse, watch.settings.network, stamp(day(500)), daily_for=400)
    alert(watch.warehouse, watch.settings, (), day(500), [watch.seer])
    assert (min(watch.seer.asked), len(watch.seer.asked)) == (day(101), 400)


def test_a_clock_that_was_ahead_for_a_morning_leaves_nothing_behind(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """For one run it is two months later: a case expires, a signal escalates, everybody is silent. The next warns."""
    watch.seer.show(CASE, 2)
    watch.seer.show(FALL, 2)
    watch.look(2, 3)
    as_it_was = watch.told()
    watch.seer.show(QUIET, 60)
    alert(watch.warehouse, watch.settings, [day(60)], day(60), [watch.seer])
    assert watch.states() == [(2, "expired"), (2, "open"), (60, "open")]
    watch.seer.hide(QUIET, 60)
    assert "clock" not in caplog.text
    report = alert(watch.warehouse, watch.settings, [day(3)], day(3), [watch.seer], today=day(4))
    assert watch.told() == as_it_was
    assert report.until == day(3)
    assert "alerts.clock_was_ahead" in caplog.text


def test_a_source_that_reads_its_past_again_is_told_by_the_days_it_has_changed(
    watch: Watch, answers, batch, stamp
) -> None:
    looked = []
    for came in ("in time", "late"):
        rows = [{"response_id": f"{came} {n}", "day": day(n), "unit_id": "lyon", "overall": 4} for n in (1, 2, 3)]
        load(watch.warehouse, batch(answers(*rows)), stamp(day(3)))
        score(watch.warehouse, watch.settings.network, stamp(day(3)), daily_for=400)
        looked.append(alert(watch.warehouse, watch.settings, (), day(3), [watch.seer]).changed_days)
    assert looked == [0, 2]


def test_a_finder_that_tells_of_a_day_it_was_not_asked_for_is_refused(watch: Watch) -> None:
    def stray(connection, settings, days):
        return [Finding(day(1), FALL, 2, None, {})]

    stray.name, stray.reach_days = "stray", 0
    with pytest.raises(SymetrieError, match="finder stray was not asked for 2026-11-01; nothing was remembered"):
        alert(watch.warehouse, watch.settings, [day(2)], day(2), [stray])
    assert watch.rows(alert_looked.c.finder) == []


def test_a_finder_that_tells_one_cause_twice_a_day_is_refused(watch: Watch) -> None:
    def double(connection, settings, days):
        return [Finding(day(2), FALL, severity, None, {}) for severity in (1, 2)]

    double.name, double.reach_days = "double", 0
    with pytest.raises(SymetrieError, match="finder double found one fall of unit lyon twice on 2026-11-02"):
        alert(watch.warehouse, watch.settings, [day(2)], day(2), [double])


@pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # readers of a server read the warehouse itself
@pytest.mark.readers_copy
def test_readers_of_a_copy_see_what_the_warehouse_holds(watch: Watch, home) -> None:
    """After the first alerts, and after some of them changed, moved and vanished."""
    import duckdb

    def copied() -> list[list[tuple[object, ...]]]:
        with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as readers:
            return [
                sorted(
                    map(tuple, readers.execute(f"SELECT {', '.join(table.columns.keys())} FROM {table}").fetchall()),
                    key=repr,
                )
                for table in (alert_table, alert_event)
            ]

    watch.seer.show(QUIET, 2, 3)
    watch.seer.show(CASE, 2)
    watch.look(2, 3)
    assert copied() == watch.told()
    watch.seer.hide(QUIET, 2)
    watch.seer.hide(CASE, 2)
    watch.look(2, 3, 4)
    assert copied() == watch.told() != [[], []]


def test_what_one_statement_is_given_does_not_grow_with_the_causes(watch: Watch) -> None:
    """No query per cause: as many statements for forty as for four."""
    counted = []
    for count in (4, 40):
        for number in range(count):
            watch.seer.show(Cause("case", "unhappy_client", "lyon", subject=f"survey/{number}"), 2)
        statements: list[str] = []
        listen = lambda connection, cursor, statement, *rest: statements.append(statement)  # noqa: E731, B023
        sa.event.listen(watch.warehouse.engine, "before_cursor_execute", listen)
        watch.look(2)
        sa.event.remove(watch.warehouse.engine, "before_cursor_execute", listen)
        counted.append(len(statements))
    assert counted[0] == counted[1]
