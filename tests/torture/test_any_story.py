"""Any story of new, edited, late, withdrawn and repeated answers, crashes, re-runs, replays, erasures and backfills.

After each chapter the warehouse holds what a model of twenty lines says it should: promises 1 to 6 and 8.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipelines.erasure.erasing import erase, find
from pipelines.replay import Mending, replay_quarantine
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, daily_count, quarantine, run

FIRST, LAST = date(2026, 11, 10), date(2026, 11, 14)
DAYS = st.dates(FIRST, LAST)
UNITS = st.sampled_from(["north", "south"])
MARKS = st.integers(1, 5)
ANSWERS = st.sampled_from(["a", "b", "c", "d"])
STORIES = int(os.environ.get("SYMETRIE_TORTURE_STORIES", "1"))


class Killed(BaseException):
    """The process ends here: nothing of ours may catch it."""


@dataclass(frozen=True)
class Version:
    """One version of an answer, as its source gives it."""

    response_id: str
    updated: int
    day: date
    unit: str
    mark: int
    status: str = "published"

    def as_record(self) -> dict[str, Any]:
        """The line of the file."""
        moment = datetime(2026, 11, 15, tzinfo=UTC) + timedelta(seconds=self.updated)
        return {
            "response_id": self.response_id,
            "unit_id": self.unit,
            "submitted_at": f"{self.day}T12:00:00",
            "updated_at": moment.isoformat(),
            "overall": str(self.mark),
            "status": self.status,
        }


@dataclass(frozen=True)
class Shop:
    """The house of one story."""

    folder: Path
    url: str

    @property
    def settings(self) -> Settings:
        environment = {"SYMETRIE_HOME": str(self.folder / "home"), "SYMETRIE_WAREHOUSE_URL": self.url}
        return load_settings(self.folder / "symetrie.yaml", environment)


class Story(RuleBasedStateMachine):
    """The rules; `new_shop` gives an empty house."""

    new_shop: Callable[[], Shop]

    @initialize()
    def open_the_shop(self) -> None:
        self.shop = type(self).new_shop()
        self.clock, self.files = 0, 0
        self.sent: list[Version] = []  # on their way: in a file that no run has received
        self.received: list[Version] = []
        self.waiting: dict[str, Version] = {}
        self.erased: set[str] = set()
        self.was_killed = False

    # What clients and their source do.

    @rule(answer=ANSWERS, day=DAYS, unit=UNITS, mark=MARKS)
    def an_answer_is_given_or_edited(self, answer: str, day: date, unit: str, mark: int) -> None:
        self.clock += 10
        self._send(Version(answer, self.clock, day, unit, mark))

    @rule(answer=ANSWERS, day=DAYS, unit=UNITS, mark=MARKS, age=st.integers(1, 200))
    def an_older_version_arrives_late(self, answer: str, day: date, unit: str, mark: int, age: int) -> None:
        updated = self.clock - age * 10 - 1 - len(self.sent) - len(self.received)
        if updated not in {version.updated for version in self.sent + self.received}:
            self._send(Version(answer, updated, day, unit, mark))

    @rule(answer=ANSWERS)
    def an_answer_is_withdrawn(self, answer: str) -> None:
        self.clock += 10
        self._send(Version(answer, self.clock, FIRST, "north", 1, status="deleted"))

    @precondition(lambda self: self.received)
    @rule(data=st.data())
    def a_version_is_sent_twice(self, data: st.DataObject) -> None:
        self._send(data.draw(st.sampled_from(self.received)))

    @rule(day=DAYS, mark=MARKS)
    def an_answer_names_a_unit_that_nobody_knows(self, day: date, mark: int) -> None:
        self.clock += 10
        self._send(Version(f"bad-{self.clock}", self.clock, day, "nowhere", mark))

    # What the house does.

    @rule(last=DAYS)
    def a_day_is_run(self, last: date) -> None:
        self._run(last)

    @rule()
    def the_range_is_run(self) -> None:
        self._run(LAST, first_date=FIRST)

    @precondition(lambda self: self.sent)
    @rule(statement=st.integers(1, 60))
    def a_run_is_killed(self, statement: int) -> None:
        before = self._answers(self.received)
        after = self._answers(self.received + [version for version in self.sent if version.unit != "nowhere"])
        with killed_at(statement):
            try:
                self._run(LAST)
            except Killed:
                self.was_killed = True
        held = self._held()
        assert held in (before, after), "a state that is neither the former nor the new one"
        if held == after != before:
            self._all_received()

    @rule()
    def what_has_landed_is_replayed(self) -> None:
        if not self.was_killed:  # what landed before a kill would come in by the replay
            self._run(LAST, replay=True)

    @precondition(lambda self: self.waiting)
    @rule(unit=UNITS)
    def the_quarantine_is_mended(self, unit: str) -> None:
        replay_quarantine(self.shop.settings, mending=Mending(values={"unit_id": unit}))
        self.received += [Version(v.response_id, v.updated, v.day, unit, v.mark) for v in self.waiting.values()]
        self.waiting = {}

    @rule(answer=ANSWERS)
    def an_answer_is_erased(self, answer: str) -> None:
        settings_ = self.shop.settings
        with closing(open_warehouse(settings_.warehouse_url, settings_.home)) as warehouse:
            erase(find(warehouse, settings_, "desk", answer))
        self.erased.add(answer)

    # What must hold.

    @invariant()
    def the_warehouse_is_what_the_story_says(self) -> None:
        if not hasattr(self, "shop") or self.was_killed:
            return
        answers = self._answers(self.received)
        assert self._held() == answers
        counts = Counter((day, unit) for day, unit, _ in answers.values())
        favourable = Counter((day, unit) for day, unit, mark in answers.values() if mark >= 4)
        with closing(open_warehouse(self.shop.url, self.shop.folder / "home")) as warehouse:
            with warehouse.reading() as connection:
                assert self._counted(connection) == {key: (n, favourable[key]) for key, n in counts.items()}
                waits = sa.select(quarantine.c.response_id).where(quarantine.c.resolved_at.is_(None))
                assert set(connection.scalars(waits)) == set(self.waiting)
                lost = sa.func.sum(
                    run.c.received_count - run.c.loaded_count - run.c.unchanged_count
                    - run.c.superseded_count - run.c.quarantined_count - run.c.held_count
                )  # fmt: skip
                assert not connection.scalar(sa.select(lost))
            found = problems(warehouse)
        assert [problem for problem in found if "not scored yet" not in problem] == []

    def teardown(self) -> None:
        if hasattr(self, "shop"):
            self._run(LAST)
            self.the_warehouse_is_what_the_story_says()
            self._the_past_comes_again()
            self.the_warehouse_is_what_the_story_says()
            shutil.rmtree(self.shop.folder)

    def _the_past_comes_again(self) -> None:
        """Send a version older than all others of every answer, also of those taken back or erased: nothing changes."""
        for number, answer in enumerate(sorted({version.response_id for version in self.received} | self.erased)):
            self._send(Version(answer, -100_000 - number, FIRST, "south", 1))
        self._run(LAST)

    # The model.

    def _answers(self, versions: list[Version]) -> dict[str, tuple[date, str, int]]:
        newest: dict[str, Version] = {}
        for version in versions:
            former = newest.setdefault(version.response_id, version)
            if version.updated > former.updated:
                newest[version.response_id] = version
        return {
            name: (version.day, version.unit, version.mark)
            for name, version in newest.items()
            if version.status == "published" and name not in self.erased
        }

    def _send(self, version: Version) -> None:
        self.sent.append(version)

    def _run(self, last: date, **how: Any) -> None:
        if self.sent and not how.get("replay"):
            self._write_file()
        report = run_days(self.shop.settings, last, **how)
        assert report.failures == {}
        if not how.get("replay"):
            self._all_received()

    def _write_file(self) -> None:
        self.files += 1
        lines = [json.dumps(version.as_record()) for version in self.sent]
        file = self.shop.folder / "drops" / f"{self.files}.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _all_received(self) -> None:
        self.waiting |= {version.response_id: version for version in self.sent if version.unit == "nowhere"}
        self.received += [version for version in self.sent if version.unit != "nowhere"]
        self.sent, self.was_killed = [], False

    def _held(self) -> dict[str, tuple[date, str, int]]:
        answer = client_response.c
        opened = open_warehouse(self.shop.url, self.shop.folder / "home")
        with closing(opened) as warehouse, warehouse.reading() as connection:
            rows = connection.execute(
                sa.select(answer.response_id, answer.business_date, answer.unit_id, answer.overall)
            ).all()
        assert len({row.response_id for row in rows}) == len(rows)
        return {row.response_id: (row.business_date, row.unit_id, row.overall) for row in rows}

    @staticmethod
    def _counted(connection: sa.Connection) -> dict[tuple[date, str], tuple[int, int]]:
        counted = daily_count.c
        rows = connection.execute(
            sa.select(
                counted.business_date,
                counted.unit_id,
                sa.func.sum(counted.answer_count),
                sa.func.sum(counted.favourable_count),
            ).group_by(counted.business_date, counted.unit_id)
        )
        return {(day, unit): (int(answers), int(favourable)) for day, unit, answers, favourable in rows}


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """End the work at its so many-th statement, in whatever transaction that falls."""
    left = iter(range(statement))

    def before_statement(*_: object) -> None:
        if next(left, None) is None:
            raise Killed

    sa.event.listen(sa.Engine, "before_cursor_execute", before_statement)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", before_statement)


@pytest.fixture
def new_shop(
    request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory, new_database: Any
) -> Callable[[], Shop]:
    """Give empty houses of one engine, their schema up to date."""
    template = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
    if engine == "duckdb":
        open_warehouse(f"duckdb:///{template}", template.parent).close()

    def make() -> Shop:
        folder = tmp_path_factory.mktemp("shop")
        for name in ("home", "drops"):
            (folder / name).mkdir()
        (folder / "symetrie.yaml").write_text(yaml.safe_dump(_company()), encoding="utf-8")
        if engine == "postgresql":
            return Shop(folder, new_database())
        shutil.copy(template, folder / "home")
        return Shop(folder, f"duckdb:///{folder / 'home' / 'warehouse.duckdb'}")

    return make


def _company() -> dict[str, Any]:
    site = {"kind": "site", "timezone": "Europe/Paris"}
    return {
        "network": {"units": [{"id": unit, "name": unit.title(), **site} for unit in ("north", "south")]},
        "sources": [
            {
                "name": "desk",
                "path": "drops/*.jsonl",
                "questionnaire": "desk",
                "settle_seconds": 0,
                "withdrawn_values": ["deleted"],
            }
        ],
        "questionnaires": {"desk": {"overall": {"field": "overall", "scale": "one_to_five"}}},
        "thresholds": {"bad_share_pct": 100},
    }


@pytest.mark.torture
@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_any_story_ends_in_what_it_tells(new_shop: Callable[[], Shop], engine: str) -> None:
    """Hypothesis tells the stories; a failing one is printed as a program."""
    machine = type("Story", (Story,), {"new_shop": staticmethod(new_shop)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a story of a minute is told once: shrinking it would take an hour
        ),
    )
