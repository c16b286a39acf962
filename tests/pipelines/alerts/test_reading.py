"""Alerts are read as they stand or stood, by unit and lane, with the words of clients where they were said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from pipelines.alerts.acting import act
from pipelines.alerts.reading import read_alert, read_alerts, read_notices, words_of
from pipelines.errors import SymetrieError
from pipelines.load import load
from pipelines.settings import Network, Settings
from pipelines.warehouse import Warehouse
from pipelines.warehouse.alerts_marked import note_told
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import alert_notice
from symetrie.alerts.finding import Cause
from tests.pipelines.alerts.conftest import Watch, day

CASE = Cause("case", "unhappy_client", "lyon", subject="survey/R-1")
QUIET = Cause("news", "unit_quiet", "lyon")
FALL = Cause("signal", "fall", "shops", "overall")
MOMENT = datetime(2026, 11, 3, 6, tzinfo=UTC)


def read(watch: Watch, **asked: object) -> list[tuple[str, str]]:
    with watch.warehouse.reading() as connection:
        return [(row.kind, row.state) for row in read_alerts(connection, **asked)]  # type: ignore[arg-type]


def test_the_worst_comes_first_then_cases_the_newest_then_the_oldest_of_the_rest(watch: Watch) -> None:
    watch.seer.show(QUIET, 1, severity=3)
    watch.seer.show(FALL, 1)
    watch.seer.show(CASE, 2)
    watch.seer.show(Cause("case", "unhappy_client", "lyon", subject="survey/R-0"), 1)
    watch.look(1, 2, until=2)
    with watch.warehouse.reading() as connection:
        order = [(row.severity, row.lane, row.opened_on.day) for row in read_alerts(connection)]
    assert order == [(3, "news", 1), (2, "case", 2), (2, "case", 1), (2, "signal", 1)]


def test_alerts_are_read_of_a_unit_and_everything_under_it(watch: Watch) -> None:
    for cause in (CASE, FALL):
        watch.seer.show(cause, 1)
    watch.look(1)
    assert read(watch, unit="shops") == [("unhappy_client", "open"), ("fall", "open")]
    assert read(watch, unit="lyon") == [("unhappy_client", "open")]
    assert read(watch, unit="shops", lane="signal") == [("fall", "open")]


def test_a_site_that_moved_is_read_where_it_stands_now(
    warehouse: Warehouse, network: Network, configure: Callable[..., Settings], watch: Watch
) -> None:
    """`mobile` went from north to south on 11 November; an alert of before is in the south's hands since."""
    synchronise_network(warehouse, network)
    watch.seer.show(Cause("signal", "fall", "mobile", "overall"), 9)
    watch.look(9)
    watch.look(12)
    assert (len(read(watch, unit="north")), len(read(watch, unit="south"))) == (0, 1)
    assert (len(read(watch, unit="north", as_of=day(9))), len(read(watch, unit="south", as_of=day(9)))) == (1, 0)


def test_alerts_stand_as_they_did_on_a_day(watch: Watch) -> None:
    watch.seer.show(QUIET, 2, 3)
    watch.look(2)
    with watch.warehouse.reading() as connection:
        [row] = read_alerts(connection)
    act(watch.warehouse, watch.settings, row.alert_id, "acknowledge", by="Anne", now=MOMENT)
    watch.look(3, 4)
    stood = [read(watch, as_of=day(number)) for number in (1, 2, 3, 4)]
    assert stood == [
        [],
        [("unit_quiet", "open")],
        [("unit_quiet", "acknowledged")],
        [("unit_quiet", "recovered")],
    ]
    assert read(watch, as_of=day(3), states=("open",)) == []


def test_the_words_of_a_case_are_read_where_they_were_said(watch: Watch, answers, batch, stamp) -> None:
    """Of every case that has some; a silent one, and one whose answer is gone, has none."""
    rows = [
        {"response_id": "R-1", "day": day(2), "unit_id": "lyon", "verbatim": "Trop d'attente"},
        {"response_id": "R-2", "day": day(2), "unit_id": "lyon"},
    ]
    load(watch.warehouse, batch(answers(*rows)), stamp(day(2)))
    for number in (1, 2, 3):
        watch.seer.show(Cause("case", "unhappy_client", "lyon", subject=f"survey/R-{number}"), 2)
    watch.seer.show(FALL, 2)
    watch.look(2)
    with watch.warehouse.reading() as connection:
        found = read_alerts(connection)
        said = words_of(connection, found)
    assert {row.subject: said.get(row.alert_id) for row in found if row.lane == "case"} == {
        "survey/R-1": "Trop d'attente",
        "survey/R-2": None,
        "survey/R-3": None,
    }


def test_what_was_told_is_noted_once_and_follows_an_alert_that_moves(watch: Watch) -> None:
    watch.seer.show(QUIET, 3, 4)
    watch.look(3, 4)
    with watch.warehouse.publishing() as connection:
        [row] = read_alerts(connection)
        for channel in ("ops", "ops", "north"):
            note_told(watch.warehouse, connection, [(row, channel, "opened")], day(4), MOMENT)
    assert len(watch.rows(alert_notice)) == 2
    watch.seer.show(QUIET, 2)
    watch.look(2)
    with watch.warehouse.reading() as connection:
        [moved] = read_alerts(connection)
        notices = read_notices(connection, [moved.alert_id])
        assert read_alert(connection, row.alert_id) == moved
    assert moved.alert_id != row.alert_id
    assert [(each.channel, each.reason) for each in notices[moved.alert_id]] == [("north", "opened"), ("ops", "opened")]


def test_an_alert_is_found_by_enough_of_its_beginning(watch: Watch) -> None:
    for cause in (CASE, FALL):
        watch.seer.show(cause, 1)
    watch.look(1)
    with watch.warehouse.reading() as connection:
        known = [row.alert_id for row in read_alerts(connection)]
        near = f"{known[0][:-1]}x"
        assert read_alert(connection, f" {known[0][:9].upper()} ").alert_id == known[0]
        with pytest.raises(SymetrieError, match=f"there is no alert '{near}'; did you mean '{known[0]}'"):
            read_alert(connection, near)
        with pytest.raises(SymetrieError, match="there is no alert 'zz'; see symetrie alerts list --all"):
            read_alert(connection, "zz")
        with pytest.raises(SymetrieError, match="no id was given"):
            read_alert(connection, "")


def test_too_little_of_an_id_says_what_it_begins(watch: Watch) -> None:
    """Of seventeen ids two begin with the same of sixteen digits."""
    for number in range(17):
        watch.seer.show(Cause("case", "unhappy_client", "lyon", subject=f"survey/R-{number}"), 1)
    watch.look(1)
    with watch.warehouse.reading() as connection:
        first = Counter(row.alert_id[0] for row in read_alerts(connection))
        digit, count = first.most_common(1)[0]
        with pytest.raises(SymetrieError, match=f"'{digit}' begins {count} ids: .*; write more of it"):
            read_alert(connection, digit)


def test_a_statement_is_given_no_more_values_than_it_bears(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.alerts.reading.ASKED_AT_ONCE", 2)
    for number in range(5):
        watch.seer.show(Cause("case", "unhappy_client", "lyon", subject=f"survey/{number}"), 1)
    watch.look(1)
    with watch.warehouse.publishing() as connection:
        rows = read_alerts(connection)
        note_told(watch.warehouse, connection, [(row, "ops", "opened") for row in rows], day(1), MOMENT)
        assert len(read_notices(connection, [row.alert_id for row in rows])) == 5
        assert words_of(connection, rows) == {}
        assert connection.scalar(sa.select(sa.func.min(alert_notice.c.business_date))) == date(2026, 11, 1)
