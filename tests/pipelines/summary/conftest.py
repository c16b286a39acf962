"""Figures made by hand, and a small house with answers in a real warehouse."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.load import RunStamp
from pipelines.score import score
from pipelines.settings import FilesSource
from pipelines.settings.network import Network, Unit
from pipelines.settings.recipients import Recipient
from pipelines.settings.settings import Settings
from pipelines.summary.figures import (
    Branch,
    Change,
    ChildAnswer,
    Figures,
    MeasureScore,
    SourceFreshness,
    SummaryUnit,
    UnhappyClients,
    Verbatim,
)
from pipelines.warehouse import Warehouse
from pipelines.warehouse.counts import replace_daily_counts
from pipelines.warehouse.ledger import LedgerRow, write_ledger_row
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import RESPONSE_COLUMNS, client_response
from pipelines.warehouse.temporary import temporary_table
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import difference
from symetrie.measures import CLIENT_MEASURES, client_measure
from symetrie.scores import interval
from symetrie.scores import score as score_of
from symetrie.verdicts import Counts, MorningAnswer, morning_answer, sample_tier, verdict

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def friday() -> date:
    return FRIDAY


def measured(
    measure: str, favourable: int, answered: int, unfavourable: int = 0, window_days: int = 28
) -> MeasureScore:
    """A score as `mart.score` would hold it."""
    kind = client_measure(measure).kind
    numbers = (score_of(kind, favourable, unfavourable, answered), *interval(kind, favourable, unfavourable, answered))
    value, low, high = (None if pd.isna(number) else float(number) for number in numbers)
    said = verdict(favourable, answered) if client_measure(measure).is_judged else None
    tier = sample_tier(answered)
    return MeasureScore(measure, window_days, answered, favourable, unfavourable, value, low, high, tier, said)


def change_from(answer: MorningAnswer, before: MeasureScore) -> Change:
    """The change of an answer from what stood before it."""
    last = FRIDAY - timedelta(days=answer.window_days)
    first, counts = last - timedelta(days=27), Counts(before.answer_count, before.favourable_count, 0)
    if answer.score is None or before.score is None:
        return Change(first, last, counts, before.score, None, None, None)
    points = answer.score - before.score
    if answer.low is None or before.low is None:
        return Change(first, last, counts, before.score, points, None, None)
    low, high = difference(answer.score, answer.low, answer.high, before.score, before.low, before.high)
    return Change(first, last, counts, before.score, points, float(low), float(high))


@dataclass
class Maker:
    """Makes figures from the counts a test speaks of; all the rest is ordinary."""

    measured: Callable[..., MeasureScore] = measured

    def figures(
        self,
        favourable: int = 86,
        answered: int = 119,
        *,
        windows: Mapping[int, Counts] | None = None,
        measure: str = "overall",
        before: tuple[int, int] = (2120, 3120),
        **others: Any,
    ) -> Figures:
        held = windows if windows is not None else {1: Counts(answered, favourable, 0)}
        answer = morning_answer(held, measure)
        ordinary: dict[str, Any] = {
            "business_date": FRIDAY,
            "unit": SummaryUnit("lyon-1", "Lyon Part-Dieu", "site", 1),
            "answer": answer,
            "yesterday": held.get(1, Counts(0, 0, 0)),
            "change": change_from(answer, measured(measure, *before)),
            "unhappy": UnhappyClients(12, 4, 12),
            "context_days": max(28, answer.window_days),
            "nps": measured("nps", 1400, 3100, 700),
            "ces": measured("ces", 2300, 3000),
            "dimensions": self.dimensions((70, 100), (40, 100), (13, 22), (3, 4)),
            "verbatims": (self.verbatim("Attente trop longue.", 1, can_contact=True),),
            "branches": (),
            "sources": (SourceFreshness("enquete", FRIDAY, 0, "published"),),
        }
        return Figures(**(ordinary | others))

    def dimensions(self, *counts: tuple[int, int]) -> tuple[MeasureScore, ...]:
        """The eleven dimensions with the counts given, the last ones repeated to the end."""
        filled = itertools.islice(itertools.chain(counts, itertools.repeat(counts[-1])), len(DIMENSIONS))
        return tuple(measured(each.key, *numbers) for each, numbers in zip(DIMENSIONS, filled, strict=True))

    def verbatim(self, text: str, mark: int, **others: Any) -> Verbatim:
        ordinary: dict[str, Any] = {
            "measure": "overall",
            "is_unhappy": mark <= 2,
            "can_contact": False,
            "channel": "email",
            "unit_id": "lyon-1",
            "unit_name": "Lyon Part-Dieu",
            "submitted_at": datetime(2026, 11, 20, 18, 42, tzinfo=UTC),
        }
        return Verbatim(text=text, mark=mark, **(ordinary | others))

    def child(self, name: str, favourable: int, answered: int, days: int = 1) -> ChildAnswer:
        return ChildAnswer(name.lower(), name, "site", morning_answer({days: Counts(answered, favourable, 0)}))

    def branch(self, *children: ChildAnswer, unit_count: int | None = None, kind: str = "site") -> Branch:
        tally: dict[str, int] = {}
        for child in children:
            tally[child.answer.answer] = tally.get(child.answer.answer, 0) + 1
        return Branch(kind, unit_count or len(children), tally, children)


@pytest.fixture
def make() -> Maker:
    return Maker()


UNITS = (
    Unit("maison", "network", "Maison Lumière", "Europe/Paris"),
    Unit("nord", "region", "Nord", "Europe/Paris", parent="maison"),
    Unit("sud", "region", "Sud", "Europe/Paris", parent="maison"),
    Unit("lille", "site", "Lille", "Europe/Paris", parent="nord"),
    Unit("arras", "site", "Arras", "Europe/Paris", parent="nord"),
    Unit("nice", "site", "Nice", "Europe/Paris", parent="sud"),
)


@dataclass
class House:
    """A house of three sites in two regions, whose answers a test gives."""

    warehouse: Warehouse
    home: Path
    recipients: tuple[Recipient, ...] = ()
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def settings(self) -> Settings:
        source = FilesSource(name="enquete", path="drops/*.csv", questionnaire="eleven-2024")
        other = FilesSource(name="avis", path="avis/*.csv", questionnaire="eleven-2024")
        return Settings(
            path=self.home / "symetrie.yaml",
            home=self.home,
            warehouse_url="",
            network=Network(UNITS),
            sources=(source, other),
            questionnaires={},
            scales={},
            recipients=self.recipients,
        )

    def answers(self, *rows: Mapping[str, object], scored_to: date | None = FRIDAY) -> None:
        """Load answers as a run would, count them, and score up to a day."""
        frame = pd.DataFrame([self._answer(row) for row in rows], columns=[*RESPONSE_COLUMNS])
        for measure in CLIENT_MEASURES:
            frame[measure.column] = frame[measure.column].astype("Int16")
        for name in ("experienced_at", "submitted_at", "updated_at", "version_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
        frame["business_date"] = pd.to_datetime(frame["business_date"]).astype("datetime64[us]")
        touched_columns = [sa.Column("business_date", sa.Date), sa.Column("unit_id", sa.Text)]
        synchronise_network(self.warehouse, Network(UNITS))
        with (
            self.warehouse.publishing() as connection,
            temporary_table(connection, "touched", *touched_columns) as touched,
        ):
            self.warehouse.load(connection, client_response, frame)
            self.warehouse.load(connection, touched, frame[["business_date", "unit_id"]].drop_duplicates())
            replace_daily_counts(connection, touched)
        if scored_to is not None:
            moment = datetime(2026, 11, 21, 5, tzinfo=UTC)
            stamp = RunStamp("score-run", scored_to, moment, moment, "score")
            score(self.warehouse, Network(UNITS), stamp, daily_for=400)

    def many(
        self, unit_id: str, happy: int, unhappy: int, day: date = FRIDAY, **others: object
    ) -> list[dict[str, object]]:
        """Answers with overall 5, then with overall 1."""
        marks = [5] * happy + [1] * unhappy
        return [{"unit_id": unit_id, "business_date": day, "overall": mark, **others} for mark in marks]

    def ran(self, source: str, status: str, started_at: datetime) -> None:
        row = LedgerRow(f"run-{next(self.numbers)}", "client_feedback", source, FRIDAY, started_at, started_at, status)
        with self.warehouse.publishing() as connection:
            write_ledger_row(connection, row)

    def rows(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self.warehouse.reading() as connection:
            return connection.execute(statement).all()

    def _answer(self, row: Mapping[str, object]) -> dict[str, object]:
        day = row["business_date"]
        assert isinstance(day, date)
        moment = datetime(day.year, day.month, day.day, 17, 42, tzinfo=UTC)
        number = next(self.numbers)
        ordinary = {
            "source": "enquete",
            "response_id": f"r{number:06}",
            "questionnaire_version": "eleven-2024",
            "submitted_at": moment,
            "version_at": moment,
            "channel": "email",
            "can_contact": False,
            "status": "published",
            "content_hash": f"{number:016x}",
            "run_id": "a-run",
        }
        return dict.fromkeys(RESPONSE_COLUMNS) | ordinary | dict(row)


@pytest.fixture
def house(warehouse: Warehouse, home: Path) -> House:
    return House(warehouse, home)
