"""What each step reads and writes, under the names that OpenLineage gives datasets: a namespace and a name.

Tables and files follow https://openlineage.io/docs/spec/naming; DuckDB, which it leaves out, is named as dbt names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa

from pipelines.connections import Connections, environment_connections
from pipelines.landing import landing_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipelines.settings import Settings
    from pipelines.settings.sources import Source

POSTGRESQL_PORT = 5432
OBJECT_STORES = {"s3": "s3", "gs": "gs", "gcs": "gs"}

RESPONSES, COUNTS, SCORES, SUMMARIES = "core.client_response", "mart.daily_count", "mart.score", "mart.summary"
EMPLOYEES, PUBLICATIONS = "core.employee_response", "mart.publication_score"
RATINGS, INVITATIONS = "core.contact_rating", "core.invitation_count"
ALERTS, QUARANTINE = "mart.alert", "ops.quarantine"


class Dataset(NamedTuple):
    """The name of a dataset; it holds no login and no password."""

    namespace: str
    name: str


class Flow(NamedTuple):
    """What a step reads and what it writes."""

    inputs: Sequence[Dataset]
    outputs: Sequence[Dataset]


def flow(
    step: str, settings: Settings, source: str = "", *, connections: Connections = environment_connections
) -> Flow | None:
    """What a step of the DAGs reads and writes; None where it only passes on what others read."""
    flows: Mapping[str, Callable[[], Flow]] = {
        "alert": lambda: Flow(_tables(settings, COUNTS, RESPONSES, INVITATIONS), _tables(settings, ALERTS)),
        "extract": lambda: Flow(
            [source_dataset(settings.source(source), connections)], [landing_dataset(settings, source)]
        ),
        "load": lambda: Flow([landing_dataset(settings, source)], _tables(settings, *_loaded(settings, source))),
        "publish_campaigns": lambda: Flow(_tables(settings, EMPLOYEES), _tables(settings, PUBLICATIONS, SCORES)),
        "score": lambda: Flow(_tables(settings, COUNTS), _tables(settings, SCORES)),
        "write": lambda: Flow(_tables(settings, SCORES, RESPONSES, ALERTS), _tables(settings, SUMMARIES)),
    }
    return flows[step]() if step in flows else None


def _loaded(settings: Settings, source: str) -> tuple[str, ...]:
    """What loading a source writes, by who speaks in it."""
    facts = {
        "client": (RESPONSES, COUNTS),
        "employee": (EMPLOYEES,),
        "contact": (RATINGS,),
        "invitation": (INVITATIONS,),
    }
    return (*facts[settings.source(source).side], QUARANTINE)


def table_dataset(warehouse_url: str, table: str) -> Dataset:
    """Name a table of the warehouse, as `mart.score`."""
    url = sa.make_url(warehouse_url)
    if url.get_backend_name() == "duckdb":
        return Dataset(f"duckdb://{Path(url.database or '').absolute()}", table)
    host = url.host or url.query.get("host", "localhost")
    return Dataset(f"postgres://{host}:{url.port or POSTGRESQL_PORT}", f"{url.database}.{table}")


def landing_dataset(settings: Settings, source: str) -> Dataset:
    """Name the folder where the pages of a source land."""
    return Dataset("file", str(landing_folder(settings.home, source).absolute()))


def source_dataset(source: Source, connections: Connections = environment_connections) -> Dataset:
    """Name what a source reads; the host stands in its connection where its path does not say it."""
    path = urlsplit(source.path)
    if source.kind == "rest":
        from pipelines.sources.rest.origin import connection_origin

        assert source.connection is not None, "an API is asked through a connection"
        return Dataset(connection_origin(connections(source.connection)).url, source.path)
    if path.scheme in OBJECT_STORES:
        return Dataset(f"{OBJECT_STORES[path.scheme]}://{path.netloc}", path.path.lstrip("/"))
    if path.scheme in ("", "file"):
        return Dataset("file", str(Path(path.path).absolute()))
    host = path.hostname or (connections(source.connection).host if source.connection else None)
    return Dataset(f"file://{host or 'localhost'}", path.path)


def _tables(settings: Settings, *tables: str) -> list[Dataset]:
    return [table_dataset(settings.warehouse_url, table) for table in tables]
