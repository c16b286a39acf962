"""What the tests of reflections share: a house with employees, of each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from pipelines.settings import Unit
from pipelines.warehouse import Warehouse, open_warehouse
from tests.pipelines.reflection.house import House, settled

Opened = tuple[Warehouse, sa.Connection]


@pytest.fixture(scope="session")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A DuckDB warehouse, and one connection to it, for all tests of the room."""
    home = tmp_path_factory.mktemp("reflection")
    with _opened(f"duckdb:///{home / 'warehouse.duckdb'}", home) as opened:
        yield opened


@pytest.fixture(scope="session")
def on_postgresql(
    postgresql_server: str, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """A PostgreSQL warehouse, and one connection to it."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE symetrie_reflection TEMPLATE "{postgresql_template}"')
    url = postgresql_server.replace("postgresql://", "postgresql+psycopg://")
    with _opened(url.replace("/postgres?", "/symetrie_reflection?"), tmp_path_factory.mktemp("reflection")) as opened:
        yield opened


@contextmanager
def _opened(url: str, home: Path) -> Iterator[Opened]:
    with closing(open_warehouse(url, home)) as warehouse, warehouse.engine.connect() as connection:
        yield warehouse, connection


@pytest.fixture(params=["duckdb", "postgresql"])
def house_of(request: pytest.FixtureRequest) -> Iterator[Callable[..., House]]:
    """Make a house of some units, and of a pulse; all that is done to it is one transaction, and none of it stays."""
    warehouse, connection = request.getfixturevalue(f"on_{request.param}")

    def make(*units: Unit, **pulse: Any) -> House:
        return settled(warehouse, connection, *units, **pulse)

    yield make
    connection.rollback()


@pytest.fixture
def embedded(on_duckdb: Opened) -> Iterator[House]:
    """The house of four shops on DuckDB alone, for rules that are the same whatever the engine."""
    warehouse, connection = on_duckdb
    yield settled(warehouse, connection)
    connection.rollback()


@pytest.fixture
def house(house_of: Callable[..., House]) -> House:
    """The house of four shops, of each engine."""
    return house_of()
