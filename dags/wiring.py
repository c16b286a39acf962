"""What the DAGs share and only Airflow knows: the day of a run, its connections, its retries, its pool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import CronPartitionTimetable, ExceptionRetryPolicy, Param, RetryAction, RetryRule

from observation import observe

if TYPE_CHECKING:
    from pipelines.connections import Connection

TIMEZONE = os.environ.get("SYMETRIE_TIMEZONE", "Europe/Paris")

BUSINESS_DATE = Param(
    None,
    type=["null", "string"],
    format="date",
    title="Business date",
    description="The day to run, as 2026-11-20. Left empty: the day of the schedule, else yesterday.",
)

# Only what time can heal is tried again: a wrong setting or a held batch would fail the same way.
HEALED_BY_TIME = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=[
                ConnectionError,
                TimeoutError,
                "pipelines.errors.Unreachable",
                "requests.exceptions.ConnectionError",
                "requests.exceptions.Timeout",
                "sqlalchemy.exc.OperationalError",
            ],
            action=RetryAction.RETRY,
            reason="no connection, no answer in time, or a lock",
        )
    ],
    default=RetryAction.FAIL,
)

TASK_DEFAULTS: Mapping[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(seconds=int(os.environ.get("SYMETRIE_RETRY_SECONDS", "300"))),
    "retry_policy": HEALED_BY_TIME,
    "execution_timeout": timedelta(hours=1),
    "on_execute_callback": lambda context: observe(context, airflow_connection),
}


def every_morning(cron: str) -> CronPartitionTimetable:
    """One run a morning, whose partition key is its business date: the day before.

    The first morning is the one that has been: whoever switches a DAG on sees it run, at any hour.
    """
    return CronPartitionTimetable(cron, timezone=TIMEZONE, run_offset=-1, key_format="%Y-%m-%d", run_immediately=True)


def publishing_pool() -> str:
    """The pool of the tasks that write to the warehouse: on DuckDB the one of one slot, where there is one."""
    if not os.environ.get("SYMETRIE_WAREHOUSE_URL", "duckdb").startswith("duckdb"):
        return "default_pool"
    return os.environ.get("SYMETRIE_WAREHOUSE_POOL", "default_pool")


def business_date(params: Mapping[str, Any], partition_key: str | None) -> date:
    """The day of a run: its parameter, else its partition key, else yesterday."""
    named = params["business_date"] or partition_key
    return date.fromisoformat(named) if named else datetime.now(ZoneInfo(TIMEZONE)).date() - timedelta(days=1)


def of_each_source(pulled: Any) -> list[Any]:
    """What the tasks of the sources gave, as a list: where there is but one, Airflow hands over the bare value."""
    if pulled is None:
        return []
    return list(pulled) if isinstance(pulled, list | tuple) else [pulled]


def airflow_connection(connection_id: str) -> Connection:
    """Airflow's connection of that id, in the form that the pipelines know."""
    from airflow.sdk import Connection as AirflowConnection

    from pipelines.connections import Connection

    found = AirflowConnection.get(connection_id)
    return Connection(
        conn_type=found.conn_type,
        host=found.host,
        login=found.login,
        password=found.password,
        port=found.port,
        schema=found.schema,
        extra=found.extra_dejson,
    )
