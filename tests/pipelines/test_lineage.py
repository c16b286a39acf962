"""Datasets have OpenLineage's names, which show no login and no password."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.connections import Connection
from pipelines.lineage import flow, source_dataset, table_dataset
from pipelines.settings import FilesSource, Settings
from pipelines.settings.rest_source import RestSource

SHOP = Connection("http", host="https://api.shops.example/", login="me", password="opensesame")
DROPS = Connection("sftp", host="drops.example", login="me", password="opensesame")


@pytest.fixture
def settings(network, tmp_path: Path) -> Callable[..., Settings]:
    """A house with one source of files."""

    def make(warehouse_url: str) -> Settings:
        source = FilesSource(name="shops", path="/drops/*.csv", questionnaire="eleven-2024")
        return Settings(
            path=tmp_path / "symetrie.yaml",
            home=tmp_path,
            warehouse_url=warehouse_url,
            network=network,
            sources=(source,),
            questionnaires={},
            scales={},
        )

    return make


@pytest.mark.parametrize(
    ("url", "namespace", "name"),
    [
        ("postgresql+psycopg://me:opensesame@db.example:5433/voice", "postgres://db.example:5433", "voice.mart.score"),
        ("postgresql+psycopg://me:opensesame@db.example/voice", "postgres://db.example:5432", "voice.mart.score"),
        ("postgresql+psycopg://me@/voice?host=/run/pg", "postgres:///run/pg:5432", "voice.mart.score"),
        ("duckdb:////house/warehouse.duckdb", "duckdb:///house/warehouse.duckdb", "mart.score"),
    ],
)
def test_a_table_is_named_after_its_engine(url, namespace, name) -> None:
    assert table_dataset(url, "mart.score") == (namespace, name)


@pytest.mark.parametrize(
    ("path", "namespace", "name"),
    [
        ("/drops/*.csv", "file", "/drops/*.csv"),
        ("file:///drops/*.csv", "file", "/drops/*.csv"),
        ("s3://bucket/drops/*.csv", "s3://bucket", "drops/*.csv"),
        ("gcs://bucket/drops/*.csv", "gs://bucket", "drops/*.csv"),
        ("sftp://me:opensesame@files.example/drops/*.csv", "file://files.example", "/drops/*.csv"),
        ("sftp:///drops/*.csv", "file://drops.example", "/drops/*.csv"),
    ],
)
def test_files_are_named_after_where_they_lie(path, namespace, name) -> None:
    source = FilesSource(name="shops", path=path, questionnaire="eleven-2024", connection="drops")
    assert source_dataset(source, lambda _: DROPS) == (namespace, name)


def test_an_api_is_named_after_its_server_and_path() -> None:
    given: dict[str, Any] = {"name": "shops", "kind": "rest", "path": "/v1/answers", "questionnaire": "eleven-2024"}
    source = RestSource(**given, connection="shop")
    assert source_dataset(source, lambda _: SHOP) == ("https://api.shops.example", "/v1/answers")


def test_each_step_reads_what_the_one_before_wrote(settings, tmp_path) -> None:
    house = settings(f"duckdb:///{tmp_path}/warehouse.duckdb")
    steps = [flow(step, house, "shops") for step in ("extract", "load", "score", "write")]
    for before, after in itertools.pairwise(steps):
        assert set(after.inputs) & set(before.outputs)
    alert = flow("alert", house)
    assert alert is not None
    assert set(alert.inputs) & set(steps[1].outputs)
    assert set(alert.outputs) < set(steps[-1].inputs)
    assert steps[0].inputs == [("file", "/drops/*.csv")]
    assert steps[-1].outputs == [(f"duckdb://{tmp_path}/warehouse.duckdb", "mart.summary")]


def test_a_step_that_only_passes_on_has_no_datasets(settings) -> None:
    assert flow("report", settings("duckdb:///w.duckdb")) is None
